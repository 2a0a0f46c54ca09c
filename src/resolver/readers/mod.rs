//! Files to records, one at a time and with bounded memory.
//!
//! Each format has a file of its own; all of them hand the same [`Record`] to a [`Sink`].
//! What is no evidence at all ends the reading with [`Stop::Unusable`].

mod blank;
mod csv;
mod dump;
pub mod facts;
mod http;
mod inside;
mod json;
mod keys;
mod markup;
pub mod names;
mod ndjson;
mod scan;
mod sniff;
pub mod source;
mod status_line;
mod token;
pub mod value;
pub mod words;
mod writeout;

#[cfg(test)]
mod tests;

use std::io::BufRead;

use crate::model::evidence::Kind;
use facts::Facts;
use http::Exchanges;
use names::Field;
use sniff::Manner;
use source::Stop;

/// One record or HTTP exchange.
#[derive(Debug)]
pub struct Record<'a> {
    /// The line it starts on, from 1.
    pub line: u64,
    /// What it says.
    pub facts: &'a Facts<'a>,
    /// The rest of it, for filters.
    pub body: Body<'a>,
}

/// A record as the file holds it.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// A JSON object; offsets of facts are bytes in it.
    Json(&'a str),
    /// Names and values without types; offsets of facts are lines after the first.
    Fields(&'a [(String, String)]),
}

impl Record<'_> {
    /// The line on which the fact at `offset` stands.
    pub fn line_of(&self, offset: usize) -> u64 {
        match self.body {
            Body::Json(text) => self.line + breaks(text, offset),
            Body::Fields(_) => self.line + offset as u64,
        }
    }
}

/// Takes records as they are read.
pub trait Sink {
    /// The next record; an error ends the reading.
    fn record(&mut self, record: &Record<'_>) -> Result<(), Stop>;

    /// A line of a log or text, with its number, whatever becomes of it.
    fn line(&mut self, _number: u64, _line: &str) {}
}

/// How a file was read.
#[derive(Debug)]
pub struct Reading {
    /// The kind it was read as, where that could be told.
    pub kind: Option<Kind>,
    /// How many HTTP redirects were followed by their answer.
    pub redirects: u64,
    /// Whether it was read to its end.
    pub end: Result<(), Stop>,
}

/// Reads `reader` into `sink` as `wanted`, or as what its content and then its name show.
pub fn read(
    reader: impl BufRead,
    name: &str,
    wanted: Option<Kind>,
    sink: &mut dyn Sink,
) -> Reading {
    let mut redirects = 0;
    let (kind, end) = match sniff::head(reader) {
        Err(stop) => (wanted, Err(stop)),
        Ok((head, reader)) => match sniff::kind(&head, name, wanted) {
            Err(stop) => (wanted, Err(stop)),
            Ok(Manner { report: true, .. }) => (Some(Kind::Text), markup::report(reader)),
            Ok(Manner { kind, statuses, .. }) => match kind {
                Kind::Json => (Some(kind), json::read(reader, sink)),
                Kind::Ndjson => (Some(kind), ndjson::read(reader, sink)),
                Kind::Csv => (Some(kind), csv::read(reader, sink)),
                Kind::Http | Kind::Text => {
                    let exchanges = match (kind, wanted, statuses) {
                        (.., true) => Exchanges::Bare,
                        (Kind::Http, ..) | (_, None, _) => Exchanges::Whole,
                        _ => Exchanges::None,
                    };
                    match http::read(reader, exchanges, sink) {
                        Ok(seen) => {
                            redirects = seen.redirects;
                            let http = seen.exchanges > 0 || wanted == Some(Kind::Http);
                            (Some(if http { Kind::Http } else { Kind::Text }), Ok(()))
                        }
                        Err(stop) => (Some(kind), Err(stop)),
                    }
                }
            },
        },
    };
    Reading {
        kind,
        redirects,
        end,
    }
}

/// Hands a scanned JSON value to `sink`, or says why it is no record.
fn hand_over(
    sink: &mut dyn Sink,
    line: u64,
    text: &str,
    scanned: Result<(Facts<'_>, scan::Shape), token::Flaw>,
) -> Result<(), Stop> {
    let (facts, shape) =
        scanned.map_err(|flaw| Stop::at(line + breaks(text, flaw.offset), flaw.message))?;
    if let scan::Shape::Other(what) = shape {
        return Err(Stop::at(
            line,
            format!("holds {what} where a record, an object with fields, is expected"),
        ));
    }
    if facts.is_empty() {
        return Err(Stop::at(line, "holds an object without any field"));
    }
    if facts.is_error_dump() {
        return Err(Stop::at(
            line,
            "holds an error message instead of a record; the export failed, run it again",
        ));
    }
    if facts.is_hollow() && facts.failure.is_none() {
        return Err(Stop::at(
            line,
            "holds nothing but empty values; record the evidence again",
        ));
    }
    let record = Record {
        line,
        facts: &facts,
        body: Body::Json(text),
    };
    sink.record(&record)
}

fn breaks(text: &str, offset: usize) -> u64 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() as u64
}

/// Facts from named text values; `lines` says how many lines after the first each stands.
fn facts_of<'a>(
    fields: impl Iterator<Item = (Field, &'a str, &'a str, usize)>,
    facts: &mut Facts<'a>,
) {
    for (field, name, value, offset) in fields {
        let value = value::Value::Written(value);
        facts.count(field, name, &value, value.is_hollow());
        facts.take(field, name, &value, offset);
    }
    facts.complete();
}
