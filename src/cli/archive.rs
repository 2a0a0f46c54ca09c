//! `packet archive`: everything that shows what was sent, in one file.

use std::path::PathBuf;

use serde_json::json;

use super::{
    Format,
    context::{Context, Exit, Misuse, print, print_json},
};
use crate::{
    report::verification,
    workspace::{
        archive::pack::{self, Packed},
        lock,
    },
};

/// Put the bundle, its messages and its ledger into one file
///
/// The same state gives the same bytes. The bundle is checked first; what does not fit is not
/// archived. A different file of the same name is left alone. Look into the archive with
/// `tar --zstd -xf`, check it with `packet verify`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet archive\n  packet archive -o /media/records/launch.tar.zst\n  packet archive docs/launch_packet.md"
)]
pub struct Args {
    /// The document, where packet.yaml lists several
    #[arg(value_name = "DOC")]
    document: Option<PathBuf>,
    /// The file to write; named after document, revision and ledger unless given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Checks the bundle and packs it.
///
/// # Errors
/// There is no bundle, or a file cannot be read or written.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let path = context.document(args.document.as_ref())?;
    let _lock = lock::take(&context.workspace, "archive", context.clock.now())?;
    let situation = context.situation(&path, false)?;
    let name = pack::name(&situation);
    let file = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{name}.tar.zst")));
    let target = context.workspace.root().join(&file);
    if target.is_dir() {
        return Err(Misuse(format!(
            "`{}` is a folder; name a file in it",
            file.display()
        ))
        .into());
    }
    let (done, left) = match pack::bundle(&context.workspace, &situation, (&target, &name))? {
        Packed::Done(done, left) => (done, left),
        Packed::NoBundle => {
            print(&format!("{path} has no bundle yet. Next: packet render\n"))?;
            return Ok(Exit::Hold);
        }
        Packed::Misfit(checked) => {
            if context.format == Format::Human {
                print(&verification::text(&checked))?;
                print(
                    "Nothing was archived. Next: packet render writes the packet, the log and the copy of the ledger anew\n",
                )?;
            } else {
                print_json(&serde_json::to_value(&checked)?)?;
            }
            return Ok(Exit::Hold);
        }
    };
    let shown = file.display().to_string();
    match context.format {
        Format::Human if done.refused => print(&verification::archived(&shown, &done, &left))?,
        Format::Human => context.say(&verification::archived(&shown, &done, &left))?,
        _ => print_json(&json!({
            "archive": shown, "sha256": done.sha256, "size": done.size, "files": done.files,
            "messages": done.messages.0, "messages_on_record": done.messages.1,
            "unchanged": done.unchanged, "refused": done.refused,
        }))?,
    }
    Ok(if done.refused {
        Exit::Usage
    } else {
        Exit::Done
    })
}
