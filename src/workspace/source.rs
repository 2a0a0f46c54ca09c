//! Writing a source document, which is the author's: only on request, only as it was read, with
//! a copy of what it was.

use std::{
    fs::Metadata,
    io::{self, Write},
    os::unix::fs::{MetadataExt, fchown},
    path::Path,
};

use jiff::Timestamp;
use thiserror::Error;

use super::{
    Workspace,
    atomic::{self, Access},
    door, private,
    root::PathError,
};

/// Why a document was not written.
#[derive(Debug, Error)]
pub enum SourceError {
    /// Its path leads through a link, or to no place of a document.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It is no longer what was read.
    #[error("`{0}` changed while the command ran, so nothing was written to it; run it again")]
    Changed(String),
    /// It has several names, which replacing it would part.
    #[error(
        "`{0}` has a second name (a hard link) that would keep the old text; make it a file of its own"
    )]
    Linked(String),
    /// The file system says no.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// The document, or its copy.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// Puts `after` in the place of `before`, the text of the document at `path` as it was read.
/// Returns where the copy of `before` lies, from the workspace root.
///
/// The document is replaced in one step and keeps its permissions and its owner.
///
/// # Errors
/// It is not a file of its own with just that text, or cannot be written; then it is as it was.
pub fn replace(
    workspace: &Workspace,
    path: &str,
    before: &str,
    after: &str,
    now: Timestamp,
) -> Result<String, SourceError> {
    let full = workspace.writable(path)?;
    let failed = |source: io::Error| SourceError::Io {
        path: path.to_owned(),
        source,
    };
    let changed = || SourceError::Changed(path.to_owned());
    let meta = door::open(&full).and_then(|file| file.metadata());
    let meta = meta.map_err(failed)?;
    if meta.nlink() > 1 {
        return Err(SourceError::Linked(path.to_owned()));
    }
    let same = |now: &Metadata| identity(now) == identity(&meta);
    if door::read(&full, door::DOCUMENT).map_err(failed)? != before.as_bytes() {
        return Err(changed());
    }
    let copy = back_up(workspace, path, before, now)?;
    let folder = full.parent().unwrap_or(Path::new("."));
    let written = (|| {
        let mut beside = atomic::beside(folder, Access::Private)?;
        beside.write_all(after.as_bytes())?;
        let own = beside.as_file().metadata()?;
        if (own.uid(), own.gid()) != (meta.uid(), meta.gid()) {
            fchown(beside.as_file(), Some(meta.uid()), Some(meta.gid()))?;
        }
        beside.as_file().set_permissions(meta.permissions())?;
        beside.as_file().sync_all()?;
        Ok(beside)
    })();
    let beside = written.map_err(failed)?;
    // An editor that saved meanwhile has the last word.
    let now = door::open(&full).and_then(|file| file.metadata());
    let still = now.is_ok_and(|m| same(&m))
        && door::read(&full, door::DOCUMENT).is_ok_and(|bytes| bytes == before.as_bytes());
    if !still {
        return Err(changed());
    }
    beside
        .place(&full)
        .and_then(|()| door::sync_folder(folder))
        .map_err(failed)?;
    Ok(copy)
}

/// What tells a file from another one in its place, and from itself after a write.
fn identity(meta: &Metadata) -> (u64, u64, u64, i64, i64) {
    let (dev, ino, size) = (meta.dev(), meta.ino(), meta.len());
    (dev, ino, size, meta.mtime(), meta.mtime_nsec())
}

/// Keeps `text` as `.packet/backups/PATH.TIMESTAMP.md`, under a name that was free.
fn back_up(
    workspace: &Workspace,
    path: &str,
    text: &str,
    now: Timestamp,
) -> Result<String, SourceError> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let below = match folder {
        "" => "backups".to_owned(),
        folder => format!("backups/{folder}"),
    };
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let moment = now.strftime("%Y-%m-%dT%H-%M-%SZ");
    let failed = |source: io::Error| SourceError::Io {
        path: format!(".packet/{below}"),
        source,
    };
    private::ensure(workspace, &below).map_err(failed)?;
    let names = (1..).map(|n| match n {
        1 => format!("{below}/{stem}.{moment}.md"),
        n => format!("{below}/{stem}.{moment}-{n}.md"),
    });
    for name in names {
        let full = workspace.private(&name);
        if door::kind(&full).is_none() {
            atomic::write(&full, text.as_bytes(), Access::Private).map_err(failed)?;
            return Ok(format!(".packet/{name}"));
        }
    }
    Err(failed(io::ErrorKind::AlreadyExists.into()))
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::{PermissionsExt, symlink},
    };

    use super::*;

    fn place() -> (tempfile::TempDir, Workspace) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("docs")).unwrap();
        fs::write(dir.path().join("docs/a.md"), "old\r\n").unwrap();
        let workspace = Workspace::open(dir.path()).unwrap();
        (dir, workspace)
    }

    fn now() -> Timestamp {
        "2025-03-01T08:00:30Z".parse().unwrap()
    }

    #[test]
    fn the_text_changes_the_file_stays_what_it_is() {
        let (dir, workspace) = place();
        let full = dir.path().join("docs/a.md");
        fs::set_permissions(&full, Permissions::from_mode(0o640)).unwrap();
        let first = replace(&workspace, "docs/a.md", "old\r\n", "new\r\n", now()).unwrap();
        assert_eq!(first, ".packet/backups/docs/a.2025-03-01T08-00-30Z.md");
        assert_eq!(
            fs::read_to_string(dir.path().join(first)).unwrap(),
            "old\r\n"
        );
        assert_eq!(fs::read_to_string(&full).unwrap(), "new\r\n");
        let mode = fs::metadata(&full).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o640);
        let second = replace(&workspace, "docs/a.md", "new\r\n", "newer", now()).unwrap();
        assert!(second.ends_with("30Z-2.md"), "{second}");
        assert_eq!(fs::read_dir(dir.path().join("docs")).unwrap().count(), 1);
    }

    #[test]
    fn what_changed_meanwhile_is_the_authors() {
        let (dir, workspace) = place();
        let error = replace(&workspace, "docs/a.md", "older", "new", now()).unwrap_err();
        assert!(matches!(error, SourceError::Changed(_)), "{error}");
        assert_eq!(
            fs::read_to_string(dir.path().join("docs/a.md")).unwrap(),
            "old\r\n"
        );
        assert!(!dir.path().join(".packet").exists(), "nothing to keep");
    }

    #[test]
    fn links_are_neither_followed_nor_replaced() {
        let (dir, workspace) = place();
        symlink("a.md", dir.path().join("docs/soft.md")).unwrap();
        symlink("docs", dir.path().join("other")).unwrap();
        for path in ["docs/soft.md", "other/a.md"] {
            let error = replace(&workspace, path, "old\r\n", "new", now()).unwrap_err();
            assert!(matches!(error, SourceError::Path(_)), "{error}");
        }
        fs::hard_link(
            dir.path().join("docs/a.md"),
            dir.path().join("docs/hard.md"),
        )
        .unwrap();
        let error = replace(&workspace, "docs/a.md", "old\r\n", "new", now()).unwrap_err();
        assert!(matches!(error, SourceError::Linked(_)), "{error}");
        assert_eq!(
            fs::read_to_string(dir.path().join("docs/a.md")).unwrap(),
            "old\r\n"
        );
    }
}
