//! `<PLACEHOLDER - PATTERN>` and `Placeholder → PATTERN`, outside code spans and shell fences.

use super::{blocks::Outline, paths};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Document, Placeholder},
    pattern::Pattern,
    span::Span,
};

const FORM: &str =
    "write `<PLACEHOLDER - artifacts/probe_<timestamp>.log>`, closed on the same line";
const WORD: &str = "placeholder";

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
    let lower = source.to_ascii_lowercase();
    let mut at = document.front.body_start;
    while let Some(next) = lower.get(at..).and_then(|rest| rest.find(WORD)) {
        let word = at + next;
        at = word + WORD.len();
        if closed.iter().any(|c| c.start <= word && word < c.end) {
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

type Read = (Span, Result<Pattern, String>);

/// The placeholder, or the near miss of one, whose word stands at `word`.
fn at_word(source: &str, word: usize) -> Option<Read> {
    let line_end = source[word..]
        .find(['\n', '\r'])
        .map_or(source.len(), |n| word + n);
    let after = &source[word + WORD.len()..line_end];
    let before = source[..word].trim_end_matches([' ', '\t']);
    let opening = before
        .chars()
        .next_back()
        .filter(|c| matches!(c, '<' | '[' | '{'));
    if let Some(opening) = opening {
        let start = before.len() - 1;
        return bracketed(source, start, word, line_end, opening);
    }
    if source[..word]
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric)
    {
        return None;
    }
    arrow(source, word, after, line_end)
}

fn bracketed(
    source: &str,
    start: usize,
    word: usize,
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
        let behind = &source[word + WORD.len()..whole.end];
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
fn arrow(source: &str, word: usize, after: &str, line_end: usize) -> Option<Read> {
    let rest = after.trim_start();
    let (sign, exact) = if let Some(rest) = rest.strip_prefix('→') {
        (rest, true)
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
        let span = Span::new(word, asked_span.end + usize::from(ticked));
        let text = shorten(span.of(source));
        return Some((
            span,
            Err(format!(
                "`{text}` is nearly a placeholder, but its arrow is not `→`"
            )),
        ));
    }
    let end = (asked_span.end + usize::from(ticked)).min(line_end);
    Some((Span::new(word, end), pattern(asked)))
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
