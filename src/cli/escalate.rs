//! `packet escalate`: those who have to hear that something is late hear of it, once.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    context::{Context, Exit},
    notices::{self, Job},
};
use crate::{
    report::follow_up,
    sender::notices::{Notices, compose::Desk, escalations},
    workspace::{lock, templates},
};

/// Tell those who have to hear that something is late, once each
///
/// An escalation is due when its own deadline has passed and it is not met, or when a trigger's
/// time has come and what it looks at holds. It goes to the channel, address or contact that the
/// line names, once for each item and deadline; a new deadline sets it going again. Exits 3 where
/// a line names somebody who cannot be reached; the others go all the same.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet escalate --dry-run\n  packet escalate --yes\n  packet escalate --dry-run --now 2026-10-31T18:00:00Z"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
    /// Show and write what would go out, send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Escalates what is due in each document.
///
/// # Errors
/// A document or the ledger cannot be read or written; nobody is there to ask.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let paths = context.documents(&args.documents)?;
    notices::each(context, &paths, |path| one(args, context, path))
}

fn one(args: &Args, context: &Context, path: &str) -> anyhow::Result<(Exit, Value)> {
    let what = format!("escalate {path}");
    let _lock = lock::take(&context.workspace, &what, context.clock.now())?;
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(path, false)?;
    let config = &context.settings.config;
    let mut round = escalations::round(&situation, config, &context.routes(), &templates)?;
    let desk = Desk {
        situation: &situation,
        config,
        templates: &templates,
    };
    let (mails, posts) = (&round.mails, &round.posts);
    let (composed, some_have_it) =
        notices::compose(context, &desk, mails, posts, &mut round.unreached);
    let notices = Notices::new(composed);
    let fields = json!({
        "document": path,
        "unreached": follow_up::unreached_json(&round.unreached),
        "open": follow_up::open_json(&round.open),
    });
    let open = follow_up::open(&round.open);
    if notices.deliveries().is_empty() && !some_have_it && !round.unreached.is_empty() {
        let text = follow_up::nobody("escalation", &round.unreached);
        context.say_human(&format!("{text}{open}"))?;
        let mut value = fields;
        value["notices"] = json!([]);
        return Ok((Exit::Hold, value));
    }
    let job = Job {
        noun: "escalation",
        command: "packet escalate",
        dry_run: args.dry_run,
        yes: args.yes,
        after: format!("{}{open}", follow_up::unreached(&round.unreached)),
        fields,
    };
    let (exit, value) = notices::handle(context, &mut situation, &templates, &notices, &job)?;
    let lacking = !round.unreached.is_empty();
    Ok((if lacking { exit.max(Exit::Hold) } else { exit }, value))
}
