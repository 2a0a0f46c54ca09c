//! What a walk takes in: folders to go into, files that match, and names that almost do.

use std::{fs::FileType, path::Path};

use super::{
    entry::Entry,
    walk::{Folder, Walk, cannot_read},
};
use crate::{
    model::evidence::Candidate,
    resolver::{
        near::Near,
        source::{NearMiss, Refusal, Refused, SearchError},
    },
};

/// Near misses weighed before the first few in order are shown.
const NEAR: usize = 1_000;

impl Walk<'_> {
    /// Goes into a folder or weighs a file that matched with `self.captures`.
    pub(super) fn take(
        &mut self,
        folder: &Folder,
        name: &str,
        at: &Path,
        kind: FileType,
        is_file: bool,
    ) -> Result<(), SearchError> {
        let path = format!("{}{name}", folder.shown);
        let entry = self
            .disk
            .entry(at, kind)
            .map_err(|e| cannot_read(&path, &e))?;
        if is_file {
            return self.weigh(folder, name, entry);
        }
        let trail = folder.trail.enter(name, &self.captures);
        let (segment, _) = self.segment(folder);
        let fixed = folder.fixed && segment.literal().is_some();
        match entry {
            Entry::Folder(real) => {
                let depth = folder.depth + 1;
                self.folder(&Folder {
                    real,
                    shown: path + "/",
                    depth,
                    fixed,
                    trail,
                })
            }
            // A pattern that does not insist on the own folders merely passes them by.
            Entry::Refused(Refusal::Own) if !fixed => Ok(()),
            // What is no folder holds no evidence: a loop or a dangling link ends the way there.
            Entry::File | Entry::Refused(Refusal::Special | Refusal::BrokenLink) => Ok(()),
            Entry::Refused(why) => {
                let candidate = Candidate {
                    path,
                    moment: trail.stated(),
                    notes: Vec::new(),
                };
                self.refuse(Refused { candidate, why })
            }
        }
    }

    pub(super) fn weigh(
        &mut self,
        folder: &Folder,
        name: &str,
        entry: Entry,
    ) -> Result<(), SearchError> {
        let Ok((moment, notes)) = folder.trail.moment(name, &self.captures) else {
            self.add_near(folder, name, "states a time, but no date".to_owned());
            return Ok(());
        };
        let path = shown(folder, name);
        let candidate = Candidate {
            path,
            moment,
            notes,
        };
        let why = match entry {
            Entry::File => {
                self.found.candidates.push(candidate);
                return self.within_matches();
            }
            Entry::Folder(_) => Refusal::Folder,
            Entry::Refused(why) => why,
        };
        self.refuse(Refused { candidate, why })
    }

    fn refuse(&mut self, refused: Refused) -> Result<(), SearchError> {
        self.found.refused.push(refused);
        self.within_matches()
    }

    fn within_matches(&self) -> Result<(), SearchError> {
        let limit = self.disk.limits.matches;
        if self.found.candidates.len() + self.found.refused.len() <= limit {
            return Ok(());
        }
        Err(SearchError::TooManyMatches {
            pattern: self.pattern.text().to_owned(),
            limit,
        })
    }

    pub(super) fn nearly(&mut self, folder: &Folder, name: &str, near: &Near) {
        if self.near.len() < NEAR
            && let Some(why) = near.why(name)
        {
            self.add_near(folder, name, why);
        }
    }

    pub(super) fn add_near(&mut self, folder: &Folder, name: &str, why: String) {
        if self.near.len() < NEAR {
            self.near.push(NearMiss {
                path: format!("{}{name}", folder.shown),
                why,
            });
        }
    }
}

/// The path of `name`, from the workspace root.
fn shown(folder: &Folder, name: &str) -> String {
    let mut path = String::with_capacity(folder.shown.len() + name.len());
    path.push_str(&folder.shown);
    path.push_str(name);
    path
}
