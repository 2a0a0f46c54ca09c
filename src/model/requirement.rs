//! What evidence must show.

use super::{evidence::Kind, period::Period, span::Span};

/// One thing that evidence must show.
#[derive(Clone, Debug, PartialEq)]
pub enum Requirement {
    /// Every exchange answered with this HTTP status (RFC 9110 section 15).
    Status(u16),
    /// Every recorded duration lies below the bound.
    Latency(Latency),
    /// The evidence is about this URL, path or query.
    Target(String),
    /// It held over more than one exchange ("sustained", "consistent").
    Sustained,
    /// A jq filter that must be true for every record.
    Each(String),
    /// A jq filter that must be true for the list of all records.
    All(String),
    /// The deciding artifact is no older than this.
    MaxAge(Period),
    /// At least so many records.
    MinRecords(u64),
    /// The artifact must read as this kind.
    Kind(Kind),
}

/// An upper bound on durations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// The bound in milliseconds.
    pub bound_ms: f64,
    /// Whether the bound itself still passes (`<=`, "at most"); `<` and "under" are strict.
    pub inclusive: bool,
}

impl Latency {
    /// Whether a duration of `ms` milliseconds passes.
    pub fn admits(self, ms: f64) -> bool {
        ms < self.bound_ms || (self.inclusive && ms == self.bound_ms)
    }
}

/// Where a requirement was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The gate's own words.
    Words(Span),
    /// A claim elsewhere in the document that speaks of this gate.
    Claim(Span),
    /// A target that another gate of the document names.
    Gate(String),
    /// `gates:` in `packet.yaml`.
    Configuration,
}

/// A requirement and where it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// What must be shown.
    pub requirement: Requirement,
    /// Who says so.
    pub origin: Origin,
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Requirement::Status(code) => write!(f, "HTTP status {code}"),
            Requirement::Latency(latency) => {
                let how = if latency.inclusive {
                    "at most"
                } else {
                    "below"
                };
                write!(f, "duration {how} {} ms", latency.bound_ms)
            }
            Requirement::Target(target) => write!(f, "target {target}"),
            Requirement::Sustained => f.write_str("sustained over every exchange"),
            Requirement::Each(filter) => write!(f, "each record: {filter}"),
            Requirement::All(filter) => write!(f, "all records: {filter}"),
            Requirement::MaxAge(period) => write!(f, "no older than {period}"),
            Requirement::MinRecords(count) => write!(f, "at least {count} records"),
            Requirement::Kind(kind) => write!(f, "reads as {kind}"),
        }
    }
}
