//! A text without typography and markup, and the way back to the original's bytes.

use std::ops::Range;

/// Words with plain blanks, hyphens and comparison signs, markup left out.
pub struct Plain {
    text: String,
    /// For each byte of `text`, the original bytes it came from.
    origins: Vec<(usize, usize)>,
}

/// Character references that people write in Markdown around `<` and blanks.
const REFERENCES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&#60;", "<"),
    ("&#x3c;", "<"),
    ("&gt;", ">"),
    ("&#62;", ">"),
    ("&le;", "≤"),
    ("&leq;", "≤"),
    ("&#8804;", "≤"),
    ("&nbsp;", " "),
    ("&#160;", " "),
    ("&#xa0;", " "),
    ("&thinsp;", " "),
    ("&#8239;", " "),
    ("&#x202f;", " "),
    ("&#8209;", "-"),
    ("&#x2011;", "-"),
    ("&ndash;", "-"),
    ("&ge;", "≥"),
    ("&geq;", "≥"),
    ("&amp;", "&"),
];

impl Plain {
    /// `words` made plain.
    pub fn new(words: &str) -> Self {
        let mut plain = Plain {
            text: String::with_capacity(words.len()),
            origins: Vec::with_capacity(words.len()),
        };
        let mut at = 0;
        while let Some(c) = words.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = &words[at..];
            let reference = (c == '&')
                .then(|| REFERENCES.iter().find(|(written, _)| starts(rest, written)))
                .flatten();
            let (length, meant) = match reference {
                Some((written, meant)) => (written.len(), Some(*meant)),
                None => (c.len_utf8(), None),
            };
            match meant {
                Some(meant) => plain.push(meant, at, at + length),
                // Emphasis; within a name it belongs to the name.
                None if c == '_' && !is_inside(words, at) => {}
                None => plain.character(c, at),
            }
            at += length;
        }
        plain
    }

    /// The plain text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The original bytes of a range of the plain text.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        let start = self.origins.get(range.start).map_or(0, |origin| origin.0);
        let last = range.end.saturating_sub(1).max(range.start);
        let end = self.origins.get(last).map_or(start, |origin| origin.1);
        start..end
    }

    fn character(&mut self, c: char, at: usize) {
        let end = at + c.len_utf8();
        match c {
            '*' | '\\' | '~' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            '\t'
            | '\r'
            | '\n'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | ' ' => {
                if !self.text.ends_with(' ') {
                    self.push(" ", at, end);
                }
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => {
                self.push("-", at, end);
            }
            '\u{ff1c}' => self.push("<", at, end),
            _ => self.push(c.encode_utf8(&mut [0; 4]), at, end),
        }
    }

    fn push(&mut self, text: &str, start: usize, end: usize) {
        self.text.push_str(text);
        self.origins.extend(text.bytes().map(|_| (start, end)));
    }
}

/// Whether letters or digits stand on both sides of the byte at `at`.
fn is_inside(words: &str, at: usize) -> bool {
    let before = words[..at].chars().next_back();
    let after = words[at + 1..].chars().next();
    [before, after]
        .iter()
        .all(|c| c.is_some_and(char::is_alphanumeric))
}

fn starts(text: &str, with: &str) -> bool {
    text.get(..with.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(with))
}
