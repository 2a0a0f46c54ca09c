//! Checking what is on record of a document, then packing it.

use std::{io, path::Path};

use thiserror::Error;

use super::{ArchiveError, Archived, write};
use crate::{
    model::verification::{Finding, Misfit, Verification},
    workspace::{
        Workspace,
        situation::Situation,
        verify::{self, VerifyError, tree::Tree},
    },
};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// The document has no bundle.
    NoBundle,
    /// The bundle is not what is on record; nothing was packed.
    Misfit(Verification),
    /// The archive, and the files that stay out of it: they are not the bundle's own.
    Done(Archived, Vec<Finding>),
}

/// Why nothing was packed.
#[derive(Debug, Error)]
pub enum PackError {
    /// The bundle cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The bundle cannot be checked.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// What an archive of the document is called, without the end of its name: stem, revision and the
/// beginning of the ledger's head.
pub fn name(situation: &Situation) -> String {
    let head = situation.ledger.head().unwrap_or_default();
    let what = match &situation.history.bundled {
        Some((revision, _)) => format!("revision-{revision}"),
        None => "record".to_owned(),
    };
    let stem = situation.document.stem();
    format!("{stem}-{what}-{}", short(head))
}

/// As much of a head as stands in an archive's name.
pub fn short(head: &str) -> &str {
    head.get(..12).unwrap_or(head)
}

/// Checks the document's bundle and packs it to `target`, with messages and ledger, in a folder
/// called `name`.
///
/// # Errors
/// Something cannot be read or written.
pub fn bundle(
    workspace: &Workspace,
    situation: &Situation,
    (target, name): (&Path, &str),
) -> Result<Packed, PackError> {
    let root = &situation.resolution.root;
    let folder = workspace.root().join(root);
    if !folder.is_dir() {
        return Ok(Packed::NoBundle);
    }
    let tree = Tree::of_folder(&folder)?;
    let checked = verify::check(&tree, root, Some(workspace), None)?;
    let all = checked.findings.iter().cloned();
    let (left, wrong): (Vec<Finding>, Vec<Finding>) =
        all.partition(|f| f.what == Misfit::Unexpected);
    if !wrong.is_empty() {
        return Ok(Packed::Misfit(checked));
    }
    let what = (&tree, &checked);
    let done = write(workspace, &situation.ledger, root, what, (target, name))?;
    Ok(Packed::Done(done, left))
}

/// Packs messages and ledger of a document that never had a bundle.
///
/// # Errors
/// Something cannot be read or written.
pub fn record(
    workspace: &Workspace,
    situation: &Situation,
    to: (&Path, &str),
) -> Result<Archived, PackError> {
    let checked = Verification {
        document: Some(situation.document.path.clone()),
        ..Verification::default()
    };
    let root = &situation.resolution.root;
    let nothing = Tree::default();
    let what = (&nothing, &checked);
    Ok(write(workspace, &situation.ledger, root, what, to)?)
}
