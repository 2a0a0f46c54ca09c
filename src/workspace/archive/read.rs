//! Reading an archive without unpacking it: every file is hashed on the way past.

use std::{
    cell::Cell,
    io::{self, BufReader, Read},
    path::{Component, Path},
    rc::Rc,
};

use tar::{Archive, EntryType};
use zstd::stream::read::Decoder;

use super::{ARCHIVE_VERSION, ArchiveError, METADATA, Metadata};
use crate::workspace::{door, verify::tree::Tree};

/// The most files of an archive.
const FILES: usize = 100_000;
/// The most that an archive unpacks to, in bytes.
const LARGEST: u64 = 64 << 30;
/// What unpacks to more than this must not be [`RATIO`] times as long as the archive.
const HARMLESS: u64 = 256 << 20;
/// Logs shrink to a tenth or a hundredth; what shrinks further is no evidence.
const RATIO: u64 = 1000;
/// The longest path, in bytes.
const PATH: u64 = 4096;
/// Memory for unpacking, as a power of two: what zstd writes at its usual levels.
const WINDOW: u32 = 27;

/// Counts what passes, and stops what unpacks beyond measure.
struct Bounded<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    passed: u64,
    stopped: Rc<Cell<bool>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.passed += read as u64;
        let dense = self.passed > HARMLESS && self.passed / RATIO > self.packed.get();
        if self.passed > LARGEST || dense {
            self.stopped.set(true);
            return Err(io::Error::other("unpacks beyond measure"));
        }
        Ok(read)
    }
}

struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Reads the archive at `path` to its end. Nothing is written.
///
/// # Errors
/// It cannot be read, is cut off or damaged, or holds what no archive holds.
pub fn read(path: &Path) -> Result<Tree, ArchiveError> {
    let file = door::named(path)?;
    let packed = Rc::new(Cell::new(0));
    let stopped = Rc::new(Cell::new(false));
    let counted = Counted {
        inner: file,
        count: Rc::clone(&packed),
    };
    let mut decoder = Decoder::with_buffer(BufReader::new(counted))?;
    decoder.window_log_max(WINDOW)?;
    let bounded = Bounded {
        inner: decoder,
        packed,
        passed: 0,
        stopped: Rc::clone(&stopped),
    };
    let mut archive = Archive::new(bounded);
    let result = entries(&mut archive);
    let rest = result.and_then(|tree| {
        nothing_follows(archive.into_inner())?;
        Ok(tree)
    });
    rest.map_err(|error| match error {
        ArchiveError::Io(_) if stopped.get() => {
            ArchiveError::TooLarge(format!("more than {RATIO} times its own size"))
        }
        ArchiveError::Io(error) => told(&error),
        error => error,
    })
}

/// What a failure to read means, for people.
fn told(error: &io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveError::CutOff,
        _ if error.to_string().contains("unexpected EOF") => ArchiveError::CutOff,
        _ => ArchiveError::Damaged(error.to_string()),
    }
}

fn entries<R: Read>(archive: &mut Archive<R>) -> Result<Tree, ArchiveError> {
    let mut tree = Tree::default();
    let mut top: Option<String> = None;
    let mut long: Option<Vec<u8>> = None;
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        if entry.header().entry_type() == EntryType::GNULongName {
            let mut name = Vec::new();
            if entry.size() > PATH {
                return Err(ArchiveError::Entry(
                    "a path of unheard-of length".to_owned(),
                ));
            }
            entry.read_to_end(&mut name)?;
            while name.last() == Some(&0) {
                name.pop();
            }
            long = Some(name);
            continue;
        }
        let bytes = long
            .take()
            .unwrap_or_else(|| entry.path_bytes().into_owned());
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        if entry.header().entry_type() != EntryType::Regular {
            return Err(ArchiveError::Entry(shown));
        }
        let below = below(&bytes, &mut top).ok_or(ArchiveError::Entry(shown))?;
        if tree.files.len() >= FILES {
            return Err(ArchiveError::TooLarge(format!("more than {FILES} files")));
        }
        if tree.files.contains_key(&below) {
            return Err(ArchiveError::Entry(format!("{below}, for the second time")));
        }
        tree.add(below, &mut entry)?;
    }
    if tree.files.is_empty() {
        return Err(ArchiveError::CutOff);
    }
    let metadata = tree.text(METADATA).unwrap_or("{}");
    let version: Option<u64> = serde_json::from_str(metadata)
        .ok()
        .and_then(|m: serde_json::Value| m["version"].as_u64());
    match version {
        Some(version) if version > u64::from(ARCHIVE_VERSION) => Err(ArchiveError::Newer(
            u32::try_from(version).unwrap_or(u32::MAX),
        )),
        Some(_) if serde_json::from_str::<Metadata>(metadata).is_ok() => Ok(tree),
        _ => Err(ArchiveError::Damaged(format!(
            "{METADATA} is missing or does not read"
        ))),
    }
}

/// The path below the one folder that all files lie in; `None` for a path that leads elsewhere.
fn below(path: &[u8], top: &mut Option<String>) -> Option<String> {
    let path = std::str::from_utf8(path).ok()?;
    let plain = |c: Component<'_>| matches!(c, Component::Normal(_));
    let odd = path.contains("//") || path.ends_with('/') || path.contains(['\0', '\\']);
    if odd || !Path::new(path).components().all(plain) || path.split('/').any(|p| p == ".") {
        return None;
    }
    let (first, rest) = path.split_once('/')?;
    let known = top.get_or_insert_with(|| first.to_owned());
    (known == first).then(|| rest.to_owned())
}

/// After the last entry there are blanks alone.
fn nothing_follows(mut rest: impl Read) -> Result<(), ArchiveError> {
    let mut buffer = [0; 4096];
    loop {
        match rest.read(&mut buffer)? {
            0 => return Ok(()),
            read if buffer[..read].iter().all(|b| *b == 0) => {}
            _ => {
                return Err(ArchiveError::Damaged(
                    "something follows its end".to_owned(),
                ));
            }
        }
    }
}
