//! The YAML block at a document's head. Values stay text: `2025.10` is not 2025.1, `no` is not false.

use serde_yaml::Value;

use super::nearly::nearly;
use crate::model::{
    diagnostic::Diagnostic,
    document::{FrontEntry, FrontMatter},
    span::Span,
};

/// The largest front matter that is given to the YAML reader, in bytes.
const LARGEST: usize = 64 * 1024;
/// How deep flow brackets may nest before the YAML reader is asked.
const DEEPEST: usize = 32;

/// Keys that something depends on.
const USED: &[&str] = &["expires", "last_reviewed", "owner", "doc_hash"];

/// Reads the front matter of `source`. A BOM, CRLF and a closing `...` are fine; a broken
/// block gives a diagnostic and keeps the keys that can be read.
pub fn read(source: &str, found: &mut Vec<Diagnostic>) -> FrontMatter {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = lines(source, start);
    match lines.next() {
        Some((_, line)) if line.trim_end() == "---" => {}
        _ => {
            late(source, start, found);
            return none(start);
        }
    }
    let mut inner: Option<usize> = None;
    for (at, line) in lines {
        let inner_start = *inner.get_or_insert(at);
        if matches!(line.trim_end(), "---" | "...") {
            let end = at + line.len();
            let body_start = end + newline_len(&source[end..]);
            let block = Span::new(inner_start, at);
            return FrontMatter {
                span: Some(Span::new(start, end)),
                entries: entries(source, block, found),
                body_start,
            };
        }
    }
    found.push(
        Diagnostic::error(
            "front-matter-unclosed",
            Span::new(start, start + 3),
            "the front matter is not closed",
        )
        .help("add a line `---` after its last key"),
    );
    none(start)
}

fn none(body_start: usize) -> FrontMatter {
    FrontMatter {
        body_start,
        ..FrontMatter::default()
    }
}

/// Reports front matter that does not begin on the first line, where it is not read.
fn late(source: &str, start: usize, found: &mut Vec<Diagnostic>) {
    let skipped = |c: char| c.is_whitespace() || c == '\u{feff}';
    let rest = source[start..].trim_start_matches(skipped);
    let at = source.len() - rest.len();
    let mut lines = rest.lines();
    let opens = lines.next().is_some_and(|l| l.trim_end() == "---");
    let keys = lines
        .next()
        .is_some_and(|l| entry(0, l.trim_start()).is_some());
    if at > start && opens && keys {
        found.push(
            Diagnostic::error(
                "front-matter-late",
                Span::new(at, at + 3),
                "the front matter does not begin on the first line, so it is not read",
            )
            .help("remove what stands before the `---`, blanks and empty lines too"),
        );
    }
}

fn newline_len(rest: &str) -> usize {
    if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(rest.starts_with('\n'))
    }
}

/// Offsets and texts of lines from `start`, without their endings.
fn lines(source: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = start;
    source[start..].split_inclusive('\n').map(move |line| {
        let here = at;
        at += line.len();
        (here, line.trim_end_matches(['\n', '\r']))
    })
}

fn entries(source: &str, block: Span, found: &mut Vec<Diagnostic>) -> Vec<FrontEntry> {
    let text = block.of(source);
    if let Some(reason) = too_much(text) {
        found.push(
            Diagnostic::error("front-matter-limit", block, reason)
                .help("keep only plain `key: value` lines in the front matter"),
        );
    }
    let mut kept: Vec<FrontEntry> = Vec::new();
    for (at, line) in lines(source, block.start).take_while(|(at, _)| *at < block.end) {
        let Some(entry) = entry(at, line) else {
            continue;
        };
        if let Some(first) = kept.iter().find(|e| e.key == entry.key) {
            let message = format!("`{}` is given twice; the first one counts", first.key);
            found.push(
                Diagnostic::error("front-matter-duplicate", entry.span, message)
                    .help("remove one of the two lines"),
            );
            continue;
        }
        kept.push(entry);
    }
    if too_much(text).is_none() {
        match serde_yaml::from_str::<Value>(text) {
            Ok(value) => unread(&value, &kept, block, found),
            Err(error) => found.push(broken(source, block, &error)),
        }
    }
    kept
}

/// Reports keys that matter and that YAML has, but that are not read as they are written, and keys
/// that are nearly one that matters most.
fn unread(value: &Value, kept: &[FrontEntry], block: Span, found: &mut Vec<Diagnostic>) {
    for key in USED {
        let stated = value
            .get(*key)
            .is_some_and(|v| !v.is_null() && v.as_str() != Some(""));
        let read = kept.iter().any(|e| e.key == *key && !e.value.is_empty());
        if stated && !read {
            found.push(
                Diagnostic::error(
                    "front-matter-unread",
                    block,
                    format!("`{key}` is not read as it is written here"),
                )
                .help(format!(
                    "write `{key}: value` on a line of its own, from its first column"
                )),
            );
        }
    }
    let missing = !kept.iter().any(|e| e.key == "expires");
    for entry in kept.iter().filter(|_| missing) {
        if nearly(&entry.key.to_lowercase(), "expires", 2) {
            let message = format!(
                "`{}` is not read; nothing says when this expires",
                entry.key
            );
            found.push(
                Diagnostic::warning("front-matter-key", entry.span, message)
                    .help("write `expires: YYYY-MM-DD`"),
            );
        }
    }
}

fn too_much(text: &str) -> Option<String> {
    if text.len() > LARGEST {
        return Some(format!(
            "the front matter has {} bytes, more than the limit of {LARGEST}",
            text.len()
        ));
    }
    let mut depth = 0usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(format!(
                "the front matter nests deeper than the limit of {DEEPEST}"
            ));
        }
    }
    None
}

fn broken(source: &str, block: Span, error: &serde_yaml::Error) -> Diagnostic {
    let at = error.location().map_or(block.start, |l| {
        let inside = block.start + l.index();
        inside.min(block.end.saturating_sub(1)).max(block.start)
    });
    let line_start = source[..at].rfind('\n').map_or(0, |n| n + 1);
    let line_end = source[at..].find('\n').map_or(source.len(), |n| at + n);
    let span = Span::new(line_start.max(block.start), line_end.min(block.end));
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or(&words).to_owned();
    Diagnostic::error(
        "front-matter-broken",
        span,
        format!("the front matter is not valid YAML: {words}"),
    )
    .help("write each line as `key: value`, and put quotes around a value with `: ` or `#` in it")
}

/// A top-level `key: value` line; nested and continued lines have no key of their own here.
fn entry(at: usize, line: &str) -> Option<FrontEntry> {
    let (key, rest) = line.split_once(':')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if key.is_empty()
        || !key.chars().all(plain)
        || !(rest.is_empty() || rest.starts_with([' ', '\t']))
    {
        return None;
    }
    let value = rest.trim();
    let start = at + key.len() + 1 + (rest.len() - rest.trim_start().len());
    let (value, width) = scalar(value);
    Some(FrontEntry {
        key: key.to_owned(),
        value,
        span: Span::new(start.min(at + line.len()), start + width),
    })
}

/// A scalar as text, and how many bytes of the line it takes: quotes off, comment off.
fn scalar(value: &str) -> (String, usize) {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote)
            && let Some(end) = rest.find(quote)
        {
            return (rest[..end].to_owned(), end + 2);
        }
    }
    let comment = value
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|&at| at == 0 || value[..at].ends_with([' ', '\t']));
    let plain = value[..comment.unwrap_or(value.len())].trim_end();
    (plain.to_owned(), plain.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(source: &str) -> (FrontMatter, Vec<&'static str>) {
        let mut found = Vec::new();
        let front = read(source, &mut found);
        (front, found.iter().map(|d| d.code).collect())
    }

    #[test]
    fn values_stay_text() {
        let source = "---\nepoch: 2025.10\nok: no\nq: \"a # b\" # note\nempty:\n---\nbody";
        let (front, codes) = read_all(source);
        assert!(codes.is_empty(), "{codes:?}");
        assert_eq!(front.get("epoch"), Some("2025.10"));
        assert_eq!(front.get("ok"), Some("no"));
        assert_eq!(front.get("q"), Some("a # b"));
        assert_eq!(front.get("empty"), None);
        assert_eq!(&source[front.body_start..], "body");
        assert_eq!(front.entry("epoch").unwrap().span.of(source), "2025.10");
    }

    #[test]
    fn bom_crlf_and_dots_are_fine() {
        let source = "\u{feff}---\r\ndoc: a\r\n...\r\nbody";
        let (front, codes) = read_all(source);
        assert!(codes.is_empty());
        assert_eq!(front.get("doc"), Some("a"));
        assert_eq!(&source[front.body_start..], "body");
    }

    #[test]
    fn broken_keeps_good_keys() {
        let (front, codes) = read_all("---\ndoc: a\nbad: [1\nowner: x: y\n---\n");
        assert_eq!(codes, ["front-matter-broken"]);
        assert_eq!(front.get("doc"), Some("a"));
        let (_, codes) = read_all("---\na: 1\na: 2\n---\n");
        assert!(codes.contains(&"front-matter-duplicate"));
        let (_, codes) = read_all("---\ndoc: a\n# heading");
        assert_eq!(codes, ["front-matter-unclosed"]);
    }

    #[test]
    fn what_is_not_read_as_written_is_said() {
        for source in [
            "---\n  expires: 2026-01-01\n---\n",
            "---\n\"expires\": 2026-01-01\n---\n",
            "---\n{ expires: 2026-01-01 }\n---\n",
            "---\nexpires:\n  2026-01-01\n---\n",
            "---\n? expires\n: 2026-01-01\n---\n",
        ] {
            assert_eq!(read_all(source).1, ["front-matter-unread"], "{source}");
        }
        for source in ["\n---\nexpires: x\n---\n", " ---\ndoc: a\n---\n"] {
            assert_eq!(read_all(source).1, ["front-matter-late"], "{source}");
        }
        for source in ["---\nExpires: 2026-01-01\n---\n", "---\nexpiry: x\n---\n"] {
            assert_eq!(read_all(source).1, ["front-matter-key"], "{source}");
        }
        for source in [
            "---\nexpires:\ntags:\n  - a\n  - b\n---\n",
            "---\nexpires: \"2026-01-01\" # soon\nmeta: { owner: x }\n---\n",
            "Text\n\n---\n\ndoc: a\n",
            "\n---\n\nText\n",
        ] {
            assert!(read_all(source).1.is_empty(), "{source}");
        }
    }

    #[test]
    fn limits_come_before_yaml() {
        let deep = format!("---\na: {}\n---\n", "[".repeat(100_000));
        assert_eq!(read_all(&deep).1, ["front-matter-limit"]);
        let long = format!("---\na: {}\n---\n", "x".repeat(70_000));
        assert_eq!(read_all(&long).1, ["front-matter-limit"]);
    }
}
