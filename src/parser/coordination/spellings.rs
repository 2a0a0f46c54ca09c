//! The accepted spellings of coordination, in one place; `docs/coordination.md` lists them.

use super::statuses;
use crate::{
    model::config::Recognise,
    parser::{
        inline::fold,
        spellings::{is_one_of, speaks_of},
    },
};

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
const ARCHIVE: &[&str] = &["archive", "archive folder", "archive to", "kept in"];

/// Verbs of a follow-up that says where something is kept.
const KEEPING: &[&str] = &[
    "archive",
    "archived",
    "store",
    "stored",
    "save",
    "saved",
    "keep",
    "kept",
    "filed",
    "put",
    "collect",
    "collected",
    "copy",
    "copied",
    "move",
    "moved",
    "upload",
    "uploaded",
];
/// What stands right before the folder then; alone, it is enough.
const INTO: &[&str] = &["to", "in", "into", "under", "at", "below"];

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
    Archive,
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

/// The tables above with what a workspace adds to them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'g>(pub &'g Recognise);

impl Words<'_> {
    /// The label `text` is, a remark in brackets aside.
    pub fn label(self, text: &str) -> Option<Label> {
        let text = fold(text);
        let bare = text.split(" (").next().unwrap_or(&text);
        let added = &self.0.lines;
        let tables = [
            (Label::Owner, OWNER, &added.owner),
            (Label::Status, STATUS, &added.status),
            (Label::Escalation, ESCALATION, &added.escalation),
            (Label::Due, DUE, &added.due),
            (Label::Updated, UPDATED, &added.updated),
            (Label::Overall, OVERALL, &added.overall),
            (Label::Contact, CONTACT, &added.contact),
            (Label::Event, EVENT, &added.event),
            (Label::Zone, ZONE, &added.zone),
            (Label::Daily, DAILY, &added.daily),
            (Label::Review, REVIEW, &added.review),
            (Label::Deliverable, DELIVERABLE, &added.deliverable),
            (Label::Mitigation, MITIGATION, &added.mitigation),
            (Label::Impact, IMPACT, &added.impact),
            (Label::Place, PLACE, &added.place),
            (Label::Length, LENGTH, &added.length),
            (Label::Archive, ARCHIVE, &added.archive),
        ];
        let mut tables = tables.iter();
        let found = tables.find(|(_, table, added)| is_one_of(bare, table, added));
        found.map(|(label, _, _)| *label)
    }

    /// What a header cell says; the first table that has a word of it.
    pub fn column(self, cell: &str) -> Option<Column> {
        let text = fold(cell).to_lowercase();
        let added = &self.0.columns;
        let tables = [
            (Column::Due, DUE_CELL, &added.due),
            (Column::FollowUp, FOLLOW_UP_CELL, &added.follow_up),
            (Column::Status, STATUS_CELL, &added.status),
            (Column::Owes, OWES_CELL, &added.owes),
            (Column::Contact, CONTACT_CELL, &added.contact),
            (Column::Team, TEAM_CELL, &added.team),
        ];
        // What a workspace says a cell means outranks a word in it.
        let own = tables
            .iter()
            .find(|(_, _, added)| is_one_of(&text, &[], added));
        let found = own.or_else(|| {
            let mut tables = tables.iter();
            tables.find(|(_, table, _)| table.iter().any(|w| has_word(&text, w)))
        });
        found.map(|(column, _, _)| *column)
    }

    /// What a heading speaks of.
    pub fn topic(self, heading: &str) -> Option<Topic> {
        let added = &self.0.headings;
        let tables = [
            (Topic::Triggers, TRIGGERS, &added.triggers),
            (Topic::Metrics, METRICS, &added.metrics),
            (Topic::Readiness, READINESS, &added.readiness),
            (Topic::Changes, CHANGES, &added.changes),
        ];
        let mut tables = tables.iter();
        let found = tables.find(|(_, table, added)| speaks_of(heading, table, added));
        found.map(|(topic, _, _)| *topic)
    }

    /// Whether a heading or label stands for the event's own day.
    pub fn is_day_of(self, text: &str) -> bool {
        speaks_of(text, DAY_OF, &self.0.headings.day_of)
    }
}

/// Whether what stands before a folder says that something is kept there: `Archive all of it to`.
pub(super) fn is_for_keeping(before: &str) -> bool {
    let text = fold(before).to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .collect();
    let Some((last, rest)) = words.split_last() else {
        return false;
    };
    let denied = words
        .iter()
        .any(|w| statuses::DENIALS.contains(w) || w.ends_with("n't"));
    let kept = |w: &&str| KEEPING.contains(w);
    let put = INTO.contains(last) && (rest.is_empty() || rest.iter().any(kept));
    !denied && (put || kept(last))
}

/// Whether a name stands for nobody: `TBD`, `TBD Liaison`, `—`.
pub fn is_nobody(name: &str) -> bool {
    let text = fold(name).to_lowercase();
    let first = text.split(' ').next().unwrap_or("");
    let open = matches!(first.trim_matches(['<', '>', '(', ')', ':']), "tbd" | "tba");
    open || NOBODY.contains(&text.as_str()) || crate::parser::spellings::is_pending(name)
}

/// Whether `word` stands in `text` as a whole word.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !part(before) && !part(after)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::coordination::StatusKind;

    #[test]
    fn a_workspace_adds_to_every_table() {
        use StatusKind::{AtRisk, Done, Failed, Pending};
        let added: Recognise = serde_yaml::from_str(
            "lines: { owner: [Zuständig], archive: [Ablage] }
headings: { triggers: [alarm bells], day-of: [show day] }
columns: { due: [bis], contact: [Due To] }
statuses: { done: [erledigt, 🎉], pending: [in arbeit], at-risk: [wackelt], failed: [geplatzt, 💥] }",
        )
        .unwrap();
        let words = Words(&added);
        assert_eq!(words.label("zuständig (kommissarisch)"), Some(Label::Owner));
        assert_eq!(words.label("Ablage"), Some(Label::Archive));
        assert_eq!(words.topic("Our Alarm  Bells"), Some(Topic::Triggers));
        assert!(words.is_day_of("Show Day (2026-05-04)"));
        assert_eq!(words.column("Bis"), Some(Column::Due));
        assert_eq!(words.column("due to"), Some(Column::Contact));
        assert_eq!(words.column("Due Date"), Some(Column::Due));
        for (text, kind) in [
            ("Erledigt - gestern", Some(Done)),
            ("nicht erledigt, no", Some(Done)),
            ("not erledigt", None),
            ("🎉 geplatzt", Some(Done)),
            ("In  Arbeit", Some(Pending)),
            ("wackelt", Some(AtRisk)),
            ("💥", Some(Failed)),
            ("unerledigt", None),
            ("done", Some(Done)),
        ] {
            assert_eq!(words.status(text), kind, "{text}");
        }
        assert_eq!(statuses::status("erledigt"), None);
    }

    #[test]
    fn labels_columns_and_headings() {
        let none = Recognise::default();
        let words = Words(&none);
        let daily = words.label("Daily Status (until the day)");
        assert_eq!(daily, Some(Label::Daily));
        assert_eq!(words.label("Dependency details"), None);
        assert_eq!(words.column("Primary Responsibility"), Some(Column::Owes));
        assert_eq!(words.column("Follow-Up Actions"), Some(Column::FollowUp));
        assert_eq!(words.column("Residue"), None);
        let readiness = words.topic("Launch Readiness Gates");
        assert_eq!(readiness, Some(Topic::Readiness));
        assert_eq!(words.topic("Success"), None);
        assert!(is_nobody("TBD Liaison") && is_nobody("—") && !is_nobody("QA Lead"));
    }
}
