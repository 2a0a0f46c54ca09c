//! `packet log`: the audit trail.

use std::path::PathBuf;

use super::{
    Format,
    context::{Context, Exit, last_moment, moment, print, print_json},
};
use crate::{
    report::trail,
    workspace::{ledger_file::Ledger, open::read_whole, situation},
};

/// Show and verify the audit trail
///
/// Every line follows from the one before by its hash, so an altered, removed or reordered entry
/// is found. The chain does not show that its end was cut off: compare its head with the one
/// printed in distribution_log.md and in the messages.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet log\n  packet log --verify\n  packet log --export --since 2027-01-01 > events.ndjson\n  packet log --format json | jq '.entries[] | select(.kind == \"delivered\")'"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
    /// Check the chain of hashes and the bundle's copy
    #[arg(long)]
    verify: bool,
    /// Print every entry as one JSON object a line, in order of time: timestamp, email, kind, payload
    #[arg(long, conflicts_with = "verify")]
    export: bool,
    /// Export only what happened at this moment or later
    #[arg(long, value_name = "MOMENT", requires = "export")]
    since: Option<String>,
    /// Export only what happened at this moment or earlier; a date means all of that day, UTC
    #[arg(long, value_name = "MOMENT", requires = "export")]
    until: Option<String>,
}

/// Prints or verifies the ledger of each document.
///
/// # Errors
/// A ledger is broken; the message says where.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if args.export {
        return export(args, context);
    }
    for path in context.documents(&args.documents)? {
        let root = bundle_root(context, &path);
        let place = root.as_deref().unwrap_or("");
        // A ledger that lost its end is shown as it is, so that --verify can say so.
        let own = Ledger::read(&context.workspace, &path)?;
        let ledger = match own.entries().is_empty() {
            true => Ledger::read_or_adopt(&context.workspace, &path, place.as_ref())?,
            false => own,
        };
        if args.verify
            && let Some(root) = &root
        {
            compare_copy(context, &ledger, root)?;
        }
        let (entries, head) = (ledger.entries(), ledger.head());
        // A name that nothing bears is never verified; a ledger outlives its document.
        if root.is_none() && entries.is_empty() {
            context.situation(&path, false)?;
        }
        match (context.format, args.verify) {
            (Format::Human, true) => context.say(&trail::verified(&path, entries.len(), head))?,
            (Format::Human, false) => {
                context.say(&trail::trail(&path, entries, head, ledger.was_torn()))?
            }
            _ => print_json(&trail::json(&path, entries, head))?,
        }
    }
    Ok(Exit::Done)
}

/// Prints the entries of all documents for compliance, oldest first.
fn export(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let since = args.since.as_deref().map(moment).transpose()?;
    let until = args.until.as_deref().map(last_moment).transpose()?;
    let mut events = Vec::new();
    for path in context.documents(&args.documents)? {
        let root = bundle_root(context, &path);
        let root = root.as_deref().unwrap_or("");
        let ledger = Ledger::read_or_adopt(&context.workspace, &path, root.as_ref())?;
        let wanted = ledger.entries().iter().filter(|e| {
            since.is_none_or(|since| e.at >= since) && until.is_none_or(|until| e.at <= until)
        });
        events.extend(wanted.map(|e| (e.at, trail::event(&path, e))));
    }
    // Within one document the order of the ledger stays.
    events.sort_by_key(|(at, _)| *at);
    let lines: Vec<String> = events.iter().map(|(_, e)| format!("{e}\n")).collect();
    print(&lines.concat())?;
    Ok(Exit::Done)
}

/// The bundle's folder; `None` where the document is gone, for its ledger outlives it.
fn bundle_root(context: &Context, path: &str) -> Option<String> {
    let now = context.clock.now();
    let read = situation::read(&context.workspace, &context.settings, path, now, false);
    read.ok().map(|s| s.resolution.root)
}

/// The bundle's copy must be the ledger's beginning: a ledger that lost its end is found so.
fn compare_copy(context: &Context, ledger: &Ledger, root: &str) -> anyhow::Result<()> {
    const LARGEST: u64 = 1 << 30;
    let path = format!("{root}/ledger.ndjson");
    let Ok(copy) = read_whole(context.workspace.root(), &path, LARGEST) else {
        return Ok(());
    };
    let own = ledger.text()?;
    if own.as_bytes().starts_with(&copy) {
        return Ok(());
    }
    if copy.starts_with(own.as_bytes()) {
        anyhow::bail!(
            "the ledger has lost its end: {path} has entries that {} lacks; restore it from there",
            ledger.path().display()
        );
    }
    anyhow::bail!(
        "the ledger {} and its copy {path} differ: one of the two was altered",
        ledger.path().display()
    )
}
