//! `packet completions`: shell completions.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::{Cli, context::Exit};

/// Print shell completions
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet completions bash > ~/.local/share/bash-completion/completions/packet\n  packet completions zsh > ~/.zfunc/_packet"
)]
pub struct Args {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// Standard output is closed.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "packet", &mut script);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
    Ok(Exit::Done)
}
