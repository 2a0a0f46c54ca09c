//! The ledger on disk: `.packet/ledger/<document>.ndjson`, appended with fsync, hash-chained.

mod append;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use thiserror::Error;

pub use append::os_user;

use super::{Workspace, door};
use crate::model::{
    history::History,
    ledger::{Entry, Event, LEDGER_VERSION},
};

/// A document's ledger, read and checked.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    folder: String,
    document: String,
    entries: Vec<Entry>,
    /// SHA-256 of each line, to print and to compare heads with.
    hashes: Vec<String>,
    /// What a torn last line held, if there was one.
    torn: Option<Vec<u8>>,
    /// Open once the first entry was appended.
    file: Option<File>,
    /// Up to where the disk holds room for it, in bytes; 0 where that is not known.
    reserved: u64,
    /// The bundle's copy, to be written out before the next entry, where the ledger was missing.
    adopted: Option<String>,
}

/// What is wrong with a ledger.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A line is not an entry.
    #[error(
        "{path}, line {line}: {what}; restore the file from version control or from the bundle's copy"
    )]
    Broken {
        /// The file.
        path: String,
        /// Line from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// It and the bundle's copy each have entries that the other lacks.
    #[error(
        "the ledger {path} and its copy {copy} each record what the other does not; keep the one that is right in both places"
    )]
    Diverged {
        /// The file.
        path: String,
        /// The copy, from the workspace root.
        copy: String,
    },
    /// The file system says no.
    #[error("cannot use the ledger {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// SHA-256 of `bytes`, lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    crate::model::evidence::hex(&Sha256::digest(bytes))
}

/// Checks a ledger's lines: form, numbering and chain. Returns entries and line hashes.
pub fn check(text: &str) -> Result<(Vec<Entry>, Vec<String>), (usize, String)> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut hashes: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let entry: Entry = serde_json::from_str(line)
            .map_err(|error| (number, format!("this is not a ledger entry ({error})")))?;
        if entry.v > LEDGER_VERSION {
            return Err((
                number,
                format!(
                    "written by a newer packet (format {}); update packet",
                    entry.v
                ),
            ));
        }
        let expected = entries.last().map_or(1, |e| e.seq + 1);
        let head = hashes.last().map_or("", String::as_str);
        if entry.seq != expected {
            return Err((number, order(expected, entry.seq)));
        }
        if entry.prev != head {
            let before = expected.saturating_sub(1);
            return Err((
                number,
                format!(
                    "entry {expected} does not follow from entry {before}: one of the two was altered"
                ),
            ));
        }
        hashes.push(sha256_hex(line.as_bytes()));
        entries.push(entry);
    }
    Ok((entries, hashes))
}

fn order(expected: u64, found: u64) -> String {
    if found > expected {
        format!("entry {expected} is missing (found {found}): it was removed or reordered")
    } else {
        format!("entry {found} stands where {expected} belongs: entries were reordered or repeated")
    }
}

impl Ledger {
    /// Reads the ledger of `document`; a missing file is an empty ledger.
    ///
    /// A last line without its newline was torn by a crash: it is set aside, and the next
    /// append takes its place. Anything else that is wrong is an error.
    pub fn read(workspace: &Workspace, document: &str) -> Result<Self, LedgerError> {
        let (folder, path) = place(workspace, document);
        let io_error = |source| LedgerError::Io {
            path: path.display().to_string(),
            source,
        };
        let mut bytes = match door::read(&path, door::LEDGER) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(io_error(error)),
        };
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        let torn = (whole < bytes.len()).then(|| bytes.split_off(whole));
        let broken = |(line, what)| LedgerError::Broken {
            path: path.display().to_string(),
            line,
            what,
        };
        let text =
            std::str::from_utf8(&bytes).map_err(|_| broken((1, "it is not UTF-8".to_owned())))?;
        let (entries, hashes) = check(text).map_err(broken)?;
        Ok(Ledger {
            path,
            folder,
            document: document.to_owned(),
            entries,
            hashes,
            torn,
            file: None,
            reserved: 0,
            adopted: None,
        })
    }

    /// As [`read`](Self::read); where the ledger is missing, or has lost its end, and the copy in
    /// the bundle at `root` (from the workspace root) verifies, is this document's and goes on
    /// where the ledger ends, that is adopted: what was sent is not sent again.
    ///
    /// # Errors
    /// It cannot be read, is broken, or has diverged from the copy.
    pub fn read_or_adopt(
        workspace: &Workspace,
        document: &str,
        root: &Path,
    ) -> Result<Self, LedgerError> {
        let mut ledger = Self::read(workspace, document)?;
        let place = root.join("ledger.ndjson");
        let Ok(text) = door::read_text(&workspace.root().join(&place), door::LEDGER) else {
            return Ok(ledger);
        };
        if door::read(&ledger.path, door::LEDGER).is_ok_and(|own| own.starts_with(text.as_bytes()))
        {
            return Ok(ledger);
        }
        let Ok((entries, hashes)) = check(&text) else {
            return Ok(ledger);
        };
        let opened = entries.first().and_then(Entry::event);
        let ours = matches!(opened, Some(Event::Opened { document: of }) if of == document);
        if !ours || !text.ends_with('\n') || ledger.hashes.starts_with(&hashes) {
            return Ok(ledger);
        }
        if !hashes.starts_with(&ledger.hashes) {
            return Err(LedgerError::Diverged {
                path: ledger.path.display().to_string(),
                copy: place.display().to_string(),
            });
        }
        ledger.entries = entries;
        ledger.hashes = hashes;
        ledger.adopted = Some(text);
        // The copy has the torn line whole.
        ledger.torn = None;
        Ok(ledger)
    }

    /// Whether it stands on the bundle's copy alone.
    pub fn is_adopted(&self) -> bool {
        self.adopted.is_some()
    }

    /// The text of the file as it is, or as the adopted copy has it.
    pub fn text(&self) -> io::Result<String> {
        match &self.adopted {
            Some(text) => Ok(text.clone()),
            None if self.entries.is_empty() => Ok(String::new()),
            None => door::read_text(&self.path, door::LEDGER),
        }
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// SHA-256 of each entry's line, oldest first.
    pub fn hashes(&self) -> &[String] {
        &self.hashes
    }

    /// SHA-256 of the last entry's line; `None` in an empty ledger.
    pub fn head(&self) -> Option<&str> {
        self.hashes.last().map(String::as_str)
    }

    /// What the entries add up to.
    pub fn history(&self) -> History {
        History::of(&self.entries)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether its last line was torn by a crash.
    pub fn was_torn(&self) -> bool {
        self.torn.is_some()
    }
}

/// Folder below the workspace root, and file, of a document's ledger.
fn place(workspace: &Workspace, document: &str) -> (String, PathBuf) {
    let stem = document.strip_suffix(".md").unwrap_or(document);
    let folder = stem
        .rsplit_once('/')
        .map_or(String::new(), |(f, _)| f.to_owned());
    (folder, workspace.private(&format!("ledger/{stem}.ndjson")))
}

#[cfg(test)]
mod tests;
