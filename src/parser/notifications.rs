//! Subject and body of the messages a document holds, in their three forms.

use super::{
    blocks::{BlockKind, Fence, Outline},
    inline, spellings,
};
use crate::model::{diagnostic::Diagnostic, document::Notification, span::Span};

pub(super) fn read(
    source: &str,
    outline: &Outline,
    found: &mut Vec<Diagnostic>,
) -> Vec<Notification> {
    let mut notifications = Vec::new();
    let mut pending: Option<(String, Span)> = None;
    for block in &outline.blocks {
        match &block.kind {
            BlockKind::Heading(index) => {
                let heading = &outline.headings[*index];
                match spellings::after_subject(&heading.text) {
                    Some(subject) => {
                        let span = in_source(source, heading.span);
                        ask(&mut pending, (subject.to_owned(), span), found);
                    }
                    // A subtitle between subject and fence is fine; a heading as high ends the wait.
                    None if heading.level < 7 => without_body(pending.take(), found),
                    None => {}
                }
            }
            BlockKind::Paragraph(runs) => {
                for line in inline::lines(runs) {
                    let Some((lead, rest)) = inline::bold_lead(line) else {
                        continue;
                    };
                    let subject = inline::text(&rest);
                    if spellings::after_subject(&format!("{lead}:")).is_none() || subject.is_empty()
                    {
                        continue;
                    }
                    let first = rest.iter().find(|r| !r.text.trim().is_empty());
                    let last = rest.last();
                    if let (Some(first), Some(last)) = (first, last) {
                        let span = Span::new(first.span.start, last.span.end);
                        ask(&mut pending, (subject, span), found);
                    }
                }
            }
            BlockKind::Fence(fence) if !spellings::is_shell(&fence.language) => {
                if let Some((subject, span)) = pending.take() {
                    notifications.push(finish(subject, span, fence.pieces.clone(), found));
                } else if let Some(read) = inside(source, fence) {
                    notifications.push(finish(read.0, read.1, read.2, found));
                }
            }
            _ => {}
        }
    }
    without_body(pending.take(), found);
    notifications
}

fn ask(pending: &mut Option<(String, Span)>, next: (String, Span), found: &mut Vec<Diagnostic>) {
    // `**Subject: x**` is read as a heading and as a paragraph; it is one subject.
    if pending.as_ref().is_some_and(|p| p.1.overlaps(next.1)) {
        return;
    }
    without_body(pending.replace(next), found);
}

fn without_body(pending: Option<(String, Span)>, found: &mut Vec<Diagnostic>) {
    if let Some((_, span)) = pending {
        found.push(
            Diagnostic::error(
                "notification-body",
                span,
                "this subject has no message below it",
            )
            .help("put the message into a fence (```) under the subject"),
        );
    }
}

fn finish(
    subject: String,
    span: Span,
    body: Vec<Span>,
    found: &mut Vec<Diagnostic>,
) -> Notification {
    if body.iter().all(|b| b.is_empty()) {
        found.push(
            Diagnostic::error("notification-empty", span, "this notification has no text")
                .help("write the message into the fence under the subject"),
        );
    }
    if subject.is_empty() {
        found.push(
            Diagnostic::error("subject-empty", span, "the subject is empty")
                .help("write it behind `Subject:`"),
        );
    }
    Notification {
        subject,
        subject_span: span,
        body,
    }
}

/// The bytes behind the label in a heading.
fn in_source(source: &str, heading: Span) -> Span {
    let text = heading.of(source);
    let line = text.trim_end();
    let start = line.find(':').map_or(0, |n| n + 1);
    let rest = &line[start..];
    let lead = rest.len() - rest.trim_start().len();
    Span::new(heading.start + start + lead, heading.start + line.len())
}

/// A first line `Subject: …` inside the fence; the body follows without the blank line between.
fn inside(source: &str, fence: &Fence) -> Option<(String, Span, Vec<Span>)> {
    let first = fence
        .pieces
        .iter()
        .position(|p| !p.of(source).trim().is_empty())?;
    let piece = fence.pieces[first];
    let text = piece.of(source);
    let lead = text.len() - text.trim_start().len();
    let line_end = text[lead..]
        .find(['\n', '\r'])
        .map_or(text.len(), |n| lead + n);
    let subject = spellings::after_subject(&text[lead..line_end])?.to_owned();
    let subject_end = piece.start + text[..line_end].trim_end().len();
    let span = Span::new(subject_end - subject.len(), subject_end);
    let rest = &text[line_end..];
    let skipped = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let mut body = vec![Span::new(piece.start + line_end + skipped, piece.end)];
    body.extend(fence.pieces[first + 1..].iter().copied());
    body.retain(|p| !p.is_empty());
    // Indented fences come in one piece a line: blank lines before the text are not part of it.
    while body.first().is_some_and(|p| p.of(source).trim().is_empty()) {
        body.remove(0);
    }
    Some((subject, span, body))
}
