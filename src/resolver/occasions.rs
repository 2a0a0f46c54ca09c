//! From a document to what people are invited to.

use crate::model::{
    coordination::{Coordination, StatusKind},
    deadline::{Deadline, Due, Offset},
    diagnostic::{Diagnostic, Severity},
    document::Document,
    occasion::{Occasion, OccasionKind},
    span::Span,
};

/// What people are invited to, as far as the document says when.
pub fn occasions(document: &Document) -> Vec<Occasion> {
    let parts = &document.coordination;
    if is_called_off(parts) {
        return Vec::new();
    }
    let session = parts.event.as_ref().map(|event| Occasion {
        kind: OccasionKind::Session,
        title: document.title().to_owned(),
        begins: event.due.clone(),
        length: event.length,
        place: event.place.clone(),
        about: None,
        line: document.line(event.span),
    });
    let before = review_before(document).map(|(begins, about, span)| Occasion {
        kind: OccasionKind::FollowUpReview,
        title: format!("Follow-up review: {}", document.title()),
        begins,
        length: None,
        place: None,
        about: Some(about),
        line: document.line(span),
    });
    let review = parts.next_review.as_ref();
    let next = review.and_then(|r| Some((r, r.deadline.due()?)));
    let next = next.map(|(review, due)| Occasion {
        kind: OccasionKind::NextReview,
        title: format!("Next review: {}", document.title()),
        begins: due.clone(),
        length: review.length,
        place: review.place.clone(),
        about: Some(review.about.clone()).filter(|a| !a.is_empty()),
        line: document.line(review.deadline.span),
    });
    session.into_iter().chain(before).chain(next).collect()
}

/// Why it cannot be said when an occasion takes place: its own time cannot be read, or nobody
/// knows when the event begins and a time is at fault.
pub fn unread<'d>(document: &Document, diagnostics: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let parts = &document.coordination;
    let review = parts.next_review.as_ref().map(|r| r.deadline.span);
    let own = |d: &&Diagnostic| parts.event.is_none() || Some(d.span) == review;
    mistaken(diagnostics).into_iter().filter(own).collect()
}

/// Times that cannot be read. While there are any, what is missing may be a slip of the pen, and
/// nothing is cancelled.
pub fn mistaken(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let about_times = |d: &&Diagnostic| {
        let code = d.code;
        d.severity == Severity::Error
            && (code.starts_with("deadline-") || code.starts_with("event-"))
    };
    diagnostics.iter().filter(about_times).collect()
}

/// `**Overall Status:** ❌ Cancelled`.
fn is_called_off(parts: &Coordination) -> bool {
    let Some(status) = &parts.overall else {
        return false;
    };
    let text = status.text.to_lowercase();
    let words = ["cancelled", "canceled", "called off"];
    let off = words.iter().any(|word| text.contains(word));
    off && matches!(status.kind, Some(StatusKind::Failed) | None)
}

/// The review that comes before the event: a line that speaks of one and counts from the event,
/// else the milestone 24 hours before it. Without a time of its own it begins at the event's time
/// of day.
fn review_before(document: &Document) -> Option<(Due, String, Span)> {
    let parts = &document.coordination;
    let event = &parts.event.as_ref()?.due;
    let begins = |deadline: &Deadline, offset: Offset| {
        let own = deadline.due()?.clone();
        if !own.whole_day || event.whole_day {
            return Some(own);
        }
        // A date alone says the day; that of the event's own clock time is a day before.
        let counted = offset.from(&event.local())?;
        (counted.date() == own.local().date()).then(|| Due {
            at: counted.timestamp(),
            ..event.clone()
        })
    };
    let said = parts.follow_ups.iter().find_map(|f| {
        let offset = f.offset.filter(|o| is_before(*o))?;
        let speaks = f.title.to_lowercase().contains("review");
        let due = speaks.then(|| begins(&f.deadline, offset))??;
        Some((due, f.title.clone(), f.deadline.span))
    });
    said.or_else(|| {
        parts.milestones.iter().find_map(|m| {
            let offset = m
                .offset
                .filter(|o| o.days * 24 * 60 + o.minutes == -24 * 60)?;
            let due = begins(&m.deadline, offset)?;
            Some((due, m.title.clone(), m.deadline.span))
        })
    })
}

fn is_before(offset: Offset) -> bool {
    offset.days < 0 || offset.minutes < 0
}
