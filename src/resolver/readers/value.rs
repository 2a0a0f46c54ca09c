//! Values as the formats hold them, and what can be told of one by itself.

use std::borrow::Cow;

use super::blank::is_blank;
use crate::resolver::show::{plain, quoted};

/// A value as the file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// JSON `null`.
    Null,
    /// JSON `true` or `false`.
    Bool(bool),
    /// A JSON number, as written.
    Number(&'a str),
    /// A JSON string, unescaped.
    Text(Cow<'a, str>),
    /// Text of a format without types (CSV, `key=value`), which may spell a number.
    Written(&'a str),
    /// A JSON array; whether it is empty.
    List(bool),
    /// A JSON object; whether it is empty.
    Object(bool),
}

impl<'a> Value<'a> {
    /// Its text, unless it is blank or no text.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Value::Text(text) if !is_blank(text) => Some(text.clone()),
            Value::Written(text) if !is_blank(text) => Some(Cow::Borrowed(text.trim())),
            _ => None,
        }
    }

    /// Its text or number, for a moment.
    pub fn moment(&self) -> Option<Cow<'a, str>> {
        match self {
            Value::Number(number) => Some(Cow::Borrowed(*number)),
            _ => self.text(),
        }
    }

    /// Whether there is nothing in it at all.
    pub fn is_hollow(&self) -> bool {
        match self {
            Value::Null | Value::List(true) | Value::Object(true) => true,
            Value::Text(text) => is_blank(text),
            Value::Written(text) => is_blank(text),
            Value::Bool(_) | Value::Number(_) | Value::List(false) | Value::Object(false) => false,
        }
    }

    /// Whether an error field of this value says that there was no error.
    pub fn is_no_error(&self) -> bool {
        match self {
            Value::Bool(truth) => !truth,
            Value::Number(number) => number.parse() == Ok(0.0),
            Value::Written(text) => is_no(text),
            _ => self.is_hollow(),
        }
    }

    /// Whether it counts, and counts nothing: `0`, not an empty field.
    pub fn counts_none(&self) -> bool {
        match self {
            Value::Number(number) | Value::Written(number) => number.trim().parse() == Ok(0.0),
            Value::Bool(truth) => !truth,
            _ => false,
        }
    }

    /// Whether it says that what its name says is so: `true`, `yes`, a count.
    pub fn affirms(&self) -> bool {
        let yes = |text: &str| {
            let text = text.trim();
            ["yes", "true", "y"]
                .iter()
                .any(|yes| text.eq_ignore_ascii_case(yes))
                || text.parse().is_ok_and(|count: f64| count > 0.0)
        };
        match self {
            Value::Bool(truth) => *truth,
            Value::Number(number) => yes(number),
            Value::Text(text) => yes(text),
            Value::Written(text) => yes(text),
            _ => false,
        }
    }

    /// Whether it denies what its name says: `failed: no`, `failures: 0`.
    pub fn denies(&self) -> bool {
        match self {
            Value::Text(text) => is_no(text),
            _ => self.is_no_error(),
        }
    }
}

/// Words that say no, or nothing.
fn is_no(text: &str) -> bool {
    let text = text.trim();
    is_blank(text)
        || ["null", "none", "false", "no", "n", "0", "nil", "-"]
            .iter()
            .any(|no| text.eq_ignore_ascii_case(no))
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Number(number) => f.write_str(&plain(number)),
            Value::Text(text) => f.write_str(&quoted(text)),
            Value::Written(text) => f.write_str(&quoted(text)),
            Value::List(_) => f.write_str("a list"),
            Value::Object(_) => f.write_str("an object"),
        }
    }
}
