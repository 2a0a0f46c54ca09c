//! Opening a file of the workspace for reading: a regular file, inside the root, hashed on the way.

use std::{
    fs::{File, FileType, OpenOptions},
    io::{self, BufRead, BufReader, Read},
    os::unix::fs::{FileTypeExt, OpenOptionsExt},
    path::{Component, Path, PathBuf},
};

use rustix::fs::OFlags;

pub use crate::resolver::hashing::Hashing;
use crate::{
    model::evidence::FileHash,
    resolver::source::{OpenError, Reading},
};

/// Bytes read at a time.
const BUFFER: usize = 256 * 1024;

/// A file of the workspace being read and hashed.
#[derive(Debug)]
pub struct HashedFile {
    path: String,
    reader: BufReader<Hashing<File>>,
}

impl HashedFile {
    /// Opens the regular file at `path`, relative to the workspace `root` and with `/`. Links
    /// are followed while they stay inside.
    ///
    /// # Errors
    /// It is missing, cannot be read, is no regular file, or leads out of `root`.
    pub fn open(root: &Path, path: &str) -> Result<Self, OpenError> {
        let file = open_regular(root, path)?;
        let reader = BufReader::with_capacity(BUFFER, Hashing::new(file));
        Ok(HashedFile {
            path: path.to_owned(),
            reader,
        })
    }
}

impl Read for HashedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl BufRead for HashedFile {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.reader.consume(amount);
    }
}

impl Reading for HashedFile {
    fn finish(self: Box<Self>) -> io::Result<FileHash> {
        self.reader.into_inner().finish(&self.path)
    }
}

/// All bytes of the regular file at `path`, at most `limit` of them.
///
/// # Errors
/// As [`HashedFile::open`]; a longer file cannot be read.
pub fn read_whole(root: &Path, path: &str, limit: u64) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    let read = open_regular(root, path)?
        .take(limit + 1)
        .read_to_end(&mut bytes);
    read.map_err(|e| cannot(path, &e))?;
    if bytes.len() as u64 > limit {
        let error = io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {limit} bytes"),
        );
        return Err(cannot(path, &error));
    }
    Ok(bytes)
}

/// Opens the regular file at `path`, as [`HashedFile::open`] does, without hashing it.
///
/// # Errors
/// As [`HashedFile::open`].
pub fn open_regular(root: &Path, path: &str) -> Result<File, OpenError> {
    #[cfg(target_os = "linux")]
    if let Some(file) = without_links(root, path) {
        let kind = file.metadata().map_err(|e| cannot(path, &e))?.file_type();
        return require_file(path, kind).map(|()| file);
    }
    let real = real_path(root, path)?;
    let failed = |error: &io::Error| cannot(path, error);
    let kind = real.symlink_metadata().map_err(|e| failed(&e))?.file_type();
    require_file(path, kind)?;
    // Should something else be put there meanwhile: no link is followed, no pipe waited for.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(&real);
    let file = file.map_err(|e| failed(&e))?;
    require_file(path, file.metadata().map_err(|e| failed(&e))?.file_type())?;
    Ok(file)
}

/// Opens what lies at `path` below `root` with one call, where no link is on the way: the system
/// itself sees to it that the way does not lead out. `None` where it cannot; then the long way
/// says why.
#[cfg(target_os = "linux")]
fn without_links(root: &Path, path: &str) -> Option<File> {
    use rustix::fs::{Mode, ResolveFlags, open, openat2};

    let folder = open(
        root,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    );
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::RDONLY;
    let within = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let opened = openat2(folder.ok()?, path, flags, Mode::empty(), within);
    opened.ok().map(File::from)
}

/// Where `path` leads once all links are followed.
///
/// # Errors
/// It is missing, cannot be reached, or leads out of `root`.
pub fn real_path(root: &Path, path: &str) -> Result<PathBuf, OpenError> {
    let leads_out = || OpenError::LeadsOut {
        path: path.to_owned(),
    };
    let inside = |c: Component<'_>| matches!(c, Component::Normal(_) | Component::CurDir);
    if !Path::new(path).components().all(inside) {
        return Err(leads_out());
    }
    let root = root.canonicalize().map_err(|e| cannot(path, &e))?;
    let real = root
        .join(path)
        .canonicalize()
        .map_err(|e| cannot(path, &e))?;
    if real.starts_with(&root) {
        Ok(real)
    } else {
        Err(leads_out())
    }
}

fn require_file(path: &str, kind: FileType) -> Result<(), OpenError> {
    let what = if kind.is_file() {
        return Ok(());
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_symlink() {
        "a link"
    } else {
        "a device"
    };
    Err(OpenError::NotAFile {
        path: path.to_owned(),
        what,
    })
}

fn cannot(path: &str, error: &io::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => OpenError::Missing { path },
        _ => OpenError::CannotRead {
            path,
            reason: reason(error),
        },
    }
}

/// The operating system's words, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    words.to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn reads_and_hashes_regular_files_inside() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("a")).unwrap();
        std::fs::write(root.path().join("a/p.log"), "abc").unwrap();
        symlink("p.log", root.path().join("a/link.log")).unwrap();
        for path in ["a/p.log", "a/link.log", "./a/p.log"] {
            let mut file = HashedFile::open(root.path(), path).unwrap();
            let mut line = String::new();
            file.read_line(&mut line).unwrap();
            let hash = Box::new(file).finish().unwrap();
            assert_eq!(
                (line.as_str(), hash.path.as_str(), hash.size),
                ("abc", path, 3)
            );
            assert!(hash.sha256.starts_with("ba7816bf"));
        }
    }

    #[test]
    fn tells_apart_why_not() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(outside.path().join("p.log"), "x").unwrap();
        let at = |name: &str| root.path().join(name);
        symlink(outside.path().join("p.log"), at("out.log")).unwrap();
        symlink(outside.path(), at("folder-out")).unwrap();
        symlink("loop", at("loop")).unwrap();
        std::fs::create_dir(at("folder")).unwrap();
        std::fs::write(at("p.log"), "x").unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            0o600.into(),
            0,
        )
        .unwrap();
        let why = |path: &str| HashedFile::open(root.path(), path).unwrap_err().to_string();
        assert!(why("none.log").contains("does not exist"));
        assert!(why("p.log/x").contains("does not exist"));
        assert!(why("out.log").contains("leads out"));
        assert!(why("folder-out/p.log").contains("leads out"));
        assert!(why("../p.log").contains("leads out"));
        assert!(why("/etc/hostname").contains("leads out"));
        assert!(why("folder").contains("is a folder, not"));
        assert!(why("pipe").contains("is a pipe, not"));
        assert!(
            why("loop").starts_with("cannot read `loop`: too many"),
            "{}",
            why("loop")
        );
    }
}
