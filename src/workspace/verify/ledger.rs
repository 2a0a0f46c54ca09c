//! A ledger's chain, and what log, workspace and messages say of its end.

use std::sync::LazyLock;

use regex::Regex;

use super::tree::Tree;
use crate::{
    model::{
        history::History,
        ledger::{Entry, Event},
        verification::{Misfit, Verification},
    },
    workspace::{
        Workspace,
        ledger_file::{self, Ledger},
    },
};

/// As much of a ledger as holds together.
#[derive(Debug, Default)]
pub struct Record {
    /// The entries, oldest first.
    pub entries: Vec<Entry>,
    /// SHA-256 of each entry's line.
    pub hashes: Vec<String>,
    /// What they add up to.
    pub history: History,
    /// Whether there is more of it that does not.
    pub broken: bool,
}

impl Record {
    /// Reads the ledger at `path`; findings where it is missing or does not hold together.
    pub fn read(tree: &Tree, path: &str, found: &mut Verification) -> Self {
        let Some(bytes) = tree.texts.get(path) else {
            found.find(
                Misfit::Missing,
                path,
                "the record of what happened is not there",
            );
            return Record {
                broken: true,
                ..Record::default()
            };
        };
        let text = String::from_utf8_lossy(bytes);
        let (whole, rest) = text.split_at(text.rfind('\n').map_or(0, |n| n + 1));
        let mut broken = !rest.is_empty();
        if broken {
            found.find(Misfit::Ledger, path, "its last line is cut off");
        }
        let (entries, hashes) = match ledger_file::check(whole) {
            Ok(read) => read,
            Err((line, what)) => {
                broken = true;
                found.find(Misfit::Ledger, path, format!("line {line}: {what}"));
                let good: String = whole.split_inclusive('\n').take(line - 1).collect();
                ledger_file::check(&good).unwrap_or_default()
            }
        };
        Record {
            history: History::of(&entries),
            entries,
            hashes,
            broken,
        }
    }

    /// The document it is of.
    pub fn document(&self) -> Option<String> {
        match self.entries.first()?.event()? {
            Event::Opened { document } => Some(document),
            _ => None,
        }
    }

    /// Number and hash of the entry whose hash begins with `head`.
    pub fn entry(&self, head: &str) -> Option<usize> {
        let index = self.hashes.iter().position(|h| h.starts_with(head))?;
        Some(index + 1)
    }
}

/// What the log prints of the ledger must be its end.
pub fn log(tree: &Tree, path: &str, record: &Record, found: &mut Verification) {
    static HEAD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^\| Ledger head \| `([0-9a-f]{64})` \|$").ok());
    static COUNT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^\| Ledger entries \| (\d+) \|$").ok());
    let Some(text) = tree.text(path) else { return };
    let one = |regex: &LazyLock<Option<Regex>>| {
        let found = regex.as_ref()?.captures(text)?;
        Some(found.get(1)?.as_str().to_owned())
    };
    let (Some(head), Some(count)) = (one(&HEAD), one(&COUNT)) else {
        let why = "it does not print the ledger's head: it was altered, or a template of the workspace leaves it out";
        found.find(Misfit::Ledger, path, why);
        return;
    };
    let count: usize = count.parse().unwrap_or(0);
    let has = record.hashes.len();
    let at = count.checked_sub(1).and_then(|n| record.hashes.get(n));
    let why = match at {
        Some(hash) if *hash == head && count == has => return,
        Some(hash) if *hash == head => format!(
            "it was written when the ledger had {count} entries; {} came after it",
            has - count
        ),
        Some(_) => format!(
            "it prints the head {}… after {count} entries, and that is not the ledger's: one of the two was altered",
            &head[..12]
        ),
        // What is broken was named already, and the end is lost with it.
        None if record.broken => return,
        None => format!(
            "it prints {count} entries, the ledger has {has}: the ledger was shortened, its last {} are gone",
            count - has
        ),
    };
    found.find(Misfit::Ledger, path, why);
}

/// `part` must be the beginning of `whole`.
pub fn prefix(
    part: &Record,
    whole: &Record,
    part_path: &str,
    whole_path: &str,
    found: &mut Verification,
) {
    let (has, of) = (part.hashes.len(), whole.hashes.len());
    if whole.hashes.starts_with(&part.hashes) {
        if of > has && !part.broken {
            found.notes.push(format!(
                "{part_path} has {has} of the {of} entries of {whole_path}: the rest came later"
            ));
        }
    } else if part.hashes.starts_with(&whole.hashes) {
        if !whole.broken {
            let why =
                format!("it has {of} entries, its copy {part_path} has {has}: it was shortened");
            found.find(Misfit::Ledger, whole_path, why);
        }
    } else {
        let why = format!("it and {whole_path} differ: one of the two was altered");
        found.find(Misfit::Ledger, part_path, why);
    }
}

/// The bundle's copy against the ledger of the workspace that it lies in.
pub fn own(workspace: &Workspace, tree: &Tree, record: &Record, found: &mut Verification) {
    let Some(document) = record.document() else {
        return;
    };
    let shown = |ledger: &Ledger| {
        let path = ledger.path();
        let below = path.strip_prefix(workspace.root()).unwrap_or(path);
        below.display().to_string()
    };
    match Ledger::read(workspace, &document) {
        // A bundle that was copied into another workspace has no ledger there.
        Ok(own) if own.entries().is_empty() && !tree.texts.is_empty() => {
            found
                .notes
                .push("the workspace has no ledger of this document to compare with".to_owned());
        }
        Ok(own) => {
            let whole = Record {
                entries: own.entries().to_vec(),
                hashes: own.hashes().to_vec(),
                ..Record::default()
            };
            prefix(record, &whole, "ledger.ndjson", &shown(&own), found);
        }
        Err(error) => found.find(Misfit::Ledger, ".packet/ledger", error.to_string()),
    }
}

/// A head that somebody holds, such as from a message, must be in the ledger.
pub fn head(record: &Record, head: Option<&str>, found: &mut Verification) {
    let Some(head) = head else { return };
    match record.entry(&head.to_lowercase()) {
        Some(number) => found.notes.push(format!(
            "the head {head} is that of entry {number} of {}",
            record.hashes.len()
        )),
        None => found.find(
            Misfit::Ledger,
            "ledger.ndjson",
            format!("it has no entry with the head {head}: it was altered, or shortened before it"),
        ),
    }
}
