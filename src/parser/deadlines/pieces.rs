//! What a text says about time, piece by piece: dates, clocks, zones, words.

use std::ops::Range;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};

use super::{
    calendar, clock, counted,
    zones::{self, Named},
};
use crate::{
    model::deadline::{Offset, TimeProblem},
    parser::moments::{self, Stamp},
};

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// A moment with its offset.
    Exact(Timestamp, Named),
    /// Date and time of day, joined by `T`, without a zone.
    Local(DateTime),
    Date(Date),
    Weekday(Weekday),
    Clock(Time),
    Zone(Result<Named, TimeProblem>),
    Counted(Offset),
    /// Something like a time that is none.
    Bad(TimeProblem),
}

/// Words that everybody reads in a way of their own.
const VAGUE: &[&str] = &[
    "EOD",
    "EOB",
    "COB",
    "COP",
    "EOW",
    "ASAP",
    "end of day",
    "end of the day",
    "end of business",
    "end of week",
    "end of the week",
    "close of business",
    "midnight",
    "today",
    "tonight",
    "tomorrow",
    "next week",
    "this week",
];

/// Every piece of `text` with its bytes, from left to right, not overlapping.
pub(super) fn pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let mut found: Vec<(Range<usize>, Piece)> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let behind_time = found.last().is_some_and(|(range, piece)| {
            let timed = matches!(piece, Piece::Clock(_) | Piece::Local(_));
            timed
                && text[range.end..at]
                    .chars()
                    .all(|c| c.is_whitespace() || c == '(')
        });
        let piece = starts(before, c, behind_time)
            .then(|| piece(rest, behind_time))
            .flatten();
        let length = match piece {
            Some((length, piece)) if length > 0 => {
                found.push((at..at + length, piece));
                length
            }
            _ => c.len_utf8(),
        };
        before = text[at..at + length].chars().next_back().unwrap_or(' ');
        at += length;
    }
    found
}

/// Whether a piece may start with `c` behind `before`: not inside a word, number or path.
fn starts(before: char, c: char, behind_time: bool) -> bool {
    let inside = before.is_alphanumeric() || "_-./:#&?=+".contains(before);
    if matches!(c, '+' | '-' | '−') || (behind_time && matches!(c, 'Z' | 'z')) {
        return behind_time;
    }
    c.is_ascii_alphanumeric() && !inside
}

fn piece(rest: &str, behind_time: bool) -> Option<(usize, Piece)> {
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return moment(rest)
            .or_else(|| calendar::date(rest))
            .or_else(|| counted::before_or_after(rest))
            .or_else(|| clock::clock(rest));
    }
    if let Some(word) = VAGUE.iter().find(|w| starts_with_word(rest, w)) {
        let text = rest[..word.len()].to_owned();
        return Some((word.len(), Piece::Bad(TimeProblem::Vague(text))));
    }
    counted::from_t(rest)
        .or_else(|| counted::before_or_after(rest))
        .or_else(|| calendar::date(rest))
        .or_else(|| calendar::weekday(rest))
        .or_else(|| clock::clock(rest))
        .or_else(|| zone(rest, behind_time))
}

/// Whether `text` begins with `word`, ignoring case, and the word ends there.
pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    let same = text
        .get(..word.len())
        .is_some_and(|t| t.eq_ignore_ascii_case(word));
    same && !text[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// A moment as file names and records have it, its time joined by `T`, or closed by an offset.
fn moment(rest: &str) -> Option<(usize, Piece)> {
    let (date, _) = moments::date_prefix(rest)?;
    let joint = rest[date..].chars().next()?;
    let digit = rest[date + joint.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
    if !matches!(joint, 'T' | 't' | ' ') || !digit {
        return None;
    }
    let mut readings = moments::moment_prefixes(rest).into_iter();
    let whole = readings.find(|r| r.end > date && !r.is_open(rest));
    let Some(reading) = whole else {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let token = rest[..end].trim_end_matches([',', ';', '.', ')']);
        let problem = TimeProblem::Impossible(token.to_owned());
        return (joint != ' ').then_some((token.len(), Piece::Bad(problem)));
    };
    let Stamp::Moment(moment) = reading.stamp else {
        return None;
    };
    let written = &rest[..reading.end];
    let at = moment.first();
    if !reading.is_zoned() {
        let local = at.to_zoned(TimeZone::UTC).datetime();
        return (joint != ' ').then_some((reading.end, Piece::Local(local)));
    }
    // `2025-10-15 09:00-11:00` may be two hours of a morning.
    if joint == ' ' && written[date..].contains('-') {
        let problem = TimeProblem::SeveralWays(written.to_owned());
        return Some((reading.end, Piece::Bad(problem)));
    }
    let sign = written.rfind(['+', '-', 'Z', 'z']).filter(|at| *at > date);
    let name = sign.map_or("UTC", |at| &written[at..]);
    let zone = zones::named(name, true).and_then(Result::ok);
    let zone = zone.unwrap_or_else(|| crate::model::deadline::Zone::utc().into());
    Some((reading.end, Piece::Exact(at, zone)))
}

fn zone(rest: &str, behind_time: bool) -> Option<(usize, Piece)> {
    let mut words = rest.match_indices(char::is_whitespace).map(|(at, _)| at);
    let (first, second) = (words.next(), words.next());
    for end in [second, first, Some(rest.len())].into_iter().flatten() {
        let token = rest[..end].trim_end_matches([',', ';', '.', ')', ':', '—', '|', '*']);
        if token.len() > 40 {
            continue;
        }
        // Behind the name of a zone only a mark or a blank may follow.
        if let Some(zone) = zones::named(token, behind_time) {
            return Some((token.len(), Piece::Zone(zone)));
        }
    }
    let word = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    zones::named(&rest[..word], behind_time).map(|zone| (word, Piece::Zone(zone)))
}
