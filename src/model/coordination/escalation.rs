//! Who hears of what when: routes, escalation lines and triggers.

use crate::model::{deadline::Deadline, span::Span};

/// Whom to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// A person or role, to be found in contacts: `QA lead`.
    pub role: Option<String>,
    /// A channel, with its `#`.
    pub channel: Option<String>,
    /// A mail address.
    pub address: Option<String>,
}

impl Route {
    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.target().is_none()
    }

    /// Where it goes in the first place: the channel, else the address, else the role.
    pub fn target(&self) -> Option<&str> {
        let first = self.channel.as_deref().or(self.address.as_deref());
        first.or(self.role.as_deref())
    }
}

/// `reliability on-call via #occ-reliability`.
impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.channel.as_ref().or(self.address.as_ref());
        match (&self.role, place) {
            (Some(role), Some(place)) => write!(f, "{role} via {place}"),
            (Some(one), None) | (None, Some(one)) => f.write_str(one),
            (None, None) => f.write_str("nobody"),
        }
    }
}

/// `**Escalation:** If … by DEADLINE, escalate to ROUTE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Its words.
    pub text: String,
    /// When it is due, where a time is named.
    pub deadline: Option<Deadline>,
    /// Who hears.
    pub route: Route,
    /// What a line outside the dependencies speaks of; empty where nothing in the document shows
    /// whether it is done, and in the line of a dependency.
    pub about: Vec<Part>,
    /// All its bytes.
    pub span: Span,
}

/// A part of the document that an escalation line speaks of, by its index among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A gate.
    Gate(usize),
    /// A task item that is none.
    Task(usize),
    /// A dependency.
    Dependency(usize),
    /// A row of the owner matrix.
    Owner(usize),
    /// A milestone.
    Milestone(usize),
    /// A follow-up.
    FollowUp(usize),
}

/// `**T-48h:** CONDITION → ACTION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its lead: `T-48h`, `Day-of`.
    pub label: String,
    /// From when it is looked at; on the event's day that is the first moment of the day.
    pub from: Deadline,
    /// What is looked at.
    pub condition: Condition,
    /// The condition's words.
    pub when: String,
    /// What then, in words.
    pub action: String,
    /// Who hears, where the action names somebody.
    pub route: Route,
    /// All its bytes.
    pub span: Span,
}

/// What a trigger looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// A dependency is red: overdue, or marked as failed.
    DependencyRed,
    /// A gate is on hold.
    EvidenceIncomplete,
    /// More than this many systems cannot be used; only a person can say.
    SystemsUnavailable(u32),
    /// Something that only a person can judge.
    Other,
}
