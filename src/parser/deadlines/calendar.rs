//! Dates and weekdays: `2025-10-15`, `2025/10/15`, `Oct 15, 2025`, `15 October 2025`, `Friday`.

use jiff::civil::{Date, Weekday};

use super::{
    clock::digits,
    pieces::{Piece, starts_with_word},
};
use crate::{model::deadline::TimeProblem, parser::moments};

const MONTHS: &[(&str, &str)] = &[
    ("January", "Jan"),
    ("February", "Feb"),
    ("March", "Mar"),
    ("April", "Apr"),
    ("May", "May"),
    ("June", "Jun"),
    ("July", "Jul"),
    ("August", "Aug"),
    ("September", "Sep"),
    ("October", "Oct"),
    ("November", "Nov"),
    ("December", "Dec"),
];

const WEEKDAYS: &[(&str, &str, Weekday)] = &[
    ("Monday", "Mon", Weekday::Monday),
    ("Tuesday", "Tue", Weekday::Tuesday),
    ("Wednesday", "Wed", Weekday::Wednesday),
    ("Thursday", "Thu", Weekday::Thursday),
    ("Friday", "Fri", Weekday::Friday),
    ("Saturday", "Sat", Weekday::Saturday),
    ("Sunday", "Sun", Weekday::Sunday),
];

/// The date at the beginning of `rest`, or what looks like one and is none.
pub(super) fn date(rest: &str) -> Option<(usize, Piece)> {
    numbers(rest)
        .or_else(|| month_first(rest))
        .or_else(|| day_first(rest))
}

/// The weekday at the beginning of `rest`; a capital begins it.
pub(super) fn weekday(rest: &str) -> Option<(usize, Piece)> {
    let (name, day) = WEEKDAYS
        .iter()
        .flat_map(|(long, short, day)| [(long, day), (short, day)])
        .find(|(name, _)| rest.starts_with(*name) && starts_with_word(rest, name))?;
    Some((name.len(), Piece::Weekday(*day)))
}

fn made(year: &str, month: i8, day: &str, written: &str) -> Piece {
    let date = year
        .parse()
        .ok()
        .zip(day.parse().ok())
        .and_then(|(year, day)| Date::new(year, month, day).ok());
    date.map_or_else(
        || Piece::Bad(TimeProblem::Impossible(written.to_owned())),
        Piece::Date,
    )
}

/// Three numbers with one mark between them. Year first is a date; in another order nobody knows
/// which number is the month.
fn numbers(rest: &str) -> Option<(usize, Piece)> {
    let first = digits(rest);
    let mark = rest[first..]
        .chars()
        .next()
        .filter(|c| "-/.".contains(*c))?;
    let second = digits(&rest[first + 1..]);
    let third_at = first + 1 + second + 1;
    let third = digits(rest.get(third_at..)?);
    if !rest[first + 1 + second..].starts_with(mark) || second == 0 || second > 2 {
        return None;
    }
    let end = third_at + third;
    let on = rest[end..].chars().next().unwrap_or(' ');
    let joined =
        rest[end + on.len_utf8().min(rest.len() - end)..].starts_with(char::is_alphanumeric);
    if on.is_alphanumeric() || on == '_' || on == '/' || ("-.".contains(on) && joined) {
        return None;
    }
    let written = &rest[..end];
    let piece = match (first, third) {
        (4, 2) if mark == '-' => moments::date_prefix(rest)
            .filter(|(length, _)| *length == end)
            .map_or_else(
                || Piece::Bad(TimeProblem::Impossible(written.to_owned())),
                |(_, date)| Piece::Date(date),
            ),
        (4, 1 | 2) if mark != '.' => {
            let month = rest[first + 1..first + 1 + second].parse().ok()?;
            made(&rest[..4], month, &rest[third_at..end], written)
        }
        (1 | 2, 4 | 2) => Piece::Bad(TimeProblem::SeveralWays(written.to_owned())),
        _ => return None,
    };
    Some((end, piece))
}

/// `Oct 15, 2025`, `October 15th 2025`; without its year it is no date.
fn month_first(rest: &str) -> Option<(usize, Piece)> {
    let (month, name) = month(rest)?;
    let day_at = name + blanks(&rest[name..])?;
    let day = ordinal(&rest[day_at..])?;
    let after = day_at + day.1;
    let on = rest[after..].trim_start_matches(',');
    let year_at = blanks(on).map(|b| after + (rest.len() - after - on.len()) + b);
    let day = &rest[day_at..day_at + day.0];
    Some(match year_at.filter(|at| is_year(&rest[*at..])) {
        Some(at) => (at + 4, made(&rest[at..at + 4], month, day, &rest[..at + 4])),
        None => (
            after,
            Piece::Bad(TimeProblem::NoYear(rest[..after].to_owned())),
        ),
    })
}

/// `15 October 2025`, `15th of Oct, 2025`.
fn day_first(rest: &str) -> Option<(usize, Piece)> {
    let (day, length) = ordinal(rest)?;
    let mut at = length + blanks(&rest[length..])?;
    if starts_with_word(&rest[at..], "of") {
        at += 2 + blanks(&rest[at + 2..])?;
    }
    let (month, name) = month(&rest[at..])?;
    let after = at + name;
    let on = rest[after..].trim_start_matches(',');
    let year_at = blanks(on).map(|b| after + (rest.len() - after - on.len()) + b);
    Some(match year_at.filter(|at| is_year(&rest[*at..])) {
        Some(at) => (
            at + 4,
            made(&rest[at..at + 4], month, &rest[..day], &rest[..at + 4]),
        ),
        None => (
            after,
            Piece::Bad(TimeProblem::NoYear(rest[..after].to_owned())),
        ),
    })
}

/// The month at the beginning, a capital first, and how long its name is, a full stop included.
fn month(rest: &str) -> Option<(i8, usize)> {
    let names = MONTHS
        .iter()
        .zip(1..)
        .flat_map(|((long, short), n)| [(*long, n), (*short, n)]);
    let (name, number) = names
        .chain([("Sept", 9)])
        .find(|(name, _)| rest.starts_with(name) && starts_with_word(rest, name))?;
    let stop = usize::from(rest[name.len()..].starts_with('.'));
    Some((number, name.len() + stop))
}

/// A day of the month: how long its digits are, and the whole with `st`, `nd`, `rd`, `th`.
fn ordinal(rest: &str) -> Option<(usize, usize)> {
    let day = digits(rest);
    let whole = day
        + ["st", "nd", "rd", "th"]
            .iter()
            .find(|e| starts_with_word(&rest[day..], e))
            .map_or(0, |e| e.len());
    let ends = !rest[whole..].starts_with(|c: char| c.is_alphanumeric() || c == ':');
    ((1..=2).contains(&day) && ends).then_some((day, whole))
}

/// How many blanks stand at the beginning; `None` without any.
fn blanks(text: &str) -> Option<usize> {
    let count = text.len() - text.trim_start_matches([' ', '\u{a0}', '\n']).len();
    (count > 0).then_some(count)
}

fn is_year(text: &str) -> bool {
    let ends = !text.get(4..).is_some_and(|t| t.starts_with([':', '_']));
    digits(text) == 4 && (text.starts_with("19") || text.starts_with('2')) && ends
}
