//! Documents on disk: which ones a command acts on, and their text.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{
    Workspace,
    door::{self, Kind},
    root::PathError,
};

/// The largest document that is read, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// How many folders deep `init` looks for documents.
const DEEPEST: usize = 6;
/// How many files `init` looks at.
const MOST: usize = 20_000;

/// Why a document was not read.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// No such path in the workspace.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Nothing there.
    #[error("`{0}` does not exist; check the path, or run packet from the workspace with -C DIR")]
    Missing(String),
    /// Not UTF-8.
    #[error(
        "{path}:{line}: the document is not UTF-8 (byte {offset}); save it as UTF-8 and run the command again"
    )]
    NotUtf8 {
        /// The document.
        path: String,
        /// Line from 1 of the first bad byte.
        line: usize,
        /// Its offset.
        offset: usize,
    },
    /// Too large.
    #[error("`{path}` has {size} bytes, more than the limit of {LARGEST}")]
    TooLarge {
        /// The document.
        path: String,
        /// Its size.
        size: u64,
    },
    /// Nothing was named.
    #[error(
        "no document is named; name one, or list it under `documents:` in packet.yaml (packet init writes that file)"
    )]
    NoneNamed,
    /// The file system says no.
    #[error("cannot read `{path}`: {source}")]
    Io {
        /// The document.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// The documents to act on: those named, else the configured ones.
pub fn chosen(
    workspace: &Workspace,
    named: &[PathBuf],
    configured: &[String],
) -> Result<Vec<String>, DocumentError> {
    let paths: Vec<String> = if named.is_empty() {
        configured
            .iter()
            .map(|c| workspace.relative(Path::new(c)))
            .collect::<Result<_, _>>()?
    } else {
        named
            .iter()
            .map(|n| workspace.typed(n))
            .collect::<Result<_, _>>()?
    };
    if paths.is_empty() {
        Err(DocumentError::NoneNamed)
    } else {
        Ok(paths)
    }
}

/// Reads the document at `path`.
pub fn read(workspace: &Workspace, path: &str) -> Result<String, DocumentError> {
    let fail = |source: io::Error| DocumentError::Io {
        path: path.to_owned(),
        source,
    };
    // A document of somebody else's workspace must not be a way to read what lies elsewhere.
    let full = workspace.root().join(path);
    let bytes = match door::read(&full, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(DocumentError::Missing(path.to_owned()));
        }
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            return Err(DocumentError::TooLarge {
                path: path.to_owned(),
                size: match door::kind(&full) {
                    Some(Kind::File(size)) => size,
                    _ => LARGEST + 1,
                },
            });
        }
        Err(error) => return Err(fail(error)),
    };
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..offset];
        DocumentError::NotUtf8 {
            path: path.to_owned(),
            line: before.iter().filter(|b| **b == b'\n').count() + 1,
            offset,
        }
    })
}

/// Markdown files of the workspace with front matter, sorted; hidden folders are passed over.
pub fn find(workspace: &Workspace) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut looked = 0;
    walk(workspace.root(), "", 0, &mut looked, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(
    folder: &Path,
    below: &str,
    depth: usize,
    looked: &mut usize,
    found: &mut Vec<String>,
) -> io::Result<()> {
    for entry in door::list(folder)? {
        *looked += 1;
        let Some(name) = entry.name.to_str() else {
            continue;
        };
        if *looked > MOST || name.starts_with('.') || matches!(name, "node_modules" | "target") {
            continue;
        }
        let path = if below.is_empty() {
            name.to_owned()
        } else {
            format!("{below}/{name}")
        };
        if entry.kind == Kind::Folder && depth < DEEPEST {
            // A folder that cannot be read holds no document of ours.
            walk(&folder.join(name), &path, depth + 1, looked, found).ok();
        } else if matches!(entry.kind, Kind::File(_)) && name.ends_with(".md") {
            found.push(path);
        }
    }
    Ok(())
}
