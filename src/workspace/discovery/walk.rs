//! The walk: literal segments are looked up, the others listed.

use std::{ffi::OsStr, io, os::unix::ffi::OsStrExt, path::PathBuf};

use super::{
    DiskEvidence,
    entry::{Entry, is_missing},
    list,
};
use crate::{
    model::pattern::Pattern,
    resolver::{
        matching::{Captures, Matcher, Segment, Trail},
        near::Near,
        source::{Found, NearMiss, SearchError},
    },
    workspace::open::reason,
};

/// Places where a literal segment was missing, looked at again if nothing was found.
const GAPS: usize = 8;

/// A folder on the way.
#[derive(Clone)]
pub(super) struct Folder {
    /// Where it really is.
    pub(super) real: PathBuf,
    /// From the workspace root as the pattern has it, with a final `/` unless empty.
    pub(super) shown: String,
    /// How many segments led here.
    pub(super) depth: usize,
    /// Whether all of them were literal.
    pub(super) fixed: bool,
    pub(super) trail: Trail,
}

/// A walk under way.
pub(super) struct Walk<'a> {
    pub(super) disk: &'a DiskEvidence,
    pub(super) pattern: &'a Pattern,
    matcher: Matcher<'a>,
    pub(super) found: Found,
    pub(super) near: Vec<NearMiss>,
    gaps: Vec<Folder>,
    names: usize,
    pub(super) captures: Captures,
}

/// Everything on `disk` that matches `pattern`.
pub(super) fn walk(disk: &DiskEvidence, pattern: &Pattern) -> Result<Found, SearchError> {
    let mut walk = Walk {
        disk,
        pattern,
        matcher: Matcher::new(pattern),
        found: Found::default(),
        near: Vec::new(),
        gaps: Vec::new(),
        names: 0,
        captures: Captures::new(),
    };
    let root = Folder {
        real: disk.root.clone(),
        shown: String::new(),
        depth: 0,
        fixed: true,
        trail: Trail::default(),
    };
    walk.folder(&root)?;
    if walk.found.candidates.is_empty() {
        for gap in std::mem::take(&mut walk.gaps) {
            walk.list_near(&gap);
        }
    }
    walk.near.sort();
    walk.near
        .into_iter()
        .for_each(|miss| walk.found.near.add(miss));
    Ok(walk.found)
}

impl<'a> Walk<'a> {
    /// The segment that names what lies in `folder`, and whether it is the file's.
    pub(super) fn segment(&self, folder: &Folder) -> (Segment<'a>, bool) {
        match self.matcher.folders().get(folder.depth) {
            Some(segment) => (segment.clone(), false),
            None => (self.matcher.file().clone(), true),
        }
    }

    pub(super) fn folder(&mut self, folder: &Folder) -> Result<(), SearchError> {
        let (segment, is_file) = self.segment(folder);
        match segment.literal() {
            Some(name) => self.look_up(folder, &segment, name, is_file),
            None if is_file => self.list_files(folder, &segment),
            None => self.list_folders(folder, &segment),
        }
    }

    fn look_up(
        &mut self,
        folder: &Folder,
        segment: &Segment<'a>,
        name: &str,
        is_file: bool,
    ) -> Result<(), SearchError> {
        let at = folder.real.join(name);
        let kind = match at.symlink_metadata() {
            Ok(metadata) => metadata.file_type(),
            Err(error) if is_missing(&error) => {
                self.disk.note(&format!("{}{name}", folder.shown));
                if self.gaps.len() < GAPS {
                    self.gaps.push(folder.clone());
                }
                return Ok(());
            }
            Err(error) => return Err(cannot_read(&format!("{}{name}", folder.shown), &error)),
        };
        // A literal name starting with a dot is literal enough; the rest always matches.
        if !segment.read(name, &mut self.captures) {
            return Ok(());
        }
        if kind.is_symlink() {
            self.disk.note(&format!("{}{name}", folder.shown));
        }
        self.take(folder, name, &at, kind, is_file)
    }

    fn list_files(&mut self, folder: &Folder, segment: &Segment<'a>) -> Result<(), SearchError> {
        let near = Near::new(segment);
        self.list(folder, |walk, name, is_file| {
            let Some(name) = walk.readable(segment, name) else {
                return Ok(());
            };
            if !segment.read(name, &mut walk.captures) {
                walk.nearly(folder, name, &near);
                return Ok(());
            }
            if is_file {
                return walk.weigh(folder, name, Entry::File);
            }
            walk.look_closer(folder, name, true)
        })
    }

    fn list_folders(&mut self, folder: &Folder, segment: &Segment<'a>) -> Result<(), SearchError> {
        let near = Near::new(segment);
        let file = self.matcher.file().clone();
        let mut matched = Vec::new();
        self.list(folder, |walk, name, is_file| {
            let Some(name) = walk.readable(segment, name) else {
                return Ok(());
            };
            if segment.read(name, &mut walk.captures) {
                if !is_file {
                    matched.push(name.to_owned());
                }
            } else if file.read(name, &mut walk.captures) {
                let why = "lies a folder higher than the pattern says".to_owned();
                walk.add_near(folder, name, why);
            } else {
                walk.nearly(folder, name, &near);
            }
            Ok(())
        })?;
        for name in matched {
            segment.read(&name, &mut self.captures);
            self.look_closer(folder, &name, false)?;
        }
        Ok(())
    }

    /// Finds out what a name is that matched with `self.captures`.
    fn look_closer(
        &mut self,
        folder: &Folder,
        name: &str,
        is_file: bool,
    ) -> Result<(), SearchError> {
        let at = folder.real.join(name);
        match at.symlink_metadata() {
            Ok(metadata) => {
                let kind = metadata.file_type();
                if kind.is_symlink() {
                    self.disk.note(&format!("{}{name}", folder.shown));
                }
                self.take(folder, name, &at, kind, is_file)
            }
            // It was removed since it was listed.
            Err(error) if is_missing(&error) => Ok(()),
            Err(error) => Err(cannot_read(&format!("{}{name}", folder.shown), &error)),
        }
    }

    /// Looks for near misses where a literal name is missing. Nothing depends on them, so a
    /// folder that can be entered and not listed has none.
    fn list_near(&mut self, folder: &Folder) {
        let (segment, _) = self.segment(folder);
        let near = Near::new(&segment);
        let _ = self.list(folder, |walk, name, _| {
            if let Some(name) = name.to_str() {
                walk.nearly(folder, name, &near);
            }
            Ok(())
        });
    }

    /// Shows each name in `folder` to `see`, with whether it is certainly a regular file.
    fn list(
        &mut self,
        folder: &Folder,
        mut see: impl FnMut(&mut Self, &OsStr, bool) -> Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        self.disk.note(&folder.shown);
        let limit = self.disk.limits.names;
        let listed = list::each(&folder.real, |name, is_file| {
            self.names += 1;
            if self.names > limit {
                let pattern = self.pattern.text().to_owned();
                return Err(SearchError::TooManyNames { pattern, limit });
            }
            see(self, name, is_file)
        });
        match listed {
            Ok(seen) => seen,
            Err(error) if is_missing(&error) => Ok(()),
            Err(error) => Err(cannot_read(&folder.shown, &error)),
        }
    }

    /// The name as text; one that is not UTF-8 is counted where its ends would match.
    fn readable<'n>(&mut self, segment: &Segment<'_>, name: &'n OsStr) -> Option<&'n str> {
        let text = name.to_str();
        if text.is_none() && segment.may_match(name.as_bytes()) {
            self.found.not_utf8 += 1;
        }
        text
    }
}

/// The error for what exists at `path` and cannot be looked at.
pub(super) fn cannot_read(path: &str, error: &io::Error) -> SearchError {
    let path = if path.is_empty() { "." } else { path };
    SearchError::CannotRead {
        path: path.to_owned(),
        reason: reason(error),
    }
}
