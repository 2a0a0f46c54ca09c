//! One file a command: its arguments and `run`.

mod ack;
mod archive;
mod ask;
mod attest;
mod check;
pub mod complete;
mod completions;
mod context;
mod doctor;
mod escalate;
mod filter_worker;
mod init;
mod invite;
mod log;
mod man;
mod names;
mod notices;
mod render;
mod report;
mod rounds;
mod schema;
mod send;
mod status;
mod verify;
mod waive;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub use context::{Context, Exit};

/// Clears, bundles, sends and follows up a training packet written as a Markdown document.
#[derive(Debug, Parser)]
#[command(name = "packet", version, max_term_width = 100, disable_help_subcommand = true, help_template = HELP, after_help = AFTER)]
pub struct Cli {
    /// Work in this folder instead of the current one
    #[arg(
        short = 'C',
        long = "directory",
        value_name = "DIR",
        default_value = ".",
        global = true
    )]
    directory: PathBuf,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Format::Human, global = true, value_name = "FORMAT")]
    format: Format,
    /// Look at everything as of this moment (RFC 3339, such as 2025-10-12T12:00:00Z)
    #[arg(long, value_name = "MOMENT", global = true)]
    now: Option<String>,
    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For scripts
    Json,
    /// Annotations for GitHub Actions (check)
    Github,
    /// SARIF 2.1.0 (check)
    Sarif,
}

const HELP: &str = "{about-with-newline}
{usage-heading} {usage}

Prepare:
  init         Write the packet.yaml of a folder with documents, or an example
  check        Look for mistakes in documents
  status       Show the board: gates, deliveries, what to do next
  render       Write the packet: a draft while on hold, the bundle once clear

Clear:
  attest       Record somebody's word for a gate that no file can prove
  waive        Record somebody's decision to go ahead despite a hold

Send:
  send         Send the packet to each person once
  doctor       Try configuration, mail server, recipients and webhooks; sends nothing

Follow up:
  ack          Record who has confirmed, by hand or from replies
  report       Mail those who owe something where it stands, once a day
  escalate     Tell those who have to hear that something is late, once each
  invite       Send calendar invitations to the session and its reviews

Record:
  log          Show and verify the audit trail
  archive      Put the bundle, its messages and its ledger into one file
  verify       Check a bundle or an archive: checksums, ledger, messages

Other:
  completions  Print shell completions
  man          Print the manual page
  schema       Print the JSON Schema of packet.yaml

Options:
{options}{after-help}";

const AFTER: &str = "
Examples:
  packet init --example demo && cd demo    a workspace to try everything in
  packet status                            what holds the packet, and why
  packet send --dry-run                    exactly what would go out, without sending

Exit codes: 0 done or clear, 1 failed, 2 usage or configuration, 3 on hold or blocked,
4 some deliveries failed. `packet COMMAND --help` says more about each.";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Status(status::Args),
    Render(render::Args),
    Attest(attest::Args),
    Waive(waive::Args),
    Send(send::Args),
    Doctor(doctor::Args),
    Ack(ack::Args),
    Report(report::Args),
    Escalate(escalate::Args),
    Invite(invite::Args),
    Log(log::Args),
    Archive(archive::Args),
    Verify(verify::Args),
    Completions(completions::Args),
    Man(man::Args),
    Schema(schema::Args),
    /// Work on the jq filters of another process
    #[command(name = crate::workspace::apart::COMMAND, hide = true)]
    FilterWorker,
}

/// Runs the parsed command line. Errors carry what a person reads; see [`Exit`] for the code.
///
/// # Errors
/// Whatever keeps the command from its work.
pub fn run(cli: Cli) -> anyhow::Result<Exit> {
    let start = context::Start {
        directory: &cli.directory,
        format: cli.format,
        now: cli.now.as_deref(),
        quiet: cli.quiet,
        verbose: cli.verbose,
    };
    let context = || start.context();
    match cli.command {
        Command::Init(args) => init::run(&args, &cli.directory),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::FilterWorker => filter_worker::run(),
        Command::Check(args) => check::run(&args, &context()?),
        Command::Status(args) => status::run(&args, &context()?),
        Command::Render(args) => render::run(&args, &start),
        Command::Attest(args) => attest::run(&args, &context()?),
        Command::Waive(args) => waive::run(&args, &context()?),
        Command::Send(args) => send::run(&args, &context()?),
        Command::Doctor(args) => doctor::run(&args, &context()?),
        Command::Ack(args) => ack::run(&args, &context()?),
        Command::Report(args) => report::run(&args, &context()?),
        Command::Escalate(args) => escalate::run(&args, &context()?),
        Command::Invite(args) => invite::run(&args, &context()?),
        Command::Log(args) => log::run(&args, &context()?),
        Command::Archive(args) => archive::run(&args, &context()?),
        Command::Verify(args) => verify::run(&args, &context()?),
    }
}
