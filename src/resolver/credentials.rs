//! Credentials in what would go out: where they stand and of what kind, never their value.
//!
//! Two searches over each line: for shapes that only credentials have (a provider's prefix, a
//! signed address, a private key), and for a value beside a word that names one (`Password: …`),
//! in the line as its reader sees it, Markdown and HTML seen through.

mod labels;
mod seen_through;
mod table;

use std::{
    io::{self, BufRead, Read},
    sync::LazyLock,
};

use regex::bytes::{Regex, RegexSet};
use sha2::{Digest, Sha256};

use self::{
    labels::Labels,
    table::{KINDS, Kind},
};
use crate::model::evidence::hex;

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
    /// SHA-256 of that line without white space around it, lower-case hex: what a waiver is bound to.
    pub line_sha256: String,
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

/// As [`scan`], from a reader and with bounded memory. UTF-16 is read as such where it begins with
/// its mark; other bytes that are no text are searched all the same.
///
/// # Errors
/// It cannot be read, or it is a compressed file, which no search can see into
/// ([`io::ErrorKind::Unsupported`]).
pub fn scan_reader(mut reader: impl BufRead) -> io::Result<Vec<Leak>> {
    let beginning = reader.fill_buf()?;
    if let Some(what) = table::COMPRESSED
        .iter()
        .find(|(mark, _)| beginning.starts_with(mark))
    {
        let why = format!("it is {}, which cannot be looked into", what.1);
        return Err(io::Error::new(io::ErrorKind::Unsupported, why));
    }
    if let Some(wide) = wide(beginning) {
        let mut bytes = Vec::new();
        reader
            .by_ref()
            .take(WIDE_MOST + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > WIDE_MOST {
            let why = "it is a UTF-16 text of more than 64 MB; save it as UTF-8";
            return Err(io::Error::new(io::ErrorKind::Unsupported, why));
        }
        let pairs = bytes.chunks_exact(2).map(|pair| match wide {
            Wide::Little => u16::from_le_bytes([pair[0], pair[1]]),
            Wide::Big => u16::from_be_bytes([pair[0], pair[1]]),
        });
        let text: String = char::decode_utf16(pairs)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        return lines(text.as_bytes());
    }
    lines(reader)
}

/// The largest UTF-16 text that is searched, in bytes: it is read as a whole.
const WIDE_MOST: u64 = 64 << 20;

/// The order of the two bytes of a UTF-16 unit.
#[derive(Clone, Copy)]
enum Wide {
    Little,
    Big,
}

fn wide(beginning: &[u8]) -> Option<Wide> {
    match beginning {
        [0xFF, 0xFE, ..] => Some(Wide::Little),
        [0xFE, 0xFF, ..] => Some(Wide::Big),
        _ => None,
    }
}

fn lines(mut reader: impl BufRead) -> io::Result<Vec<Leak>> {
    let mut leaks: Vec<Leak> = Vec::new();
    let mut labels = Labels::default();
    let mut piece: Vec<u8> = Vec::new();
    let mut line = 1;
    loop {
        let room = PIECE.saturating_sub(piece.len()) as u64;
        let mut limited = reader.by_ref().take(room);
        let read = limited.read_until(b'\n', &mut piece)?;
        let ended = piece.last() == Some(&b'\n');
        if read == 0 && piece.is_empty() {
            return Ok(leaks);
        }
        search(&piece, line, &mut labels, &mut leaks);
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

fn search(piece: &[u8], line: u64, labels: &mut Labels, leaks: &mut Vec<Leak>) {
    let Some(table) = &*TABLE else { return };
    let mut add = |kind: &'static str| {
        if !leaks.iter().any(|l| l.line == line && l.kind == kind) {
            leaks.push(Leak {
                line,
                kind,
                line_sha256: hex(&Sha256::digest(piece.trim_ascii())),
            });
        }
    };
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
        if real {
            add(kind.words);
        }
    }
    if let Some(kind) = labels.line(&seen_through::seen_through(piece)) {
        add(kind);
    }
}

/// Whether a value looks like a secret and not like a stand-in for one.
fn is_real(value: &[u8], kind: &Kind) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return true;
    };
    let text = text.trim_matches(['"', '\'', ' ']);
    text.len() >= kind.least
        && (!kind.digit || text.bytes().any(|byte| byte.is_ascii_digit()))
        && !stands_in(text)
}

/// Whether a value only says that a secret belongs there: `<token>`, `$TOKEN`, `[REDACTED]`, `****`.
fn stands_in(text: &str) -> bool {
    if text.starts_with(['<', '$', '{', '[', '(', '%', '*', '@']) {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    let stand_in = table::STAND_INS.iter().any(|word| lower.contains(word));
    let first = text.chars().next();
    let one_character = text
        .chars()
        .all(|c| Some(c) == first || c == '.' || c == '-');
    stand_in || one_character || text.contains('…') || text.contains("...")
}

#[cfg(test)]
mod tests;
