//! Files that are whole or not there: written beside, flushed, renamed into place.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
};

use super::door::{self, Beside};
use crate::model::evidence::hex;

/// So few files are not worth a thread of their own.
const FEW: usize = 16;

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
    beside.place(path)?;
    door::sync_folder(parent(path)?)
}

/// As [`write()`], without the fsync: for what is derived and can be derived again. See [`flush`].
pub fn write_derived(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    written(path, bytes, access)?.place(path)
}

/// Makes derived files survive a crash, and their names in their folders.
pub fn flush(files: &[PathBuf]) -> io::Result<()> {
    for file in files {
        door::open(file)?.sync_all()?;
    }
    let folders: BTreeSet<&Path> = files.iter().filter_map(|f| f.parent()).collect();
    folders.into_iter().try_for_each(door::sync_folder)
}

/// Writes a folder of derived files in place of what is at `path`: built beside, renamed when it
/// is whole, nothing fsynced. The folder is the owner's alone, and so are its files.
///
/// A crash on the way leaves the old folder or none.
pub fn derive_folder(path: &Path, files: &[(&str, &[u8])]) -> io::Result<()> {
    let folder = parent(path)?;
    door::make_folders(folder, 0o777)?;
    let new = Unplaced::create(folder)?;
    // Thousands of small files: most of the work is the system's, and it has several cores.
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(workers).max(FEW);
    thread::scope(|scope| {
        let write = |part: &[(&str, &[u8])]| {
            part.iter()
                .try_for_each(|(name, bytes)| create(&new.0.join(name), bytes))
        };
        let running: Vec<_> = files
            .chunks(share)
            .map(|part| scope.spawn(move || write(part)))
            .collect();
        let mut ended = running.into_iter().map(|thread| {
            let failed = || io::Error::other("writing the files failed");
            thread.join().unwrap_or_else(|_| Err(failed()))
        });
        ended.try_for_each(|end| end)
    })?;
    match door::kind(path) {
        Some(door::Kind::Folder) => door::remove_folder(path)?,
        Some(_) => door::remove_file(path)?,
        None => {}
    }
    door::rename(&new.0, path)
}

/// A folder that is not in its place yet; dropped before, it is removed.
struct Unplaced(PathBuf);

impl Unplaced {
    fn create(folder: &Path) -> io::Result<Self> {
        let mut random = [0u8; 8];
        getrandom::fill(&mut random).map_err(|e| io::Error::other(e.to_string()))?;
        let name = format!("{}{}.part", door::BESIDE, hex(&random));
        let path = folder.join(name);
        door::make_folders(&path, 0o700)?;
        Ok(Unplaced(path))
    }
}

impl Drop for Unplaced {
    fn drop(&mut self) {
        // After the rename there is nothing; what cannot be removed is cleaned by a later run.
        let _ = door::remove_folder(&self.0);
    }
}

fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    door::create_new(path)?.write_all(bytes)
}

fn written(path: &Path, bytes: &[u8], access: Access) -> io::Result<Beside> {
    let folder = parent(path)?;
    door::make_folders(folder, 0o777)?;
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
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    let size = bytes.len() as u64;
    door::kind(path) == Some(door::Kind::File(size))
        && door::read(path, size).is_ok_and(|old| old == bytes)
}

/// A file in `folder` that becomes visible under its name only when it is placed.
pub fn beside(folder: &Path, access: Access) -> io::Result<Beside> {
    let mode = match access {
        Access::Shared => 0o666,
        Access::Private => 0o600,
    };
    Beside::create(folder, mode)
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
    use std::fs;

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
    fn a_folder_is_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plans/a");
        let names: Vec<String> = (0..40).map(|n| format!("{n}.eml")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), n.as_bytes())).collect();
        derive_folder(&path, &many).unwrap();
        assert_eq!(fs::read_dir(&path).unwrap().count(), 40);
        assert_eq!(fs::read(path.join("39.eml")).unwrap(), b"39.eml");
        derive_folder(&path, &[("one", b"1")]).unwrap();
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
        // What fails leaves the old folder and nothing beside it.
        assert!(derive_folder(&path, &[("same", b"1"), ("same", b"2")]).is_err());
        assert_eq!(fs::read(path.join("one")).unwrap(), b"1");
        assert_eq!(fs::read_dir(dir.path().join("plans")).unwrap().count(), 1);
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
