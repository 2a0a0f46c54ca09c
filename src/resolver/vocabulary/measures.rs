//! Bounds on a particular measure: `p95 below 300 ms`, `error rate under 1 %`, `at least 95 % succeed`.

use super::{
    Words,
    bounds::{self, Side},
    quantities,
    tokens::Kind,
};
use crate::model::{
    measure::{Bound, Dimension, Measure},
    requirement::{Latency, Requirement},
};

/// How far from its number the name of a measure may stand, in tokens.
const REACH: usize = 8;

/// Makes a bound on a duration one on the measure that is named beside it.
pub fn sharpen(words: &mut Words<'_>) {
    for index in 0..words.found.len() {
        let (Requirement::Latency(latency), range) = &words.found[index] else {
            continue;
        };
        let (
            Latency {
                bound_ms,
                inclusive,
            },
            range,
        ) = (*latency, range.clone());
        let Some((measure, start)) = named(words, range.clone(), Dimension::Time) else {
            continue;
        };
        let bound = Bound {
            value: bound_ms,
            above: false,
            inclusive,
        };
        words.claim(start..range.start);
        words.found[index] = (
            Requirement::Measure(measure, bound),
            start.min(range.start)..range.end,
        );
    }
}

/// Reads bounds on shares and on measures without a unit.
pub fn read(words: &mut Words<'_>) {
    for at in 0..words.tokens.len() {
        let token = &words.tokens[at];
        if token.kind != Kind::Number || !words.free(at..at + 1) {
            continue;
        }
        let percent = words
            .tokens
            .get(at + 1)
            .is_some_and(|t| matches!(t.text.as_str(), "%" | "percent" | "pct"));
        let end = at + 1 + usize::from(percent);
        let compared = bounds::before(&words.tokens, at)
            .or_else(|| bounds::after(&words.tokens, end))
            .filter(|c| !c.elsewhere);
        let Some(value) = quantities::number(&token.text, true) else {
            continue;
        };
        let dimension = match percent {
            true => Dimension::Share,
            false => Dimension::Number,
        };
        let start = compared.map_or(at, |c| c.start.min(at));
        let end = compared.map_or(end, |c| c.end.max(end));
        let found =
            named(words, start..end, dimension).or_else(|| named_behind(words, end, dimension));
        let Some((measure, place)) = found else {
            continue;
        };
        let Some(compared) = compared else {
            // `coverage 80 %`, `success rate 99 %`: at least; `error rate 1 %`: at most.
            let above = measure != Measure::FailureShare && measure != Measure::Shift;
            let bound = Bound {
                value,
                above,
                inclusive: true,
            };
            let range = place.min(start)..end.max(if place >= end { place } else { end });
            words.keep(Requirement::Measure(measure, bound), range);
            continue;
        };
        let (above, inclusive) = match compared.side {
            Side::Below(inclusive) => (false, inclusive),
            Side::Above(inclusive) => (true, inclusive),
        };
        let bound = Bound {
            value,
            above,
            inclusive,
        };
        let range = place.min(start)..end.max(if place >= end { place } else { end });
        words.keep(Requirement::Measure(measure, bound), range);
    }
}

/// The measure of `dimension` that is named before `range`, in its clause, and where.
fn named(
    words: &Words<'_>,
    range: std::ops::Range<usize>,
    dimension: Dimension,
) -> Option<(Measure, usize)> {
    let tokens = &words.tokens;
    let mut start = range.start;
    // The comparison's own words (`max 300 ms`) name no measure.
    while start > 0 && range.start - start < REACH {
        let token = &tokens[start - 1];
        if matches!(token.text.as_str(), "," | ";" | "." | "and") || token.kind == Kind::Opaque {
            break;
        }
        start -= 1;
        let named: Vec<&str> = tokens[start..range.start]
            .iter()
            .filter(|t| t.kind != Kind::Sign)
            .map(|t| t.text.as_str())
            .collect();
        if let Some(measure) = Measure::within(&named).filter(|m| m.dimension() == dimension) {
            return Some((measure, start));
        }
    }
    None
}

/// The share that is named behind a number: `95 % succeed`, `80 % of the lines covered`.
fn named_behind(words: &Words<'_>, end: usize, dimension: Dimension) -> Option<(Measure, usize)> {
    if dimension != Dimension::Share {
        return None;
    }
    for at in end..(end + 6).min(words.tokens.len()) {
        let text = words.tokens[at].text.as_str();
        if matches!(text, "," | ";" | ".") {
            return None;
        }
        let measure = match text {
            "succeed" | "succeeds" | "succeeded" | "pass" | "passes" | "passed" | "passing"
            | "success" | "successful" => Measure::SuccessShare,
            "fail" | "fails" | "failed" | "errors" | "failures" | "failing" => {
                Measure::FailureShare
            }
            "coverage" | "covered" => Measure::Coverage,
            "uptime" | "availability" => Measure::Uptime,
            _ => continue,
        };
        return Some((measure, at + 1));
    }
    None
}
