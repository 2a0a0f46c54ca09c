//! What evidence must show.

use super::{
    evidence::Kind,
    measure::{Bound, Measure},
    period::Period,
    span::Span,
};

/// One thing that evidence must show.
#[derive(Clone, Debug, PartialEq)]
pub enum Requirement {
    /// Every exchange answered with this HTTP status (RFC 9110 section 15).
    Status(u16),
    /// Every exchange answered with one of these.
    Statuses(Codes),
    /// Every recorded duration lies below the bound.
    Latency(Latency),
    /// A particular measure lies within the bound.
    Measure(Measure, Bound),
    /// Each record says this word of state of itself.
    State(String),
    /// The evidence is about this URL, path or query.
    Target(String),
    /// No record failed, not even some of a list ("no errors").
    NoFailure,
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
    /// Words that ask for something that nobody knows how to look for.
    Unread(String),
    /// Words about a number that no reader of evidence looks for, such as a share or a count.
    Unlooked(String),
}

/// Several HTTP statuses: those that pass, or those that do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    /// First and last of each range.
    ranges: Vec<(u16, u16)>,
    denied: bool,
}

impl Codes {
    /// Each status in `ranges` (first and last) passes.
    pub fn among(ranges: Vec<(u16, u16)>) -> Self {
        let denied = false;
        Codes { ranges, denied }
    }

    /// Each status outside `ranges` passes.
    pub fn except(ranges: Vec<(u16, u16)>) -> Self {
        let denied = true;
        Codes { ranges, denied }
    }

    /// Whether an exchange with this status passes.
    pub fn admit(&self, code: u16) -> bool {
        let listed = |(low, high): &(u16, u16)| (*low..=*high).contains(&code);
        self.ranges.iter().any(listed) != self.denied
    }
}

impl std::fmt::Display for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.denied {
            f.write_str("other than ")?;
        }
        for (index, (low, high)) in self.ranges.iter().enumerate() {
            let or = if index > 0 { " or " } else { "" };
            match low == high {
                true => write!(f, "{or}{low}")?,
                false => write!(f, "{or}{low} to {high}")?,
            }
        }
        Ok(())
    }
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
            Requirement::Statuses(codes) => write!(f, "HTTP status {codes}"),
            Requirement::Latency(latency) => {
                let how = if latency.inclusive {
                    "at most"
                } else {
                    "below"
                };
                write!(f, "duration {how} {} ms", latency.bound_ms)
            }
            Requirement::Measure(measure, bound) => {
                write!(f, "{measure} {bound}{}", measure.dimension())
            }
            Requirement::State(word) => write!(f, "says {word}"),
            Requirement::Target(target) => write!(f, "target {target}"),
            Requirement::NoFailure => f.write_str("no record failed"),
            Requirement::Sustained => f.write_str("sustained over every exchange"),
            Requirement::Each(filter) => write!(f, "each record: {filter}"),
            Requirement::All(filter) => write!(f, "all records: {filter}"),
            Requirement::MaxAge(period) => write!(f, "no older than {period}"),
            Requirement::MinRecords(count) => write!(f, "at least {count} records"),
            Requirement::Kind(kind) => write!(f, "reads as {kind}"),
            Requirement::Unread(words) => write!(f, "not understood: \"{words}\""),
            Requirement::Unlooked(words) => write!(f, "not looked for: \"{words}\""),
        }
    }
}
