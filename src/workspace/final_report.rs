//! The final report's file: in the folder that the document names for what is kept.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::{
    Workspace,
    atomic::{self, Access},
    door::{self, Kind},
    final_archive, private,
    root::PathError,
};
use crate::renderer::doc_hash;

/// Its name.
pub const FILE: &str = "final_report.md";

/// Why it is not written.
#[derive(Debug, Error)]
pub enum ReportFileError {
    /// The folder leads out of the workspace, or something is in its way.
    #[error(transparent)]
    Place(#[from] PathError),
    /// Somebody else's file, or one that was changed since it was written.
    #[error(
        "`{0}` was not written by packet, or was changed since; rename it, then run this again"
    )]
    Foreign(String),
    /// The disk.
    #[error("cannot write `{0}`: {1}")]
    Io(String, #[source] io::Error),
}

/// How many files a folder holds, those in folders below it too; the report itself and archives of
/// the document called `stem` are left out. None where there is no such folder. Links are not
/// followed.
///
/// # Errors
/// A folder cannot be read, or is reached through a link.
pub fn files_in(workspace: &Workspace, folder: &str, stem: &str) -> Result<usize, ReportFileError> {
    let top = workspace.writable_folder(folder)?;
    let failed = |error| ReportFileError::Io(folder.to_owned(), error);
    let mut open = vec![top.clone()];
    let mut files = 0;
    while let Some(at) = open.pop() {
        let entries = match door::list(&at) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        for entry in entries {
            if entry.kind == Kind::Folder {
                open.push(at.join(&entry.name));
            } else if matches!(entry.kind, Kind::File(_)) {
                let name = entry.name.to_string_lossy().into_owned();
                let own = name == FILE || final_archive::is_archive(&name, stem);
                // What a killed run left half written is nobody's.
                let part = name.starts_with(door::BESIDE);
                files += usize::from(!(part || own && at == top));
            }
        }
    }
    Ok(files)
}

/// Where the report will be written: nothing that is not ours stands there.
#[derive(Clone, Debug)]
pub struct Place {
    /// From the workspace root.
    path: String,
    full: PathBuf,
    access: Access,
}

impl Place {
    /// Below `folder`, or below `.packet/final-report/` where no folder is named. Writes nothing
    /// of the document's.
    ///
    /// # Errors
    /// Something that is not ours is in the way, or the disk refuses.
    pub fn new(
        workspace: &Workspace,
        folder: Option<&str>,
        stem: &str,
    ) -> Result<Self, ReportFileError> {
        let place = match folder {
            Some(folder) => {
                let path = format!("{folder}/{FILE}");
                Place {
                    full: workspace.writable_file(&path)?,
                    path,
                    access: Access::Shared,
                }
            }
            None => {
                let below = format!("final-report/{stem}");
                let path = format!(".packet/{below}/{FILE}");
                let made = private::ensure(workspace, &below);
                made.map_err(|e| ReportFileError::Io(path.clone(), e))?;
                Place {
                    full: workspace.private(&below).join(FILE),
                    path,
                    access: Access::Private,
                }
            }
        };
        match door::read_text(&place.full, door::DOCUMENT) {
            Ok(there) if doc_hash::with_hash(&there) != there || !there.starts_with("---\n") => {
                Err(ReportFileError::Foreign(place.path))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(ReportFileError::Io(place.path, error))
            }
            _ => Ok(place),
        }
    }

    /// From the workspace root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Writes the report; whether it is new or another than before.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(&self, text: &str) -> Result<bool, ReportFileError> {
        let failed = |error| ReportFileError::Io(self.path.clone(), error);
        if let Some(parent) = self.full.parent() {
            door::make_folders(parent, 0o777).map_err(failed)?;
        }
        atomic::write_if_changed(&self.full, text.as_bytes(), self.access).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn our_own_files_are_not_counted() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(dir.path()).unwrap();
        let count = || files_in(&workspace, "kept", "day").unwrap();
        assert_eq!(count(), 0, "there is no folder yet");
        fs::create_dir_all(dir.path().join("kept/sound")).unwrap();
        for name in [
            FILE,
            "day-record-0f1e2d3c4b5a.tar.zst",
            "day-revision-2-0f1e2d3c4b5a.tar.zst",
            ".packet-x1.part",
        ] {
            fs::write(dir.path().join("kept").join(name), "x").unwrap();
        }
        assert_eq!(count(), 0);
        for (name, files) in [
            ("notes.md", 1),
            ("night-record-0f1e2d3c4b5a.tar.zst", 2),
            ("sound/final_report.md", 3),
        ] {
            fs::write(dir.path().join("kept").join(name), "x").unwrap();
            assert_eq!(count(), files, "{name}");
        }
    }
}
