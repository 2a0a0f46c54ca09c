//! Words that allow no failure at all: `no errors`, `0 failed`, `error-free`, `every probe passes`.

use super::{
    Words, bounds, codes,
    list::List,
    table,
    tokens::{Kind, Token},
};
use crate::{
    model::requirement::Requirement,
    resolver::readers::names::{Field, classify},
};

/// How many tokens may stand between a denial and what it denies.
const REACH: usize = 6;

/// Reads every such phrase; with a number of their own they are left to others.
pub fn read(words: &mut Words<'_>) {
    let mut at = 0;
    while at < words.tokens.len() {
        let end = phrase(words, at).filter(|&end| words.free(at..end));
        match end {
            Some(end) if bounds::elsewhere(&words.tokens, at) => words.claim(at..end),
            Some(end) => {
                let end = with_codes(words, end);
                words.keep(Requirement::NoFailure, at..end);
            }
            None => {}
        }
        at = end.unwrap_or(at).max(at + 1);
    }
}

/// Where a phrase ends that begins with token `at`.
fn phrase(words: &Words<'_>, at: usize) -> Option<usize> {
    denied(words, at)
        .or_else(|| free(words, at))
        .or_else(|| counted(words, at))
        .or_else(|| all(&words.tokens, at))
}

/// `no errors`, `0 of 40 requests failed`, `must not fail`.
fn denied(words: &Words<'_>, at: usize) -> Option<usize> {
    let tokens = &words.tokens;
    let zero = is_zero(tokens.get(at)?);
    let none = table::NONE.at(tokens, at);
    let weak = table::DENIALS.at(tokens, at);
    let negated = tokens[at].text.ends_with("n't").then_some(at + 1);
    let start = none.or(zero.then_some(at + 1)).or(weak).or(negated)?;
    let strong = none.is_some() || zero;
    // `not an error` denies nothing that evidence shows; `does not return an error` does.
    let mut said = strong;
    let mut end = start;
    while end - start <= REACH {
        let token = tokens.get(end)?;
        if table::FAILED.has(&token.text) {
            return Some(end + 1).filter(|&end| !is_otherwise(tokens, end, false));
        }
        if said && is_failure(words, end) {
            let share = zero && tokens[start].text == "%";
            let end = match share {
                true => table::SHARES.at(tokens, end + 1).unwrap_or(end + 1),
                false => end + 1,
            };
            return Some(end).filter(|&end| !is_otherwise(tokens, end, share));
        }
        let number = token.kind == Kind::Number && tokens[end - 1].text == "of";
        let share = zero && end == start && token.text == "%";
        let verb = table::FAILURE_VERBS.has(&token.text);
        said |= verb;
        let between = match said {
            true => table::FAILURE_BETWEEN.has(&token.text) || number || share,
            false => matches!(token.text.as_str(), "be" | "been" | "ever" | "have" | "has"),
        };
        if !(verb || between) {
            return None;
        }
        end += 1;
    }
    None
}

/// `error-free`.
fn free(words: &Words<'_>, at: usize) -> Option<usize> {
    let next = words.tokens.get(at + 1)?;
    (is_failure(words, at) && next.text == "free").then_some(at + 2)
}

/// `errors: 0`, `error rate of 0 %`, `failures = none`.
fn counted(words: &Words<'_>, at: usize) -> Option<usize> {
    let tokens = &words.tokens;
    if !is_failure(words, at) && !table::FAILED.has(&tokens[at].text) {
        return None;
    }
    let mut end = table::SHARES.at(tokens, at + 1).unwrap_or(at + 1);
    let start = end;
    while end - start < 4 && tokens.get(end).is_some_and(|t| joins(&t.text)) {
        end += 1;
    }
    let token = tokens.get(end)?;
    let nothing = is_zero(token) || matches!(token.text.as_str(), "zero" | "none" | "nil");
    let share = tokens.get(end + 1).is_some_and(|t| t.text == "%");
    nothing.then_some(end + 1 + usize::from(share))
}

fn joins(text: &str) -> bool {
    matches!(
        text,
        ":" | "=" | "is" | "are" | "of" | "at" | "be" | "must" | "(" | ")" | "`" | "≤" | "stays"
    )
}

/// `all requests succeed`, `100 % of the probes pass`, `success rate 100 %`.
fn all(tokens: &[Token], at: usize) -> Option<usize> {
    let sign = |at: usize, text: &str| tokens.get(at).is_some_and(|t| t.text == text);
    let whole = |at: usize| sign(at, "100") && sign(at + 1, "%");
    if let Some(mut end) = table::SUCCESS_RATES.at(tokens, at) {
        while end < at + 7 && tokens.get(end).is_some_and(|t| joins(&t.text)) {
            end += 1;
        }
        return whole(end).then_some(end + 2);
    }
    let mut end = match tokens.get(at)?.text.as_str() {
        "all" | "every" | "each" => at + 1,
        _ if whole(at) => at + 2,
        _ => return None,
    };
    // `not all requests succeed` asks for nothing.
    if table::DENIALS.before(tokens, at).is_some() {
        return None;
    }
    let start = end;
    while end - start <= REACH {
        let token = tokens.get(end)?;
        if table::SUCCEEDED.has(&token.text) {
            return Some(end + 1);
        }
        let of = token.kind == Kind::Number && start == end;
        let between = |list: &List| list.has(&token.text);
        if !(of || between(&table::RECORDS) || between(&table::SUCCESS_BETWEEN)) {
            return None;
        }
        end += 1;
    }
    None
}

/// Whether the token is a failure, as a word or as the name of a field.
fn is_failure(words: &Words<'_>, at: usize) -> bool {
    let Some(token) = words.tokens.get(at).filter(|t| t.kind == Kind::Word) else {
        return false;
    };
    let field = || {
        let name = words.original(at);
        name.contains(['_', '-']) && matches!(classify(name), Field::Bad | Field::Error)
    };
    table::FAILURES.has(&token.text) || field()
}

fn is_zero(token: &Token) -> bool {
    token.kind == Kind::Number && token.text.parse() == Ok(0.0)
}

/// Whether what stands at `at` makes it another thing: an error budget, errors above a number.
fn is_otherwise(tokens: &[Token], at: usize, share: bool) -> bool {
    let other = table::NOT_FAILURES.at(tokens, at).is_some();
    let joined = tokens.get(at).is_some_and(|t| t.text == "-" && t.glued);
    let compared = table::ABOVE.at(tokens, at).is_some();
    (other && !share) || compared || joined
}

/// `no errors (5xx)`: the statuses say the same once more.
fn with_codes(words: &mut Words<'_>, end: usize) -> usize {
    let open = words.tokens.get(end).is_some_and(|t| t.text == "(");
    let first = end + usize::from(open);
    let Some(chain) = codes::chain(&words.tokens, first) else {
        return end;
    };
    if !open || chain.ranges.iter().any(|(low, _)| *low < 400) {
        return end;
    }
    let covers = |range: &std::ops::Range<usize>| range.end > end && range.start < chain.end;
    words
        .found
        .retain(|(what, range)| !(covers(range) && matches!(what, Requirement::Unread(_))));
    chain.end
}
