//! `packet verify`: does a bundle or an archive hold together?

use std::path::PathBuf;

use super::{
    Format,
    context::{Context, Exit, Misuse, print_json},
};
use crate::{report::verification, workspace::verify};

/// Check a bundle or an archive: its checksums, its ledger, its messages
///
/// Names every file that was altered, removed or added, and every place where the ledger does not
/// hold together or is not what the log and the messages say of it. Inside the workspace the
/// ledger and the messages kept there are compared, too. Nothing is unpacked or written. Exits 3
/// where something does not fit, 1 where PATH cannot be read.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet verify artifacts/team/launch\n  packet verify launch_packet-revision-2-1f0c2a9b77d1.tar.zst\n  packet verify launch.tar.zst --head 1f0c2a9b77d1\n  packet verify artifacts/team/launch --format json"
)]
pub struct Args {
    /// A bundle folder, an archive, or an archive that somebody unpacked
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// A head of the ledger that must be in it, as a message or a log prints it
    #[arg(long, value_name = "HEAD")]
    head: Option<String>,
}

/// Checks and reports.
///
/// # Errors
/// The path cannot be read.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    if let Some(head) = &args.head
        && (head.len() < 8 || !head.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        let why =
            "a head is at least 8 of the digits and letters that a message prints after `ledger`";
        return Err(Misuse(why.to_owned()).into());
    }
    let path = context.workspace.root().join(&args.path);
    let shown = args.path.display().to_string();
    let found = verify::verify(&context.workspace, &path, &shown, args.head.as_deref())?;
    if context.format == Format::Human {
        let text = verification::text(&found);
        if found.is_fine() {
            context.say(&text)?;
        } else {
            super::context::print(&text)?;
        }
    } else {
        print_json(&serde_json::to_value(&found)?)?;
    }
    Ok(if found.is_fine() {
        Exit::Done
    } else {
        Exit::Hold
    })
}
