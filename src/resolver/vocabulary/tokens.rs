//! Plain words cut into tokens: words, numbers, signs, and what is never read.

use std::ops::Range;

use super::table;
use crate::parser::moments;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with digits behind them unless the letters are a word of the table.
    Word,
    /// Digits, with separators of thousands and decimals.
    Number,
    /// Any other character, or a sign of comparison.
    Sign,
    /// A moment, a path, a URL, a version: nothing in it is read.
    Opaque,
}

/// A token of the plain text.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// In lower case, signs of comparison in one spelling.
    pub text: String,
    /// Its bytes.
    pub range: Range<usize>,
    /// Whether it stands directly behind the token before.
    pub glued: bool,
}

/// Cuts `text` into tokens.
pub fn cut(text: &str) -> Vec<Token> {
    let hidden = opaque(text);
    let mut hidden = hidden.into_iter().peekable();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        while hidden.next_if(|range| range.end <= at).is_some() {}
        if let Some(range) = hidden.next_if(|range| range.start <= at) {
            push(&mut tokens, Kind::Opaque, "…".to_owned(), at..range.end);
            at = range.end;
            continue;
        }
        let rest = &text[at..];
        let (kind, length) = if c == ' ' {
            at += 1;
            continue;
        } else if c.is_alphabetic() || c == '_' {
            (Kind::Word, word(rest))
        } else if c.is_ascii_digit() || (c == '.' && starts_decimal(&text[..at], rest)) {
            let length = digits(rest);
            let kind = if is_number(&rest[..length]) {
                Kind::Number
            } else {
                Kind::Opaque
            };
            (kind, length)
        } else {
            (Kind::Sign, sign(rest))
        };
        let end = hidden
            .peek()
            .map_or(at + length, |range| range.start.min(at + length));
        let said = meaning(&text[at..end]);
        if !(said == "." && follows_abbreviation(&tokens, at)) {
            push(&mut tokens, kind, said, at..end);
        }
        at = end;
    }
    join_hyphens(tokens)
}

fn push(tokens: &mut Vec<Token>, kind: Kind, text: String, range: Range<usize>) {
    let glued = tokens
        .last()
        .is_some_and(|last| last.range.end == range.start);
    tokens.push(Token {
        kind,
        text,
        range,
        glued,
    });
}

/// The length of the word at the head of `rest`; digits belong to it unless it is one that
/// stands before numbers.
fn word(rest: &str) -> usize {
    let end = |more: fn(char) -> bool| rest.find(|c: char| !more(c)).unwrap_or(rest.len());
    let letters = end(|c| c.is_alphabetic() || c == '_' || c == '\'' || c == '’');
    let bare = rest[..letters].trim_end_matches(['\'', '’']).len().max(1);
    let lower = rest[..bare].to_lowercase();
    let known = [
        &table::BELOW,
        &table::AT_MOST,
        &table::ABOVE,
        &table::AT_LEAST,
        &table::STATUS,
        &table::MEASURED,
        &table::ANSWERS,
    ];
    if known.iter().any(|list| list.has(&lower))
        || !rest[bare..].starts_with(|c: char| c.is_ascii_digit())
    {
        return bare;
    }
    end(|c| c.is_alphanumeric() || c == '_')
}

fn starts_decimal(before: &str, rest: &str) -> bool {
    rest[1..].starts_with(|c: char| c.is_ascii_digit())
        && !before.ends_with(|c: char| c.is_alphanumeric() || c == '.')
}

/// The length of digits and what joins them; ends with a digit.
fn digits(rest: &str) -> usize {
    let joins = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '\'' | '’' | '_');
    let end = rest.find(|c: char| !joins(c)).unwrap_or(rest.len());
    let last = rest[..end].rfind(|c: char| c.is_ascii_digit());
    last.map_or(1, |last| last + 1)
}

/// Digits with at most one decimal point, thousands set apart or not; `200,204` is a list.
fn is_number(text: &str) -> bool {
    let points = text.matches('.').count();
    let others = text.chars().any(|c| c == ':');
    points <= 1 && !others
}

/// The length of the sign at the head of `rest`, which is not empty.
fn sign(rest: &str) -> usize {
    let two = ["<=", "=<", ">=", "=>", "->", "==", "!="];
    if two.iter().any(|sign| rest.starts_with(sign)) {
        return 2;
    }
    rest.chars().next().map_or(1, char::len_utf8)
}

fn meaning(text: &str) -> String {
    match text {
        "<=" | "=<" | "≦" | "⩽" | "≲" | "⪅" => "≤".to_owned(),
        ">=" | "≧" | "⩾" | "≳" => "≥".to_owned(),
        "->" | "=>" | "⇒" | "➔" | "➜" => "→".to_owned(),
        "==" => "=".to_owned(),
        "!=" => "≠".to_owned(),
        "＞" => ">".to_owned(),
        _ => text.to_lowercase().replace('’', "'").replace('μ', "µ"),
    }
}

/// A full stop behind `max` or `approx` ends no sentence.
fn follows_abbreviation(tokens: &[Token], at: usize) -> bool {
    tokens.last().is_some_and(|last| {
        last.range.end == at
            && matches!(
                last.text.as_str(),
                "max" | "min" | "approx" | "ca" | "incl" | "msec" | "sec" | "avg"
            )
    })
}

/// `sub-second` is read as `sub second`; `DEPLOY-147` and `sub-300` keep their hyphen.
fn join_hyphens(tokens: Vec<Token>) -> Vec<Token> {
    let between = |i: usize| {
        let word = |j: usize| tokens.get(j).is_some_and(|t| t.kind == Kind::Word);
        tokens[i].text == "-" && tokens[i].glued && i > 0 && word(i - 1) && word(i + 1)
    };
    let kept: Vec<bool> = (0..tokens.len()).map(|i| !between(i)).collect();
    let mut kept = kept.into_iter();
    tokens
        .into_iter()
        .filter(|_| kept.next().unwrap_or(true))
        .collect()
}

/// Moments, and chunks that are paths, URLs, addresses or queries.
fn opaque(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = if text.bytes().filter(u8::is_ascii_digit).count() < 8 {
        Vec::new()
    } else {
        moments::iter(text).map(|(range, _)| range).collect()
    };
    let mut start = 0;
    let mut in_code = false;
    for chunk in text.split_inclusive([' ', '`']) {
        let end = start + chunk.len();
        let bare = chunk.trim_end_matches([' ', '`']);
        let trimmed = bare.trim_start_matches(['(', '"', '\'', '“']);
        let from = start + (bare.len() - trimmed.len());
        let trimmed = trimmed.trim_end_matches(['.', ',', ';', ':', '!', ')', '"', '\'', '”']);
        if is_place(trimmed, in_code && chunk.ends_with('`')) {
            found.push(from..from + trimmed.len());
        }
        in_code ^= chunk.ends_with('`');
        start = end;
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Whether `chunk` names a place: a path, a file, a URL, an address, a query.
fn is_place(chunk: &str, code: bool) -> bool {
    let lower = chunk.to_lowercase();
    let head = ["/", "./", "../", "~/", "www."];
    if lower.contains("://") || head.iter().any(|h| lower.starts_with(h)) {
        return true;
    }
    if lower.starts_with('?') && lower.contains('=') {
        return true;
    }
    let letters = |text: &str| text.chars().any(char::is_alphabetic);
    if let Some((user, host)) = lower.split_once('@') {
        return letters(user) && letters(host);
    }
    if lower.starts_with("http") || !letters(&lower) {
        return false;
    }
    if let Some((stem, end)) = lower.rsplit_once('.')
        && table::FILES.has(end)
    {
        let compares = stem.contains(['≤', '=']) || stem.starts_with('<') && !stem.contains('>');
        return letters(stem) && !compares;
    }
    let slashes = lower.matches('/').count();
    let plain = !lower.contains(['<', '>', '≤', '=']);
    plain && (slashes > 1 || (slashes == 1 && code))
}
