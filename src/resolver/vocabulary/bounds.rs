//! Words and signs of comparison around a number, and what comes of them.

use super::{
    list::List,
    table,
    tokens::{Kind, Token},
};

/// Which side of a number passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Below it; with the number itself where `true`.
    Below(bool),
    /// Above it, likewise.
    Above(bool),
}

/// A comparison with the number behind it, or before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which side passes.
    pub side: Side,
    /// Where its words begin.
    pub start: usize,
    /// Behind its words.
    pub end: usize,
    /// Whether it is said to be of another time or case.
    pub elsewhere: bool,
    /// Whether the word is a noun, such as `target`, that also means other things.
    pub noun: bool,
}

/// How many words may stand between a comparison and its number, and a denial and what it denies.
const REACH: usize = 7;

/// The comparison before the number at token `at`, denials taken into account.
pub fn before(tokens: &[Token], at: usize) -> Option<Comparison> {
    let mut end = at;
    while at - end <= REACH {
        if let Some(found) = ending(tokens, end) {
            return Some(settled(tokens, found));
        }
        end = end.checked_sub(1).filter(|&e| is_between(&tokens[e]))?;
    }
    None
}

/// The comparison behind the number whose last token is before `at`.
pub fn after(tokens: &[Token], at: usize) -> Option<Comparison> {
    let found = |side, start, end| Comparison {
        side,
        start,
        end,
        elsewhere: false,
        noun: false,
    };
    let mut start = at;
    while start <= at + 4 {
        if let Some(end) = table::OR_LESS.at(tokens, start) {
            return Some(found(Side::Below(true), at, end));
        }
        if let Some(end) = table::OR_MORE.at(tokens, start) {
            return Some(found(Side::Above(true), at, end));
        }
        let token = tokens.get(start)?;
        match token.text.as_str() {
            ">" => return Some(found(Side::Below(false), at, start + 1)),
            "≥" => return Some(found(Side::Below(true), at, start + 1)),
            "<" | "≤" => return Some(found(Side::Above(true), at, start + 1)),
            "+" if start == at => return Some(found(Side::Above(true), at, start + 1)),
            "," => {}
            _ if is_between(token) => {}
            _ => return None,
        }
        start += 1;
    }
    None
}

/// The comparison whose words end directly before token `end`.
pub fn ending(tokens: &[Token], end: usize) -> Option<Comparison> {
    let found = |side, start| Comparison {
        side,
        start,
        end,
        elsewhere: false,
        noun: false,
    };
    if let Some(or) = table::OR_EQUAL.before(tokens, end)
        && let Some(start) = table::BELOW.before(tokens, or)
    {
        return Some(found(Side::Below(true), start));
    }
    let lists: [(&List, Side); 4] = [
        (&table::AT_MOST, Side::Below(true)),
        (&table::BELOW, Side::Below(false)),
        (&table::ABOVE, Side::Above(false)),
        (&table::AT_LEAST, Side::Above(true)),
    ];
    // The longest wins: `less or equal to` is not `to`, `no later than` is not `later than`.
    let mut best: Option<Comparison> = None;
    for (list, side) in lists {
        if let Some(start) = list.before(tokens, end)
            && best.is_none_or(|b| start < b.start)
        {
            best = Some(found(side, start));
        }
    }
    best.map(|mut found| {
        found.noun =
            found.end - found.start == 1 && table::DISTANCES.has(&tokens[found.start].text);
        found
    })
}

/// Turns the side round where it is denied.
fn settled(tokens: &[Token], mut found: Comparison) -> Comparison {
    found.elsewhere = elsewhere(tokens, found.start);
    if let Some(start) = denial(tokens, found.start, matches!(found.side, Side::Above(_))) {
        found.start = start;
        found.side = match found.side {
            Side::Below(inclusive) => Side::Above(!inclusive),
            Side::Above(inclusive) => Side::Below(!inclusive),
        };
    }
    found
}

/// Where a denial of what begins at `start` stands; `far` looks over the words of a clause.
fn denial(tokens: &[Token], start: usize, far: bool) -> Option<usize> {
    let mut end = start;
    while start - end < REACH {
        if let Some(at) = table::DENIALS.before(tokens, end) {
            return Some(at);
        }
        end = end.checked_sub(1)?;
        let token = &tokens[end];
        if token.text.ends_with("n't") {
            return Some(end);
        }
        let close = matches!(
            token.text.as_str(),
            "be" | "been" | "ever" | "always" | "stay" | "remain" | "`" | "quite"
        );
        let words = token.kind != Kind::Sign && token.kind != Kind::Opaque || token.text == "`";
        if !(close || far && words && token.text != "but") {
            return None;
        }
    }
    None
}

/// Whether what begins at `start` is said of another time or case.
pub fn elsewhere(tokens: &[Token], start: usize) -> bool {
    let mut end = start;
    loop {
        if table::ELSEWHERE.before(tokens, end).is_some() {
            return true;
        }
        match end.checked_sub(1) {
            Some(before) if is_between(&tokens[before]) && start - before < 4 => end = before,
            _ => return false,
        }
    }
}

/// Whether a token may stand between a comparison and its number.
pub fn is_between(token: &Token) -> bool {
    table::BETWEEN.has(&token.text) || table::MEASURED.has(&token.text) || is_percentile(token)
}

/// `p95`, `p99`.
pub fn is_percentile(token: &Token) -> bool {
    token.kind == Kind::Word
        && token.text.strip_prefix('p').is_some_and(|rest| {
            (2..=4).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit())
        })
}
