//! The facts of one record: status, duration, target and moment, and every sign of failure.

use std::borrow::Cow;

use super::{
    names::{Field, Unit},
    words::{self, Sense},
};
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

/// A field that says something: its name and value as written, and where its name starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    /// The field's name, as written.
    pub name: Cow<'a, str>,
    /// Its value, as written, safe to print.
    pub value: String,
    /// Offset of the field in the record's bytes.
    pub offset: usize,
}

/// A duration, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing<'a> {
    /// Length in milliseconds; finite and above zero.
    pub ms: f64,
    /// The unit that the field's name states.
    pub unit: Unit,
    /// The field's name, as written.
    pub name: &'a str,
    /// The number, as written.
    pub value: &'a str,
    /// Offset of the field in the record's bytes.
    pub offset: usize,
}

/// An HTTP status code, read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Code<'a> {
    /// The code.
    pub code: u16,
    /// The field's name, as written; empty for a status line.
    pub name: &'a str,
    /// Offset of the field in the record's bytes.
    pub offset: usize,
}

/// What one record says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts<'a> {
    /// The lowest status code it records.
    pub low: Option<Code<'a>>,
    /// The highest status code it records; the same one, mostly.
    pub high: Option<Code<'a>>,
    /// The first sign that it failed.
    pub failure: Option<Place<'a>>,
    /// The longest duration it records.
    pub timing: Option<Timing<'a>>,
    /// A duration whose unit nothing states.
    pub unitless: Option<&'a str>,
    /// The URLs or paths it is about; one, unless it wraps a list.
    pub targets: Vec<(Cow<'a, str>, usize)>,
    /// When it was taken, as written.
    pub at: Option<(Cow<'a, str>, usize)>,
    /// A status word that is neither one of success nor of failure.
    pub unknown: Option<Place<'a>>,
    /// What makes it no proof whatever is asked: a message and its offset.
    pub fault: Option<(String, usize)>,
    fields: u32,
    complaints: u32,
    complains: bool,
}

impl<'a> Facts<'a> {
    /// Takes in one field. `offset` is where it starts in the record's bytes.
    pub fn take(&mut self, field: Field, name: &'a str, value: &Value<'a>, offset: usize) {
        match field {
            Field::Status => self.status(name, value, offset),
            Field::Code => self.code(name, value, offset),
            Field::Word => self.word(name, value, offset),
            Field::Good => {
                let bad = matches!(value, Value::Bool(false))
                    || matches!(value, Value::Written(t) if t.eq_ignore_ascii_case("false"));
                if bad {
                    self.fail(name, "false".to_owned(), offset);
                }
            }
            Field::Bad | Field::Error => {
                if !is_nothing(value) {
                    self.fail(name, shown(value), offset);
                }
            }
            Field::Duration(unit) => self.duration(name, unit, value, offset),
            Field::Unitless => self.unitless(name, value, offset),
            Field::Target => {
                // Where redirects led is not what was asked.
                let asked = self.targets.is_empty() || !name.contains("effective");
                if let (true, Some(text)) = (asked, text_of(value)) {
                    self.targets.push((text, offset));
                }
            }
            Field::At => {
                if let (None, Some(text)) = (&self.at, at_of(value)) {
                    self.at = Some((text, offset));
                }
            }
            Field::Container | Field::Complaint | Field::Other => {}
        }
    }

    /// Counts a field at the top of the record, to tell a record from an error dump.
    pub fn count(&mut self, field: Field, value: &Value<'_>) {
        self.fields += 1;
        if matches!(
            field,
            Field::Complaint | Field::Error | Field::Code | Field::Word
        ) {
            self.complaints += 1;
            self.complains |=
                matches!(field, Field::Complaint | Field::Error) && !is_nothing(value);
        }
    }

    /// Whether it holds an error message and its trimmings, and nothing else.
    pub fn is_error_dump(&self) -> bool {
        self.complains && self.complaints == self.fields && self.high.is_none()
    }

    /// Whether it has no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields == 0
    }

    /// Records an HTTP status code.
    pub fn record(&mut self, code: Code<'a>) {
        if self.low.is_none_or(|low| code.code < low.code) {
            self.low = Some(code);
        }
        if self.high.is_none_or(|high| code.code > high.code) {
            self.high = Some(code);
        }
        if code.code >= 400 || code.code == 0 {
            let what = if code.code == 0 {
                "000".to_owned()
            } else {
                code.code.to_string()
            };
            self.fail(code.name, what, code.offset);
        }
    }

    /// Records a sign of failure; the first one is kept.
    pub fn fail(&mut self, name: impl Into<Cow<'a, str>>, value: String, offset: usize) {
        if self.failure.is_none() {
            self.failure = Some(Place {
                name: name.into(),
                value,
                offset,
            });
        }
    }

    fn fault(&mut self, offset: usize, message: String) {
        if self.fault.is_none() {
            self.fault = Some((message, offset));
        }
    }

    fn status(&mut self, name: &'a str, value: &Value<'a>, offset: usize) {
        match value {
            Value::Null => self.fail(name, "null".to_owned(), offset),
            Value::Number(number) => self.number(name, number, offset),
            Value::Text(text) => self.status_text(name, text, offset),
            Value::Written(text) => self.status_text(name, text, offset),
            Value::Bool(false) => self.fail(name, "false".to_owned(), offset),
            Value::Object(_) => {}
            Value::Bool(true) | Value::List(_) => self.fault(
                offset,
                format!("`{}` is {}, which is no status", plain(name), shown(value)),
            ),
        }
    }

    fn status_text(&mut self, name: &'a str, text: &str, offset: usize) {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let ends = text[digits..]
            .chars()
            .next()
            .is_none_or(char::is_whitespace);
        if text.eq_ignore_ascii_case("null") {
            self.fail(name, "null".to_owned(), offset);
        } else if digits == 3 && ends {
            self.number(name, &text[..digits], offset);
        } else if digits > 0 && digits == text.len() {
            self.number(name, text, offset);
        } else {
            self.sense(Field::Status, name, text, offset);
        }
    }

    fn number(&mut self, name: &'a str, number: &str, offset: usize) {
        let whole = number.strip_suffix(".0").unwrap_or(number);
        match whole.parse::<u64>() {
            Ok(code) => self.record(Code {
                code: u16::try_from(code).unwrap_or(u16::MAX),
                name,
                offset,
            }),
            Err(_) => self.fault(
                offset,
                format!("`{}` is {}, which is no status", plain(name), plain(number)),
            ),
        }
    }

    /// `code`: a status where it is a number that can be one, else left alone.
    fn code(&mut self, name: &'a str, value: &Value<'a>, offset: usize) {
        if let Value::Number(number) | Value::Written(number) = value
            && number.len() == 3
            && matches!(number.parse::<u16>(), Ok(100..=599))
        {
            self.number(name, number, offset);
        }
    }

    fn word(&mut self, name: &'a str, value: &Value<'a>, offset: usize) {
        if let Some(text) = text_of(value) {
            self.sense(Field::Word, name, &text, offset);
        }
    }

    fn sense(&mut self, field: Field, name: &'a str, text: &str, offset: usize) {
        match words::sense(text) {
            Sense::Failure => self.fail(name, quoted(text), offset),
            Sense::Success => {}
            Sense::Neither => {
                if self.unknown.is_none() && field == Field::Status && !text.is_empty() {
                    self.unknown = Some(Place {
                        name: name.into(),
                        value: quoted(text),
                        offset,
                    });
                }
            }
        }
    }

    fn duration(&mut self, name: &'a str, unit: Unit, value: &Value<'a>, offset: usize) {
        let number = match value {
            Value::Null => return,
            Value::Number(number) => *number,
            Value::Written(text) if text.trim().is_empty() => return,
            Value::Written(text) => {
                let text = text.trim();
                unit.suffixes()
                    .iter()
                    .find_map(|suffix| text.strip_suffix(suffix))
                    .unwrap_or(text)
                    .trim_end()
            }
            Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => {
                let message = format!(
                    "`{}` is {}, but a duration must be a number",
                    plain(name),
                    shown(value)
                );
                return self.fault(offset, message);
            }
        };
        let Ok(length) = number.parse::<f64>() else {
            let message = format!(
                "`{}` is {}, but a duration must be a number",
                plain(name),
                quoted(number)
            );
            return self.fault(offset, message);
        };
        let ms = length * unit.in_ms();
        if !ms.is_finite() {
            let message = format!(
                "`{}` is {}, which is no finite duration",
                plain(name),
                plain(number)
            );
            self.fault(offset, message);
        } else if ms <= 0.0 {
            let message = format!(
                "`{}` is {}, but a duration must be above zero",
                plain(name),
                plain(number)
            );
            self.fault(offset, message);
        } else if self.timing.as_ref().is_none_or(|longest| ms > longest.ms) {
            self.timing = Some(Timing {
                ms,
                unit,
                name,
                value: number,
                offset,
            });
        }
    }

    /// A duration without a unit is not guessed, but zero is zero in every unit.
    fn unitless(&mut self, name: &'a str, value: &Value<'a>, offset: usize) {
        let number = match value {
            Value::Number(number) | Value::Written(number) => number.trim(),
            _ => {
                self.unitless = Some(name);
                return;
            }
        };
        match number.parse::<f64>() {
            Ok(length) if length > 0.0 && length.is_finite() => self.unitless = Some(name),
            Ok(_) => self.fault(
                offset,
                format!(
                    "`{}` is {}, but a duration must be above zero",
                    plain(name),
                    plain(number)
                ),
            ),
            Err(_) => self.unitless = Some(name),
        }
    }
}

fn text_of<'a>(value: &Value<'a>) -> Option<Cow<'a, str>> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Written(text) if !text.trim().is_empty() => Some(Cow::Borrowed(text.trim())),
        _ => None,
    }
}

fn at_of<'a>(value: &Value<'a>) -> Option<Cow<'a, str>> {
    match value {
        Value::Number(number) => Some(Cow::Borrowed(*number)),
        _ => text_of(value),
    }
}

/// Whether an error field says that there was no error.
fn is_nothing(value: &Value<'_>) -> bool {
    let no_word = |text: &str| {
        let text = text.trim();
        ["", "null", "none", "false", "0", "nil", "-"]
            .iter()
            .any(|no| text.eq_ignore_ascii_case(no))
    };
    match value {
        Value::Null | Value::Bool(false) | Value::List(true) | Value::Object(true) => true,
        Value::Number(number) => *number == "0",
        Value::Text(text) => text.is_empty(),
        Value::Written(text) => no_word(text),
        Value::Bool(true) | Value::List(false) | Value::Object(false) => false,
    }
}

fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => plain(number),
        Value::Text(text) => quoted(text),
        Value::Written(text) => quoted(text),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests;
