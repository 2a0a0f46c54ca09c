//! Writing an archive: sorted, dated by the ledger's last entry, owned by nobody.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, Write},
    path::Path,
};

use tar::{Builder, EntryType, Header};
use zstd::stream::write::Encoder;

use super::{
    ARCHIVE_VERSION, ArchiveError, ArchivedMessage, BUNDLE, LEDGER, MESSAGES, METADATA, Metadata,
};
use crate::{
    model::{history::History, verification::Verification},
    resolver::source::Reading,
    workspace::{
        Workspace,
        atomic::{self, Access},
        bundle::SUMS,
        door::{self, Kind},
        ledger_file::{Ledger, sha256_hex},
        open::HashedFile,
        sent::Sent,
        sums,
        verify::{messages, tree::Tree},
    },
};

/// How hard zstd tries: beyond this it takes much longer for little.
const LEVEL: i32 = 9;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Whether a file of just these bytes was there already.
    pub unchanged: bool,
    /// Whether another file is there, which was left alone.
    pub refused: bool,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the archive.
    pub sha256: String,
    /// How many files it holds.
    pub files: usize,
    /// How many messages of those on record.
    pub messages: (usize, usize),
}

/// Where the bytes of an entry come from.
enum Source {
    Bytes(Vec<u8>),
    /// A file of the workspace and the hash that it must have.
    File(String, String),
}

/// Packs the bundle at `root`, which was read as `tree` and `checked`, with ledger and messages
/// to `target`, in a folder called `name`. Files that do not belong to the bundle stay out.
///
/// # Errors
/// A file cannot be read or written, or changed meanwhile.
pub fn write(
    workspace: &Workspace,
    ledger: &Ledger,
    root: &str,
    (tree, checked): (&Tree, &Verification),
    (target, name): (&Path, &str),
) -> Result<Archived, ArchiveError> {
    let mut entries: BTreeMap<String, Source> = BTreeMap::new();
    let strange = |path: &str| checked.findings.iter().any(|f| f.path == path);
    for (path, hash) in tree.files.iter().filter(|(p, _)| !strange(p)) {
        let source = Source::File(format!("{root}/{path}"), hash.clone());
        entries.insert(format!("{BUNDLE}{path}"), source);
    }
    let text = ledger.text()?;
    let history = ledger.history();
    let document = checked.document.clone().unwrap_or_default();
    let kept = kept(workspace, &document, ledger, &mut entries);
    let metadata = metadata(&document, root, ledger, &history, kept.clone());
    entries.insert(LEDGER.to_owned(), Source::Bytes(text.into_bytes()));
    let json = serde_json::to_vec_pretty(&metadata).map_err(io::Error::other)?;
    entries.insert(METADATA.to_owned(), Source::Bytes(json));

    let folder = target.parent().filter(|p| !p.as_os_str().is_empty());
    // The person named this place; what lies at it is replaced as little as anything else.
    let folder = door::resolved(folder.unwrap_or(Path::new(".")))?;
    let target = &folder.join(target.file_name().unwrap_or_default());
    let mut beside = atomic::beside(&folder, Access::Shared)?;
    let seconds = u64::try_from(metadata.as_of.as_second()).unwrap_or(0);
    pack(workspace, &entries, name, seconds, beside.as_file_mut())?;
    let (sha256, size) = hash(beside.as_file_mut())?;
    let found = Archived {
        unchanged: false,
        refused: false,
        size,
        sha256,
        files: entries.len() + 1,
        messages: (kept.iter().filter(|m| m.file.is_some()).count(), kept.len()),
    };
    let unchanged = || Ok::<_, io::Error>(hash(&mut door::open(target)?)?.0 == found.sha256);
    match door::kind(target) {
        Some(Kind::File(_)) if unchanged()? => Ok(Archived {
            unchanged: true,
            ..found
        }),
        Some(_) => Ok(Archived {
            refused: true,
            ..found
        }),
        None => {
            beside.as_file().sync_all()?;
            beside.place(target)?;
            Ok(found)
        }
    }
}

/// The messages on record, those that are kept added to `entries`.
fn kept(
    workspace: &Workspace,
    document: &str,
    ledger: &Ledger,
    entries: &mut BTreeMap<String, Source>,
) -> Vec<ArchivedMessage> {
    let sent = Sent::of(workspace, document);
    let recorded = messages::recorded(ledger.entries());
    let one = |message: messages::Recorded| {
        let found = sent.find(&message.sha256);
        let file = found.map(|(bytes, extension)| {
            let folder = message
                .revision
                .map_or("notices".to_owned(), |n| n.to_string());
            let name = plain(&message.key);
            let file = format!("{MESSAGES}{folder}/{:05}-{name}.{extension}", message.seq);
            entries.insert(file.clone(), Source::Bytes(bytes));
            file
        });
        ArchivedMessage {
            revision: message.revision,
            key: message.key,
            sha256: message.sha256,
            file,
        }
    };
    recorded.into_iter().map(one).collect()
}

/// A key as part of a file name.
fn plain(key: &str) -> String {
    let keep = |c: char| {
        if c.is_ascii_alphanumeric() || "@.-_".contains(c) {
            c
        } else {
            '-'
        }
    };
    key.chars().take(80).map(keep).collect()
}

fn metadata(
    document: &str,
    root: &str,
    ledger: &Ledger,
    history: &History,
    messages: Vec<ArchivedMessage>,
) -> Metadata {
    let bundled = history.bundled.clone();
    Metadata {
        version: ARCHIVE_VERSION,
        document: document.to_owned(),
        bundle: root.to_owned(),
        revision: bundled.as_ref().map(|b| b.0),
        digest: bundled.map(|b| b.1),
        entries: ledger.entries().len(),
        head: ledger.head().unwrap_or("").to_owned(),
        as_of: ledger
            .entries()
            .last()
            .map_or(jiff::Timestamp::UNIX_EPOCH, |e| e.at),
        messages,
    }
}

/// Writes the entries in order, the list of their checksums last: what lacks it is cut off.
fn pack(
    workspace: &Workspace,
    entries: &BTreeMap<String, Source>,
    name: &str,
    seconds: u64,
    file: &mut File,
) -> Result<(), ArchiveError> {
    let mut encoder = Encoder::new(file, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut builder = Builder::new(encoder);
    let mut list = BTreeMap::new();
    let mut add = |path: &str, size: u64, reader: &mut dyn Read| -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(seconds);
        header.set_uid(0);
        header.set_gid(0);
        builder.append_data(&mut header, format!("{name}/{path}"), reader)
    };
    for (path, source) in entries {
        let hash = match source {
            Source::Bytes(bytes) => {
                add(path, bytes.len() as u64, &mut bytes.as_slice())?;
                sha256_hex(bytes)
            }
            Source::File(from, expected) => {
                let moved = || ArchiveError::Moved(from.clone());
                let Some(Kind::File(size)) = door::kind(&workspace.root().join(from)) else {
                    return Err(moved());
                };
                let mut open = HashedFile::open(workspace.root(), from).map_err(|_| moved())?;
                // A file that grew or shrank is found by its hash.
                add(path, size, &mut (&mut open).take(size))?;
                let hash = Box::new(open).finish()?.sha256;
                if hash != *expected {
                    return Err(moved());
                }
                hash
            }
        };
        list.insert(path.clone(), hash);
    }
    let sums = sums::write(&list).into_bytes();
    add(SUMS, sums.len() as u64, &mut sums.as_slice())?;
    let encoder = builder.into_inner()?;
    encoder.finish()?.flush()?;
    Ok(())
}

/// SHA-256 and size of a file, from its beginning.
fn hash(file: &mut File) -> io::Result<(String, u64)> {
    file.rewind()?;
    let mut tree = Tree::default();
    tree.add(String::new(), file)?;
    let sha256 = tree.files.remove("").unwrap_or_default();
    Ok((sha256, file.metadata()?.len()))
}
