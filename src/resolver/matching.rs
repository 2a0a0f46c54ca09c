//! Matching a pattern against names, segment by segment.
//!
//! `<date>` and `<timestamp>` are read by [`crate::parser::moments`]; `<name>` is one or more
//! characters, `*` any number; all else is literal, so that `[`, `?` or `{` in a real file name
//! have no meaning. Nothing crosses `/`, and a name's leading dot is matched by a literal dot
//! alone. Each pair of part and place is tried once, so that no name takes long.

mod segment;
#[cfg(test)]
mod tests;
mod trail;

pub use segment::{Capture, Captured, Captures, Segment};
pub use trail::{Trail, WithoutDate};

use crate::model::{evidence::Candidate, pattern::Pattern};

/// A pattern made ready for matching.
#[derive(Clone, Debug)]
pub struct Matcher<'p> {
    folders: Vec<Segment<'p>>,
    file: Segment<'p>,
}

impl<'p> Matcher<'p> {
    /// The matcher for `pattern`.
    pub fn new(pattern: &'p Pattern) -> Self {
        let mut folders: Vec<_> = pattern.segments().iter().map(|s| Segment::new(s)).collect();
        // A pattern has at least one segment; an empty one would match no name.
        let file = folders.pop().unwrap_or_else(|| Segment::new(&[]));
        Matcher { folders, file }
    }

    /// The folders' segments, outermost first.
    pub fn folders(&self) -> &[Segment<'p>] {
        &self.folders
    }

    /// The file name's segment.
    pub fn file(&self) -> &Segment<'p> {
        &self.file
    }

    /// The candidate that `path` (from the workspace root, with `/`) is; `None` where it does
    /// not match, or states a time that no date belongs to.
    pub fn candidate(&self, path: &str) -> Option<Candidate> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names: Vec<&str> = folder.split('/').filter(|f| !f.is_empty()).collect();
        if names.len() != self.folders.len() {
            return None;
        }
        let mut captures = Captures::new();
        let mut trail = Trail::default();
        for (segment, name) in self.folders.iter().zip(names) {
            if !segment.read(name, &mut captures) {
                return None;
            }
            trail = trail.enter(name, &captures);
        }
        if !self.file.read(name, &mut captures) {
            return None;
        }
        let (moment, notes) = trail.moment(name, &captures).ok()?;
        Some(Candidate {
            path: path.to_owned(),
            moment,
            notes,
        })
    }
}
