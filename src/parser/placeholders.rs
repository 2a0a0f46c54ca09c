//! `<PLACEHOLDER - PATTERN>` and `Placeholder → PATTERN`, outside code spans and shell fences.

use super::{blocks::Outline, nearly::misses, paths};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Document, Placeholder},
    pattern::Pattern,
    span::Span,
    unseen::{self, Unseen},
};

const FORM: &str =
    "write `<PLACEHOLDER - artifacts/probe_<timestamp>.log>`, closed on the same line";
const WORD: &str = "placeholder";
/// How far a word may be from the right one to be a near miss of it.
const MISSES: usize = 2;

pub(super) fn read(
    source: &str,
    outline: &Outline,
    document: &Document,
    found: &mut Vec<Diagnostic>,
) -> Vec<Placeholder> {
    let closed: Vec<Span> = outline
        .code_spans
        .iter()
        .chain(&outline.comments)
        .chain(&document.shell_fences)
        .copied()
        .collect();
    let mut placeholders: Vec<Placeholder> = Vec::new();
    let mut at = document.front.body_start;
    while let Some(word) = next_word(source, at) {
        at = word.span.end;
        let start = word.span.start;
        if closed.iter().any(|c| c.start <= start && start < c.end) {
            continue;
        }
        let Some((span, asks)) = at_word(source, word) else {
            continue;
        };
        if let Err(reason) = &asks {
            found.push(Diagnostic::error("placeholder-malformed", span, reason.clone()).help(FORM));
        }
        at = at.max(span.end);
        placeholders.push(Placeholder {
            span,
            asks,
            notification: holder(document, span),
        });
    }
    placeholders
}

fn holder(document: &Document, span: Span) -> Option<usize> {
    document.notifications.iter().position(|n| {
        let body = match (n.body.first(), n.body.last()) {
            (Some(first), Some(last)) => Span::new(first.start, last.end),
            _ => return n.subject_span.contains(span),
        };
        body.contains(span) || n.subject_span.contains(span)
    })
}

/// The word of a placeholder, as somebody wrote it.
#[derive(Clone, Copy)]
struct Word {
    span: Span,
    misses: usize,
}

/// The next word that is nearly `placeholder`: mistyped, or in up to three parts.
fn next_word(source: &str, from: usize) -> Option<Word> {
    let mut at = from;
    loop {
        let start = at + source.get(at..)?.find(char::is_alphanumeric)?;
        let mut end = word_end(source, start);
        at = end;
        let mut letters = source[start..end].to_lowercase();
        let mut best: Option<Word> = None;
        for _ in 0..3 {
            // Longer ones cannot be near, and need not be compared.
            if letters.len() > 4 * WORD.len() {
                break;
            }
            let found = Word {
                span: Span::new(start, end),
                misses: away(&letters),
            };
            if found.misses <= MISSES && best.is_none_or(|b| found.misses < b.misses) {
                best = Some(found);
            }
            let mut rest = source[end..].chars();
            let joins = |c: char| {
                matches!(c, ' ' | '_' | '-' | '\u{a0}')
                    || unseen::first(c.encode_utf8(&mut [0; 4])) == Some(Unseen::Invisible)
            };
            let Some(between) = rest.next().filter(|c| joins(*c)) else {
                break;
            };
            let next = end + between.len_utf8();
            end = word_end(source, next);
            if end == next {
                break;
            }
            let part = source[next..end].to_lowercase();
            // What is near on its own is found on its own.
            if best.is_some() || away(&part) <= MISSES {
                break;
            }
            letters.push_str(&part);
        }
        if best.is_some() {
            return best;
        }
    }
}

/// How far a word is from the right one; those of another length are not compared.
fn away(word: &str) -> usize {
    let length = word.chars().count().abs_diff(WORD.len());
    if length > MISSES {
        length
    } else {
        misses(word, WORD)
    }
}

fn word_end(source: &str, start: usize) -> usize {
    let rest = &source[start..];
    let end = rest.find(|c: char| !c.is_alphanumeric());
    end.map_or(source.len(), |n| start + n)
}

type Read = (Span, Result<Pattern, String>);

/// The placeholder, or the near miss of one, at `word`.
fn at_word(source: &str, word: Word) -> Option<Read> {
    let Span { start, end } = word.span;
    let line_end = source[end..]
        .find(['\n', '\r'])
        .map_or(source.len(), |n| end + n);
    let before = source[..start].trim_end_matches([' ', '\t']);
    let opening = before
        .chars()
        .next_back()
        .filter(|c| matches!(c, '<' | '[' | '{'));
    if let Some(opening) = opening {
        return bracketed(source, before.len() - 1, end, line_end, opening);
    }
    let plural = source[start..end].eq_ignore_ascii_case("placeholders");
    if plural {
        return None;
    }
    arrow(source, word, line_end)
}

fn bracketed(
    source: &str,
    start: usize,
    word_end: usize,
    line_end: usize,
    opening: char,
) -> Option<Read> {
    let text = &source[start..line_end];
    let exact = text.strip_prefix("<PLACEHOLDER - ");
    let Some(rest) = exact else {
        let close = match opening {
            '<' => matching(text),
            '[' => text.find(']').map(|n| n + 1),
            _ => text.find('}').map(|n| n + 1),
        };
        let whole = Span::new(start, start + close.unwrap_or(text.len()));
        let behind = source.get(word_end..whole.end).unwrap_or("");
        // `[placeholder text](url)` and `{placeholder}` in prose ask for nothing.
        let shaped = behind
            .trim_start()
            .starts_with(['-', '–', '—', ':', '→', '=', '>'])
            && behind.trim_matches(|c: char| !c.is_alphanumeric()).len() > 1;
        if opening != '<' && !(shaped && behind.contains(['/', '<', '_'])) {
            return None;
        }
        return Some((
            whole,
            Err(format!(
                "`{}` is nearly a placeholder, but is not written as one",
                shorten(whole.of(source))
            )),
        ));
    };
    let inner = source.len() - (source.len() - start) + "<PLACEHOLDER - ".len();
    let Some(close) = matching(text) else {
        let span = Span::new(start, start + text.trim_end().len());
        return Some((
            span,
            Err("this placeholder is not closed with `>`".to_owned()),
        ));
    };
    let span = Span::new(start, start + close);
    let asked = &source[inner..span.end - 1];
    debug_assert!(rest.starts_with(asked));
    Some((span, pattern(asked)))
}

/// Where the `>` that closes the first `<` ends.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// `Placeholder → PATTERN`, the pattern bare or in backticks.
fn arrow(source: &str, word: Word, line_end: usize) -> Option<Read> {
    let rest = source[word.span.end..line_end].trim_start();
    let known = source[word.span.start..word.span.end].eq_ignore_ascii_case(WORD);
    let (sign, exact) = if let Some(rest) = rest.strip_prefix('→') {
        (rest, known)
    } else {
        let rest = ["->", "=>", "⇒", "➜", "➔", ":", "–", "—", "-"]
            .iter()
            .find_map(|s| rest.strip_prefix(s))?;
        (rest, false)
    };
    let start = line_end - sign.trim_start().len();
    let (words, ticked) = match source[start..line_end].strip_prefix('`') {
        Some(inside) => {
            let end = inside.find('`').unwrap_or(inside.len());
            (Span::new(start + 1, start + 1 + end), true)
        }
        None => (Span::new(start, line_end), false),
    };
    let first = if ticked {
        Some((words.of(source), words))
    } else {
        paths::words(source, words).into_iter().next()
    };
    let (asked, asked_span) = first?;
    let shaped = asked.contains('/') && (asked.contains('<') || asked.contains('.'));
    if !exact {
        if !shaped || asked.contains("://") {
            return None;
        }
        let span = Span::new(word.span.start, asked_span.end + usize::from(ticked));
        let text = shorten(span.of(source));
        let why = if known {
            "its arrow is not `→`"
        } else {
            "the word `Placeholder` is mistyped"
        };
        return Some((
            span,
            Err(format!("`{text}` is nearly a placeholder, but {why}")),
        ));
    }
    let end = (asked_span.end + usize::from(ticked)).min(line_end);
    Some((Span::new(word.span.start, end), pattern(asked)))
}

fn pattern(asked: &str) -> Result<Pattern, String> {
    let asked = asked.trim();
    if asked.is_empty() {
        return Err("this placeholder asks for nothing".to_owned());
    }
    match Pattern::parse(asked) {
        Ok(pattern) if pattern.is_literal() && !asked.contains(['/', '.']) => {
            Err(format!("`{}` is not a path", shorten(asked)))
        }
        Ok(pattern) => Ok(pattern),
        Err(error) => Err(error.to_string()),
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
