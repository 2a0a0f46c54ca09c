//! What a file is, from how it begins and then from its name.

use std::io::{BufRead, Cursor, Read};

use super::{
    blank::is_blank,
    http::bare,
    markup,
    source::{Stop, fill},
    status_line, words,
};
use crate::{
    model::evidence::Kind,
    parser::sense::{Sense, Why, sense},
    resolver::show::quoted,
};

/// How much of a file is looked at before its kind is decided, in bytes.
const HEAD: usize = 16 << 10;

/// The first bytes of `reader`, and a reader of all of it without a byte order mark.
pub fn head<R: BufRead>(mut reader: R) -> Result<(Vec<u8>, impl BufRead), Stop> {
    let mut head: Vec<u8> = Vec::new();
    while head.len() < HEAD {
        let held = fill(&mut reader)?;
        if held.is_empty() {
            break;
        }
        let take = held.len().min(HEAD - head.len());
        head.extend_from_slice(&held[..take]);
        reader.consume(take);
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(Stop::at(1, "is UTF-16 text; save the file as UTF-8"));
    }
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        head.drain(..3);
    }
    let again = Cursor::new(head.clone()).chain(reader);
    Ok((head, again))
}

/// How a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// What it is.
    pub kind: Kind,
    /// A text that reports of a test run, in XML.
    pub report: bool,
    /// A log of nothing but statuses, which are numbers otherwise.
    pub statuses: bool,
}

impl Manner {
    fn as_kind(kind: Kind) -> Self {
        Manner {
            kind,
            report: false,
            statuses: false,
        }
    }
}

/// The kind of a file that begins with `head` and is called `name`; `wanted` outranks both.
pub fn kind(head: &[u8], name: &str, wanted: Option<Kind>) -> Result<Manner, Stop> {
    let start = head.trim_ascii_start();
    let unseen = head.len() < HEAD && std::str::from_utf8(head).is_ok_and(is_blank);
    // Zero bytes have a message of their own.
    if unseen && (head.is_empty() || memchr::memchr(0, head).is_none()) {
        let message = if head.is_empty() {
            "the file is empty; record the evidence again"
        } else {
            "the file holds nothing but blanks; record the evidence again"
        };
        return Err(Stop::at(0, message));
    }
    if start.starts_with(b"version https://git-lfs") {
        let message = "is a pointer of Git LFS in place of the file; fetch it with `git lfs pull`";
        return Err(Stop::at(1, message));
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = extension.to_ascii_lowercase();
    let by_name = match extension.as_str() {
        "json" => Some(Kind::Json),
        "ndjson" | "jsonl" => Some(Kind::Ndjson),
        "csv" | "tsv" => Some(Kind::Csv),
        _ => None,
    };
    let data = wanted.or(by_name).filter(|kind| *kind != Kind::Text);
    if let Some(kind) = data
        && is_html(start)
    {
        return Err(Stop::at(
            1,
            format!("is an HTML page, not {kind}; the server answered with a page instead of data"),
        ));
    }
    if let Some(kind) = wanted {
        return Ok(Manner::as_kind(kind));
    }
    if looks_json(start, by_name.is_some()) && !is_text(&extension) {
        return Ok(Manner::as_kind(json(start, by_name)));
    }
    if let Some(kind) = by_name {
        return Ok(Manner::as_kind(kind));
    }
    if let Some(manner) = marked_up(head, start, &extension)? {
        return Ok(manner);
    }
    if is_text(&extension) && !looks_http(head) {
        return Ok(Manner::as_kind(Kind::Text));
    }
    let whole = head.len() < HEAD;
    if let Some(word) = std::str::from_utf8(head)
        .ok()
        .filter(|_| whole)
        .and_then(verdict)
    {
        let message = format!("says {} and nothing else", quoted(word));
        return Err(Stop::at(0, message));
    }
    // Of a longer file, the whole lines of its head speak for the rest.
    let end = head
        .iter()
        .rposition(|byte| *byte == b'\n')
        .filter(|_| !whole);
    let lines = &head[..end.unwrap_or(head.len())];
    Ok(Manner {
        statuses: std::str::from_utf8(lines).is_ok_and(bare::only),
        ..Manner::as_kind(Kind::Http)
    })
}

/// All that a text says, where that is a word or two of failure.
fn verdict(text: &str) -> Option<&str> {
    let said = text.trim();
    let failed = match said.split_whitespace().count() {
        1 => sense(said) == Sense::NotDone(Why::Failed),
        2 | 3 => words::complains(said),
        _ => false,
    };
    // Numbers are statuses, and pairs are read as such.
    let other = |c: char| c.is_ascii_digit() || matches!(c, '=' | ':' | '/');
    (failed && !said.contains(other)).then_some(said)
}

/// Pages, messages and reports in markup, unless their name says that they are meant to be pages.
fn marked_up(head: &[u8], start: &[u8], extension: &str) -> Result<Option<Manner>, Stop> {
    if markup::is_page(start) {
        if let Some(title) = markup::failing_title(head) {
            let message = format!("is an error page called {title}; record the evidence again");
            return Err(Stop::at(1, message));
        }
        if !is_text(extension) {
            let message = "is an HTML page, not a log; the server answered with a page, record \
                           what it answers with `curl -i`, or save the page as `.html`";
            return Err(Stop::at(1, message));
        }
    }
    match markup::root(head) {
        Some(markup::Root::Report) => Ok(Some(Manner {
            report: true,
            ..Manner::as_kind(Kind::Text)
        })),
        Some(markup::Root::Message) => Err(Stop::at(
            1,
            "holds an error message in XML instead of evidence; record it again",
        )),
        None => Ok(None),
    }
}

/// JSON or NDJSON: a first line that is a whole object, and something after it.
fn json(start: &[u8], by_name: Option<Kind>) -> Kind {
    let Some(end) = memchr::memchr(b'\n', start) else {
        // One line, or one longer than what was looked at.
        return match by_name {
            Some(Kind::Ndjson) if start.first() == Some(&b'{') => Kind::Ndjson,
            _ => Kind::Json,
        };
    };
    let (first, after) = start.split_at(end);
    let whole = std::str::from_utf8(first).is_ok_and(|line| {
        let mut scanner = super::scan::Scanner::default();
        line.starts_with('{') && scanner.record(line).is_ok()
    });
    match by_name {
        Some(Kind::Ndjson) if start.first() == Some(&b'{') && first.trim_ascii() != b"{" => {
            Kind::Ndjson
        }
        _ if whole && !after.trim_ascii().is_empty() => Kind::Ndjson,
        _ => Kind::Json,
    }
}

/// Whether it begins as JSON. Logs begin with brackets, too (`[info]`, `{ [5 bytes data]`):
/// without a name that says data, a record must begin there.
fn looks_json(start: &[u8], named: bool) -> bool {
    let next = start.get(1..).unwrap_or(&[]).trim_ascii_start().first();
    match (start.first(), next) {
        (Some(b'{' | b'['), _) if named => true,
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']')) => true,
        _ => false,
    }
}

fn is_text(extension: &str) -> bool {
    matches!(
        extension,
        "md" | "markdown" | "html" | "htm" | "xml" | "yaml" | "yml"
    )
}

fn is_html(start: &[u8]) -> bool {
    let begin: Vec<u8> = start.iter().take(16).map(u8::to_ascii_lowercase).collect();
    [
        &b"<!doctype"[..],
        b"<html",
        b"<head",
        b"<body",
        b"<?xml",
        b"<!--",
    ]
    .iter()
    .any(|tag| begin.starts_with(tag))
}

fn looks_http(head: &[u8]) -> bool {
    head.split(|&byte| byte == b'\n' || byte == b'\r')
        .filter_map(|line| std::str::from_utf8(line).ok())
        .any(|line| status_line::read(line.strip_prefix("< ").unwrap_or(line)).is_some())
}
