//! `packet send --remind`: those who have the packet and have not confirmed hear of it again.

use serde_json::json;

use super::{Args, all_blockers, blocked};
use crate::{
    cli::{
        Context, Exit,
        notices::{self, Job},
    },
    report::notices as shown,
    sender::notices::{
        Notices,
        compose::Desk,
        reminders::{self, Round},
    },
    workspace::templates,
};

/// Reminds. The workspace's lock is held.
///
/// # Errors
/// As a send.
pub fn run(args: &Args, context: &Context, path: &str) -> anyhow::Result<Exit> {
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(path, false)?;
    let blockers = all_blockers(context, &situation);
    if !blockers.is_empty() {
        return blocked(args, context, &mut situation, &templates, &blockers);
    }
    let config = &context.settings.config;
    let (round, nobody) = match reminders::round(&situation, config, &context.routes()) {
        Ok(round) => (round, None),
        Err(why) => (Round::default(), Some(format!("{why}\n"))),
    };
    let desk = Desk {
        situation: &situation,
        config,
        templates: &templates,
    };
    let due = round.due.iter().map(|m| desk.mail(m));
    let notices = Notices::new(due.collect::<anyhow::Result<Vec<_>>>()?);
    let job = Job {
        noun: "reminder",
        command: "packet send --remind",
        dry_run: args.dry_run,
        yes: args.yes,
        after: nobody.unwrap_or_else(|| shown::others(&round.others)),
        fields: json!({ "not_reminded": shown::others_json(&round.others) }),
    };
    notices::run(context, &mut situation, &templates, &notices, &job)
}
