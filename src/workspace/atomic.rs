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
    let folder = parent(path)?;
    fs::create_dir_all(folder)?;
    let mut beside = beside(folder, access)?;
    beside.write_all(bytes)?;
    place(beside, path)
}

/// Writes only where the content differs; says whether it wrote.
pub fn write_if_changed(path: &Path, bytes: &[u8], access: Access) -> io::Result<bool> {
    let same = fs::symlink_metadata(path)
        .is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|old| old == bytes);
    if same {
        return Ok(false);
    }
    write(path, bytes, access).map(|()| true)
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

/// Flushes a file made by [`beside`] and renames it to `path`.
pub fn place(beside: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|e| e.error)?;
    sync_folder(parent(path)?)
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
