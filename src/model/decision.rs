//! Go or no-go: what the event is judged by, and what that comes to.

use jiff::Timestamp;
use serde::Serialize;

/// The decision. It is never guessed: what nobody has said keeps it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Decision {
    /// Everything is met.
    #[serde(rename = "GO")]
    Go,
    /// Something is not met.
    #[serde(rename = "NO-GO")]
    NoGo,
    /// Nothing is known to fail, and something is not known.
    #[serde(rename = "UNDECIDED")]
    Undecided,
}

impl Decision {
    /// The word for it in output and on record.
    pub fn word(self) -> &'static str {
        match self {
            Decision::Go => "GO",
            Decision::NoGo => "NO-GO",
            Decision::Undecided => "UNDECIDED",
        }
    }
}

/// Whether a point is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// Nobody can tell yet.
    Open,
}

/// How an answer is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// From evidence, the record or the document.
    Computed,
    /// By a named person's word.
    Attested,
    /// Not at all.
    Missing,
}

/// A success metric or a readiness gate, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Its name.
    pub name: String,
    /// What it asks for, in the document's words.
    pub text: String,
    /// Its line.
    pub line: usize,
    /// Whether it is met.
    pub answer: Answer,
    /// How that is known.
    pub known: Known,
    /// Why, in words a person can act on.
    pub why: String,
    /// The command that records the answer, where a person has to give it.
    pub ask: Option<String>,
}

/// A dependency, and whether it is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Needed {
    /// What.
    pub title: String,
    /// Who owes it.
    pub owner: Option<String>,
    /// Whether it is met.
    pub met: bool,
    /// Why.
    pub why: String,
}

/// A gate on hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// What it lacks, in words that stay the same from day to day.
    pub why: &'static str,
}

/// Something to do, from a list of action items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What.
    pub text: String,
    /// Whether its box is ticked.
    pub done: bool,
}

/// Who has confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confirmations {
    /// How many people were asked.
    pub asked: usize,
    /// Who has not confirmed.
    pub missing: Vec<String>,
    /// What was asked and nobody has resolved: `Name: words`.
    pub questions: Vec<String>,
}

/// Everything that the decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// What it comes to.
    pub decision: Decision,
    /// Success metrics, in the order of the document.
    pub metrics: Vec<Judged>,
    /// Readiness gates, in the order of the document.
    pub readiness: Vec<Judged>,
    /// Gates on hold.
    pub on_hold: Vec<Held>,
    /// Dependencies, in the order of the document.
    pub dependencies: Vec<Needed>,
    /// Action items, in the order of the document.
    pub items: Vec<Item>,
    /// Who has confirmed.
    pub confirmations: Confirmations,
    /// When the event begins, where that is still to come: nobody can judge it before.
    pub before: Option<Timestamp>,
    /// Who decides, as the document has it.
    pub decides: Option<String>,
}

impl Assessment {
    /// All points, metrics first.
    pub fn points(&self) -> impl Iterator<Item = &Judged> {
        self.metrics.iter().chain(&self.readiness)
    }
}
