//! What a path that matched by name is.

use std::{
    fs::FileType,
    io,
    path::{Path, PathBuf},
};

use super::DiskEvidence;
use crate::resolver::source::Refusal;

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A regular file.
    File,
    /// A folder and where it really is.
    Folder(PathBuf),
    /// Something else, or out of bounds.
    Refused(Refusal),
}

impl DiskEvidence {
    /// What lies at `at`, a path below a real folder of the workspace whose own type is `kind`.
    ///
    /// # Errors
    /// A link that cannot be followed, other than for want of a target.
    pub(super) fn entry(&self, at: &Path, kind: FileType) -> io::Result<Entry> {
        if !kind.is_symlink() {
            return Ok(self.inside(at.to_owned(), kind));
        }
        let real = match at.canonicalize() {
            Ok(real) => real,
            Err(error) if leads_nowhere(&error) => return Ok(Entry::Refused(Refusal::BrokenLink)),
            Err(error) => return Err(error),
        };
        if !real.starts_with(&self.root) {
            return Ok(Entry::Refused(Refusal::LeadsOut));
        }
        let kind = real.symlink_metadata()?.file_type();
        Ok(self.inside(real, kind))
    }

    fn inside(&self, real: PathBuf, kind: FileType) -> Entry {
        if self.is_own(&real) {
            Entry::Refused(Refusal::Own)
        } else if kind.is_file() {
            Entry::File
        } else if kind.is_dir() {
            Entry::Folder(real)
        } else {
            Entry::Refused(Refusal::Special)
        }
    }
}

fn leads_nowhere(error: &io::Error) -> bool {
    let a_loop = rustix::io::Errno::LOOP.raw_os_error();
    is_missing(error) || error.raw_os_error() == Some(a_loop)
}

/// Whether nothing is there.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
