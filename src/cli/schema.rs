//! `packet schema`: the JSON Schema of `packet.yaml`.

use super::context::{Exit, print_json};
use crate::model::config::Config;

/// Print the JSON Schema of packet.yaml
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  packet schema > packet.schema.json    for editors that complete and check YAML"
)]
pub struct Args {}

/// Prints the schema.
///
/// # Errors
/// Standard output is closed.
pub fn run(_: &Args) -> anyhow::Result<Exit> {
    print_json(&serde_json::to_value(schemars::schema_for!(Config))?)?;
    Ok(Exit::Done)
}
