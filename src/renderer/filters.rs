//! The filters of all templates.
//!
//! | filter | makes of a text |
//! | --- | --- |
//! | `utc` | a time for people: `2025-03-04 09:30:00 UTC`; a bare date stays |
//! | `cell` | the text of a Markdown table cell, on one line, nothing in it markup |
//! | `remark` | what came from a reply, as `prose`, with no link in it: addresses become code |
//! | `remark_cell` | the same in a table cell |
//! | `code` | a code span, whatever the text holds |
//! | `cell_code` | a code span inside a table cell |
//! | `prose` | the text of a paragraph or list item, on one line, nothing in it markup, for mail that is read as text, too |
//! | `line` | one line without control characters |
//! | `yaml` | a YAML value that reads back as the same text |
//! | `json_encode` | a JSON string, or any other JSON value |

use jiff::{Timestamp, tz::TimeZone};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::{autolink, safety::visible};

/// Makes the filters known to `tera`; before any template is added.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("utc", |text: &str, _: Kwargs, _: &State| utc(text));
    tera.register_filter("cell", |text: &str, _: Kwargs, _: &State| cell(text));
    tera.register_filter("code", |text: &str, _: Kwargs, _: &State| code(text));
    tera.register_filter("cell_code", |text: &str, _: Kwargs, _: &State| {
        cell_code(text)
    });
    tera.register_filter("prose", |text: &str, _: Kwargs, _: &State| prose(text));
    tera.register_filter("remark", |text: &str, _: Kwargs, _: &State| remark(text));
    tera.register_filter("remark_cell", |text: &str, _: Kwargs, _: &State| {
        remark_cell(text)
    });
    tera.register_filter("line", |text: &str, _: Kwargs, _: &State| line(text));
    tera.register_filter("yaml", |text: &str, _: Kwargs, _: &State| yaml(text));
    tera.register_filter("json_encode", json_encode);
}

fn json_encode(value: &Value, _: Kwargs, _: &State) -> TeraResult<String> {
    serde_json::to_string(value).map_err(|e| tera::Error::message(e.to_string()))
}

/// `2025-03-04 09:30:00 UTC` for an RFC 3339 moment; anything else as one safe line.
pub fn utc(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(at) => at
            .to_zoned(TimeZone::UTC)
            .strftime("%Y-%m-%d %H:%M:%S%.f UTC")
            .to_string(),
        Err(_) => line(text),
    }
}

/// `text` on one line, with control, bidi and invisible characters written as `\u{…}`.
pub fn line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(['\r', '\n', '\t', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .collect();
    visible(&words.join(" "))
}

/// `text` for a Markdown table cell: it reads as written, on one line, and nothing in it is
/// markup. An empty text becomes `—`.
pub fn cell(text: &str) -> String {
    let line = line(text);
    if line.is_empty() {
        return "—".to_owned();
    }
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len() + 8);
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // An entity, because whether `\\|` ends a cell differs between readers.
            '\\' => out.push_str("&#92;"),
            '_' if inside_word(&chars, at) => out.push('_'),
            '|' | '`' | '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn inside_word(chars: &[char], at: usize) -> bool {
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    word(at.checked_sub(1).and_then(|b| chars.get(b))) && word(chars.get(at + 1))
}

/// `text` inside a paragraph or list item, on one line: it reads as written, and nothing in it is
/// markup. Only what would be read as markup is marked, for mail is read as plain text, too.
pub fn prose(text: &str) -> String {
    let line = line(text);
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len() + 8);
    for (at, &c) in chars.iter().enumerate() {
        let after = chars.get(at + 1);
        let markup = match c {
            '_' => !inside_word(&chars, at),
            // An entity begins with a letter or a `#`.
            '&' => after.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#'),
            '<' => !after.is_some_and(|c| c.is_ascii_digit() || *c == ' '),
            '\\' | '`' | '*' | '[' | ']' | '~' => true,
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// What a stranger wrote, as [`prose`]: no address in it can be clicked.
pub fn remark(text: &str) -> String {
    without_links(text, prose, code)
}

/// What a stranger wrote, as [`cell`]: no address in it can be clicked.
pub fn remark_cell(text: &str) -> String {
    if line(text).is_empty() {
        return cell(text);
    }
    without_links(text, cell, cell_code)
}

fn without_links(text: &str, plain: fn(&str) -> String, linked: fn(&str) -> String) -> String {
    let line = line(text);
    let mut out = String::with_capacity(line.len() + 8);
    for piece in autolink::split(&line) {
        if piece.target.is_some() {
            out.push_str(&linked(piece.text));
            continue;
        }
        let inner = piece.text.trim();
        let (lead, tail) = piece.text.split_once(inner).unwrap_or_default();
        out.push_str(lead);
        if !inner.is_empty() {
            out.push_str(&plain(inner));
        }
        out.push_str(tail);
    }
    out
}

/// `text` as a Markdown code span, fenced so that its own backticks stay inside.
pub fn code(text: &str) -> String {
    let line = line(text);
    if line.is_empty() {
        return "—".to_owned();
    }
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// A code span for a table cell; a text with a pipe becomes plain text, because readers
/// differ on pipes in code.
pub fn cell_code(text: &str) -> String {
    if text.contains('|') {
        cell(text)
    } else {
        code(text)
    }
}

/// `text` as the value of a YAML key: plain where that is safe, else in double quotes.
pub fn yaml(text: &str) -> String {
    let line = line(text);
    let plain = line.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !line.ends_with(' ')
        && line
            .chars()
            .all(|c| c.is_alphanumeric() || " ._/-".contains(c));
    if plain {
        return line;
    }
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests;
