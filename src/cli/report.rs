//! `packet report`: the daily status mail to those who owe something, and the go/no-go summary.

mod summary;

use std::path::PathBuf;

use serde_json::Value;

use super::{
    context::{Context, Exit, Misuse},
    rounds::{self, Asked, Round},
};
use crate::{
    model::ledger::Event,
    renderer::templates::{TemplateError, Templates},
    report::follow_up,
    sender::notices::{
        compose::{Mail, Post},
        escalations::Unreached,
        reports,
    },
    workspace::situation::Situation,
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
/// names for what is kept, with an archive of everything on record, and to everybody involved, once
/// for each content.
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
    let asked = Asked {
        documents: &args.documents,
        dry_run: args.dry_run,
        yes: args.yes,
    };
    rounds::run::<reports::Round>(asked, context)
}

impl Round for reports::Round {
    const NOUN: &'static str = "report";
    const COMMAND: &'static str = "packet report";
    // Who lacks an address was said with the day's report.
    const REPEATS: bool = false;

    fn look(
        context: &Context,
        situation: &Situation,
        templates: &Templates,
        dry_run: bool,
    ) -> Result<Self, TemplateError> {
        reports::round(situation, &context.settings.config, templates, dry_run)
    }

    fn parts(&mut self) -> (&[Mail], &[Post], &mut Vec<Unreached>) {
        (&self.mails, &self.posts, &mut self.unreached)
    }

    fn unreached(&self) -> &[Unreached] {
        &self.unreached
    }

    fn opening(&self) -> Option<Event> {
        self.snapshot.clone().map(Event::Reported)
    }

    fn is_idle(&self) -> bool {
        self.not_now.is_some()
    }

    fn lead(&self, dry_run: bool) -> String {
        let why = self.not_now.as_ref();
        why.map_or_else(String::new, |why| follow_up::not_now(why, dry_run))
    }

    fn field(&self) -> (&'static str, Value) {
        ("not_now", follow_up::not_now_json(self.not_now.as_ref()))
    }
}
