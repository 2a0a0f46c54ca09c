//! Checks of a bundle folder or an archive: checksums, ledger, messages, and what they say of
//! each other.

mod frozen;
mod ledger;
pub mod messages;
pub mod tree;

use std::{fs, io, path::Path};

use thiserror::Error;

use self::{ledger::Record, tree::Tree};
use super::{
    Workspace,
    archive::{self, ArchiveError},
    bundle::SUMS,
    sums,
};
use crate::model::verification::{Misfit, Sort, Verification};

/// Why nothing could be checked.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// There is nothing of that name, or it cannot be read.
    #[error("cannot read `{path}`: {}", super::open::reason(source))]
    Io {
        /// As it was named.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is no archive, or is cut off, or unpacks beyond measure.
    #[error("`{path}` {source}")]
    Archive {
        /// As it was named.
        path: String,
        /// Why.
        source: ArchiveError,
    },
    /// A folder that is neither.
    #[error(
        "`{0}` is neither a bundle nor an unpacked archive: it has no SHA256SUMS and no ledger.ndjson"
    )]
    NoBundle(String),
}

/// Checks what lies at `path`. Inside `workspace` the ledger and the messages kept there are
/// compared, too; `head` is the beginning of a hash that the ledger must have.
///
/// # Errors
/// It cannot be read at all; what does not fit is in the result.
pub fn verify(
    workspace: &Workspace,
    path: &Path,
    shown: &str,
    head: Option<&str>,
) -> Result<Verification, VerifyError> {
    let io = |source| VerifyError::Io {
        path: shown.to_owned(),
        source,
    };
    let meta = fs::metadata(path).map_err(io)?;
    let tree = if meta.is_dir() {
        Tree::of_folder(path).map_err(io)?
    } else {
        let read = archive::read(path);
        read.map_err(|source| match source {
            ArchiveError::Io(source) => io(source),
            source => VerifyError::Archive {
                path: shown.to_owned(),
                source,
            },
        })?
    };
    let inside = path.canonicalize().is_ok_and(|real| {
        let root = workspace.root().canonicalize();
        meta.is_dir() && root.is_ok_and(|root| real.starts_with(root))
    });
    check(&tree, shown, inside.then_some(workspace), head)
}

/// Checks a tree that was read.
///
/// # Errors
/// It is neither a bundle nor an archive.
pub fn check(
    tree: &Tree,
    shown: &str,
    workspace: Option<&Workspace>,
    head: Option<&str>,
) -> Result<Verification, VerifyError> {
    let mut found = Verification {
        path: shown.to_owned(),
        ..Verification::default()
    };
    for (path, what) in &tree.odd {
        found.find(
            Misfit::Unexpected,
            path,
            format!("it is {what}, which a bundle never holds"),
        );
    }
    if tree.files.contains_key(archive::METADATA) {
        found.sort = Sort::Archive;
        archived(tree, &mut found);
    } else if tree.files.contains_key(SUMS) || tree.files.contains_key("ledger.ndjson") {
        let record = Record::read(tree, "ledger.ndjson", &mut found);
        frozen::bundle(tree, "", &record, &mut found);
        ledger::log(tree, "distribution_log.md", &record, &mut found);
        if let Some(workspace) = workspace {
            ledger::own(workspace, tree, &record, &mut found);
            messages::kept(workspace, &record, &mut found);
        }
        finish(&record, &mut found);
        ledger::head(&record, head, &mut found);
    } else {
        return Err(VerifyError::NoBundle(shown.to_owned()));
    }
    if found.sort == Sort::Archive {
        let record = Record::read(tree, archive::LEDGER, &mut Verification::default());
        ledger::head(&record, head, &mut found);
    }
    Ok(found)
}

/// Checks an archive: its own list covers every file, then the bundle in it and the messages.
fn archived(tree: &Tree, found: &mut Verification) {
    let list = frozen::list(tree, SUMS, found);
    frozen::compare(tree, "", &list, found);
    for path in tree.files.keys() {
        if path != SUMS && !list.contains_key(path) {
            found.find(
                Misfit::Unexpected,
                path,
                "the archive's SHA256SUMS does not list it",
            );
        }
    }
    let files = found.files;
    let record = Record::read(tree, archive::LEDGER, found);
    let holds_bundle = tree.files.keys().any(|p| p.starts_with(archive::BUNDLE));
    if !holds_bundle && !record.broken && record.history.bundled.is_none() {
        let note = "no bundle was made of this document: messages and ledger are all there is";
        found.notes.push(note.to_owned());
        messages::archived(tree, &record, found);
        return finish(&record, found);
    }
    frozen::bundle(tree, archive::BUNDLE, &record, found);
    // They were counted with the rest.
    found.files = files;
    let copy = format!("{}ledger.ndjson", archive::BUNDLE);
    let copied = Record::read(tree, &copy, found);
    ledger::prefix(&copied, &record, &copy, archive::LEDGER, found);
    let log = format!("{}distribution_log.md", archive::BUNDLE);
    ledger::log(tree, &log, &copied, found);
    messages::archived(tree, &record, found);
    finish(&record, found);
}

fn finish(record: &Record, found: &mut Verification) {
    found.document = record.document();
    found.entries = record.entries.len();
    found.head = record.hashes.last().cloned();
    if let Some((revision, digest)) = &record.history.bundled {
        found.revision = Some(*revision);
        found.digest = Some(digest.clone());
    }
    // One thing may be found on two ways.
    let mut seen = Vec::new();
    found.findings.retain(|finding| {
        let new = !seen.contains(finding);
        if new {
            seen.push(finding.clone());
        }
        new
    });
}

/// The paths of a list of checksums that `text` holds.
fn listed(text: &str) -> std::collections::BTreeMap<String, String> {
    sums::read(text)
}
