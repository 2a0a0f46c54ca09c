//! Further spellings for coordination, as a workspace adds them to the built-in tables.

use schemars::JsonSchema;
use serde::Deserialize;

/// Labels of lines (`**Owner:** …`), each the whole of a label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Lines {
    /// Who owes it.
    pub owner: Vec<String>,
    /// Where it stands.
    pub status: Vec<String>,
    /// Who hears if it is late.
    pub escalation: Vec<String>,
    /// By when it is owed.
    pub due: Vec<String>,
    /// When the document was brought up to date.
    pub updated: Vec<String>,
    /// Where the whole stands.
    pub overall: Vec<String>,
    /// Whom to turn to.
    pub contact: Vec<String>,
    /// When the event begins.
    pub event: Vec<String>,
    /// The zone of all times.
    pub zone: Vec<String>,
    /// The daily report.
    pub daily: Vec<String>,
    /// When the whole is looked at next.
    pub review: Vec<String>,
    /// What comes of the next review.
    pub deliverable: Vec<String>,
    /// What is done where a risk comes true.
    pub mitigation: Vec<String>,
    /// What a risk costs.
    pub impact: Vec<String>,
    /// Where something takes place.
    pub place: Vec<String>,
    /// How long it takes.
    pub length: Vec<String>,
    /// The folder for what is kept.
    pub archive: Vec<String>,
}

/// Phrases of headings over parts of coordination.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Headings {
    /// Over what sets off an escalation.
    pub triggers: Vec<String>,
    /// Over what the event is judged by.
    pub metrics: Vec<String>,
    /// Over what must hold afterwards.
    pub readiness: Vec<String>,
    /// Over the change log.
    pub changes: Vec<String>,
    /// What stands for the event's own day where others say `T-24h`.
    pub day_of: Vec<String>,
}

/// Header cells of an owner matrix, each the whole of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Columns {
    /// Over teams.
    pub team: Vec<String>,
    /// Over who owes it.
    pub contact: Vec<String>,
    /// Over what is owed.
    pub owes: Vec<String>,
    /// Over by when.
    pub due: Vec<String>,
    /// Over where it stands.
    pub status: Vec<String>,
    /// Over the next step.
    pub follow_up: Vec<String>,
}

/// Words and marks of a status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Statuses {
    /// Nothing is left to do.
    pub done: Vec<String>,
    /// Not yet.
    pub pending: Vec<String>,
    /// Not yet, and in danger.
    pub at_risk: Vec<String>,
    /// Red: failed, or given up.
    pub failed: Vec<String>,
}
