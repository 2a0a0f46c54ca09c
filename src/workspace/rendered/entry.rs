//! One document's rendering: from what, into what, until when.

use std::{
    collections::BTreeSet,
    fs, io,
    os::fd::OwnedFd,
    path::Path,
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, Timestamp};

use super::sum;
use crate::{
    model::{config::Config, requirement::Requirement, resolution::Proof},
    resolver::demands,
    workspace::{Workspace, situation::Situation, stamp::Stamp},
};

/// How long a rendering is remembered at most.
const LONGEST: Duration = Duration::from_secs(3_600);
/// How deep a bundle is looked into.
const DEEPEST: usize = 24;

/// A rendering that left nothing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The document.
    pub document: String,
    /// Its bundle, from the workspace root.
    pub folder: String,
    /// As of when it was made, in seconds.
    pub from: i64,
    /// From when on the clock could make a difference, in seconds.
    pub until: i64,
    /// Over what the file system said of the paths.
    pub sum: u64,
    /// What it was made from and what it left, a path a line.
    pub paths: String,
}

impl Entry {
    /// Of a rendering that began to read at `start`; `None` where it cannot be told whether
    /// anything changed since, or when the clock would make a difference.
    pub(super) fn of(
        workspace: &Workspace,
        situation: &Situation,
        config: &Config,
        start: SystemTime,
    ) -> Option<Self> {
        let until = until(situation, config)?;
        let folder = &situation.resolution.root;
        let mut paths = situation.looked_at.clone();
        tree(workspace.root(), folder, DEEPEST, &mut paths).ok()?;
        let top = sum::root(workspace).ok()?;
        let settled = |path: &String| {
            let stamp = Stamp::at(&workspace.root().join(path));
            let old = stamp.is_none_or(|stamp| !stamp.is_since(start) && sum::is_plain(&top, path));
            old && !path.contains('\n')
        };
        let paths = paths.iter();
        if !paths.clone().all(settled) {
            return None;
        }
        let paths: String = paths.flat_map(|path| [path.as_str(), "\n"]).collect();
        Some(Entry {
            document: situation.document.path.clone(),
            folder: folder.clone(),
            from: situation.now.as_second(),
            until: until.as_second(),
            sum: sum::of_paths(&top, &paths),
            paths,
        })
    }

    /// Whether a rendering at `now` could only repeat this one.
    pub(super) fn holds(&self, root: &OwnedFd, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now.as_second())
            && sum::of_paths(root, &self.paths) == self.sum
    }
}

/// From when on the same files may come to something else: a deadline passes, an artifact gets a
/// day older or too old.
fn until(situation: &Situation, config: &Config) -> Option<Timestamp> {
    let (now, resolution) = (situation.now, &situation.resolution);
    let mut until = now.checked_add(LONGEST).ok()?;
    let deadlines = resolution.timeline.entries.iter().map(|entry| entry.due.at);
    for at in deadlines.filter(|at| *at >= now) {
        until = until.min(at);
    }
    let demands = demands::all(&situation.document, config, &mut Vec::new());
    let limits: Vec<SignedDuration> = demands
        .iter()
        .flatten()
        .filter_map(|demand| match &demand.requirement {
            Requirement::MaxAge(limit) => Some(limit.length()),
            _ => None,
        })
        .collect();
    let proofs = resolution.gates.iter().flat_map(|gate| &gate.proofs);
    for proof in proofs.chain(&resolution.extra) {
        until = until.min(next_age(proof, &limits, now)?);
    }
    Some(until)
}

/// When the artifact is next a day older, or older than one of `limits`.
fn next_age(proof: &Proof, limits: &[SignedDuration], now: Timestamp) -> Option<Timestamp> {
    let Some(moment) = proof.moment else {
        // Its age is that of its content, which is not known here.
        return limits.is_empty().then_some(Timestamp::MAX);
    };
    let mut next = Timestamp::MAX;
    for stated in [moment.first(), moment.last()] {
        let days = now.duration_since(stated).as_hours() / 24 + 1;
        let ages = limits
            .iter()
            .copied()
            .chain([SignedDuration::from_hours(24 * days)]);
        for age in ages {
            let at = stated.checked_add(age).ok()?;
            if at >= now {
                next = next.min(at);
            }
        }
    }
    Some(next)
}

/// Adds every file below `folder`.
fn tree(root: &Path, folder: &str, depth: usize, paths: &mut BTreeSet<String>) -> io::Result<()> {
    let too_deep = || io::Error::from(io::ErrorKind::QuotaExceeded);
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name
            .to_str()
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        let path = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            tree(root, &path, depth, paths)?;
        } else {
            paths.insert(path);
        }
    }
    Ok(())
}
