//! The field names of one object: what they are about, and whether one stands twice.

use std::collections::{HashMap, HashSet};

use super::{
    names::{Field, classify},
    scan::MOST_FIELDS,
};

/// Up to so many names are compared one by one; above, they are hashed.
const FEW: usize = 24;

/// So many names of nested objects are remembered with what they are about.
const REMEMBERED: usize = 512;

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// The object has it already.
    Twice,
    /// The object has too many fields.
    TooMany,
}

/// Names of the objects that are open. Records of one file mostly have the same names in the
/// same order: those of the record before are kept, so that the next one only compares.
#[derive(Debug, Default)]
pub struct Keys {
    known: Vec<(Box<str>, Field)>,
    at: usize,
    hashed: HashSet<Box<str>>,
    text: String,
    ends: Vec<usize>,
    deep: Vec<HashSet<Box<str>>>,
    inner: HashMap<Box<str>, Field>,
}

/// Where the names of an open nested object begin.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    names: usize,
    text: usize,
    sets: usize,
}

impl Keys {
    /// A new record begins.
    pub fn begin(&mut self) {
        self.at = 0;
        self.text.clear();
        self.ends.clear();
        self.deep.clear();
    }

    /// The next field of the record itself.
    pub fn top(&mut self, name: &str) -> Result<Field, Repeated> {
        let at = self.at;
        self.at += 1;
        if let Some((known, field)) = self.known.get(at)
            && **known == *name
        {
            return Ok(*field);
        }
        // From here on the record differs from the one before.
        if self.known.len() > at {
            self.known.truncate(at);
            self.hashed.clear();
        }
        if at >= MOST_FIELDS {
            return Err(Repeated::TooMany);
        }
        let twice = if at < FEW {
            self.known.iter().any(|(known, _)| **known == *name)
        } else {
            if self.hashed.len() != at {
                self.hashed = self.known.iter().map(|(known, _)| known.clone()).collect();
            }
            !self.hashed.insert(name.into())
        };
        if twice {
            self.known.clear();
            self.hashed.clear();
            return Err(Repeated::Twice);
        }
        let field = classify(name);
        self.known.push((name.into(), field));
        Ok(field)
    }

    /// A nested object begins.
    pub fn enter(&self) -> Mark {
        Mark {
            names: self.ends.len(),
            text: self.text.len(),
            sets: self.deep.len(),
        }
    }

    /// The next field of the nested object that began at `mark`.
    pub fn nested(&mut self, mark: Mark, name: &str) -> Result<(), Repeated> {
        let count = self.ends.len() - mark.names;
        if let Some(set) = self.deep.get_mut(mark.sets) {
            if set.len() >= MOST_FIELDS {
                return Err(Repeated::TooMany);
            }
            return set.insert(name.into()).then_some(()).ok_or(Repeated::Twice);
        }
        let mut start = mark.text;
        for &end in self.ends.get(mark.names..).unwrap_or(&[]) {
            if self.text.get(start..end) == Some(name) {
                return Err(Repeated::Twice);
            }
            start = end;
        }
        if count >= FEW {
            let mut set = HashSet::new();
            let mut start = mark.text;
            for &end in self.ends.get(mark.names..).unwrap_or(&[]) {
                set.insert(self.text.get(start..end).unwrap_or("").into());
                start = end;
            }
            set.insert(name.into());
            self.deep.push(set);
            return Ok(());
        }
        self.text.push_str(name);
        self.ends.push(self.text.len());
        Ok(())
    }

    /// What the field called `name` of a nested object is about.
    pub fn about(&mut self, name: &str) -> Field {
        if let Some(field) = self.inner.get(name) {
            return *field;
        }
        let field = classify(name);
        if self.inner.len() < REMEMBERED {
            self.inner.insert(name.into(), field);
        }
        field
    }

    /// The nested object that began at `mark` ends.
    pub fn leave(&mut self, mark: Mark) {
        self.ends.truncate(mark.names);
        self.text.truncate(mark.text);
        self.deep.truncate(mark.sets);
    }
}
