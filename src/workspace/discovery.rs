//! Finding evidence on disk, by name alone.
//!
//! Only the folders that a pattern can reach are listed. Nothing is opened, and nothing is
//! `stat`ed but links whose name matched. `.gitignore` has no say: evidence is usually ignored.

mod entry;
mod list;
#[cfg(test)]
mod tests;
mod walk;
mod weigh;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use crate::{
    model::pattern::Pattern,
    resolver::{
        filter::Workers,
        source::{EvidenceSource, Found, OpenError, Reading, SearchError},
    },
    workspace::{apart::Apart, open::HashedFile},
};

/// How much of a folder is looked at before giving up with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Names looked at, matching or not.
    pub names: usize,
    /// Matches.
    pub matches: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            names: 1_000_000,
            matches: 200_000,
        }
    }
}

/// The evidence in a workspace folder.
#[derive(Clone, Debug)]
pub struct DiskEvidence {
    root: PathBuf,
    own: Vec<PathBuf>,
    limits: Limits,
    apart: Apart,
    looked_at: RefCell<BTreeSet<String>>,
}

impl DiskEvidence {
    /// The evidence under `root`, but for what lies in the folders `own` (relative to it, with
    /// `/`): the document's bundle, and where records are kept.
    ///
    /// # Errors
    /// `root` does not exist or cannot be reached.
    pub fn new<'a>(root: &Path, own: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let own = own
            .into_iter()
            .map(|folder| root.join(folder.trim_end_matches('/')));
        // A folder that does not exist yet holds nothing to be kept from.
        let own = own
            .map(|folder| folder.canonicalize().unwrap_or(folder))
            .collect();
        Ok(DiskEvidence {
            root,
            own,
            limits: Limits::default(),
            apart: Apart::of_this_program(),
            looked_at: RefCell::default(),
        })
    }

    /// The same with other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Everything that was opened or listed so far, and where something was missing: paths from
    /// the root, with `/`. As long as none of them changes, what was found does not.
    pub fn looked_at(self) -> BTreeSet<String> {
        self.looked_at.into_inner()
    }

    fn note(&self, path: &str) {
        let path = match path.trim_end_matches('/') {
            "" => ".",
            path => path,
        };
        let mut looked_at = self.looked_at.borrow_mut();
        if !looked_at.contains(path) {
            looked_at.insert(path.to_owned());
        }
    }

    fn is_own(&self, real: &Path) -> bool {
        self.own.iter().any(|folder| real.starts_with(folder))
    }
}

impl EvidenceSource for DiskEvidence {
    fn candidates(&self, pattern: &Pattern) -> Result<Found, SearchError> {
        walk::walk(self, pattern)
    }

    fn open<'a>(&'a self, path: &str) -> Result<Box<dyn Reading + 'a>, OpenError> {
        self.note(path);
        Ok(Box::new(HashedFile::open(&self.root, path)?))
    }

    fn workers(&self) -> &dyn Workers {
        &self.apart
    }
}
