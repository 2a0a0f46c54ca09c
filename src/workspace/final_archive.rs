//! Everything on record, packed into the folder that the document names, once for each final
//! report.

use std::io;

use thiserror::Error;

use super::{
    Workspace,
    archive::{
        Archived,
        pack::{self, PackError, Packed},
    },
    door,
    root::PathError,
    situation::Situation,
};
use crate::model::{
    ledger::{Event, NoticeKind},
    verification::Verification,
};

/// How the name of an archive ends.
const ENDING: &str = ".tar.zst";

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was written to this path.
    Written(String, Archived),
    /// It is there already.
    There(String),
    /// Another file of that name is there, and was left alone.
    Refused(String),
    /// The folder lies in the bundle.
    InBundle(String),
    /// The bundle is not what is on record; nothing was packed.
    Misfit(Verification),
    /// A bundle is on record, and its folder is gone.
    Gone(String),
}

impl Kept {
    /// The archive's path, where there is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Kept::Written(path, _) | Kept::There(path) => Some(path),
            _ => None,
        }
    }
}

/// Why nothing could be kept.
#[derive(Debug, Error)]
pub enum KeepError {
    /// The folder leads out of the workspace, or something is in its way.
    #[error(transparent)]
    Place(#[from] PathError),
    /// The archive was not written.
    #[error("cannot write the archive: {0}")]
    Pack(#[from] PackError),
    /// The disk.
    #[error("cannot look into `{0}`: {1}")]
    Io(String, #[source] io::Error),
}

/// Whether a file of this name is an archive of the document called `stem`.
pub fn is_archive(name: &str, stem: &str) -> bool {
    head_in(name, stem).is_some()
}

/// The beginning of a head in an archive's name: `STEM-revision-2-0f1e2d3c4b5a.tar.zst`.
fn head_in<'n>(name: &'n str, stem: &str) -> Option<&'n str> {
    let rest = name.strip_suffix(ENDING)?.strip_prefix(stem)?;
    let (what, head) = rest.strip_prefix('-')?.rsplit_once('-')?;
    let number = what
        .strip_prefix("revision-")
        .map(|n| n.bytes().all(|b| b.is_ascii_digit()));
    (what == "record" || number == Some(true)).then_some(head)
}

/// Packs bundle, messages and ledger into `folder`, unless an archive there holds the last final
/// report already. A document that never had a bundle is packed without one.
///
/// # Errors
/// The folder cannot be written to, or the bundle not be read.
pub fn keep(workspace: &Workspace, situation: &Situation, folder: &str) -> Result<Kept, KeepError> {
    let root = &situation.resolution.root;
    if is_below(folder, root) {
        return Ok(Kept::InBundle(folder.to_owned()));
    }
    if let Some(there) = there(workspace, situation, folder)? {
        return Ok(Kept::There(there));
    }
    let name = pack::name(situation);
    let path = format!("{folder}/{name}{ENDING}");
    let target = workspace.writable_file(&path)?;
    if let Some(parent) = target.parent() {
        door::make_folders(parent, 0o777).map_err(|e| KeepError::Io(folder.to_owned(), e))?;
    }
    let to = (target.as_path(), name.as_str());
    let archived = match pack::bundle(workspace, situation, to)? {
        Packed::Done(archived, _) => archived,
        Packed::Misfit(checked) => return Ok(Kept::Misfit(checked)),
        Packed::NoBundle if situation.history.bundled.is_some() => {
            return Ok(Kept::Gone(root.clone()));
        }
        Packed::NoBundle => pack::record(workspace, situation, to)?,
    };
    Ok(match archived.refused {
        true => Kept::Refused(path),
        false => Kept::Written(path, archived),
    })
}

fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An archive in `folder` whose ledger goes as far as the last final report.
fn there(
    workspace: &Workspace,
    situation: &Situation,
    folder: &str,
) -> Result<Option<String>, KeepError> {
    let entries = situation.ledger.entries().iter();
    let is_report = |event: Option<Event>| matches!(event, Some(Event::NoticeDelivered { notice, .. }) if notice.kind == NoticeKind::FinalReport);
    let Some(last) = entries.clone().rposition(|e| is_report(e.event())) else {
        return Ok(None);
    };
    let heads = situation.ledger.hashes().get(last..).unwrap_or_default();
    let failed = |error| KeepError::Io(folder.to_owned(), error);
    let files = match door::list(&workspace.root().join(folder)) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    for file in files {
        let name = file.name.to_string_lossy().into_owned();
        let head = head_in(&name, situation.document.stem());
        let known = head.is_some_and(|head| heads.iter().any(|h| pack::short(h) == head));
        if known && matches!(file.kind, door::Kind::File(_)) {
            return Ok(Some(format!("{folder}/{name}")));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_by_their_names() {
        for (name, head) in [
            (
                "launch-revision-2-0f1e2d3c4b5a.tar.zst",
                Some("0f1e2d3c4b5a"),
            ),
            ("launch-record-0f1e2d3c4b5a.tar.zst", Some("0f1e2d3c4b5a")),
            ("launch-day-record-0f1e2d3c4b5a.tar.zst", None),
            ("launch-recordings-0f1e2d3c4b5a.tar.zst", None),
            ("launch-revision-2-0f1e2d3c4b5a.tar", None),
            ("launch.tar.zst", None),
            ("other-record-0f1e2d3c4b5a.tar.zst", None),
        ] {
            assert_eq!(head_in(name, "launch"), head, "{name}");
        }
        assert!(is_below("a/b", "a") && is_below("a", "a") && !is_below("ab", "a"));
    }
}
