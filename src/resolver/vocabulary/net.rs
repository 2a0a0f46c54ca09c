//! The net: numbers that ask for something and that nothing has read.

use super::{
    Words,
    bounds::{self, Comparison, Side},
    codes,
    list::List,
    quantities, statuses, table,
    tokens::{Kind, Token},
};
use crate::{
    model::requirement::{Latency, Requirement},
    resolver::readers::names::{Field, classify},
};

/// As many tokens as one thing is spoken of with.
const CLAUSE: usize = 40;

/// Looks at every number that is left: reads what its surroundings make clear, and keeps the
/// rest of what asks for something as unread.
pub fn read(words: &mut Words<'_>) {
    for at in 0..words.tokens.len() {
        if !words.free(at..at + 1) {
            continue;
        }
        match words.tokens[at].kind {
            Kind::Number if !quantities::names_something(&words.tokens, at) => number(words, at),
            Kind::Word => match in_words(&words.tokens, at) {
                Some((least, start, end)) => words.keep(Requirement::MinRecords(least), start..end),
                None => unit(words, at),
            },
            _ => {}
        }
    }
}

fn number(words: &mut Words<'_>, at: usize) {
    let tokens = &words.tokens;
    let compared = bounds::before(tokens, at).or_else(|| {
        bounds::after(tokens, at + 1).filter(|c| {
            let sign = tokens.get(c.end - 1).is_some_and(|t| t.kind == Kind::Sign);
            sign || c.side == Side::Above(true)
        })
    });
    if let (None, Some((least, end))) = (compared, in_a_row(tokens, at)) {
        words.keep(Requirement::MinRecords(least), at..end);
        return;
    }
    if let Some((requirement, start)) = timed(words, at, compared) {
        words.keep(requirement, start..at + 1);
        return;
    }
    if let Some(compared) = compared {
        let start = compared.start.min(at);
        let end = compared.end.max(at + 1);
        if let Some(records) = records(tokens, at, compared) {
            words.keep(records, start..end + 1);
        } else if compared.elsewhere || [at, end - 1].iter().any(|&t| is_for_people(tokens, t)) {
            words.claim(start..end);
        } else if is_counted(tokens, end) {
            words.unlooked(start..end + 1);
        } else {
            words.unread(start..(end + 1).min(tokens.len()));
        }
        return;
    }
    let near = at.saturating_sub(3)..(at + 4).min(tokens.len());
    let unit = near
        .clone()
        .find(|&near| is_clear_unit(&tokens[near]) && words.free(near..near + 1));
    let field = left_of(tokens, at).is_some_and(|left| {
        matches!(
            classify(words.original(left)),
            Field::Duration(_) | Field::Unitless
        ) || (tokens[left].text == "http" && tokens[at].text.len() > 2)
    });
    if let Some(unit) = unit {
        words.unread(at.min(unit)..at.max(unit) + 1);
    } else if field || is_status_like(words, at) {
        words.unread(at..at + 1);
    }
}

/// A duration whose unit stands before the comparison: `durationMs < 300`, `latency (ms): max 300`.
fn timed(
    words: &Words<'_>,
    at: usize,
    compared: Option<Comparison>,
) -> Option<(Requirement, usize)> {
    let tokens = &words.tokens;
    let mut name = left_of(
        tokens,
        compared.filter(|c| c.start < at).map_or(at, |c| c.start),
    )?;
    let mut compared = compared;
    if compared.is_none() {
        // `max durationMs 300`
        compared = bounds::before(tokens, name);
    }
    let factor = match classify(words.original(name)) {
        Field::Duration(unit) => Some(unit.in_ms()),
        _ => quantities::unit(&tokens[name])
            .filter(|_| is_clear_unit(&tokens[name]) && !is_measured(tokens, name))
            .map(|(factor, _)| factor),
    }?;
    let compared = compared.filter(|c| !c.elsewhere)?;
    let Side::Below(inclusive) = compared.side else {
        return None;
    };
    let bound_ms = quantities::number(&tokens[at].text, factor >= 1e3)? * factor;
    name = name.min(compared.start);
    (bound_ms > 0.0).then_some((
        Requirement::Latency(Latency {
            bound_ms,
            inclusive,
        }),
        name,
    ))
}

/// Whether the unit at `at` already has a number: `5 ms < 300` compares two.
fn is_measured(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| tokens[before].kind == Kind::Number)
}

/// The word before `at`, over blanks and brackets.
fn left_of(tokens: &[Token], at: usize) -> Option<usize> {
    let mut left = at.checked_sub(1)?;
    while matches!(
        tokens[left].text.as_str(),
        "`" | "(" | ")" | ":" | "=" | "is" | "of"
    ) {
        left = left.checked_sub(1)?;
    }
    (tokens[left].kind == Kind::Word).then_some(left)
}

/// `at least 10 samples`.
fn records(tokens: &[Token], at: usize, compared: Comparison) -> Option<Requirement> {
    let counted = tokens
        .get(compared.end.max(at + 1))
        .is_some_and(|t| table::RECORDS.has(&t.text));
    let least: u64 = tokens[at].text.parse().ok()?;
    match compared.side {
        Side::Above(true) if counted && least > 0 => Some(Requirement::MinRecords(least)),
        Side::Above(false) if counted => Some(Requirement::MinRecords(least.checked_add(1)?)),
        _ => None,
    }
}

/// `at least three samples`, and where it begins and ends.
fn in_words(tokens: &[Token], at: usize) -> Option<(u64, usize, usize)> {
    let spelt = |(number, list): &(u64, List)| Some((*number, list.at(tokens, at)?));
    let (number, end) = table::COUNTS.iter().find_map(spelt)?;
    let compared = bounds::before(tokens, at).filter(|c| !c.elsewhere)?;
    let counted = tokens.get(end).is_some_and(|t| table::RECORDS.has(&t.text));
    match compared.side {
        Side::Above(exactly) if counted => {
            Some((number + u64::from(!exactly), compared.start, end + 1))
        }
        _ => None,
    }
}

/// `20 consecutive responses`, `across 20 requests`, `20 requests in a row`.
fn in_a_row(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let least: u64 = tokens[at].text.parse().ok().filter(|&least| least > 0)?;
    if let Some(end) = table::IN_A_ROW.at(tokens, at + 1) {
        let counted = |t: &Token| table::RECORDS.has(&t.text) || table::STATUS.has(&t.text);
        let mut near = tokens.iter().skip(end).take(4);
        return near.any(counted).then_some((least, end));
    }
    // `min samples: 10`
    let before = left_of(tokens, at).filter(|&left| table::RECORDS.has(&tokens[left].text));
    if before.is_some_and(|left| table::AT_LEAST.before(tokens, left).is_some()) {
        return Some((least, at + 1));
    }
    let next = tokens.get(at + 1)?;
    if !table::RECORDS.has(&next.text) {
        return None;
    }
    let row = ["in", "a", "row"];
    let behind = tokens.iter().skip(at + 2).map(|t| t.text.as_str());
    let through = table::THROUGH.before(tokens, at).is_some();
    (through || behind.take(3).eq(row)).then_some((least, at + 2))
}

/// Whether a number counts what `next` says, which is neither time nor an answer: `3 retries`, `80 %`.
fn is_counted(tokens: &[Token], next: usize) -> bool {
    let timed = |t: &Token| quantities::unit(t).is_some() || t.text.ends_with("ths");
    let mut near = tokens.iter().skip(next).take(3);
    if near.clone().next().is_some_and(|t| t.text == "%") {
        return true;
    }
    let counted = near.clone().next().is_some_and(|t| {
        t.kind == Kind::Word
            && t.text.len() > 1
            && t.text.chars().all(char::is_alphabetic)
            && !table::STATUS.has(&t.text)
            && !table::ALONE.has(&t.text)
    });
    counted && !near.any(timed)
}

/// People, years and other words' numbers: nothing that evidence must show.
fn is_for_people(tokens: &[Token], at: usize) -> bool {
    let who = (at + 1..at + 3).any(|t| tokens.get(t).is_some_and(|t| table::PEOPLE.has(&t.text)));
    let year: Option<u32> = tokens[at].text.parse().ok();
    let year = tokens[at].text.len() == 4 && year.is_some_and(|y| (1990..2100).contains(&y));
    let alone = tokens
        .get(at + 1)
        .is_none_or(|t| t.kind == Kind::Sign && t.text != "%");
    who || (year
        && alone
        && tokens
            .get(at.wrapping_sub(1))
            .is_some_and(|t| t.kind == Kind::Word))
}

/// A number of three digits where a status is spoken of, or a usual status by itself.
fn is_status_like(words: &Words<'_>, at: usize) -> bool {
    let tokens = &words.tokens;
    let Some(code) = codes::code(&tokens[at].text) else {
        return false;
    };
    let next = tokens.get(at + 1);
    if statuses::is_counted(tokens, at + 1) || next.is_some_and(|t| t.text == "%") {
        return false;
    }
    let within = |t: &&Token| !matches!(t.text.as_str(), "." | ";");
    let before = tokens[..at].iter().rev().take(CLAUSE).take_while(within);
    let after = tokens[at + 1..].iter().take(CLAUSE).take_while(within);
    let spoken = before.chain(after).any(|t| table::STATUS.has(&t.text));
    let alone = next.is_none_or(|t| t.kind != Kind::Word || table::ALONE.has(&t.text));
    spoken || (alone && codes::is_usual(code))
}

/// `within milliseconds`, `under a few seconds`: a bound whose number cannot be read.
fn unit(words: &mut Words<'_>, at: usize) {
    let tokens = &words.tokens;
    if !is_clear_unit(&tokens[at]) && tokens[at].text != "second" {
        return;
    }
    // `the second try` counts tries.
    if tokens[at].text == "second" && at.checked_sub(1).is_none_or(|b| tokens[b].text == "the") {
        return;
    }
    let mut end = at;
    while end > 0 && at - end < 6 && words.free(end..at + 1) {
        if let Some(compared) = bounds::ending(tokens, end) {
            words.unread(compared.start..at + 1);
            return;
        }
        end -= 1;
        if tokens[end].kind != Kind::Word && tokens[end].text != "`" {
            return;
        }
    }
}

fn is_clear_unit(token: &Token) -> bool {
    token.text.chars().count() > 1
        && quantities::unit(token).is_some_and(|(_, long)| !long)
        && !matches!(token.text.as_str(), "second" | "us")
}
