//! Frozen files against `SHA256SUMS`, and `SHA256SUMS` against what the ledger recorded.

use std::collections::{BTreeMap, BTreeSet};

use super::{ledger::Record, tree::Tree};
use crate::{
    model::{
        ledger::Event,
        verification::{Misfit, Verification},
    },
    workspace::{bundle::SUMS, living::LIVING},
};

type List = BTreeMap<String, String>;

/// The list of checksums at `path`; findings where it is missing or does not read as one.
pub fn list(tree: &Tree, path: &str, found: &mut Verification) -> List {
    if !tree.files.contains_key(path) {
        let why = "it is not there: the folder is incomplete, or somebody removed the list";
        found.find(Misfit::Missing, path, why);
        return List::new();
    }
    let text = tree.text(path).unwrap_or("");
    let list = super::listed(text);
    if list.len() != text.lines().count() || text.is_empty() && !tree.texts.contains_key(path) {
        found.find(
            Misfit::Altered,
            path,
            "not every line is a checksum and a path",
        );
    }
    list
}

/// The files of a list, below `at`, against their checksums.
pub fn compare(tree: &Tree, at: &str, list: &List, found: &mut Verification) {
    for (path, expected) in list {
        let path = format!("{at}{path}");
        match tree.files.get(&path) {
            Some(hash) if hash == expected => found.files += 1,
            Some(hash) => found.find(
                Misfit::Altered,
                path,
                format!(
                    "its SHA-256 is {}…, SHA256SUMS says {}…",
                    short(hash),
                    short(expected)
                ),
            ),
            None => found.find(Misfit::Missing, path, "SHA256SUMS lists it"),
        }
    }
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// A bundle below `at`: its frozen files, those of earlier revisions, and what does not belong.
pub fn bundle(tree: &Tree, at: &str, record: &Record, found: &mut Verification) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let top = format!("{at}{SUMS}");
    let current = list(tree, &top, found);
    known.insert(top);
    known.extend(current.keys().map(|p| format!("{at}{p}")));
    compare(tree, at, &current, found);
    let in_place = record.history.bundled.clone();
    if let Some((revision, digest)) = &in_place
        && let Some(laid) = laid(record, *revision, digest)
    {
        recorded(at, *revision, &current, &laid, found);
    }
    for name in LIVING {
        let path = format!("{at}{name}");
        if !tree.files.contains_key(&path) {
            found.find(Misfit::Missing, &path, "packet render writes it anew");
        }
        known.insert(path);
    }
    for revision in &record.history.revisions {
        let number = revision.number;
        if in_place == Some((number, revision.digest.clone())) {
            continue;
        }
        let below = format!("{at}revisions/{number}/");
        if !tree.files.keys().any(|p| p.starts_with(&below)) {
            let why = format!("revision {number} was sent, and its files are gone");
            found.find(Misfit::Missing, below, why);
            continue;
        }
        let sums = format!("{below}{SUMS}");
        let kept = list(tree, &sums, found);
        known.insert(sums);
        known.extend(kept.keys().map(|p| format!("{below}{p}")));
        compare(tree, &below, &kept, found);
        if let Some(laid) = laid(record, number, &revision.digest) {
            recorded(&below, number, &kept, &laid, found);
        }
    }
    for path in tree.files.keys().filter(|p| p.starts_with(at)) {
        if !known.contains(path) {
            found.find(
                Misfit::Unexpected,
                path,
                "neither SHA256SUMS nor the ledger knows it",
            );
        }
    }
}

/// The files that the ledger says were laid for a revision.
fn laid(record: &Record, number: u32, of: &str) -> Option<List> {
    record
        .entries
        .iter()
        .rev()
        .find_map(|entry| match entry.event() {
            Some(Event::Bundled {
                revision,
                digest,
                files,
            }) if revision == number && digest == of => {
                Some(files.into_iter().map(|f| (f.path, f.sha256)).collect())
            }
            _ => None,
        })
}

/// The list of a revision against what the ledger recorded of it.
fn recorded(at: &str, number: u32, list: &List, laid: &List, found: &mut Verification) {
    for (path, hash) in laid {
        match list.get(path) {
            Some(listed) if listed == hash => {}
            Some(_) => found.find(
                Misfit::Altered,
                format!("{at}{path}"),
                format!(
                    "SHA256SUMS has another checksum than the ledger recorded for revision {number}"
                ),
            ),
            // A list that is not there is a finding already.
            None if list.is_empty() => {}
            None => found.find(
                Misfit::Missing,
                format!("{at}{path}"),
                format!(
                    "the ledger recorded it for revision {number}, SHA256SUMS does not list it"
                ),
            ),
        }
    }
    for path in list.keys().filter(|p| !laid.contains_key(*p)) {
        found.find(
            Misfit::Altered,
            format!("{at}{SUMS}"),
            format!("it lists {path}, which the ledger did not record for revision {number}"),
        );
    }
}
