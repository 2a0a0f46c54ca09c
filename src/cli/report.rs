//! `packet report`: the daily status mail to those who owe something, and the go/no-go summary.

mod summary;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    context::{Context, Exit, Misuse},
    notices::{self, Job},
};
use crate::{
    model::ledger::Event,
    report::follow_up,
    sender::notices::{
        Notices,
        compose::Desk,
        reports::{self, Round},
    },
    workspace::{lock, templates},
};

/// Mail those who owe something where it stands, once a day
///
/// Late things first, then what is due today, what stands in the way and what changed since the
/// last report. It goes to the owners of dependencies and matrix rows and to the document's owner,
/// by their addresses in packet.yaml, and to the document's Slack channels. However often it runs,
/// a document is reported once a day; where the document names a time, from an hour before it.
///
/// With `--final`, after the event: success metrics and readiness gates are computed where evidence
/// and record can tell, taken from somebody's word where a person has to (packet attest), or said to
/// be missing. It is GO only if every one is met. The report goes into the folder that the document
/// names for what is kept, and to everybody involved, once for each content.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet report --dry-run\n  packet report --yes\n  packet report docs/rehearsal.md --yes --quiet\n  packet attest \"Attendance\" --by \"Imani Osei\" --note \"11 of 12\"\n  packet report --final --yes"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
    /// Decide go or no-go after the event, write the final report and mail it
    #[arg(long = "final")]
    is_final: bool,
    /// Show and write what would go out, send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Reports each document.
///
/// # Errors
/// A document or the ledger cannot be read or written; nobody is there to ask.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if args.is_final {
        let ([] | [_]) = args.documents.as_slice() else {
            let why = "--final decides about one document at a time; name one";
            return Err(Misuse(why.to_owned()).into());
        };
        let path = context.document(args.documents.first())?;
        return summary::run(context, &path, args.dry_run, args.yes);
    }
    let paths = context.documents(&args.documents)?;
    notices::each(context, &paths, |path| one(args, context, path))
}

fn one(args: &Args, context: &Context, path: &str) -> anyhow::Result<(Exit, Value)> {
    let what = format!("report {path}");
    let _lock = lock::take(&context.workspace, &what, context.clock.now())?;
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(path, false)?;
    let config = &context.settings.config;
    let mut round = reports::round(&situation, config, &templates, args.dry_run)?;
    let desk = Desk {
        situation: &situation,
        config,
        templates: &templates,
    };
    let (mails, posts) = (&round.mails, &round.posts);
    let (composed, some_have_it) =
        notices::compose(context, &desk, mails, posts, &mut round.unreached);
    let notices = Notices::new(composed).opening(round.snapshot.clone().map(Event::Reported));
    let fields = json!({
        "document": path,
        "unreached": follow_up::unreached_json(&round.unreached),
        "not_now": follow_up::not_now_json(round.not_now.as_ref()),
    });
    if notices.deliveries().is_empty() && !some_have_it && round.not_now.is_none() {
        context.say_human(&follow_up::nobody("report", &round.unreached))?;
        let mut value = fields;
        value["notices"] = json!([]);
        return Ok((Exit::Hold, value));
    }
    let job = Job {
        noun: "report",
        command: "packet report",
        dry_run: args.dry_run,
        yes: args.yes,
        after: match args.dry_run || notices.has_due(&situation, &context.routes()) {
            true => after(&round, args.dry_run),
            false => early(&round, false),
        },
        fields,
    };
    notices::handle(context, &mut situation, &templates, &notices, &job)
}

fn after(round: &Round, dry_run: bool) -> String {
    let unreached = follow_up::unreached(&round.unreached);
    format!("{}{unreached}", early(round, dry_run))
}

/// Why no report goes out now; who lacks an address was said with the last one.
fn early(round: &Round, dry_run: bool) -> String {
    let why = round.not_now.as_ref();
    why.map_or_else(String::new, |why| follow_up::not_now(why, dry_run))
}
