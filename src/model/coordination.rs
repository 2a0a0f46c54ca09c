//! Coordination: who owes what by when around an event, and who hears if it is late.
//!
//! The parts as the document states them. What they come to at a moment is
//! [`timeline`](super::timeline).

mod escalation;

use jiff::{SignedDuration, civil::Time};

use super::{
    deadline::{Deadline, Due, Offset, Zone},
    moment::Moment,
    span::Span,
};

pub use escalation::{Condition, Escalation, Part, Route, Trigger};

/// Everything of this kind in a document; empty in most.
#[derive(Clone, Debug, Default)]
pub struct Coordination {
    /// `**Last Updated:**`, where it states a moment.
    pub last_updated: Option<Moment>,
    /// `**Overall Status:**`.
    pub overall: Option<Status>,
    /// `**Contact:**`: whom to turn to.
    pub contact: Option<Route>,
    /// The zone that the document names for all its times.
    pub zone: Option<Zone>,
    /// When the event begins, and where that stands.
    pub event: Option<Event>,
    /// What is waited for.
    pub dependencies: Vec<Dependency>,
    /// Rows of the owner matrix.
    pub owners: Vec<OwnerRow>,
    /// Checklists with a time.
    pub milestones: Vec<Milestone>,
    /// What may go wrong, and what then.
    pub risks: Vec<Risk>,
    /// What sets off an escalation when.
    pub triggers: Vec<Trigger>,
    /// Escalation lines that belong to no dependency.
    pub escalations: Vec<Escalation>,
    /// What is owed after the event.
    pub follow_ups: Vec<FollowUp>,
    /// Where what is kept of it goes.
    pub archive: Option<Archive>,
    /// By what the event is judged.
    pub metrics: Vec<Metric>,
    /// What must hold afterwards, for the decision to go ahead.
    pub readiness: Vec<Metric>,
    /// The daily status mail.
    pub daily: Option<DailyStatus>,
    /// When the whole is looked at next.
    pub next_review: Option<Review>,
    /// Lines of the change log.
    pub changes: Vec<Change>,
}

impl Coordination {
    /// Whether the document coordinates anything.
    pub fn is_empty(&self) -> bool {
        self.dependencies.is_empty()
            && self.owners.is_empty()
            && self.milestones.is_empty()
            && self.escalations.is_empty()
            && self.triggers.is_empty()
            && self.follow_ups.is_empty()
    }
}

/// What a status means; `None` in [`Status`] where its words are not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusKind {
    /// Nothing is left to do.
    Done,
    /// Not yet.
    Pending,
    /// Not yet, and in danger.
    AtRisk,
    /// Red: failed, or given up.
    Failed,
}

impl StatusKind {
    /// The word for it in output.
    pub fn word(self) -> &'static str {
        match self {
            StatusKind::Done => "done",
            StatusKind::Pending => "pending",
            StatusKind::AtRisk => "at risk",
            StatusKind::Failed => "failed",
        }
    }
}

/// A status as somebody wrote it: a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its words without markup.
    pub text: String,
    /// What they mean; `None` where no table knows them.
    pub kind: Option<StatusKind>,
    /// Their bytes.
    pub span: Span,
}

/// When the event begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The moment, or the day.
    pub due: Due,
    /// How long it takes, where the document says so.
    pub length: Option<SignedDuration>,
    /// Where it takes place: a room, an address or a link.
    pub place: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its number in the heading, where it has one.
    pub number: Option<u32>,
    /// The heading without the number.
    pub title: String,
    /// Who owes it.
    pub owner: Option<String>,
    /// What the document claims.
    pub status: Option<Status>,
    /// Indices of the document's gates that prove it.
    pub gates: Vec<usize>,
    /// When it is owed by its own line (`**Due:**`).
    pub due: Option<Deadline>,
    /// Who hears if it is late, and from when.
    pub escalation: Option<Escalation>,
    /// The heading's bytes.
    pub span: Span,
}

impl Dependency {
    /// Its own deadline, else that of its escalation.
    pub fn deadline(&self) -> Option<&Deadline> {
        let escalated = self.escalation.as_ref().and_then(|e| e.deadline.as_ref());
        self.due.as_ref().or(escalated)
    }
}

/// A row of the owner matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerRow {
    /// The team.
    pub team: Option<String>,
    /// The person or role, as written.
    pub contact: Option<String>,
    /// What they owe.
    pub owes: Option<String>,
    /// By when.
    pub due: Option<Deadline>,
    /// What the document claims.
    pub status: Option<Status>,
    /// What to do next.
    pub follow_up: Option<String>,
    /// Indices of gates in this row.
    pub gates: Vec<usize>,
    /// The row's bytes.
    pub span: Span,
}

impl OwnerRow {
    /// Who owes it: the contact, else the team.
    pub fn owner(&self) -> Option<&str> {
        self.contact.as_deref().or(self.team.as_deref())
    }

    /// What is owed, in words: `Support: session facilitation`.
    pub fn what(&self) -> String {
        match (&self.team, &self.owes) {
            (Some(team), Some(owes)) => format!("{team}: {owes}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => self.contact.clone().unwrap_or_default(),
        }
    }
}

/// A heading with a time over a checklist: `Before (T-24h: 2025-10-15)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// The heading without its time.
    pub title: String,
    /// When; a written date outranks the count from the event.
    pub deadline: Deadline,
    /// How far from the event, where the heading says that.
    pub offset: Option<Offset>,
    /// Indices of the document's tasks in its checklist.
    pub tasks: Vec<usize>,
    /// Indices of the gates among them.
    pub gates: Vec<usize>,
    /// The heading's bytes.
    pub span: Span,
}

/// Something that may go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// What.
    pub title: String,
    /// What is done then.
    pub mitigation: Option<String>,
    /// What that costs.
    pub impact: Option<String>,
    /// Who sees to it.
    pub owner: Option<String>,
    /// All its bytes.
    pub span: Span,
}

/// Something owed after the event: `1. **Summary** (T+24h)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// What.
    pub title: String,
    /// When.
    pub deadline: Deadline,
    /// How far from the event, where it says that.
    pub offset: Option<Offset>,
    /// What the document claims: a ticked box, or a mark of the status table.
    pub status: Option<Status>,
    /// What belongs to it, a text each.
    pub details: Vec<String>,
    /// All its bytes.
    pub span: Span,
}

/// The folder that the document names for what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Its path below an evidence root, without a `/` at the end.
    pub folder: String,
    /// The bytes of the line or the follow-up that names it.
    pub span: Span,
}

/// A number to be reached: `≥80%`, `at least 5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// At least this many.
    pub at_least: u32,
    /// Of a hundred, not of single things.
    pub percent: bool,
}

/// Something the event is judged by, or that must hold afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its bold lead, else its words.
    pub name: String,
    /// Its words.
    pub text: String,
    /// The number it asks for, where it asks for one.
    pub target: Option<Target>,
    /// Index of its task.
    pub task: usize,
    /// Index of its gate, where it names evidence.
    pub gate: Option<usize>,
    /// Its bytes.
    pub span: Span,
}

/// `**Daily Status:** … by 09:00 ET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyStatus {
    /// Its words.
    pub text: String,
    /// When it is due each day, where a time with a zone is named.
    pub at: Option<(Time, Zone)>,
    /// Its bytes.
    pub span: Span,
}

/// `**Next Review:** 2025-10-17 09:00 ET - …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// When.
    pub deadline: Deadline,
    /// What is decided.
    pub about: String,
    /// Who sees to it.
    pub owner: Option<String>,
    /// What comes of it.
    pub deliverable: Option<String>,
    /// How long it takes, where the document says so.
    pub length: Option<SignedDuration>,
    /// Where it takes place.
    pub place: Option<String>,
}

/// A line of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, where it states a moment.
    pub at: Option<Moment>,
    /// Its lead, as written.
    pub label: String,
    /// What changed.
    pub text: String,
    /// Its bytes.
    pub span: Span,
}
