//! Characters that vanish when a name or a subject is read: line breaks, bidi controls and
//! invisible ones, written as character references (`&#13;`) or swallowed as white space.

use super::blocks::Outline;
use crate::model::{
    diagnostic::Diagnostic,
    document::Document,
    span::Span,
    unseen::{self, Unseen},
};

/// The longest text that is shown, in characters.
const LONGEST: usize = 160;

/// Refuses them in everything that goes into a header, a log line or a name.
pub(super) fn report(document: &Document, outline: &Outline, found: &mut Vec<Diagnostic>) {
    if outline.hidden.is_empty() {
        return;
    }
    let subjects = document.notifications.iter().map(|n| n.subject_span);
    let mut parts: Vec<(&str, Span)> = subjects.map(|s| ("the subject", s)).collect();
    parts.extend(
        document
            .recipients
            .iter()
            .map(|r| ("the recipient", r.span)),
    );
    parts.extend(document.channels.iter().map(|c| ("the channel", c.span)));
    parts.extend(document.gates.iter().map(|g| ("the gate", g.span)));
    parts.extend(document.tracker_rows().map(|r| ("the tracker row", r.span)));
    let mut said: Vec<Span> = Vec::new();
    for (what, part) in parts {
        let inside: Vec<_> = outline
            .hidden
            .iter()
            .filter(|(s, _)| part.contains(*s))
            .collect();
        let Some(why) = inside.first().and_then(|(_, text)| unseen::first(text)) else {
            continue;
        };
        // An item with several channels is one line.
        if said.contains(&part) {
            continue;
        }
        said.push(part);
        let mut shown = String::new();
        let mut at = part.start;
        for (span, text) in inside {
            shown.push_str(Span::new(at, span.start).of(&document.source));
            shown.push_str(&unseen::visible(text));
            at = span.end;
        }
        shown.push_str(Span::new(at, part.end).of(&document.source));
        let line: String = shown.trim_end().chars().take(LONGEST).collect();
        let has = match why {
            Unseen::LineBreak => "a line break",
            Unseen::Control => "a control character",
            Unseen::Bidi => "a character that reorders text on the screen",
            Unseen::Invisible => "an invisible character",
        };
        found.push(
            Diagnostic::error(
                "hidden-character",
                part,
                format!("{what} `{}` has {has}", line.replace(['\n', '\r'], " ")),
            )
            .help("delete what is shown as \\u{…} and type it again"),
        );
    }
}
