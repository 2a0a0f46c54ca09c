//! `packet status`: the board.

use std::path::PathBuf;

use serde_json::Value;

use super::{
    Format,
    context::{Context, Exit, print_json},
};
use crate::{
    report::{board, json, revisions, timeline},
    sender::{changes, standing::State},
    workspace::situation::Situation,
};

/// Show the board: gates, deliveries, what to do next
///
/// Exits 3 while a document is on hold.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet status\n  packet status docs/launch_packet.md -v\n  packet status --format json | jq '.gates[] | select(.verdict == \"hold\")'"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
}

/// Prints each document's board.
///
/// # Errors
/// A document cannot be read.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let paths = context.documents(&args.documents)?;
    let mut objects: Vec<Value> = Vec::new();
    let mut seen: Vec<Situation> = Vec::new();
    let mut exit = Exit::Done;
    for (index, path) in paths.iter().enumerate() {
        let situation = context.situation(path, false)?;
        let (state, standings) = context.standing(&situation);
        let (blockers, obstacles) = context.blockers(&situation);
        if state == State::Hold {
            exit = Exit::Hold;
        }
        let config = &context.settings.config;
        let changes = changes::since_held(&context.workspace, &situation, config);
        match context.format {
            Format::Human => {
                if index > 0 {
                    context.say("\n")?;
                }
                context.say(&board::board(
                    &situation,
                    state,
                    &standings,
                    &obstacles,
                    changes.as_ref(),
                    context.verbose,
                    paths.len() == 1,
                ))?;
                seen.push(situation);
            }
            Format::Json | Format::Github | Format::Sarif => {
                let object = json::document(&situation, state, &standings, &blockers);
                objects.push(revisions::with_changes(object, changes.as_ref()));
            }
        }
    }
    if seen.len() > 1 {
        let all: Vec<&Situation> = seen.iter().collect();
        let merged = timeline::timeline(&all, context.verbose);
        if !merged.is_empty() {
            context.say("\n")?;
            context.say(&merged)?;
        }
    }
    if context.format != Format::Human {
        match (objects.len(), objects.pop()) {
            (1, Some(only)) => print_json(&only)?,
            (_, last) => {
                objects.extend(last);
                print_json(&Value::Array(objects))?;
            }
        }
    }
    Ok(exit)
}
