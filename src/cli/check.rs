//! `packet check`: diagnostics of documents.

use std::path::PathBuf;

use super::{
    Format,
    context::{Context, Exit, print, print_json},
};
use crate::{
    model::{
        diagnostic::{Diagnostic, Severity},
        document::Document,
    },
    report::{annotations, diagnostics, json},
};

/// Look for mistakes in documents
///
/// Exits 3 where there are errors. `--format github` and `--format sarif` are for CI.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet check\n  packet check docs/launch_packet.md\n  packet check --format github"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
}

/// Prints the diagnostics of each document.
///
/// # Errors
/// A document cannot be read.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let mut all: Vec<(Document, Vec<Diagnostic>)> = Vec::new();
    for path in context.documents(&args.documents)? {
        let situation = context.situation(&path, false)?;
        let mut found = situation.diagnostics;
        if !context.verbose && context.format == Format::Human {
            found.retain(|d| d.severity > Severity::Note);
        }
        all.push((situation.document, found));
    }
    let borrowed: Vec<(&Document, &[Diagnostic])> =
        all.iter().map(|(d, f)| (d, f.as_slice())).collect();
    match context.format {
        Format::Human => {
            for (document, found) in &borrowed {
                print(&diagnostics::excerpts(document, found))?;
            }
            context.say(&diagnostics::summary(&borrowed))?;
        }
        Format::Json => print_json(&json::check(&borrowed))?,
        Format::Github => print(&annotations::github(&borrowed))?,
        Format::Sarif => print_json(&annotations::sarif(&borrowed))?,
    }
    let errors = all
        .iter()
        .flat_map(|(_, f)| f)
        .any(|d| d.severity == Severity::Error);
    Ok(if errors { Exit::Hold } else { Exit::Done })
}
