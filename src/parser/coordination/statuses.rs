//! The accepted marks and words of a status; `docs/coordination.md` lists them.

use super::spellings::{Words, has_word};
use crate::{
    model::{config::Recognise, coordination::StatusKind},
    parser::inline::fold,
};

/// Marks and words of a status. The first mark decides; without one the words before the first
/// dash, stop, colon, comma or bracket, of which the gravest counts.
const FAILED_MARKS: &[&str] = &["❌", "✖", "✘", "✗", "🔴", "🛑", "⛔"];
const AT_RISK_MARKS: &[&str] = &["⚠", "🟡", "🟠"];
const PENDING_MARKS: &[&str] = &["⏳", "⌛", "🔄", "🚧", "⏸", "⬜", "☐"];
const DONE_MARKS: &[&str] = &["✅", "✔", "☑", "🟢"];
const FAILED_WORDS: &[&str] = &["failed", "red", "overdue", "missed", "cancelled"];
const AT_RISK_WORDS: &[&str] = &["at risk", "amber", "yellow", "delayed", "blocked"];
const PENDING_WORDS: &[&str] = &[
    "pending",
    "in progress",
    "under way",
    "ongoing",
    "on track",
    "awaiting",
    "waiting",
    "on hold",
    "hold",
    "to do",
    "todo",
    "open",
    "not started",
    "not ready",
    "not done",
    "not yet",
    "not complete",
    "incomplete",
    "scheduled",
    "tbd",
];
const DONE_WORDS: &[&str] = &[
    "done",
    "complete",
    "completed",
    "ready",
    "delivered",
    "met",
    "green",
    "closed",
    "resolved",
    "confirmed",
    "received",
    "approved",
    "finished",
];
/// With one of these beside it a word of success is none.
pub(super) const DENIALS: &[&str] = &[
    "not",
    "no",
    "never",
    "almost",
    "nearly",
    "partly",
    "partially",
    "half",
];

impl Words<'_> {
    /// What a status means; `None` where no table knows it.
    pub fn status(self, text: &str) -> Option<StatusKind> {
        let added = &self.0.statuses;
        let kinds = [
            (
                StatusKind::Failed,
                FAILED_MARKS,
                FAILED_WORDS,
                &added.failed,
            ),
            (
                StatusKind::AtRisk,
                AT_RISK_MARKS,
                AT_RISK_WORDS,
                &added.at_risk,
            ),
            (
                StatusKind::Pending,
                PENDING_MARKS,
                PENDING_WORDS,
                &added.pending,
            ),
            (StatusKind::Done, DONE_MARKS, DONE_WORDS, &added.done),
        ];
        let marks = kinds.iter().flat_map(|(kind, marks, _, added)| {
            let own = added.iter().map(String::as_str).filter(|w| is_mark(w));
            let marks = marks.iter().copied().chain(own);
            let found = marks.filter_map(|m| text.find(m));
            found.map(move |at| (at, *kind)).collect::<Vec<_>>()
        });
        if let Some((_, kind)) = marks.min_by_key(|(at, _)| *at) {
            return Some(kind);
        }
        let text = fold(text).to_lowercase();
        let end = [" - ", " – ", " — ", ": ", "; ", ", ", ". ", " ("]
            .iter()
            .filter_map(|mark| text.find(mark))
            .min()
            .unwrap_or(text.len());
        let head = &text[..end];
        let found = kinds.iter().find(|(_, _, words, added)| {
            let mut own = added.iter().filter(|w| !is_mark(w));
            words.iter().any(|w| has_word(head, w))
                || own.any(|w| has_word(head, &fold(w).to_lowercase()))
        });
        let kind = found.map(|(kind, ..)| *kind)?;
        let denied = kind == StatusKind::Done && DENIALS.iter().any(|w| has_word(head, w));
        (!denied).then_some(kind)
    }
}

/// Whether a spelling of a status is a mark, not a word.
fn is_mark(spelling: &str) -> bool {
    !spelling.trim().is_empty() && !spelling.chars().any(char::is_alphanumeric)
}

/// What a status means by the built-in tables; `None` where they do not know it.
pub fn status(text: &str) -> Option<StatusKind> {
    Words(&Recognise::default()).status(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_in_their_spellings() {
        use StatusKind::{AtRisk, Done, Failed, Pending};
        for (text, kind) in [
            (
                "⏳ PENDING - workflow ready, awaiting delivery",
                Some(Pending),
            ),
            ("⏳ Ready pending evidence", Some(Pending)),
            ("Ready pending review", Some(Pending)),
            ("✅ Ready", Some(Done)),
            ("Ready (two items pending)", Some(Done)),
            (
                "⚠️ **DEPENDENCIES PENDING** - evidence required",
                Some(AtRisk),
            ),
            ("❌ given up, see ✅ below", Some(Failed)),
            ("In  progress", Some(Pending)),
            ("not ready", Some(Pending)),
            ("almost done", None),
            ("never delivered", None),
            ("incomplete", Some(Pending)),
            ("on its way from the depot", None),
            ("readying", None),
            ("", None),
        ] {
            assert_eq!(status(text), kind, "{text}");
        }
    }
}
