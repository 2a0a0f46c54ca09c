//! What a daily report said: what the next one is compared with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{resolution::Verdict, timeline::DeadlineState};

/// Gates and deadlines as a report told of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The day of the report, in the document's zone: `2026-10-27`.
    pub day: String,
    /// Every gate, in the document's order.
    pub gates: Vec<GateThen>,
    /// Every deadline, earliest first.
    pub deadlines: Vec<DeadlineThen>,
}

/// A gate as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateThen {
    /// Its name.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
}

/// A deadline as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineThen {
    /// What was owed.
    pub what: String,
    /// By when.
    pub due: Timestamp,
    /// Where it stood.
    pub state: DeadlineState,
}
