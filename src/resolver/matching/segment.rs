//! One segment of a pattern against one name.

use std::ops::Range;

use jiff::civil::Date;

use crate::{
    model::pattern::Part,
    parser::moments::{Readings, Stamp, clock_prefixes, date_prefix, moment_prefixes},
};

/// What a `<date>` or `<timestamp>` stood for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Captured {
    /// By `<date>`.
    Date(Date),
    /// By `<timestamp>`.
    Stamp(Stamp),
}

/// A `<date>` or `<timestamp>` in a name that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Its bytes in the name.
    pub span: Range<usize>,
    /// What it says.
    pub says: Captured,
}

/// The captures of one name, first to last.
pub type Captures = Vec<Capture>;

/// One segment of a pattern, with its fixed ends laid bare so that most names are told apart
/// by comparing bytes.
#[derive(Clone, Debug)]
pub struct Segment<'p> {
    parts: &'p [Part],
    head: &'p str,
    tail: &'p str,
    has_timestamp: bool,
}

impl<'p> Segment<'p> {
    /// The matcher for `parts`.
    pub fn new(parts: &'p [Part]) -> Self {
        let literal = |part: Option<&'p Part>| match part {
            Some(Part::Literal(text)) => text.as_str(),
            _ => "",
        };
        let head = literal(parts.first());
        let tail = if parts.len() > 1 {
            literal(parts.last())
        } else {
            ""
        };
        Segment {
            parts,
            head,
            tail,
            has_timestamp: parts.contains(&Part::Timestamp),
        }
    }

    /// The parts.
    pub fn parts(&self) -> &'p [Part] {
        self.parts
    }

    /// The text itself, where nothing in it varies.
    pub fn literal(&self) -> Option<&'p str> {
        match self.parts {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The literal text it starts with, perhaps none.
    pub fn head(&self) -> &'p str {
        self.head
    }

    /// Whether a name of these bytes may match; says no cheaply to most that do not.
    pub fn may_match(&self, name: &[u8]) -> bool {
        name.len() >= self.head.len() + self.tail.len()
            && name.starts_with(self.head.as_bytes())
            && name.ends_with(self.tail.as_bytes())
            && (!name.starts_with(b".") || self.head.starts_with('.'))
    }

    /// Whether `name` matches; `captures` then holds what its moments say.
    ///
    /// A full moment or a bare date is preferred for `<timestamp>`; a time part alone is read
    /// only where nothing else matches.
    pub fn read(&self, name: &str, captures: &mut Captures) -> bool {
        captures.clear();
        if !self.may_match(name.as_bytes()) {
            return false;
        }
        let mut attempt = Attempt::new(self.parts, name, captures);
        if attempt.run(false) {
            return true;
        }
        self.has_timestamp && attempt.run(true)
    }
}

/// One name being matched, and what is known to lead nowhere.
struct Attempt<'a> {
    parts: &'a [Part],
    name: &'a str,
    clocks: bool,
    /// For each `*` and `<name>` the place from which on it fails: what it can end at further
    /// back it can also end at further ahead.
    dead: Vec<usize>,
    /// For each `<date>` and `<timestamp>` the places at which it fails, as bits.
    failed: Vec<u64>,
    captures: &'a mut Captures,
}

impl<'a> Attempt<'a> {
    fn new(parts: &'a [Part], name: &'a str, captures: &'a mut Captures) -> Self {
        let (dead, failed) = (Vec::new(), Vec::new());
        Attempt {
            parts,
            name,
            clocks: false,
            dead,
            failed,
            captures,
        }
    }

    fn run(&mut self, clocks: bool) -> bool {
        self.clocks = clocks;
        self.dead.clear();
        self.failed.clear();
        self.captures.clear();
        self.from(0, 0)
    }

    /// Whether the parts from `part` on match the name from byte `at` on.
    fn from(&mut self, part: usize, at: usize) -> bool {
        let Some(first) = self.parts.get(part) else {
            return at == self.name.len();
        };
        if let Part::Literal(text) = first {
            let rest = self.name.get(at..).unwrap_or_default();
            return rest.starts_with(text.as_str()) && self.from(part + 1, at + text.len());
        }
        if self.is_known_to_fail(part, at) {
            return false;
        }
        let matched = match first {
            Part::Star => self.any(part, at, 0),
            Part::Name(_) => self.any(part, at, 1),
            _ if self.inside_a_number(part, at) => false,
            Part::Date => self.date(part, at),
            _ => self.timestamp(part, at),
        };
        // With three parts or fewer there is little to try, and most names need no memory.
        if !matched && self.parts.len() > 3 {
            self.remember_failure(part, at);
        }
        matched
    }

    fn is_wild(&self, part: usize) -> bool {
        matches!(self.parts[part], Part::Star | Part::Name(_))
    }

    fn bit(&self, part: usize, at: usize) -> (usize, u64) {
        let index = part * (self.name.len() + 1) + at;
        (index / 64, 1 << (index % 64))
    }

    fn is_known_to_fail(&self, part: usize, at: usize) -> bool {
        if self.is_wild(part) {
            return self.dead.get(part).is_some_and(|&from| at >= from);
        }
        let (word, mask) = self.bit(part, at);
        self.failed.get(word).is_some_and(|bits| bits & mask != 0)
    }

    fn remember_failure(&mut self, part: usize, at: usize) {
        if self.is_wild(part) {
            self.dead.resize(self.parts.len(), usize::MAX);
            self.dead[part] = self.dead[part].min(at);
            return;
        }
        let (word, mask) = self.bit(part, at);
        if self.failed.len() <= word {
            self.failed.resize(word + 1, 0);
        }
        self.failed[word] |= mask;
    }

    /// At least `least` characters of any kind, as few as will do.
    fn any(&mut self, part: usize, at: usize, least: usize) -> bool {
        let name = self.name;
        let ends = name[at..].char_indices().map(|(offset, _)| at + offset);
        let mut ends = ends.chain([name.len()]).skip(least);
        ends.any(|end| self.from(part + 1, end))
    }

    /// Whether a moment at `at` would start in the middle of a number that the pattern does not spell.
    fn inside_a_number(&self, part: usize, at: usize) -> bool {
        let spelled = part > 0 && matches!(self.parts[part - 1], Part::Literal(_));
        let before = at.checked_sub(1).map(|i| self.name.as_bytes()[i]);
        !spelled && before.is_some_and(|b| b.is_ascii_digit())
    }

    fn date(&mut self, part: usize, at: usize) -> bool {
        let Some((length, date)) = date_prefix(&self.name[at..]) else {
            return false;
        };
        self.captured(part, at..at + length, Captured::Date(date))
    }

    fn timestamp(&mut self, part: usize, at: usize) -> bool {
        let rest = &self.name[at..];
        let clocks = if self.clocks {
            clock_prefixes(rest, self.name[..at].ends_with(['T', 't']))
        } else {
            Readings::default()
        };
        for reading in clocks.into_iter().chain(moment_prefixes(rest)) {
            let end = at + reading.end;
            let spelled = match self.parts.get(part + 1) {
                // The pattern says what follows, unless that is a letter or digit which would
                // change the time; only the Z of UTC does not.
                Some(Part::Literal(next)) => {
                    next.starts_with(['Z', 'z'])
                        || !next.starts_with(|c: char| c.is_ascii_alphanumeric())
                }
                _ => false,
            };
            if (spelled || !reading.is_open(rest))
                && self.captured(part, at..end, Captured::Stamp(reading.stamp))
            {
                return true;
            }
        }
        false
    }

    fn captured(&mut self, part: usize, span: Range<usize>, says: Captured) -> bool {
        let (before, end) = (self.captures.len(), span.end);
        self.captures.push(Capture { span, says });
        let matched = self.from(part + 1, end);
        if !matched {
            self.captures.truncate(before);
        }
        matched
    }
}
