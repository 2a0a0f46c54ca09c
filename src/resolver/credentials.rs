//! Credentials in what would go out: where they stand and of what kind, never their value.

mod table;

use std::{
    io::{self, BufRead},
    sync::LazyLock,
};

use regex::bytes::{Regex, RegexSet};

use table::{KINDS, Kind};

/// Lines are searched in pieces of this many bytes, so that none is too long.
const PIECE: usize = 64 << 10;

/// How far pieces overlap; longer than what any kind needs to be recognised.
const OVERLAP: usize = 1 << 10;

/// No more than so many are listed for one text.
const MOST: usize = 100;

/// A credential that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The line it stands on, from 1.
    pub line: u64,
    /// What it is, in words: `a bearer token`.
    pub kind: &'static str,
}

impl std::fmt::Display for Leak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind)
    }
}

struct Table {
    set: RegexSet,
    each: Vec<(&'static Kind, Regex)>,
}

/// `None` only if a spelling in the table were no regex, which a test rules out.
static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| {
    let set = RegexSet::new(KINDS.iter().map(|kind| kind.spelling)).ok()?;
    let each = KINDS
        .iter()
        .map(|kind| Some((kind, Regex::new(kind.spelling).ok()?)))
        .collect::<Option<Vec<_>>>()?;
    Some(Table { set, each })
});

/// The credentials in `text`, at most one of a kind a line.
///
/// ```
/// use packet::resolver::credentials::scan;
/// let leaks = scan(b"GET /\nAuthorization: Basic bW9yZ2FuOnBhc3N3b3Jk\n");
/// assert_eq!(leaks[0].to_string(), "line 2: a Basic authorization header");
/// assert!(scan(b"Authorization: Bearer <token>").is_empty());
/// ```
pub fn scan(text: &[u8]) -> Vec<Leak> {
    // Reading from memory does not fail.
    scan_reader(text).unwrap_or_default()
}

/// As [`scan`], from a reader and with bounded memory. Binary content is searched all the same.
/// An error means that it cannot be read.
pub fn scan_reader(mut reader: impl BufRead) -> io::Result<Vec<Leak>> {
    let mut leaks: Vec<Leak> = Vec::new();
    let mut piece: Vec<u8> = Vec::new();
    let mut line = 1;
    loop {
        let room = PIECE.saturating_sub(piece.len()) as u64;
        let mut limited = io::Read::take(&mut reader, room);
        let read = limited.read_until(b'\n', &mut piece)?;
        let ended = piece.last() == Some(&b'\n');
        if read == 0 && piece.is_empty() {
            return Ok(leaks);
        }
        search(&piece, line, &mut leaks);
        if leaks.len() >= MOST {
            leaks.truncate(MOST);
            return Ok(leaks);
        }
        if ended {
            line += 1;
            piece.clear();
        } else if read == 0 {
            return Ok(leaks);
        } else {
            let kept = piece.len().saturating_sub(OVERLAP);
            piece.drain(..kept);
        }
    }
}

fn search(piece: &[u8], line: u64, leaks: &mut Vec<Leak>) {
    let Some(table) = &*TABLE else { return };
    for index in table.set.matches(piece) {
        let Some((kind, spelling)) = table.each.get(index) else {
            continue;
        };
        let real = spelling.captures_iter(piece).any(|captures| {
            let value = captures
                .name("value")
                .map_or(&b""[..], |value| value.as_bytes());
            !kind.judged || is_real(value, kind)
        });
        let leak = Leak {
            line,
            kind: kind.words,
        };
        if real && !leaks.contains(&leak) {
            leaks.push(leak);
        }
    }
}

/// Whether a value looks like a secret and not like a stand-in for one.
fn is_real(value: &[u8], kind: &Kind) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return true;
    };
    let text = text.trim_matches(['"', '\'', ' ']);
    if text.len() < kind.least || text.starts_with(['<', '$', '{', '[', '(', '%', '*', '@']) {
        return false;
    }
    if kind.digit && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let stand_in = table::STAND_INS.iter().any(|word| lower.contains(word));
    let first = text.chars().next();
    let one_character = text
        .chars()
        .all(|c| Some(c) == first || c == '.' || c == '-');
    !stand_in && !one_character && !text.contains('…') && !text.contains("...")
}

#[cfg(test)]
mod tests;
