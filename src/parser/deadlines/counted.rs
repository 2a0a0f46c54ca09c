//! Times counted from the event: `T-48h`, `T+2d`, `2 days before the rehearsal`.

use super::{
    clock::digits,
    pieces::{Piece, starts_with_word},
};
use crate::model::deadline::{Offset, TimeProblem};

/// What an event may be called in `2 days before the …`.
const EVENTS: &[&str] = &[
    "event",
    "rehearsal",
    "session",
    "launch",
    "go-live",
    "meeting",
    "training",
    "workshop",
    "start",
    "dry run",
];

const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// Units in their spellings, each with its minutes; a day and a week count by the calendar.
const UNITS: &[(&str, Unit)] = &[
    ("h", Unit::Minutes(60)),
    ("hr", Unit::Minutes(60)),
    ("hrs", Unit::Minutes(60)),
    ("hour", Unit::Minutes(60)),
    ("hours", Unit::Minutes(60)),
    ("d", Unit::Days(1)),
    ("day", Unit::Days(1)),
    ("days", Unit::Days(1)),
    ("w", Unit::Days(7)),
    ("week", Unit::Days(7)),
    ("weeks", Unit::Days(7)),
    ("m", Unit::Minutes(1)),
    ("min", Unit::Minutes(1)),
    ("minutes", Unit::Minutes(1)),
];

#[derive(Clone, Copy)]
enum Unit {
    Minutes(i64),
    Days(i64),
}

/// `T-48h` and the like, with any dash.
pub(super) fn from_t(rest: &str) -> Option<(usize, Piece)> {
    let after = rest.strip_prefix(['T', 't'])?;
    let trimmed = after.trim_start_matches(' ');
    let mark = trimmed.chars().next()?;
    let sign = match mark {
        '-' | '−' | '–' | '—' | '‑' => -1,
        '+' => 1,
        _ => return None,
    };
    let number_at = rest.len() - trimmed.len() + mark.len_utf8();
    let number_at =
        number_at + (rest.len() - number_at - rest[number_at..].trim_start_matches(' ').len());
    let length = digits(&rest[number_at..]);
    let count: i64 = rest[number_at..number_at + length].parse().ok()?;
    let unit_at = number_at + length;
    if count == 0 && unit(&rest[unit_at..]).is_none() {
        return Some((unit_at, Piece::Counted(Offset::EVENT)));
    }
    let (end, unit) = unit(&rest[unit_at..])?;
    Some((unit_at + end, Piece::Counted(times(unit, sign * count)?)))
}

/// `2 days before the rehearsal`, `48h after the event`.
pub(super) fn before_or_after(rest: &str) -> Option<(usize, Piece)> {
    let length = digits(rest);
    let (count, number) = if length > 0 {
        (rest[..length].parse::<i64>().ok()?, length)
    } else {
        let (word, count) = NUMBERS
            .iter()
            .zip(1..)
            .find(|(w, _)| starts_with_word(rest, w))?;
        (count, word.len())
    };
    let (end, unit) = unit(&rest[number..])?;
    let mut at = number + end;
    at += rest[at..].len() - rest[at..].trim_start().len();
    let (word, sign) = [
        ("before", -1),
        ("prior to", -1),
        ("ahead of", -1),
        ("after", 1),
    ]
    .into_iter()
    .find(|(word, _)| starts_with_word(&rest[at..], word))?;
    at += word.len();
    let mut named = rest[at..].trim_start();
    if starts_with_word(named, "the") {
        named = named[3..].trim_start();
    }
    let name = EVENTS.iter().find(|name| starts_with_word(named, name));
    let Some(name) = name else {
        let problem = TimeProblem::Vague(rest[..at].to_owned());
        return Some((at, Piece::Bad(problem)));
    };
    let end = rest.len() - named.len() + name.len();
    Some((end, Piece::Counted(times(unit, sign * count)?)))
}

/// The unit at the beginning, blanks before it aside, and where it ends.
fn unit(text: &str) -> Option<(usize, Unit)> {
    let word = text.trim_start_matches([' ', '\u{a0}', '-']);
    let blank = text.len() - word.len();
    let mut units = UNITS.iter();
    let (name, unit) = units.find(|(name, _)| starts_with_word(word, name))?;
    Some((blank + name.len(), *unit))
}

fn times(unit: Unit, count: i64) -> Option<Offset> {
    // No event is prepared for longer; it keeps the calendar from ending.
    if count.abs() > 100_000 {
        return None;
    }
    Some(match unit {
        Unit::Minutes(minutes) => Offset {
            days: 0,
            minutes: minutes * count,
        },
        Unit::Days(days) => Offset {
            days: days * count,
            minutes: 0,
        },
    })
}
