//! The accepted spellings of coordination, in one place; `docs/coordination.md` lists them.

use crate::{model::coordination::StatusKind, parser::inline::fold};

/// Labels of lines (`**Owner:** …`).
const OWNER: &[&str] = &["owner", "owners", "responsible"];
const STATUS: &[&str] = &["status"];
const ESCALATION: &[&str] = &["escalation", "escalate", "escalation path"];
const DUE: &[&str] = &["due", "due date", "deadline", "due by"];
const UPDATED: &[&str] = &["last updated", "updated"];
const OVERALL: &[&str] = &["overall status", "coordination status"];
const CONTACT: &[&str] = &["contact"];
const EVENT: &[&str] = &[
    "event",
    "event start",
    "rehearsal",
    "session",
    "when",
    "go-live",
];
const ZONE: &[&str] = &["time zone", "timezone"];
const DAILY: &[&str] = &["daily status", "daily update", "daily report"];
const REVIEW: &[&str] = &["next review"];
const DELIVERABLE: &[&str] = &["deliverable"];
const MITIGATION: &[&str] = &["mitigation", "contingency"];
const IMPACT: &[&str] = &["impact"];
const PLACE: &[&str] = &["location", "venue", "place", "where", "room"];
const LENGTH: &[&str] = &["duration", "length"];

/// Words of a sentence that names the zone of all times.
pub(super) const ALL_TIMES: &[&str] = &["all times", "times are in", "all deadlines"];
/// Keys of the front matter that do.
pub(super) const ZONE_KEYS: &[&str] = &["timezone", "time_zone", "tz"];

/// Phrases of headings.
const TRIGGERS: &[&str] = &["trigger"];
const METRICS: &[&str] = &["success indicator", "success metric", "success criteria"];
const READINESS: &[&str] = &["readiness gate", "readiness criteria", "go/no-go"];
const CHANGES: &[&str] = &["change log", "changelog", "revision history"];
/// What stands for the event's own day where others say `T-24h`.
const DAY_OF: &[&str] = &["day of", "day-of", "event day"];

/// Words in the header cells of an owner matrix.
const TEAM_CELL: &[&str] = &["team", "group", "area"];
const CONTACT_CELL: &[&str] = &["contact", "owner", "person", "assignee", "responsible"];
const OWES_CELL: &[&str] = &[
    "responsibility",
    "responsibilities",
    "owes",
    "task",
    "deliverable",
];
const DUE_CELL: &[&str] = &["due", "deadline"];
const STATUS_CELL: &[&str] = &["status", "state"];
const FOLLOW_UP_CELL: &[&str] = &["follow-up", "follow up", "next step", "next action"];

/// Names that stand for nobody.
const NOBODY: &[&str] = &["tbd", "tba", "unassigned", "none", "nobody", "?", "open"];

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
const DENIALS: &[&str] = &[
    "not",
    "no",
    "never",
    "almost",
    "nearly",
    "partly",
    "partially",
    "half",
];

/// What a line's label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Owner,
    Status,
    Escalation,
    Due,
    Updated,
    Overall,
    Contact,
    Event,
    Zone,
    Daily,
    Review,
    Deliverable,
    Mitigation,
    Impact,
    Place,
    Length,
}

/// What a column of an owner matrix holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Team,
    Contact,
    Owes,
    Due,
    Status,
    FollowUp,
}

/// What a heading speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Triggers,
    Metrics,
    Readiness,
    Changes,
}

/// The label `text` is, a remark in brackets aside.
pub(super) fn label(text: &str) -> Option<Label> {
    let text = fold(text).to_lowercase();
    let bare = text.split(" (").next().unwrap_or(&text);
    let tables = [
        (Label::Owner, OWNER),
        (Label::Status, STATUS),
        (Label::Escalation, ESCALATION),
        (Label::Due, DUE),
        (Label::Updated, UPDATED),
        (Label::Overall, OVERALL),
        (Label::Contact, CONTACT),
        (Label::Event, EVENT),
        (Label::Zone, ZONE),
        (Label::Daily, DAILY),
        (Label::Review, REVIEW),
        (Label::Deliverable, DELIVERABLE),
        (Label::Mitigation, MITIGATION),
        (Label::Impact, IMPACT),
        (Label::Place, PLACE),
        (Label::Length, LENGTH),
    ];
    let found = tables.iter().find(|(_, table)| table.contains(&bare));
    found.map(|(label, _)| *label)
}

/// What a header cell says; the first table that has a word of it.
pub(super) fn column(cell: &str) -> Option<Column> {
    let text = fold(cell).to_lowercase();
    let tables = [
        (Column::Due, DUE_CELL),
        (Column::FollowUp, FOLLOW_UP_CELL),
        (Column::Status, STATUS_CELL),
        (Column::Owes, OWES_CELL),
        (Column::Contact, CONTACT_CELL),
        (Column::Team, TEAM_CELL),
    ];
    let found = tables
        .iter()
        .find(|(_, table)| table.iter().any(|w| has_word(&text, w)));
    found.map(|(column, _)| *column)
}

/// What a heading speaks of.
pub(super) fn topic(heading: &str) -> Option<Topic> {
    let text = fold(heading).to_lowercase();
    let tables = [
        (Topic::Triggers, TRIGGERS),
        (Topic::Metrics, METRICS),
        (Topic::Readiness, READINESS),
        (Topic::Changes, CHANGES),
    ];
    let found = tables
        .iter()
        .find(|(_, table)| table.iter().any(|p| text.contains(p)));
    found.map(|(topic, _)| *topic)
}

/// Whether a heading or label stands for the event's own day.
pub(super) fn is_day_of(text: &str) -> bool {
    let text = fold(text).to_lowercase();
    DAY_OF.iter().any(|p| text.contains(p))
}

/// Whether a name stands for nobody: `TBD`, `TBD Liaison`, `—`.
pub fn is_nobody(name: &str) -> bool {
    let text = fold(name).to_lowercase();
    let first = text.split(' ').next().unwrap_or("");
    let open = matches!(first.trim_matches(['<', '>', '(', ')', ':']), "tbd" | "tba");
    open || NOBODY.contains(&text.as_str()) || crate::parser::spellings::is_pending(name)
}

/// What a status means by the tables above; `None` where they do not know it.
pub fn status(text: &str) -> Option<StatusKind> {
    let kinds = [
        (StatusKind::Failed, FAILED_MARKS, FAILED_WORDS),
        (StatusKind::AtRisk, AT_RISK_MARKS, AT_RISK_WORDS),
        (StatusKind::Pending, PENDING_MARKS, PENDING_WORDS),
        (StatusKind::Done, DONE_MARKS, DONE_WORDS),
    ];
    let marks = kinds.iter().flat_map(|(kind, marks, _)| {
        marks
            .iter()
            .filter_map(|m| text.find(m))
            .map(move |at| (at, *kind))
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
    let found = kinds
        .iter()
        .find(|(_, _, words)| words.iter().any(|w| has_word(head, w)));
    let kind = found.map(|(kind, _, _)| *kind)?;
    let denied = kind == StatusKind::Done && DENIALS.iter().any(|w| has_word(head, w));
    (!denied).then_some(kind)
}

/// Whether `word` stands in `text` as a whole word.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part(before) && !part(after)
    })
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

    #[test]
    fn labels_columns_and_headings() {
        assert_eq!(label("Daily Status (until the day)"), Some(Label::Daily));
        assert_eq!(label("Dependency details"), None);
        assert_eq!(column("Primary Responsibility"), Some(Column::Owes));
        assert_eq!(column("Follow-Up Actions"), Some(Column::FollowUp));
        assert_eq!(column("Residue"), None);
        assert_eq!(topic("Launch Readiness Gates"), Some(Topic::Readiness));
        assert_eq!(topic("Success"), None);
        assert!(is_nobody("TBD Liaison") && is_nobody("—") && !is_nobody("QA Lead"));
    }
}
