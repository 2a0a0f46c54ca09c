//! The one door to the file system.
//!
//! Every file of a workspace is foreign: whoever wrote it may have put a link, a pipe or a device
//! in its place. All that is opened, written, renamed, removed or listed below a workspace goes
//! through here: no component of the path may be a link, what is opened is a regular file, nothing
//! waits for a pipe, and no more is read than its kind allows. A workspace's own path is resolved
//! when it is opened ([`Workspace::open`](super::Workspace::open)), so links above it are gone
//! from the paths that come here and those below it are refused, by the system itself where it can
//! (`openat2` with `RESOLVE_NO_SYMLINKS`), else step by step.
//!
//! [`named`] is the second way and the last: for a path that the person at the keyboard, or their
//! own configuration, named. It follows links, as they would expect.
//!
//! cap-std does much of this, but follows links that stay inside, and a link inside is what turns
//! a write to one file into a write to another.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read, Write},
    os::fd::{AsFd, OwnedFd},
    path::{Component, Path, PathBuf},
};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};

/// How the names of files begin that are not in their place yet.
pub const BESIDE: &str = ".packet-";
/// Largest configuration file, in bytes.
pub const CONFIGURATION: u64 = 1 << 20;
/// Largest document, and largest page made of it.
pub const DOCUMENT: u64 = 32 << 20;
/// Largest ledger, or list of a bundle's checksums.
pub const LEDGER: u64 = 64 << 20;
/// Largest message as it travels, with room for what encoding adds.
pub const MESSAGE: u64 = 32 << 20;
/// How many names are tried for a file beside another.
const TRIES: u32 = 16;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file of this many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A link, a pipe, a socket or a device.
    Other,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: OsString,
    /// What it is.
    pub kind: Kind,
}

fn refused(path: &Path, what: &str) -> io::Error {
    let text = format!("`{}` is {what}, which is not followed", path.display());
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

fn too_large(path: &Path, limit: u64) -> io::Error {
    let text = format!(
        "`{}` has more than {} MB, the most that is read",
        path.display(),
        limit >> 20
    );
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}

fn kind_of(stat: &Stat) -> Kind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File(u64::try_from(stat.st_size).unwrap_or(0)),
        FileType::Directory => Kind::Folder,
        _ => Kind::Other,
    }
}

/// Opens what lies at `path` with `flags`, through no link.
fn reach(path: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
    if path.components().any(|c| c == Component::ParentDir) {
        return Err(refused(path, "a way out of its folder"));
    }
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    #[cfg(target_os = "linux")]
    {
        use rustix::{
            fs::{CWD, ResolveFlags, openat2},
            io::Errno,
        };
        let way = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match openat2(CWD, path, flags, mode, way) {
            Ok(file) => return Ok(file),
            Err(Errno::LOOP) => return Err(refused(path, "a link, or passes through one")),
            // Filters of old containers know no openat2.
            Err(Errno::NOSYS | Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
    }
    step_by_step(path, flags, mode)
}

/// As [`reach`], a component at a time.
fn step_by_step(path: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
    let folder = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let start = if path.is_absolute() { "/" } else { "." };
    let mut at = rustix::fs::open(start, folder, Mode::empty())?;
    let mut parts = path.components().filter_map(|c| match c {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let Some(mut name) = parts.next() else {
        return Ok(at);
    };
    for next in parts {
        at = rustix::fs::openat(&at, name, folder, Mode::empty()).map_err(|e| link(path, e))?;
        name = next;
    }
    rustix::fs::openat(&at, name, flags, mode).map_err(|e| link(path, e))
}

fn link(path: &Path, error: rustix::io::Errno) -> io::Error {
    match error {
        rustix::io::Errno::LOOP => refused(path, "a link, or passes through one"),
        other => other.into(),
    }
}

/// The folder that holds `path`, and the name in it.
fn parent(path: &Path) -> io::Result<(OwnedFd, &OsStr)> {
    let name = path.file_name();
    let name = name.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no file's name"))?;
    let above = path.parent().unwrap_or(Path::new(""));
    let above = if above.as_os_str().is_empty() {
        Path::new(".")
    } else {
        above
    };
    Ok((folder(above)?, name))
}

fn folder(path: &Path) -> io::Result<OwnedFd> {
    let opened = reach(path, OFlags::DIRECTORY | OFlags::RDONLY, Mode::empty());
    opened.map_err(|error| match error.kind() {
        io::ErrorKind::NotADirectory => io::Error::new(
            error.kind(),
            format!("`{}` is in the way: it is not a folder", path.display()),
        ),
        _ => error,
    })
}

/// A regular file and nothing else.
fn regular(path: &Path, file: OwnedFd) -> io::Result<File> {
    let stat = rustix::fs::fstat(&file)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Ok(File::from(file)),
        FileType::Directory => Err(refused(path, "a folder")),
        FileType::Fifo => Err(refused(path, "a pipe")),
        FileType::Socket => Err(refused(path, "a socket")),
        _ => Err(refused(path, "a device")),
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// There is none, it is no regular file, or a link is on the way.
pub fn open(path: &Path) -> io::Result<File> {
    regular(
        path,
        reach(path, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())?,
    )
}

/// All of a regular file, `limit` bytes at most.
///
/// # Errors
/// As [`open`]; a longer file is [`io::ErrorKind::FileTooLarge`].
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    whole(path, open(path)?, limit)
}

/// As [`read`], as text.
///
/// # Errors
/// As [`read`]; it is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
}

fn whole(path: &Path, file: File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(path, limit));
    }
    Ok(bytes)
}

/// Opens a file that is written on, and makes it (0600) where there is none.
///
/// # Errors
/// As [`open`].
pub fn open_or_create(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NONBLOCK;
    regular(path, reach(path, flags, Mode::RUSR | Mode::WUSR)?)
}

/// Makes a file (0600) that was not there.
///
/// # Errors
/// Something stands there, or a link is on the way.
pub fn create_new(path: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
    reach(path, flags, Mode::RUSR | Mode::WUSR).map(File::from)
}

/// The nine bits of permissions, which are wider on one system than on another.
fn bits(mode: u32) -> Mode {
    Mode::from_bits_truncate(u16::try_from(mode & 0o777).unwrap_or(0).into())
}

/// What stands at `path`; `None` where nothing does, or a link is on the way to it.
pub fn kind(path: &Path) -> Option<Kind> {
    let (folder, name) = parent(path).ok()?;
    let stat = rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    Some(kind_of(&stat))
}

/// Whether a regular file stands at `path`.
pub fn is_file(path: &Path) -> bool {
    matches!(kind(path), Some(Kind::File(_)))
}

/// Whether a folder stands at `path`.
pub fn is_folder(path: &Path) -> bool {
    kind(path) == Some(Kind::Folder)
}

/// The entries of a folder, in order of their names.
///
/// # Errors
/// There is none, or a link is on the way.
pub fn list(path: &Path) -> io::Result<Vec<Entry>> {
    let folder = folder(path)?;
    let mut entries = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let bytes = entry.file_name().to_bytes();
        if matches!(bytes, b"." | b"..") {
            continue;
        }
        use std::os::unix::ffi::OsStrExt;
        let name = OsStr::from_bytes(bytes).to_owned();
        // Removed meanwhile: then it is no entry.
        let Ok(stat) = rustix::fs::statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW) else {
            continue;
        };
        entries.push(Entry {
            kind: kind_of(&stat),
            name,
        });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Makes a folder and those above it that are missing, with `mode` less the umask.
///
/// # Errors
/// Something that is no folder, or a link, is on the way.
pub fn make_folders(path: &Path, mode: u32) -> io::Result<()> {
    if path.as_os_str().is_empty() || folder(path).is_ok() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_folders(above, mode)?;
    }
    let (above, name) = parent(path)?;
    match rustix::fs::mkdirat(&above, name, bits(mode)) {
        Ok(()) | Err(rustix::io::Errno::EXIST) => folder(path).map(drop),
        Err(error) => Err(error.into()),
    }
}

/// Sets a folder's permissions.
///
/// # Errors
/// There is none, or a link is on the way.
pub fn permit(path: &Path, mode: u32) -> io::Result<()> {
    Ok(rustix::fs::fchmod(folder(path)?, bits(mode))?)
}

/// The permissions of what stands at `path`, its last nine bits.
///
/// # Errors
/// As [`permit`].
#[cfg_attr(
    target_os = "linux",
    expect(clippy::useless_conversion, reason = "they are 16 bits wide on a Mac")
)]
pub fn permissions(path: &Path) -> io::Result<u32> {
    let (folder, name) = parent(path)?;
    let stat = rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(Mode::from_raw_mode(stat.st_mode).bits().into())
}

/// Renames a file or folder; what stands at `to` is replaced, as `rename(2)` does.
///
/// # Errors
/// A link is on either way, or the file system says no.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let ((from, name), (to, new)) = (parent(from)?, parent(to)?);
    Ok(rustix::fs::renameat(&from, name, &to, new)?)
}

/// A second name for a file.
///
/// # Errors
/// A link is on either way, something stands at `to`, or the file system knows no second names.
pub fn hard_link(from: &Path, to: &Path) -> io::Result<()> {
    open(from)?;
    let ((from, name), (to, new)) = (parent(from)?, parent(to)?);
    Ok(rustix::fs::linkat(&from, name, &to, new, AtFlags::empty())?)
}

/// Removes a file; a link itself, not what it leads to.
///
/// # Errors
/// There is none, or a link is on the way.
pub fn remove_file(path: &Path) -> io::Result<()> {
    let (folder, name) = parent(path)?;
    Ok(rustix::fs::unlinkat(&folder, name, AtFlags::empty())?)
}

/// Removes a folder with all that is in it; of links the links themselves.
///
/// # Errors
/// There is none, or a link is on the way.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    for entry in list(path)? {
        let below = path.join(&entry.name);
        match entry.kind {
            Kind::Folder => remove_folder(&below)?,
            Kind::File(_) | Kind::Other => remove_file(&below)?,
        }
    }
    let (above, name) = parent(path)?;
    Ok(rustix::fs::unlinkat(&above, name, AtFlags::REMOVEDIR)?)
}

/// Makes renames in a folder survive a crash.
///
/// # Errors
/// There is none, a link is on the way, or the file system says no.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::from(folder(path)?).sync_all()
}

/// Makes everything written so far on the file system of a folder survive a crash.
///
/// # Errors
/// As [`sync_folder`].
pub fn sync_all_of(path: &Path) -> io::Result<()> {
    let folder = folder(path)?;
    #[cfg(target_os = "linux")]
    rustix::fs::syncfs(&folder)?;
    // Elsewhere there is one call for all file systems.
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        rustix::fs::sync();
    }
    Ok(())
}

/// Sets bytes from `from` to `until` aside for `file`, which keeps its size. Whether the file
/// system promises that; one that knows nothing of it does not.
///
/// # Errors
/// The disk is full.
pub fn reserve(file: &File, from: u64, until: u64) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::{fs::FallocateFlags, io::Errno};
        let keep = FallocateFlags::KEEP_SIZE;
        match rustix::fs::fallocate(file, keep, from, until.saturating_sub(from)) {
            Ok(()) => Ok(true),
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (file, from, until);
        Ok(false)
    }
}

/// A file that becomes visible under its name only when it is placed; dropped, it is removed.
#[derive(Debug)]
pub struct Beside {
    folder: OwnedFd,
    name: OsString,
    file: File,
    placed: bool,
}

impl Beside {
    /// A new file in the folder at `path`, with `mode` less the umask.
    ///
    /// # Errors
    /// There is no such folder, a link is on the way, or the file system says no.
    pub fn create(path: &Path, mode: u32) -> io::Result<Self> {
        let folder = folder(path)?;
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for _ in 0..TRIES {
            let mut random = [0u8; 8];
            getrandom::fill(&mut random).map_err(|e| io::Error::other(e.to_string()))?;
            let name = format!("{BESIDE}{}.part", crate::model::evidence::hex(&random));
            match rustix::fs::openat(&folder, &name, flags, bits(mode)) {
                Ok(file) => {
                    return Ok(Beside {
                        file: File::from(file),
                        name: name.into(),
                        folder,
                        placed: false,
                    });
                }
                Err(rustix::io::Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }

    /// The file.
    pub fn as_file(&self) -> &File {
        &self.file
    }

    /// The file, to be written.
    pub fn as_file_mut(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives it its name; what stands there is replaced, a link too.
    ///
    /// # Errors
    /// A link is on the way, or the file system says no.
    pub fn place(mut self, path: &Path) -> io::Result<()> {
        let (to, name) = parent(path)?;
        rustix::fs::renameat(self.folder.as_fd(), &self.name, &to, name)?;
        self.placed = true;
        Ok(())
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            // What cannot be removed is cleaned by a later run.
            let _ = rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty());
        }
    }
}

/// Opens a regular file that a person, or their own configuration, named; links are followed.
///
/// # Errors
/// There is none, or it is no regular file.
pub fn named(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    regular(path, rustix::fs::open(path, flags, Mode::empty())?)
}

/// All of a file that a person, or their own configuration, named; `limit` bytes at most.
///
/// # Errors
/// As [`named`]; a longer file is [`io::ErrorKind::FileTooLarge`].
pub fn read_named(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    whole(path, named(path)?, limit)
}

/// Opens a file of the user's own to write at its end; it and its folders are made (0600, 0700)
/// where there are none.
///
/// # Errors
/// It is no regular file, or the file system says no.
pub fn append_named(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        use std::os::unix::fs::DirBuilderExt;
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(folder)?;
    }
    let flags =
        OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NONBLOCK | OFlags::CLOEXEC;
    regular(
        path,
        rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)?,
    )
}

/// A path without links, for somebody's own folder.
///
/// # Errors
/// It leads nowhere.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}
