//! Asking before something goes out.

use std::io::IsTerminal;

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
    let answer = dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact();
    let yes = answer.context("could not ask")?;
    if !yes {
        context.say("Nothing was sent.\n")?;
    }
    Ok(yes)
}
