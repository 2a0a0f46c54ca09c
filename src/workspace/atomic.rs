//! Files that are whole or not there: written beside, flushed, renamed into place.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use tempfile::Builder;

/// Who may read a written file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone the umask lets (0644 at most).
    Shared,
    /// The owner alone (0600).
    Private,
}

/// Writes `bytes` to `path` by way of a file beside it; both file and folder are fsynced.
///
/// A link at `path` is replaced, not followed. Missing folders are made.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let beside = written(path, bytes, access)?;
    beside.as_file().sync_all()?;
    place(beside, path)?;
    sync_folder(parent(path)?)
}

/// As [`write()`], without the fsync: for what is derived and can be derived again. See [`flush`].
pub fn write_derived(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    place(written(path, bytes, access)?, path)
}

/// Makes everything written so far on the file system of `folder` survive a crash: one call
/// instead of two fsyncs a file.
pub fn flush(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

fn written(path: &Path, bytes: &[u8], access: Access) -> io::Result<tempfile::NamedTempFile> {
    let folder = parent(path)?;
    fs::create_dir_all(folder)?;
    let mut beside = beside(folder, access)?;
    beside.write_all(bytes)?;
    Ok(beside)
}

/// Writes only where the content differs; says whether it wrote.
pub fn write_if_changed(path: &Path, bytes: &[u8], access: Access) -> io::Result<bool> {
    Ok(!holds(path, bytes) && write(path, bytes, access).map(|()| true)?)
}

/// As [`write_if_changed`], without the fsync, like [`write_derived`].
pub fn derive_if_changed(path: &Path, bytes: &[u8], access: Access) -> io::Result<bool> {
    Ok(!holds(path, bytes) && write_derived(path, bytes, access).map(|()| true)?)
}

/// Whether the file at `path` has just these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::symlink_metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|old| old == bytes)
}

/// A file in `folder` that becomes visible under its name only by [`place`].
pub fn beside(folder: &Path, access: Access) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match access {
        Access::Shared => 0o666,
        Access::Private => 0o600,
    };
    Builder::new()
        .prefix(".packet-")
        .suffix(".part")
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(folder)
}

/// Renames a file made by [`beside`] to `path`.
pub fn place(beside: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    beside.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Makes renames in `folder` survive a crash.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn parent(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => Ok(folder),
        Some(_) => Ok(Path::new(".")),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a path without a folder",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_whole_files_and_only_changes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.txt");
        assert!(write_if_changed(&path, b"one", Access::Private).unwrap());
        assert!(!write_if_changed(&path, b"one", Access::Private).unwrap());
        assert!(write_if_changed(&path, b"two", Access::Private).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn a_link_is_replaced_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let other = dir.path().join("other");
        fs::write(&other, "precious").unwrap();
        let path = dir.path().join("link");
        std::os::unix::fs::symlink(&other, &path).unwrap();
        write(&path, b"new", Access::Shared).unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
    }
}
