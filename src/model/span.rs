//! Places in a text: byte ranges, and lines and columns for people.

use serde::Serialize;

/// A half-open range of bytes in a document's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` to `end`; an inverted pair becomes the empty range at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Span {
            start,
            end: end.max(start),
        }
    }

    /// The text under this span, or `""` where the span does not fit `source`.
    pub fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or("")
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether nothing lies under the span.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Where each line of a text starts, to turn offsets into positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `source`; `\n` ends a line, as does `\r\n`.
    pub fn new(source: &str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1);
        LineIndex {
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// The line (from 1) that holds byte `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).max(1)
    }

    /// Line and column of byte `offset` in the `source` that was indexed.
    pub fn position(&self, source: &str, offset: usize) -> Position {
        let line = self.line(offset);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = source.get(start..offset).unwrap_or("");
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// The bytes of `line` (from 1) without its line ending.
    pub fn span(&self, source: &str, line: usize) -> Span {
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(source.len());
        let end = self.starts.get(line).copied().unwrap_or(source.len());
        let text = source.get(start..end).unwrap_or("");
        Span::new(start, start + text.trim_end_matches(['\n', '\r']).len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let text = "ab\r\nçd\n";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 6), Position { line: 2, column: 2 });
        assert_eq!(index.span(text, 1).of(text), "ab");
        assert_eq!(index.span(text, 2).of(text), "çd");
        assert_eq!(index.span(text, 9).of(text), "");
    }
}
