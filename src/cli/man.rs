//! `packet man`: the manual page.

use clap::CommandFactory;

use super::{Cli, context::Exit};

/// Print the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  packet man > ~/.local/share/man/man1/packet.1")]
pub struct Args {}

/// Prints the page in roff, commands included.
///
/// # Errors
/// Standard output is closed.
pub fn run(_: &Args) -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let man = clap_mangen::Man::new(sub.clone());
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    std::io::Write::write_all(&mut std::io::stdout().lock(), &page)?;
    Ok(Exit::Done)
}
