//! `packet completions`: shell completions.

use std::io::Write;

use clap::ValueEnum;
use clap_complete::env::Shells;

use super::{complete, context::Exit};

/// Print shell completions
///
/// The script asks packet itself while you type, so it completes the names of gates and recipients
/// of the documents in the current folder, too.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet completions bash > ~/.local/share/bash-completion/completions/packet\n  packet completions zsh > ~/.zfunc/_packet\n  packet completions fish > ~/.config/fish/completions/packet.fish"
)]
pub struct Args {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Prints the script.
///
/// # Errors
/// Standard output is closed.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    let value = args.shell.to_possible_value();
    let name = value.as_ref().map_or("", |value| value.get_name());
    if let Some(shell) = Shells::builtins().completer(name) {
        shell.write_registration(
            complete::VARIABLE,
            "packet",
            "packet",
            "packet",
            &mut script,
        )?;
    }
    let mut script = String::from_utf8(script)?;
    if matches!(args.shell, Shell::Bash) {
        script = complete::hand_over_word(&script);
    }
    std::io::stdout().lock().write_all(script.as_bytes())?;
    Ok(Exit::Done)
}
