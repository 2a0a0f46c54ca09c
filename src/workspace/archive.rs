//! A bundle with its messages and its ledger in one `.tar.zst`: the same state gives the same
//! bytes.

pub mod pack;
mod read;
mod write;

use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use read::read;
pub use write::{Archived, write};

/// The format of archives that this version writes. Older ones stay readable.
pub const ARCHIVE_VERSION: u32 = 1;
/// What an archive says of itself.
pub const METADATA: &str = "archive.json";
/// The whole ledger.
pub const LEDGER: &str = "ledger.ndjson";
/// Where the bundle lies in an archive.
pub const BUNDLE: &str = "bundle/";
/// Where the messages lie, below them one folder a revision, and one for notices.
pub const MESSAGES: &str = "messages/";

/// `archive.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Format of the archive; [`ARCHIVE_VERSION`].
    pub version: u32,
    /// The document, from the workspace root.
    pub document: String,
    /// The bundle's folder there.
    pub bundle: String,
    /// The revision that the bundle holds; null before there is one.
    pub revision: Option<u32>,
    /// Its digest.
    pub digest: Option<String>,
    /// How many entries the ledger has.
    pub entries: usize,
    /// Hash of the ledger's last entry.
    pub head: String,
    /// When that was written.
    pub as_of: Timestamp,
    /// Every message on record, in order.
    pub messages: Vec<ArchivedMessage>,
}

/// A message on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedMessage {
    /// The revision; null for a notice.
    pub revision: Option<u32>,
    /// The delivery's key.
    pub key: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The file in the archive; null where its bytes were not kept.
    pub file: Option<String>,
}

/// Why an archive was not read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is cut off.
    #[error("is cut off: it ends before its end; get it again from where it came")]
    CutOff,
    /// It is no `.tar.zst`, or was damaged.
    #[error("is no archive of packet, or was damaged: {0}")]
    Damaged(String),
    /// It was written by a newer version.
    #[error("was written by a newer packet (format {0}); update packet")]
    Newer(u32),
    /// It has an entry that no archive of packet has.
    #[error("has an entry that leads elsewhere or is no file: {0}; nothing of it was unpacked")]
    Entry(String),
    /// It unpacks to more than any bundle.
    #[error("unpacks beyond measure ({0}); it was not read any further")]
    TooLarge(String),
    /// A file is another one than was just checked.
    #[error("`{0}` changed while it was packed; run the command again")]
    Moved(String),
    /// The file system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The hashes of messages that an archive says were not kept.
pub fn unkept(metadata: &str) -> Vec<String> {
    let Ok(metadata) = serde_json::from_str::<Metadata>(metadata) else {
        return Vec::new();
    };
    let messages = metadata.messages.into_iter();
    messages
        .filter(|m| m.file.is_none())
        .map(|m| m.sha256)
        .collect()
}
