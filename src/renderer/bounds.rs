//! What a workspace's template may do. Tera has no fuel, so that what could run away is
//! refused when the template is loaded:
//!
//! - tags are `if`, `elif`, `else`, `for` and their ends; no `include`, `extends`, `block`,
//!   `set`, `filter`, `component`, `raw` (write `{{ "{{" }}` for braces)
//! - `for` nests two deep, and never stands inside an expression
//! - no function is called (`range`), no map is written
//! - filters are those of [`FILTERS`], at most [`PIPES`] in one tag; `~` at most [`JOINS`] times
//! - a template has at most [`LARGEST`] bytes, a tag [`LONGEST_TAG`]
//!
//! Time is so bounded by the template's size times the square of the longest list, memory by
//! the values given and a small factor, output by [`super::templates::LARGEST_OUTPUT`].

/// The largest template, in bytes.
pub const LARGEST: usize = 64 * 1024;
/// The longest `{{ … }}` or `{% … %}`, in bytes.
pub const LONGEST_TAG: usize = 500;
/// How many filters one tag may hold: some lengthen a text several times over.
pub const PIPES: usize = 3;
/// How many `~` one tag may hold.
pub const JOINS: usize = 8;
/// How deep `for` may nest.
pub const LOOPS: usize = 2;
/// How deep `if` and `for` together may nest.
pub const BLOCKS: usize = 16;

/// The filters a workspace's template may use.
pub const FILTERS: [&str; 28] = [
    "capitalize",
    "cell",
    "cell_code",
    "code",
    "default",
    "escape",
    "escape_html",
    "first",
    "join",
    "json_encode",
    "last",
    "length",
    "line",
    "lower",
    "nth",
    "pluralize",
    "prose",
    "remark",
    "remark_cell",
    "reverse",
    "safe",
    "str",
    "title",
    "trim",
    "truncate",
    "upper",
    "utc",
    "yaml",
];

/// Why a template is refused, and on which line (from 1).
pub(super) struct Refusal {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Looks through a template for what could run away.
pub(super) fn check(source: &str) -> Result<(), Refusal> {
    if source.len() > LARGEST {
        return Err(Refusal {
            line: 1,
            message: format!("the template is larger than {LARGEST} bytes; shorten it"),
        });
    }
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(found) = next_marker(&source[at..]) {
        at += found;
        let refuse = |message: String| Refusal {
            line: source[..at].matches('\n').count() + 1,
            message,
        };
        let (kind, rest) = source[at..].split_at(2);
        if kind == "{#" {
            let skip = usize::from(rest.starts_with('-'));
            let end = rest[skip..]
                .find("#}")
                .ok_or_else(|| refuse("a comment is not closed with `#}`".to_owned()))?;
            at += 2 + skip + end + 2;
            continue;
        }
        let tag = Tag::read(rest, kind == "{%").map_err(refuse)?;
        tag.check().map_err(refuse)?;
        if kind == "{%" {
            statement(&tag, &mut open).map_err(refuse)?;
        }
        at += 2 + tag.len;
    }
    Ok(())
}

fn next_marker(text: &str) -> Option<usize> {
    text.as_bytes()
        .windows(2)
        .position(|w| matches!(w, b"{{" | b"{%" | b"{#"))
}

fn statement<'a>(tag: &Tag<'a>, open: &mut Vec<&'a str>) -> Result<(), String> {
    match tag.words.first().map(|w| w.text) {
        Some(name @ ("if" | "for")) => {
            open.push(name);
            if open.len() > BLOCKS {
                return Err(format!("`{name}` is nested deeper than {BLOCKS}"));
            }
            if open.iter().filter(|o| **o == "for").count() > LOOPS {
                return Err(format!("`for` is nested deeper than {LOOPS}"));
            }
            Ok(())
        }
        Some("endif" | "endfor") => {
            open.pop();
            Ok(())
        }
        Some("elif" | "else" | "break" | "continue") => Ok(()),
        other => Err(format!(
            "`{{% {} %}}` is not available in a workspace's template; use if and for",
            other.unwrap_or("")
        )),
    }
}

/// A word of a tag and what stands around it.
struct Word<'a> {
    text: &'a str,
    before: Option<u8>,
    after: Option<u8>,
}

/// One `{{ … }}` or `{% … %}`, split as Tera's lexer splits it.
struct Tag<'a> {
    words: Vec<Word<'a>>,
    pipes: usize,
    joins: usize,
    braces: bool,
    len: usize,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str, statement: bool) -> Result<Self, String> {
        let end: &[u8] = if statement { b"%}" } else { b"}}" };
        let bytes = text.as_bytes();
        let mut tag = Tag {
            words: Vec::new(),
            pipes: 0,
            joins: 0,
            braces: false,
            len: 0,
        };
        let mut before = None;
        let mut at = 0;
        while at < bytes.len().min(LONGEST_TAG) {
            let byte = bytes[at];
            if bytes[at..].starts_with(end) {
                tag.len = at + 2;
                return Ok(tag);
            }
            let start = at;
            at += 1;
            match byte {
                b'"' | b'\'' | b'`' => {
                    while at < bytes.len() && bytes[at] != byte {
                        at += if bytes[at] == b'\\' { 2 } else { 1 };
                    }
                    at += 1;
                }
                b'|' => tag.pipes += 1,
                b'~' => tag.joins += 1,
                b'{' | b'}' => tag.braces = true,
                _ if is_word(byte) => {
                    while at < bytes.len() && is_word(bytes[at]) {
                        at += 1;
                    }
                    let after = bytes[at..].iter().find(|b| !b.is_ascii_whitespace());
                    tag.words.push(Word {
                        text: text.get(start..at).unwrap_or(""),
                        before,
                        after: after.copied(),
                    });
                }
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                before = Some(byte);
            }
        }
        Err(format!(
            "a tag is not closed within {LONGEST_TAG} bytes; close or shorten it"
        ))
    }

    fn check(&self) -> Result<(), String> {
        if self.braces {
            return Err("a map is not available in a workspace's template".to_owned());
        }
        if self.pipes > PIPES || self.joins > JOINS {
            return Err(format!(
                "a tag has more than {PIPES} filters or {JOINS} `~`; split it"
            ));
        }
        for (at, word) in self.words.iter().enumerate() {
            let is_filter = word.before == Some(b'|');
            if is_filter && !FILTERS.contains(&word.text) {
                return Err(format!(
                    "there is no filter `{}` for a workspace's template; there are {}",
                    word.text,
                    FILTERS.join(", ")
                ));
            }
            let is_test = at
                .checked_sub(1)
                .and_then(|before| self.words.get(before))
                .is_some_and(|w| matches!(w.text, "is" | "not"));
            let operator = matches!(
                word.text,
                "and" | "or" | "not" | "in" | "is" | "if" | "elif"
            );
            if word.after == Some(b'(') && !is_filter && !is_test && !operator {
                return Err(format!(
                    "`{}(…)` is not available in a workspace's template",
                    word.text
                ));
            }
            if at > 0 && word.text == "for" {
                return Err("`for` inside an expression is not available".to_owned());
            }
        }
        let first = self.words.first().map(|w| w.text);
        if first == Some("for") && self.words.iter().skip(1).all(|w| w.text != "in") {
            return Err("`for` has no `in`".to_owned());
        }
        Ok(())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests;
