//! The facts of one record: status, duration, target and moment, and every sign of failure.

mod duration;
mod nested;

use std::borrow::Cow;

use super::{
    blank::is_blank,
    names::{Field, Unit},
    status_line,
    value::Value,
};
use crate::{
    parser::sense::{Sense, Why, sense},
    resolver::show::{plain, quoted},
};

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

/// An entry of a list without what others of the list have: its offset.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gaps {
    /// Without a duration, where the record has none of its own.
    pub duration: Option<usize>,
    /// Without a status, where the record has none of its own.
    pub status: Option<usize>,
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
    /// Further moments that it states.
    pub later: Vec<(Cow<'a, str>, usize)>,
    /// A status word that is neither one of success nor of failure.
    pub unknown: Option<Place<'a>>,
    /// What says that it went well, or that so many failed: none.
    pub done: Option<Place<'a>>,
    /// What says that it is still to come.
    pub coming: Option<Place<'a>>,
    /// What makes it no proof whatever is asked: a message and its offset.
    pub fault: Option<(String, usize)>,
    /// A list or object that should hold what was recorded, and holds nothing.
    pub hollow: Option<&'a str>,
    /// Where entries of a list lack what others of it have.
    pub gaps: Gaps,
    /// Whether a field of it says what became of it: a status, a word, a flag, an error or none.
    pub tells: bool,
    fields: u32,
    solid: u32,
    complaints: u32,
    complains: bool,
    worded: bool,
    /// How many durations and statuses were read.
    pub(super) read: (u32, u32),
    own: (bool, bool),
    aside: (Option<Code<'a>>, Option<Code<'a>>),
}

impl<'a> Facts<'a> {
    /// Takes in one field. `offset` is where it starts in the record's bytes.
    pub fn take(&mut self, field: Field, name: &'a str, value: &Value<'a>, offset: usize) {
        match field {
            Field::Status => self.status(name, value, offset),
            Field::Code => self.code(name, value, offset),
            Field::Word => self.word(name, value, offset),
            Field::Good => self.good(name, value, offset),
            Field::Bad => {
                if !value.denies() {
                    self.fail(name, value.to_string(), offset);
                } else if value.counts_none() {
                    self.well(name, value.to_string(), offset);
                }
            }
            Field::Error => {
                if !value.is_no_error() {
                    self.fail(name, value.to_string(), offset);
                } else {
                    self.well(name, value.to_string(), offset);
                }
            }
            Field::Duration(unit) => self.duration(name, unit, value, offset),
            Field::Unitless => self.unitless(name, value, offset),
            Field::Target => {
                // Where redirects led is not what was asked.
                let asked = self.targets.is_empty() || !name.contains("effective");
                if let (true, Some(text)) = (asked, value.text()) {
                    self.targets.push((text, offset));
                }
            }
            Field::At => {
                if let Some(text) = value.moment() {
                    if self.at.is_none() {
                        self.at = Some((text, offset));
                    } else {
                        self.later.push((text, offset));
                    }
                }
            }
            Field::Checks => self.take_check(name, value, offset, false),
            Field::Container | Field::Complaint | Field::Aside | Field::Other => {}
        }
    }

    /// After the last field: what stands aside counts where nothing better is known.
    pub fn complete(&mut self) {
        if self.own.0 {
            self.gaps.duration = None;
        }
        if self.own.1 {
            self.gaps.status = None;
        }
        if self.high.is_none() {
            (self.low, self.high) = self.aside;
        }
    }

    /// Counts a field at the top of the record, to tell a record from an error dump and from
    /// nothing. `hollow` says whether nothing is in its value, however deep.
    pub fn count(&mut self, field: Field, name: &'a str, value: &Value<'_>, hollow: bool) {
        self.fields += 1;
        // That there was no error is something; an empty field is not.
        let silent = hollow && !matches!(field, Field::Error | Field::Bad);
        self.solid += u32::from(!silent);
        if hollow && matches!(field, Field::Container | Field::Checks | Field::Word) {
            self.hollow.get_or_insert(name);
        }
        self.own.0 |= matches!(field, Field::Duration(_));
        self.own.1 |= field == Field::Status;
        self.tells |= matches!(
            field,
            Field::Status | Field::Code | Field::Word | Field::Good | Field::Bad | Field::Error
        );
        self.worded |= matches!(
            (field, value),
            (Field::Status | Field::Word, Value::Text(_))
        ) && !hollow;
        // `"level": "info"` stands in logs, not in error messages.
        let well = field == Field::Word
            && matches!(value, Value::Text(text)
                if sense(text) == Sense::Done || is_level(name) && sense(text) == Sense::CannotTell);
        if !well
            && matches!(
                field,
                Field::Complaint | Field::Error | Field::Code | Field::Word
            )
        {
            self.complaints += 1;
            self.complains |=
                matches!(field, Field::Complaint | Field::Error) && !value.is_no_error();
        }
    }

    /// Whether none of its fields holds anything.
    pub fn is_hollow(&self) -> bool {
        self.solid == 0
    }

    /// Whether it states what became of it, apart from lists.
    pub fn speaks(&self) -> bool {
        self.worded || self.high.is_some() || self.timing.is_some()
    }

    /// Whether it holds an error message and its trimmings, and nothing else.
    pub fn is_error_dump(&self) -> bool {
        self.complains && self.complaints == self.fields && self.high.is_none()
    }

    /// Whether it has no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields == 0
    }

    fn widen(&mut self, code: Code<'a>) {
        self.read.1 += 1;
        if self.low.is_none_or(|low| code.code < low.code) {
            self.low = Some(code);
        }
        if self.high.is_none_or(|high| code.code > high.code) {
            self.high = Some(code);
        }
    }

    /// Records an HTTP status code.
    pub fn record(&mut self, code: Code<'a>) {
        self.widen(code);
        if code.code >= 400 || code.code == 0 {
            let what = if code.code == 0 {
                "000".to_owned()
            } else {
                code.code.to_string()
            };
            self.fail(code.name, what, code.offset);
        } else {
            self.well(code.name, code.code.to_string(), code.offset);
        }
    }

    /// Notes what says that it went well; the first one is kept.
    fn well(&mut self, name: &'a str, value: String, offset: usize) {
        if self.done.is_none() {
            self.done = Some(Place {
                name: name.into(),
                value,
                offset,
            });
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
                format!("`{}` is {}, which is no status", plain(name), value),
            ),
        }
    }

    /// `ok` and the like.
    fn good(&mut self, name: &'a str, value: &Value<'a>, offset: usize) {
        let said = match value {
            Value::List(_) | Value::Object(_) => return,
            Value::Text(text) => sense(text),
            Value::Written(text) => sense(text),
            _ => Sense::CannotTell,
        };
        if value.denies() || matches!(said, Sense::NotDone(Why::Failed)) {
            match is_approval(name) {
                true => self.is_coming(name, value.to_string(), offset),
                false => self.fail(name, value.to_string(), offset),
            }
        } else if said == Sense::NotDone(Why::NotYet) {
            self.is_coming(name, value.to_string(), offset);
        } else if said == Sense::Done || value.affirms() {
            self.well(name, value.to_string(), offset);
        }
    }

    fn is_coming(&mut self, name: &'a str, value: String, offset: usize) {
        if self.coming.is_none() {
            self.coming = Some(Place {
                name: name.into(),
                value,
                offset,
            });
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
        } else if is_blank(text) {
            self.fail(name, "empty".to_owned(), offset);
        } else if let Some((code, _)) = status_line::read(text) {
            self.record(Code { code, name, offset });
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
        if let Some(text) = value.text() {
            self.sense(Field::Word, name, &text, offset);
        }
    }

    fn sense(&mut self, field: Field, name: &'a str, text: &str, offset: usize) {
        match sense(text) {
            Sense::NotDone(Why::Failed) => self.fail(name, quoted(text), offset),
            _ if is_level(name) => {}
            Sense::NotDone(Why::NotYet) => self.is_coming(name, quoted(text), offset),
            Sense::Done => self.well(name, quoted(text), offset),
            Sense::CannotTell => {
                let speaks = matches!(field, Field::Status | Field::Word);
                if self.unknown.is_none() && speaks && !text.is_empty() {
                    self.unknown = Some(Place {
                        name: name.into(),
                        value: quoted(text),
                        offset,
                    });
                }
            }
        }
    }
}

/// A level says how grave a line of a log is, not how anything went.
fn is_level(name: &str) -> bool {
    ["level", "severity"]
        .iter()
        .any(|level| name.eq_ignore_ascii_case(level))
}

/// Where `false` says that somebody has not decided yet.
fn is_approval(name: &str) -> bool {
    ["approved", "signed", "accepted", "confirmed", "verified"]
        .iter()
        .any(|approval| name.eq_ignore_ascii_case(approval))
}

#[cfg(test)]
mod tests;
