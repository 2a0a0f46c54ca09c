//! The messages that went out, against what the ledger recorded of them.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;

use super::{ledger::Record, tree::Tree};
use crate::{
    model::{
        ledger::{Entry, Event},
        verification::{Misfit, Verification},
    },
    workspace::{Workspace, archive, sent::Sent},
};

/// A message on record.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its entry's number.
    pub seq: u64,
    /// The revision; `None` for a notice.
    pub revision: Option<u32>,
    /// The delivery's key.
    pub key: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The messages that the ledger says went out or may have, in order, each once.
pub fn recorded(entries: &[Entry]) -> Vec<Recorded> {
    let mut found: Vec<Recorded> = Vec::new();
    for entry in entries {
        let (revision, key, sha256) = match entry.event() {
            Some(Event::Intended {
                revision,
                key,
                sha256: Some(sha256),
                ..
            }) => (Some(revision), key, sha256),
            Some(Event::NoticeIntended {
                key,
                sha256: Some(sha256),
                ..
            }) => (None, key, sha256),
            _ => continue,
        };
        if !found.iter().any(|f| f.sha256 == sha256 && f.key == key) {
            found.push(Recorded {
                seq: entry.seq,
                revision,
                key,
                sha256,
            });
        }
    }
    found
}

/// The messages of an archive against the ledger: each recorded one is there, and no other.
pub fn archived(tree: &Tree, record: &Record, found: &mut Verification) {
    let at = archive::MESSAGES;
    let mut by_hash: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, hash) in tree.files.iter().filter(|(p, _)| p.starts_with(at)) {
        by_hash.insert(hash, path);
    }
    let unkept = tree
        .text(archive::METADATA)
        .map(archive::unkept)
        .unwrap_or_default();
    let recorded = recorded(&record.entries);
    for message in &recorded {
        match by_hash.get(message.sha256.as_str()) {
            Some(path) => {
                found.messages += 1;
                let text = tree.texts.get(*path).map(Vec::as_slice).unwrap_or_default();
                states(text, message, record, path, found);
            }
            None if unkept.contains(&message.sha256) => found.notes.push(format!(
                "the message to {} was not kept when the archive was made",
                message.key
            )),
            None => found.find(
                Misfit::Missing,
                format!("{at}…"),
                format!(
                    "no file has the bytes that the ledger recorded for {} (entry {}): the message was altered or removed",
                    message.key, message.seq
                ),
            ),
        }
    }
    for (path, hash) in tree.files.iter().filter(|(p, _)| p.starts_with(at)) {
        if !record.broken && !recorded.iter().any(|m| m.sha256 == *hash) {
            let why = "the ledger recorded no message with these bytes: one of the two was altered, or the ledger shortened";
            found.find(Misfit::Unexpected, path, why);
        }
    }
}

/// The messages that the workspace keeps, against the ledger.
pub fn kept(workspace: &Workspace, record: &Record, found: &mut Verification) {
    let Some(document) = record.document() else {
        return;
    };
    let sent = Sent::of(workspace, &document);
    let mut gone = 0;
    for message in recorded(&record.entries) {
        match sent.find(&message.sha256) {
            Some((bytes, _)) => {
                found.messages += 1;
                states(&bytes, &message, record, &message.key, found);
            }
            None if sent.has(&message.sha256) => found.find(
                Misfit::Altered,
                format!(".packet/sent/…/{}", message.sha256),
                format!("the message to {} is not what went out", message.key),
            ),
            None => gone += 1,
        }
    }
    if gone > 0 {
        found.notes.push(format!(
            "{gone} of the messages on record are not kept in .packet/, so their bytes were not compared"
        ));
    }
}

/// What a message says of itself must be so: its revision's digest, and a head before its entry.
fn states(bytes: &[u8], message: &Recorded, record: &Record, path: &str, found: &mut Verification) {
    static STATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"[Rr]evision (\d+)(?:, | · )digest ([0-9a-f]{12})(?:, ledger ([0-9a-f]{12}))?")
            .ok()
    });
    // Quoted-printable breaks long lines with `=` (RFC 2045 section 6.7).
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace("=\r\n", "").replace("=\n", "");
    let Some(stated) = STATED.as_ref().and_then(|r| r.captures(&text)) else {
        return;
    };
    let part = |n: usize| stated.get(n).map(|m| m.as_str());
    let number = part(1).and_then(|n| n.parse::<u32>().ok());
    let digest = part(2).unwrap_or("");
    let known = number.and_then(|n| record.history.revision(n));
    if !record.broken && !known.is_some_and(|r| r.digest.starts_with(digest)) {
        let why = format!(
            "it says revision {} with the digest {digest}…, the ledger does not",
            part(1).unwrap_or("?")
        );
        found.find(Misfit::Altered, path, why);
    }
    if let Some(head) = part(3)
        && !record.broken
        && record.entry(head).is_none_or(|n| n as u64 >= message.seq)
    {
        let why = format!(
            "the message to {} prints the head {head}…, which is not in the ledger before it was sent: the ledger was altered",
            message.key
        );
        found.find(Misfit::Ledger, path, why);
    }
}
