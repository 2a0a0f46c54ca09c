//! Numbers that can be HTTP statuses: `200`, `2xx`, `200-299`, `200 or 204`.

use super::tokens::{Kind, Token};
use super::{bounds::Side, quantities, statuses, table};
use crate::model::requirement::Codes;

/// Statuses of which each will do, as they stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// First and last of each range.
    pub ranges: Vec<(u16, u16)>,
    /// Behind the last token.
    pub end: usize,
    /// Whether one is written as a class (`2xx`), which is never anything else.
    pub class: bool,
    /// Whether one is written as a plural (`500s`).
    pub plural: bool,
    /// Whether it is one bare number.
    pub bare: bool,
}

impl Chain {
    /// Whether each of them is one of failure.
    pub fn fails(&self) -> bool {
        self.ranges.iter().all(|(low, _)| *low >= 400)
    }
}

/// The statuses that begin with token `at`.
pub fn chain(tokens: &[Token], at: usize) -> Option<Chain> {
    let mut chain = item(tokens, at)?;
    loop {
        let mut next = skip(chain.end, |at| {
            table::REASONS
                .at(tokens, at)
                .filter(|_| tokens[at].text != "http")
        });
        if sign(tokens, next, "(") {
            next += 1;
        }
        let lead = next;
        let either = table::EITHER.at(tokens, next);
        let Some(mut next) = either else { break };
        // `, or`: both.
        next = table::EITHER.at(tokens, next).unwrap_or(next);
        let listed = tokens[lead..next]
            .iter()
            .all(|t| matches!(t.text.as_str(), "," | "and"));
        while tokens
            .get(next)
            .is_some_and(|t| table::STATUS.has(&t.text) || t.text == "`")
        {
            next += 1;
        }
        let Some(more) = item(tokens, next).filter(|m| !statuses::is_counted(tokens, m.end)) else {
            break;
        };
        // `no 5xx, HTTP 200` denies the one and asks for the other.
        if listed && chain.fails() && !more.fails() {
            break;
        }
        chain.ranges.extend(more.ranges);
        chain.end = more.end;
        chain.class |= more.class;
        chain.plural |= more.plural;
        chain.bare = false;
    }
    Some(chain)
}

fn item(tokens: &[Token], at: usize) -> Option<Chain> {
    let token = tokens.get(at).filter(|t| t.kind == Kind::Number)?;
    if quantities::names_something(tokens, at)
        || at.checked_sub(1).is_some_and(|b| joins(tokens, b, at))
    {
        return None;
    }
    let made = |ranges, end| Chain {
        ranges,
        end,
        class: false,
        plural: false,
        bare: true,
    };
    let glued = |at: usize, text: &str| tokens.get(at).is_some_and(|t| t.glued && t.text == text);
    if token.text.len() == 1 && (glued(at + 1, "xx") || glued(at + 1, "xxs")) {
        let first: u16 = token.text.parse().ok().filter(|d| (1..=5).contains(d))?;
        return Some(Chain {
            class: true,
            bare: false,
            ..made(vec![(first * 100, first * 100 + 99)], at + 2)
        });
    }
    let mut ranges = Vec::new();
    for text in token.text.split(',') {
        ranges.push(code(text).map(|code| (code, code))?);
    }
    let mut chain = made(ranges, at + 1);
    if glued(chain.end, "s") {
        chain.plural = true;
        chain.end += 1;
    }
    let to = sign(tokens, chain.end, "-") || sign(tokens, chain.end, "to");
    if to && let Some(last) = tokens.get(chain.end + 1).and_then(|t| code(&t.text)) {
        let low = chain.ranges[0].0;
        chain.ranges = vec![(low.min(last), low.max(last))];
        chain.end += 2;
        chain.bare = false;
    } else {
        let word = skip(chain.end, |at| sign(tokens, at, "-").then_some(at + 1));
        if let ([(low, _)], Some(end)) = (chain.ranges.as_slice(), table::CLASSES.at(tokens, word))
            && low % 100 == 0
        {
            chain.ranges = vec![(*low, low + 99)];
            chain.class = true;
            chain.end = end;
        }
    }
    let mut next = chain.end;
    while sign(tokens, next, "-") || sign(tokens, next, "(") {
        next += 1;
    }
    let measured = tokens
        .get(next)
        .is_some_and(|t| quantities::unit(t).is_some());
    let other = glued(chain.end, "%") || sign(tokens, chain.end, "%");
    (!measured && !other).then_some(chain)
}

/// Whether token `before` makes the number at `at` the tail of another: `10-200`, `5/200`.
fn joins(tokens: &[Token], before: usize, at: usize) -> bool {
    let sign = &tokens[before];
    let number = before.checked_sub(1).map(|n| &tokens[n]);
    let tail =
        sign.glued && tokens[at].glued && matches!(sign.text.as_str(), "-" | "/" | ":" | "." | ",");
    let version = before >= 2 && tokens[before - 2].text.starts_with("http");
    tail && !version
        && number.is_some_and(|n| {
            n.kind == Kind::Opaque || (n.kind == Kind::Number && code(&n.text).is_none())
        })
}

fn sign(tokens: &[Token], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|t| t.text == text)
}

fn skip(at: usize, over: impl Fn(usize) -> Option<usize>) -> usize {
    over(at).unwrap_or(at)
}

/// Whether a number that can be a status is hardly ever anything else.
pub fn is_usual(code: u16) -> bool {
    matches!(code, 200..=202 | 204 | 301 | 302 | 304 | 307 | 308)
}

/// Three digits from 100 to 599.
pub fn code(text: &str) -> Option<u16> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|code| digits && (100..=599).contains(code))
}

/// The statuses on one side of a single one: `below 400`.
pub fn side(side: Side, chain: &Chain) -> Option<Codes> {
    let [(low, high)] = chain.ranges.as_slice() else {
        return None;
    };
    if !chain.bare || low != high {
        return None;
    }
    let range = match side {
        Side::Below(inclusive) => (100, if inclusive { *low } else { low - 1 }),
        Side::Above(inclusive) => (if inclusive { *low } else { low + 1 }, 599),
    };
    (range.0 <= range.1).then(|| Codes::among(vec![range]))
}
