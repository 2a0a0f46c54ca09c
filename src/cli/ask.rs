//! Asking before something goes out.

use std::io::{self, IsTerminal, Write};

use anyhow::Context as _;

use super::context::{Context, Misuse};
use crate::report::style::count;

/// Shows what is about to go out and asks, unless told not to; without a terminal, says what to
/// add.
///
/// # Errors
/// Nobody is there to ask.
pub fn agreed(
    context: &Context,
    yes: bool,
    look: &str,
    show: impl FnOnce() -> String,
    due: usize,
) -> anyhow::Result<bool> {
    if yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Misuse(format!(
            "nobody is there to ask: look with {look}, then add --yes"
        ))
        .into());
    }
    context.say(&show())?;
    let question = format!(
        "Make {} now?",
        count(due, "delivery").replace("deliverys", "deliveries")
    );
    let yes = self::yes(&question).context("could not ask")?;
    if !yes {
        context.say("Nothing was sent.\n")?;
    }
    Ok(yes)
}

/// Asks; only `y` or `yes` and Enter mean yes, anything else and the end of input mean no.
///
/// A whole line is read, for a key pressed by mistake must not send a packet.
///
/// # Errors
/// The terminal cannot be read.
pub fn yes(question: &str) -> io::Result<bool> {
    let mut terminal = anstream::stderr();
    write!(terminal, "{question} [y/N] ")?;
    terminal.flush()?;
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? == 0 {
        writeln!(terminal)?;
    }
    let answer = answer.trim().to_ascii_lowercase();
    Ok(matches!(answer.as_str(), "y" | "yes"))
}
