//! What was forgotten in words that go out: a bare `<timestamp>`, a pattern, the word PLACEHOLDER.

use super::{Grammar, nearly::nearly, paths};
use crate::model::{diagnostic::Diagnostic, document::Document, span::Span};

/// Reports what is left in the notifications beside their placeholders, and in what people are
/// asked.
pub(super) fn report(document: &Document, grammar: &Grammar, found: &mut Vec<Diagnostic>) {
    for notification in &document.notifications {
        for piece in &notification.body {
            for left in all(&blanked(document, *piece), grammar) {
                let span = Span::new(piece.start + left.start, piece.start + left.end);
                found.push(goes_out(span.of(&document.source), span));
            }
        }
        let raw = notification.subject_span;
        let mut subject = notification.subject.clone();
        for placeholder in &document.placeholders {
            if raw.contains(placeholder.span) {
                subject = subject.replace(placeholder.span.of(&document.source), " ");
            }
        }
        for left in all(&subject, grammar) {
            found.push(goes_out(left.of(&subject), raw));
        }
    }
    for recipient in &document.recipients {
        if let Some(left) = all(&recipient.ask, grammar).first() {
            let message = format!(
                "what `{}` is asked holds `{}`, which would go out as it stands",
                recipient.name,
                left.of(&recipient.ask)
            );
            found.push(
                Diagnostic::error("ask-leftover", recipient.span, message)
                    .help("name the file in the notification, with a placeholder"),
            );
        }
    }
}

fn goes_out(words: &str, span: Span) -> Diagnostic {
    let message = format!("`{words}` in the notification would go out as it stands");
    Diagnostic::error("notification-leftover", span, message).help(
        "write `<PLACEHOLDER - artifacts/probe_<timestamp>.log>`, which becomes the artifact's path, or the words that are meant",
    )
}

/// The bytes of `piece`, its placeholders blanked out.
fn blanked(document: &Document, piece: Span) -> String {
    let mut text = String::with_capacity(piece.end - piece.start);
    let mut at = piece.start;
    for placeholder in document
        .placeholders
        .iter()
        .filter(|p| p.span.overlaps(piece))
    {
        let start = placeholder.span.start.max(at);
        let end = placeholder.span.end.min(piece.end);
        text.push_str(Span::new(at, start).of(&document.source));
        text.push_str(&" ".repeat(end.saturating_sub(start)));
        at = end.max(at);
    }
    text.push_str(Span::new(at, piece.end).of(&document.source));
    text
}

/// The bytes of everything that is left in `text`, in order.
fn all(text: &str, grammar: &Grammar) -> Vec<Span> {
    let patterns = paths::words(text, Span::new(0, text.len()))
        .into_iter()
        .filter(|(word, _)| paths::varies(word, &grammar.roots))
        .map(|(_, span)| span);
    let words = text
        .match_indices("PLACEHOLDER")
        .map(|(at, word)| Span::new(at, at + word.len()));
    let mut found: Vec<Span> = patterns.collect();
    for span in bare(text).into_iter().chain(words) {
        if !found.iter().any(|f| f.overlaps(span)) {
            found.push(span);
        }
    }
    found.sort_by_key(|s| s.start);
    found
}

/// `<date>` and `<timestamp>`, mistyped and as character references too.
fn bare(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let opens = text
        .match_indices('<')
        .chain(text.match_indices("&lt;"))
        .map(|(at, sign)| (at, at + sign.len()));
    for (start, inner) in opens {
        let rest = &text[inner..];
        let line = rest.split(['\n', '\r', '<']).next().unwrap_or(rest);
        let closes = [">", "&gt;"];
        let close = closes
            .iter()
            .filter_map(|c| line.find(c).map(|at| (at, c.len())))
            .min();
        let Some((at, width)) = close.filter(|(at, _)| *at <= 24) else {
            continue;
        };
        let name: String = line[..at]
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        if name == "date" || nearly(&name, "timestamp", 2) {
            found.push(Span::new(start, inner + at + width));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> Vec<String> {
        let spans = all(text, &Grammar::default());
        spans.iter().map(|s| s.of(text).to_owned()).collect()
    }

    #[test]
    fn what_was_forgotten_is_found() {
        for (text, wanted) in [
            ("at <timestamp>.", "<timestamp>"),
            ("on <DATE> and after", "<DATE>"),
            ("at < time stamp >", "< time stamp >"),
            ("at <timestmap>", "<timestmap>"),
            ("at &lt;timestamp&gt;", "&lt;timestamp&gt;"),
            (
                "see artifacts/a_<timestamp>.log.",
                "artifacts/a_<timestamp>.log",
            ),
            ("see artifacts/<env>/a.log", "artifacts/<env>/a.log"),
            ("see artifacts/logs/*.log", "artifacts/logs/*.log"),
            ("see out/<date>/run.json", "out/<date>/run.json"),
            ("see artifacts/<date/run.json", "artifacts/<date/run.json"),
            ("<**PLACEHOLDER** artifacts/a.log>", "PLACEHOLDER"),
        ] {
            assert_eq!(left(text), [wanted], "{text}");
        }
    }

    #[test]
    fn words_that_are_meant_stay() {
        for text in [
            "the date is 2025-10-16, a < b > c, <your name>, <https://example.com/<x>/>",
            "write to <desk@example.com> or {{timestamp}}",
            "see artifacts/a_2025-10-09.log and https://example.com/*/x",
            "5 * 3/4 and **bold**/text, a placeholder, <data>, <PENDING>",
        ] {
            assert!(left(text).is_empty(), "{text}: {:?}", left(text));
        }
    }
}
