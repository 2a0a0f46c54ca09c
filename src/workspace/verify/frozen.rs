//! Frozen files against `SHA256SUMS`, and `SHA256SUMS` against what the ledger recorded.

use std::collections::{BTreeMap, BTreeSet};

use super::{ledger::Record, tree::Tree};
use crate::{
    model::verification::{Misfit, Verification},
    renderer::doc_hash,
    workspace::{bundle::SUMS, final_report, living::LIVING},
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
    let lists = &record.history.lists;
    if let Some(key) = &in_place
        && let Some(laid) = lists.get(key)
    {
        recorded(at, key.0, &current, laid, found);
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
        let folder = |number: u32| format!("{at}revisions/{number}/");
        let is_kept = |number: u32| {
            let folder = folder(number);
            tree.files.keys().any(|p| p.starts_with(&folder))
        };
        let below = folder(number);
        let laid = record.history.files(revision);
        if !is_kept(number) {
            // It is in place, or the message alone changed: another has the same files.
            let same = |key: &(u32, String)| lists.get(key) == laid;
            let later = record.history.revisions.iter();
            let mut later = later.filter(|r| is_kept(r.number));
            if in_place.as_ref().is_some_and(same) || later.any(|r| record.history.files(r) == laid)
            {
                continue;
            }
            let why = format!("revision {number} was sent, and its files are gone");
            found.find(Misfit::Missing, below, why);
            continue;
        }
        let sums = format!("{below}{SUMS}");
        let kept = list(tree, &sums, found);
        known.insert(sums);
        known.extend(kept.keys().map(|p| format!("{below}{p}")));
        compare(tree, &below, &kept, found);
        if let Some(laid) = laid {
            recorded(&below, number, &kept, laid, found);
        }
    }
    for path in tree.files.keys().filter(|p| p.starts_with(at)) {
        if !known.contains(path) && !is_final_report(tree, at, path) {
            found.find(
                Misfit::Unexpected,
                path,
                "neither SHA256SUMS nor the ledger knows it",
            );
        }
    }
}

/// Whether a file is a final report as packet wrote it, which may lie at the top of the bundle at
/// `at`: its `doc_hash` is that of its text.
fn is_final_report(tree: &Tree, at: &str, path: &str) -> bool {
    let named = path.strip_prefix(at) == Some(final_report::FILE);
    let own = |text: &str| doc_hash::with_hash(text) == text && text.starts_with("---\n");
    named && tree.text(path).is_some_and(own)
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
