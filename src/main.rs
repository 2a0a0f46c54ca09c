//! The `packet` command: parse arguments, run, map the outcome to an exit code.

use std::{io::Write, process::ExitCode};

use clap::Parser;
use packet::cli::{self, Cli, Exit, complete};

fn main() -> ExitCode {
    complete::answer();
    let cli = Cli::parse();
    match cli::run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            // A closed pipe (`packet log | head`) is nobody's mistake.
            let closed = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
            if error.downcast_ref().is_some_and(closed) {
                return Exit::Done.into();
            }
            let mut err = anstream::stderr().lock();
            let style = packet::report::style::BAD.bold();
            let text = packet::report::style::safe(&chain(&error));
            // With standard error closed there is nobody left to tell.
            writeln!(err, "{style}error:{style:#} {text}").ok();
            Exit::of_error(&error).into()
        }
    }
}

/// The error and its causes; what is said already is not said again.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let words = cause.to_string();
        if said.is_empty() {
            said = words;
        } else if !said.contains(&words) {
            said = format!("{said}: {words}");
        }
    }
    said
}
