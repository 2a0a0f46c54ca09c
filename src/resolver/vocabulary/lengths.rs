//! Lengths of time in a gate's words: bounds on durations and ages, or something else.

use super::{
    Words, bounds,
    bounds::{Comparison, Side},
    quantities::{self, Length},
    table,
    tokens::Token,
};
use crate::model::{
    period::Period,
    requirement::{Latency, Requirement},
};

/// As many tokens as one thing is spoken of with.
const CLAUSE: usize = 40;

/// Reads every length of time that nothing has read yet.
pub fn read(words: &mut Words<'_>) {
    let mut at = 0;
    while at < words.tokens.len() {
        let tokens = &words.tokens;
        let length = quantities::length(tokens, at).or_else(|| quantities::sub_unit(tokens, at));
        match length.filter(|l| words.free(l.start..l.end)) {
            Some(length) => {
                one(words, length);
                at = length.end;
            }
            None => at += 1,
        }
    }
}

fn one(words: &mut Words<'_>, length: Length) {
    let tokens = &words.tokens;
    if let Some((start, end)) = age(tokens, length) {
        match period(length) {
            Some(period) => words.keep(Requirement::MaxAge(period), start..end),
            None => words.unread(start..end),
        }
        return;
    }
    let compared =
        bounds::before(tokens, length.start).or_else(|| bounds::after(tokens, length.end));
    let start = compared.map_or(length.start, |c| c.start.min(length.start));
    let whole = start..compared.map_or(length.end, |c| c.end.max(length.end));
    let elsewhere = match compared {
        Some(compared) => compared.elsewhere,
        None => bounds::elsewhere(tokens, length.start),
    };
    if is_another_span(tokens, length, compared)
        || elsewhere
        || (length.vague && compared.is_none())
    {
        words.claim(whole);
        return;
    }
    if is_timeout(tokens, length) {
        words.unlooked(whole);
        return;
    }
    match compared.map(|c| c.side) {
        Some(Side::Below(inclusive)) if !length.long || is_of_answers(tokens, length) => {
            match length.ms.filter(|&ms| ms > 0.0) {
                Some(bound_ms) => {
                    words.keep(
                        Requirement::Latency(Latency {
                            bound_ms,
                            inclusive,
                        }),
                        whole,
                    );
                }
                None => words.unread(whole),
            }
        }
        _ if length.long && !is_demand(tokens, length, compared) => words.claim(whole),
        _ => words.unread(whole),
    }
}

/// How long somebody waits before giving up is how evidence is taken, not what it shows.
fn is_timeout(tokens: &[Token], length: Length) -> bool {
    let names = |at: usize| tokens.get(at).is_some_and(|t| table::TIMEOUTS.has(&t.text));
    let joins = |at: usize| {
        matches!(
            tokens[at].text.as_str(),
            "of" | "a" | "the" | ":" | "=" | "is" | "`"
        )
    };
    let mut before = length.start;
    while before > 0 && joins(before - 1) {
        before -= 1;
    }
    names(length.end) || before.checked_sub(1).is_some_and(names)
}

/// The tokens that bound an age by this length, if any do.
fn age(tokens: &[Token], length: Length) -> Option<(usize, usize)> {
    let mut start = length.start;
    while let Some(before) = start.checked_sub(1)
        && matches!(
            tokens[before].text.as_str(),
            "`" | "the" | "about" | ":" | "=" | "(" | "is"
        )
    {
        start = before;
    }
    if let Some(start) = table::YOUNGER.before(tokens, start) {
        return Some((start, length.end));
    }
    let end = table::OLD.at(tokens, length.end)?;
    let compared = bounds::before(tokens, length.start)?;
    matches!(compared.side, Side::Below(_)).then_some((compared.start, end))
}

fn period(length: Length) -> Option<Period> {
    let minutes = length.ms? / 6e4;
    let whole = |size: f64| minutes >= size && (minutes / size).fract() == 0.0;
    let (size, unit) = [(1440.0, 'd'), (60.0, 'h'), (1.0, 'm')]
        .into_iter()
        .find(|(size, _)| whole(*size))?;
    Period::parse(&format!("{:.0}{unit}", minutes / size)).ok()
}

/// How often, or how long people meet: nothing that evidence must show.
fn is_another_span(tokens: &[Token], length: Length, compared: Option<Comparison>) -> bool {
    let behind = (length.end..length.end + 2).find(|&at| !is_hyphen(tokens, at));
    // `under 300 ms call time` is a bound all the same.
    let free = length.long || compared.is_none();
    table::CADENCE.before(tokens, length.start).is_some()
        || (free && behind.is_some_and(|at| table::OTHER_SPANS.at(tokens, at).is_some()))
}

fn is_hyphen(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.text == "-")
}

/// Whether the sentence speaks of how long answers take.
fn is_of_answers(tokens: &[Token], length: Length) -> bool {
    let ends = |t: &Token| matches!(t.text.as_str(), "." | ";");
    let before = tokens[..length.start]
        .iter()
        .rev()
        .take(CLAUSE)
        .take_while(|t| !ends(t));
    let after = tokens[length.end..]
        .iter()
        .take(CLAUSE)
        .take_while(|t| !ends(t));
    let mut times = 0;
    let mut timed = false;
    for token in before.chain(after) {
        match token.text.as_str() {
            "latency" | "latencies" | "rtt" => return true,
            "time" | "times" => times += 1,
            "response" | "load" | "answer" | "reply" => timed = true,
            _ => {}
        }
    }
    timed && times > 0
}

/// Whether a status is spoken of before it: `HTTP 200 for 10 minutes`.
fn is_of_statuses(tokens: &[Token], length: Length) -> bool {
    let before = tokens[..length.start].iter().rev().take(8);
    before
        .take_while(|t| !matches!(t.text.as_str(), "." | ";" | ","))
        .any(|t| table::STATUS.has(&t.text))
}

/// Whether minutes or more ask for something: compared, or said to last.
fn is_demand(tokens: &[Token], length: Length, compared: Option<Comparison>) -> bool {
    if table::RELATIVE.at(tokens, length.end).is_some() {
        return false;
    }
    if table::LASTS.before(tokens, length.start).is_some() && is_of_statuses(tokens, length) {
        return true;
    }
    let from = length.start.saturating_sub(4);
    let lasting = tokens[from..length.start]
        .iter()
        .any(|t| table::LASTING.has(&t.text));
    lasting || compared.is_some_and(|c| !c.noun)
}
