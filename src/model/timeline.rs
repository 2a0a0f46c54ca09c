//! What is owed by when, and where it stands at a moment.

use jiff::Timestamp;

use super::{
    coordination::{Route, Status},
    deadline::Due,
};

/// Where a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeadlineState {
    /// Not met, and there is time.
    Pending,
    /// Met.
    Met,
    /// Not met, and the time is over.
    Overdue,
}

/// By what something is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MetBy {
    /// Every gate of it is clear or waived.
    Evidence,
    /// The document's own word: a status or ticked boxes, and no gate to ask.
    Word,
    /// A named person's recorded word.
    Attested,
}

/// What a deadline belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A dependency.
    Dependency,
    /// A row of the owner matrix.
    Owner,
    /// A milestone with its checklist.
    Milestone,
    /// An escalation line of its own.
    Escalation,
    /// Something owed after the event.
    FollowUp,
}

/// One deadline at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it belongs to.
    pub kind: Kind,
    /// Index among the document's parts of that kind.
    pub index: usize,
    /// The line that names the time.
    pub line: usize,
    /// What is owed.
    pub what: String,
    /// Who owes it, as written.
    pub owner: Option<String>,
    /// By when.
    pub due: Due,
    /// Where it stands.
    pub state: DeadlineState,
    /// By what it is met; `None` while it is not.
    pub met_by: Option<MetBy>,
    /// Red: overdue, or marked as failed.
    pub red: bool,
    /// What the document says about it.
    pub status: Option<Status>,
    /// Who hears if it is late.
    pub route: Route,
    /// From when they hear, where that is another moment than `due`.
    pub escalate_at: Option<Timestamp>,
    /// What is missing, in words: gates on hold, boxes without a tick.
    pub missing: Vec<String>,
    /// What an escalation line speaks of, in words.
    pub about: Vec<String>,
    /// Whose recorded word it is met by, in words.
    pub word: Option<String>,
    /// The command that records somebody's word, where nothing else can show that it is met.
    pub ask: Option<String>,
}

/// A document's deadlines at a moment, by when they are due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The deadlines that can be read, earliest first.
    pub entries: Vec<Entry>,
    /// Whether each dependency is met, in the document's order, those without a deadline too.
    pub dependencies: Vec<Option<MetBy>>,
}
