//! `packet send --when-clear`: look again and again, and send once nothing holds it.
//!
//! The lock is not held while waiting, so that others can attest and waive. Whatever cannot be
//! read just now (a file half written, a document half saved) is waited for like a gate, and
//! evidence must stay the same over two looks before it is sent.

use std::{
    io::IsTerminal,
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};

use super::{Args, all_blockers, locked};
use crate::{
    cli::{
        Format, ask,
        context::{Context, Exit, Misuse, last_moment, print_json},
    },
    report::waiting,
    workspace::lock::LockError,
};

/// How long between two looks, at least.
const PAUSE: Duration = Duration::from_secs(2);
/// A look that takes long is followed by a pause so many times as long.
const REST: u32 = 5;

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    /// Why it is not sent; empty when it could be.
    reasons: Vec<String>,
    /// Digest of what would be sent.
    digest: Option<String>,
}

/// Waits, then sends.
///
/// # Errors
/// As a plain send; and where nobody can be asked beforehand.
pub fn run(args: &Args, context: &Context, path: &str) -> anyhow::Result<Exit> {
    let until = args.until.as_deref().map(last_moment).transpose()?;
    if !agreed(args, context)? {
        return Ok(Exit::Usage);
    }
    let args = Args {
        yes: true,
        ..args.clone()
    };
    let wait = Wait {
        context,
        until,
        begun: (context.clock.now(), Instant::now()),
    };
    let mut before: Option<Look> = None;
    loop {
        let started = Instant::now();
        let (fresh, look) = look(&args, context, path);
        wait.show(path, before.as_ref(), &look)?;
        // At the first look it is a send like any other; later the files may still be growing.
        let settled = before.as_ref().is_none_or(|b| *b == look);
        let late = wait.is_over();
        if look.reasons.is_empty() && settled && !(late && before.is_some()) {
            match super::lock(&fresh, path) {
                Ok(_lock) => return locked(&args, &fresh, path),
                // Somebody attests or renders: that takes a moment.
                Err(LockError::Held(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if late {
            return wait.give_up(path, look.reasons);
        }
        before = Some(look);
        wait.rest(PAUSE.max(started.elapsed() * REST));
    }
}

/// Asks beforehand, for nobody may be there when the time has come.
fn agreed(args: &Args, context: &Context) -> anyhow::Result<bool> {
    if args.yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Misuse(
            "nobody is there to ask: add --yes, and it is sent as soon as the gates clear"
                .to_owned(),
        )
        .into());
    }
    let yes = ask::yes("Send as soon as the gates clear, without asking again?")
        .context("could not ask")?;
    if !yes {
        context.say("Nothing was sent.\n")?;
    }
    Ok(yes)
}

/// Reads everything anew. What cannot be read is a reason to wait, not an error.
fn look(args: &Args, context: &Context, path: &str) -> (Context, Look) {
    let waits = |why: String| Look {
        reasons: vec![why],
        digest: None,
    };
    let fresh = match context.reloaded() {
        Ok(fresh) => fresh,
        Err(error) => return (context.clone(), waits(error.to_string())),
    };
    let look = match fresh.situation(path, args.new_evidence) {
        Ok(situation) => Look {
            reasons: all_blockers(&fresh, &situation),
            digest: situation.resolution.digest,
        },
        Err(error) => waits(format!("{error:#}")),
    };
    (fresh, look)
}

struct Wait<'a> {
    context: &'a Context,
    until: Option<Timestamp>,
    begun: (Timestamp, Instant),
}

impl Wait<'_> {
    /// What time it is: also a clock given with `--now` goes on while we wait.
    fn now(&self) -> Timestamp {
        let (at, instant) = self.begun;
        let waited = SignedDuration::try_from(instant.elapsed()).unwrap_or_default();
        at.checked_add(waited).unwrap_or(at)
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| self.now() > until)
    }

    fn rest(&self, pause: Duration) {
        let left = self.until.map(|until| until.duration_since(self.now()));
        let left = left.map(|l| Duration::try_from(l).unwrap_or_default());
        // A little beyond, so that the moment itself still counts.
        let left = left.map(|l| l + Duration::from_millis(1));
        thread::sleep(left.map_or(pause, |l| l.min(pause)));
    }

    fn show(&self, path: &str, before: Option<&Look>, look: &Look) -> anyhow::Result<()> {
        if self.context.format != Format::Human {
            return Ok(());
        }
        let text = match before {
            None if look.reasons.is_empty() => String::new(),
            None => waiting::begins(path, self.until, &look.reasons),
            Some(before) => waiting::changes(self.now(), &before.reasons, &look.reasons),
        };
        Ok(self.context.say(&text)?)
    }

    fn give_up(&self, path: &str, mut reasons: Vec<String>) -> anyhow::Result<Exit> {
        if reasons.is_empty() {
            reasons.push("it cleared too late to be looked at twice; packet send".to_owned());
        }
        let until = self.until.unwrap_or_else(|| self.now());
        if self.context.format == Format::Human {
            self.context.say(&waiting::over(path, until, &reasons))?;
        } else {
            print_json(&serde_json::json!({ "blockers": reasons, "until": until }))?;
        }
        Ok(Exit::Hold)
    }
}
