//! What the file system says of a file without opening it.

use std::{
    fs::{self, Metadata},
    hash::{Hash, Hasher},
    os::unix::fs::MetadataExt,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// What tells one content of a file from the next: device, inode, size, and the times of its last
/// write and change in nanoseconds. The time of change is the system's own: no program sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// From what was read of a file.
    pub fn of(meta: &Metadata) -> Self {
        Stamp {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.len(),
            written: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }

    /// Of what lies at `path` once links are followed; `None` where nothing can be reached.
    pub fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|meta| Stamp::of(&meta))
    }

    /// Whether the file may have been written at `start` or later: the clock of a file system
    /// goes by steps of some milliseconds.
    pub fn is_since(&self, start: SystemTime) -> bool {
        const STEP: i128 = 10_000_000;
        let start = start.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
        let start = i128::try_from(start).unwrap_or(i128::MAX);
        let last = self.written.max(self.changed);
        let last = i128::from(last.0) * 1_000_000_000 + i128::from(last.1);
        last.saturating_add(STEP) >= start
    }
}

/// Adds what the file system says of `path` to a sum over many files: also that nothing is there.
pub fn add(path: &Path, sum: &mut impl Hasher) {
    Stamp::at(path).hash(sum);
}
