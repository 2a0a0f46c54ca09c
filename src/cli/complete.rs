//! What the shell offers while somebody types: the names that the documents at hand know.
//!
//! Nothing is said where something is wrong: the command itself will say it.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use clap::CommandFactory;
use clap_complete::{CompleteEnv, engine::CompletionCandidate};

use super::{
    Cli, Format,
    context::Start,
    names::{gate_names, recipient_names},
};
use crate::workspace::situation::Situation;

/// The variable by which a shell asks; the script of `packet completions` sets it.
pub const VARIABLE: &str = "_PACKET_COMPLETE";

/// The variable in which bash hands over the word as it is typed: it alone leaves quoting to the
/// candidates, and only where no quote was opened.
const WORD: &str = "_PACKET_WORD";

/// Has a registration script for bash hand over the word as it is typed.
pub fn hand_over_word(script: &str) -> String {
    let call = "\"packet\" -- ";
    script.replace(
        call,
        &format!("{WORD}=\"${{COMP_WORDS[COMP_CWORD]}}\" {call}"),
    )
}

/// Answers the shell and ends, if a shell asked.
pub fn answer() {
    CompleteEnv::with_factory(Cli::command)
        .var(VARIABLE)
        .complete();
}

/// The recipients whose names begin so.
pub fn recipients(typed: &OsStr) -> Vec<CompletionCandidate> {
    offered(typed, recipient_names)
}

/// The gates whose names begin so.
pub fn gates(typed: &OsStr) -> Vec<CompletionCandidate> {
    offered(typed, gate_names)
}

fn offered(typed: &OsStr, names: fn(&Situation) -> Vec<String>) -> Vec<CompletionCandidate> {
    let directory = directory(std::env::args_os());
    let start = Start {
        directory: &directory,
        format: Format::Human,
        now: None,
        quiet: true,
        verbose: false,
    };
    let bare = std::env::var(WORD).is_ok_and(|word| !word.starts_with(['"', '\'']));
    let typed = typed.to_string_lossy().to_lowercase();
    let typed = if bare { typed.replace('\\', "") } else { typed };
    let Ok(context) = start.context() else {
        return Vec::new();
    };
    let documents = context.documents(&[]).unwrap_or_default();
    let situations = documents
        .iter()
        .filter_map(|path| context.situation(path, false).ok());
    let mut all: Vec<String> = situations.flat_map(|situation| names(&situation)).collect();
    all.retain(|name| name.to_lowercase().starts_with(&typed) && !name.contains(char::is_control));
    all.sort();
    all.dedup();
    let quoted = all
        .into_iter()
        .map(|name| if bare { escaped(&name) } else { name });
    quoted.map(CompletionCandidate::new).collect()
}

/// A name as one word of a shell.
fn escaped(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./@:,+".contains(c);
    let mark = |c: char| (!plain(c)).then_some('\\').into_iter().chain([c]);
    name.chars().flat_map(mark).collect()
}

/// The folder that the line being typed names.
fn directory(arguments: impl Iterator<Item = OsString>) -> PathBuf {
    let mut words = arguments.skip_while(|word| word != "--");
    while let Some(word) = words.next() {
        let word = word.to_string_lossy();
        let glued = word
            .strip_prefix("--directory=")
            .or(word.strip_prefix("-C"));
        match glued {
            Some("") => return words.next().map_or_else(|| ".".into(), PathBuf::from),
            Some(folder) => return folder.into(),
            None if word == "--directory" => {
                return words.next().map_or_else(|| ".".into(), PathBuf::from);
            }
            None => {}
        }
    }
    ".".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word() {
        assert_eq!(escaped("Zoë O'Neil (QA)"), "Zoë\\ O\\'Neil\\ \\(QA\\)");
    }

    #[test]
    fn the_folder_is_that_of_the_line() {
        for (line, folder) in [
            ("packet -- packet ack Edda", "."),
            ("packet -- packet -C demo ack", "demo"),
            ("packet -- packet -Cdemo ack", "demo"),
            ("packet -- packet --directory demo ack", "demo"),
            ("packet -- packet ack --directory=demo", "demo"),
            ("packet -C elsewhere -- packet ack -C", "."),
        ] {
            let words = line.split(' ').map(OsString::from);
            assert_eq!(directory(words), PathBuf::from(folder), "{line}");
        }
    }
}
