//! Lengths of time among the tokens: `300 ms`, `0.3s`, `half a second`.

use super::{
    list::List,
    table,
    tokens::{Kind, Token},
};

/// How many groups of three a number may have behind its first digits.
const GROUPS: usize = 4;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// In milliseconds; `None` where its number can be read in two ways.
    pub ms: Option<f64>,
    /// Minutes and more.
    pub long: bool,
    /// `a second`, `one minute`: often no measure at all.
    pub vague: bool,
    /// Its first token.
    pub start: usize,
    /// Behind its last token.
    pub end: usize,
}

/// The length of time that begins with token `at`.
pub fn length(tokens: &[Token], at: usize) -> Option<Length> {
    let first = tokens.get(at)?;
    if first.kind == Kind::Number {
        let read = digits(tokens, at);
        // `page 300 ms` is timed, `T-24h` is a name.
        let timed = |l: &Length| !l.long && !is_hyphened(tokens, at);
        return read.filter(|l| timed(l) || !names_something(tokens, at));
    }
    in_words(tokens, at)
}

fn digits(tokens: &[Token], at: usize) -> Option<Length> {
    let mut end = at + 1;
    let mut text = tokens[at].text.clone();
    // `1 500 ms`: groups of three behind a blank.
    let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole(&text) && text.len() <= 3 {
        while end - at <= GROUPS
            && let Some(group) = tokens.get(end)
            && group.kind == Kind::Number
            && group.text.len() == 3
            && whole(&group.text)
        {
            text.push_str(&group.text);
            end += 1;
        }
    }
    let sign = |at: usize, text: &str| tokens.get(at).is_some_and(|t| t.text == text);
    while sign(end, "-") || sign(end, "`") {
        end += 1;
    }
    let (factor, long) = unit(tokens.get(end)?)?;
    let seconds = factor >= 1e3;
    Some(Length {
        ms: number(&text, seconds).map(|number| number * factor),
        long,
        vague: false,
        start: at,
        end: end + 1,
    })
}

fn in_words(tokens: &[Token], at: usize) -> Option<Length> {
    let spelt = |(number, list): &(f64, List)| Some((*number, list.at(tokens, at)?));
    let (number, end) = table::NUMBERS
        .iter()
        .filter_map(spelt)
        .max_by_key(|(_, end)| *end)?;
    let word = tokens.get(end)?;
    // `a s` and `one m` are no lengths of time.
    let (factor, long) = unit(word).filter(|_| word.text.chars().count() > 1)?;
    Some(Length {
        ms: Some(number * factor),
        long,
        vague: number == 1.0,
        start: at,
        end: end + 1,
    })
}

/// `sub-second`: one of a unit, directly behind token `at`.
pub fn sub_unit(tokens: &[Token], at: usize) -> Option<Length> {
    let word = tokens.get(at + 1)?;
    let (factor, long) = unit(word).filter(|_| word.text.chars().count() > 1)?;
    (tokens[at].text == "sub").then_some(Length {
        ms: Some(factor),
        long,
        vague: false,
        start: at + 1,
        end: at + 2,
    })
}

/// A unit's milliseconds, and whether it is a long one.
pub fn unit(token: &Token) -> Option<(f64, bool)> {
    if token.kind != Kind::Word {
        return None;
    }
    let of = |table: &[(f64, List)]| {
        let known = table.iter().find(|(_, names)| names.has(&token.text));
        known.map(|(factor, _)| *factor)
    };
    let short = of(&table::UNITS).map(|factor| (factor, false));
    short.or_else(|| of(&table::LONG_UNITS).map(|factor| (factor, true)))
}

/// `1,500` and `1'500` are thousands; a comma with other digits behind it is a decimal one.
/// `1,500 s` may be either.
pub fn number(text: &str, seconds: bool) -> Option<f64> {
    let groups: Vec<&str> = text.split([',', '\'', '_']).collect();
    let [whole, rest @ ..] = groups.as_slice() else {
        return None;
    };
    let grouped = !rest.is_empty()
        && whole.len() <= 3
        && !whole.starts_with('0')
        && rest
            .iter()
            .all(|g| g.split('.').next().map(str::len) == Some(3));
    let bare = if rest.is_empty() {
        text.to_owned()
    } else if grouped && !(seconds && rest.len() == 1 && text.contains(',')) {
        groups.concat()
    } else if !grouped && rest.len() == 1 && text.contains(',') && !text.contains('.') {
        text.replace(',', ".")
    } else {
        return None;
    };
    bare.parse().ok()
}

/// Whether the number at `at` belongs to a name: `DEPLOY-147`, `port 443`, `#12`.
pub fn names_something(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|b| &tokens[b]) else {
        return false;
    };
    is_hyphened(tokens, at) || table::NAMED.has(&before.text) && before.text != "no"
}

/// Whether a hyphen binds the number to a word that does not stand before numbers: `sub-300` and
/// `HTTP-200` are read, `DEPLOY-147` is a ticket.
fn is_hyphened(tokens: &[Token], at: usize) -> bool {
    let Some([word, hyphen]) = at.checked_sub(2).and_then(|b| tokens.get(b..at)) else {
        return false;
    };
    let joined = hyphen.text == "-" && hyphen.glued && tokens[at].glued;
    joined && (word.kind != Kind::Word || !precedes_numbers(tokens, at - 1))
}

/// Whether a word that stands before numbers ends before token `end`.
fn precedes_numbers(tokens: &[Token], end: usize) -> bool {
    let lists = [
        &table::BELOW,
        &table::AT_MOST,
        &table::ABOVE,
        &table::AT_LEAST,
        &table::STATUS,
        &table::ANSWERS,
        &table::MEASURED,
    ];
    lists.iter().any(|list| list.before(tokens, end).is_some())
}
