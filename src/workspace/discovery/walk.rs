//! The walk: literal segments are looked up, the others listed.

use std::{ffi::OsStr, fs::DirEntry, io, os::unix::ffi::OsStrExt, path::PathBuf};

use super::{
    DiskEvidence,
    entry::{Entry, is_missing},
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
        self.take(folder, name, &at, kind, is_file)
    }

    fn list_files(&mut self, folder: &Folder, segment: &Segment<'a>) -> Result<(), SearchError> {
        let near = Near::new(segment);
        for entry in self.list(folder)? {
            let entry = self.listed(folder, entry)?;
            let name = entry.file_name();
            let Some(name) = self.readable(segment, &name) else {
                continue;
            };
            if segment.read(name, &mut self.captures) {
                let kind = entry.file_type();
                let kind = kind.map_err(|e| cannot_read(&format!("{}{name}", folder.shown), &e))?;
                if kind.is_file() {
                    let path = format!("{}{name}", folder.shown);
                    self.weigh(folder, name, path, Entry::File)?;
                } else {
                    self.take(folder, name, &entry.path(), kind, true)?;
                }
            } else {
                self.nearly(folder, name, &near);
            }
        }
        Ok(())
    }

    fn list_folders(&mut self, folder: &Folder, segment: &Segment<'a>) -> Result<(), SearchError> {
        let near = Near::new(segment);
        let file = self.matcher.file().clone();
        let mut matched = Vec::new();
        for entry in self.list(folder)? {
            let entry = self.listed(folder, entry)?;
            let name = entry.file_name();
            let Some(name) = self.readable(segment, &name) else {
                continue;
            };
            if segment.read(name, &mut self.captures) {
                let kind = entry.file_type();
                let kind = kind.map_err(|e| cannot_read(&format!("{}{name}", folder.shown), &e))?;
                matched.push((name.to_owned(), entry.path(), kind));
            } else if file.read(name, &mut self.captures) {
                let why = "lies a folder higher than the pattern says".to_owned();
                self.add_near(folder, name, why);
            } else {
                self.nearly(folder, name, &near);
            }
        }
        for (name, at, kind) in matched {
            segment.read(&name, &mut self.captures);
            self.take(folder, &name, &at, kind, false)?;
        }
        Ok(())
    }

    /// Looks for near misses where a literal name is missing. Nothing depends on them, so a
    /// folder that can be entered and not listed has none.
    fn list_near(&mut self, folder: &Folder) {
        let (segment, _) = self.segment(folder);
        let near = Near::new(&segment);
        let entries = folder.real.read_dir().into_iter().flatten().flatten();
        for entry in entries.take(self.disk.limits.names) {
            if let Some(name) = entry.file_name().to_str() {
                self.nearly(folder, name, &near);
            }
        }
    }

    fn list(
        &self,
        folder: &Folder,
    ) -> Result<impl Iterator<Item = io::Result<DirEntry>> + use<>, SearchError> {
        match folder.real.read_dir() {
            Ok(entries) => Ok(Some(entries).into_iter().flatten()),
            Err(error) if is_missing(&error) => Ok(None.into_iter().flatten()),
            Err(error) => Err(cannot_read(&folder.shown, &error)),
        }
    }

    fn listed(
        &mut self,
        folder: &Folder,
        entry: io::Result<DirEntry>,
    ) -> Result<DirEntry, SearchError> {
        self.names += 1;
        let limit = self.disk.limits.names;
        if self.names > limit {
            return Err(SearchError::TooManyNames {
                pattern: self.pattern.text().to_owned(),
                limit,
            });
        }
        entry.map_err(|error| cannot_read(&folder.shown, &error))
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

pub(super) fn cannot_read(path: &str, error: &io::Error) -> SearchError {
    let path = if path.is_empty() { "." } else { path };
    SearchError::CannotRead {
        path: path.to_owned(),
        reason: reason(error),
    }
}
