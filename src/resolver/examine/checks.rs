//! What one requirement makes of the records, one at a time.

use super::{at_line, field, many, measures::Measuring};
use crate::{
    model::{
        requirement::{Codes, Latency, Origin, Requirement, Stated},
        target,
    },
    resolver::{
        readers::{Record, facts::Place, names::Unit},
        show::{plain, quoted},
    },
};

/// How often something happened, and what is said of the first time.
#[derive(Debug, Default)]
pub struct Tally {
    /// How often.
    pub count: u64,
    first: Option<String>,
}

impl Tally {
    /// Once more; `message` is asked for the first time only.
    pub fn add(&mut self, message: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some(message());
        }
    }

    /// The first message, and how many more there were.
    pub fn told(&self) -> Option<String> {
        let first = self.first.as_ref()?;
        Some(match self.count {
            0 | 1 => first.clone(),
            count => format!("{first} (and {} more)", count - 1),
        })
    }
}

/// A requirement that looks at every record.
#[derive(Debug)]
pub enum Check {
    /// Every status is one of these.
    Status {
        /// The codes asked for.
        wanted: Codes,
        /// Other codes, or a sign of failure in place of one.
        bad: Tally,
        /// Records without a code.
        lacking: Tally,
    },
    /// Every duration passes.
    Latency {
        /// The bound.
        bound: Latency,
        /// Durations that do not pass.
        bad: Tally,
        /// Records without a duration that did not fail.
        lacking: Tally,
        /// A field that may be one, in an unknown unit.
        unitless: Option<String>,
        /// The field and unit that durations were read from.
        read: Option<(String, Unit)>,
    },
    /// A measure lies within its bound.
    Measure(Box<Measuring>),
    /// Every record says this word of itself.
    State {
        /// The word.
        word: String,
        /// Records that do not say it.
        lacking: Tally,
    },
    /// Every target is this one.
    Target {
        /// The target asked for.
        wanted: String,
        /// Others.
        bad: Tally,
        /// Whether any was recorded.
        any: bool,
        /// Whether the gate itself names it; one that another gate names binds only where a
        /// target is recorded.
        own: bool,
    },
}

impl Check {
    /// The check for a requirement, if it looks at records.
    pub fn of(stated: &Stated) -> Option<Self> {
        let status = |wanted| Check::Status {
            wanted,
            bad: Tally::default(),
            lacking: Tally::default(),
        };
        match &stated.requirement {
            Requirement::Status(code) => Some(status(Codes::among(vec![(*code, *code)]))),
            Requirement::Statuses(codes) => Some(status(codes.clone())),
            Requirement::Latency(bound) => Some(Check::Latency {
                bound: *bound,
                bad: Tally::default(),
                lacking: Tally::default(),
                unitless: None,
                read: None,
            }),
            Requirement::Measure(measure, bound) => {
                Some(Check::Measure(Box::new(Measuring::new(*measure, *bound))))
            }
            Requirement::State(word) => Some(Check::State {
                word: word.clone(),
                lacking: Tally::default(),
            }),
            Requirement::Target(wanted) => Some(Check::Target {
                wanted: wanted.clone(),
                bad: Tally::default(),
                any: false,
                own: !matches!(stated.origin, Origin::Gate(_)),
            }),
            _ => None,
        }
    }

    /// Looks at the next record.
    pub fn look(&mut self, record: &Record<'_>) {
        match self {
            Check::Status {
                wanted,
                bad,
                lacking,
            } => status(wanted, bad, lacking, record),
            Check::Latency {
                bound,
                bad,
                lacking,
                unitless,
                read,
            } => {
                let facts = record.facts;
                if let Some(timing) = &facts.timing {
                    if !bound.admits(timing.ms) {
                        bad.add(|| too_slow(*bound, record));
                    }
                    read.get_or_insert_with(|| (plain(timing.name), timing.unit));
                    if let (Some(at), None) = (facts.gaps.duration, &facts.failure) {
                        lacking.add(|| at_line(record.line_of(at), "records no duration"));
                    }
                } else if facts.failure.is_none() {
                    lacking.add(|| at_line(record.line, "records no duration"));
                    if let (None, Some(name)) = (&unitless, facts.unitless) {
                        *unitless = Some(plain(name));
                    }
                }
            }
            Check::Measure(measuring) => measuring.look(record),
            Check::State { word, lacking } => {
                let facts = record.facts;
                let said = |place: &Place<'_>| {
                    let stem: String = word.chars().take(5).collect();
                    let holds = |text: &str| text.to_lowercase().contains(&stem);
                    holds(&place.value) || holds(&place.name)
                };
                if facts.failure.is_none() && !facts.done.as_ref().is_some_and(said) {
                    lacking.add(|| at_line(record.line, &format!("does not say {}", quoted(word))));
                }
            }
            Check::Target {
                wanted, bad, any, ..
            } => {
                for (found, offset) in &record.facts.targets {
                    *any = true;
                    if !target::meets(wanted, found) {
                        bad.add(|| {
                            let message =
                                format!("is about {}, must be {}", quoted(found), plain(wanted));
                            at_line(record.line_of(*offset), &message)
                        });
                    }
                }
            }
        }
    }

    /// What it found wrong, and what it could not find out, after all of `records`.
    /// What is missing counts only if the file was read to its end.
    pub fn conclude(
        &self,
        records: u64,
        complete: bool,
        holds: &mut Vec<String>,
        notes: &mut Vec<String>,
    ) {
        match self {
            Check::Status {
                wanted,
                bad,
                lacking,
            } => {
                holds.extend(bad.told());
                if complete && lacking.count == records {
                    holds.push(format!(
                        "records no HTTP status, but must show {wanted}; record it with `curl -i`, \
                         or as a field `status` with the number"
                    ));
                } else if complete {
                    holds.extend(lacking.told());
                }
            }
            Check::Latency {
                bound,
                bad,
                lacking,
                unitless,
                read,
                ..
            } => {
                holds.extend(bad.told());
                if complete && (lacking.count > 0 || records == 0) {
                    holds.push(without_duration(
                        *bound,
                        lacking,
                        unitless.as_deref(),
                        read.is_some(),
                    ));
                } else if complete && read.is_none() {
                    holds.push("records no duration, only failures".to_owned());
                }
                if let Some((name, unit)) = read {
                    notes.push(format!("{} was read as {unit}", field(name)));
                }
            }
            Check::Measure(measuring) => measuring.conclude(records, complete, holds, notes),
            Check::State { .. } => {}
            Check::Target {
                wanted,
                bad,
                any,
                own,
            } => {
                holds.extend(bad.told());
                if complete && *own && !any {
                    notes.push(format!(
                        "does not record what was asked, so it cannot be compared with {}",
                        plain(wanted)
                    ));
                }
            }
        }
    }
}

impl Check {
    /// What the evidence does not say, and a person who looks at it may.
    pub fn leave(&self, records: u64, complete: bool, unsaid: &mut Vec<String>) {
        if let (Check::State { word, lacking }, true) = (self, complete) {
            unsaid.extend(lacking.told());
            if records == 0 {
                unsaid.push(format!("no field of it says {}", quoted(word)));
            }
        }
    }
}

fn status(wanted: &Codes, bad: &mut Tally, lacking: &mut Tally, record: &Record<'_>) {
    let codes = [record.facts.low, record.facts.high];
    let other = codes
        .into_iter()
        .flatten()
        .find(|code| !wanted.admit(code.code));
    if let Some(other) = other {
        bad.add(|| {
            let what = if other.name.is_empty() {
                format!("HTTP status {:03}, must be {wanted}", other.code)
            } else {
                format!("{} {:03}, must be {wanted}", field(other.name), other.code)
            };
            at_line(record.line_of(other.offset), &what)
        });
    } else if let (Some(at), None) = (record.facts.gaps.status, &record.facts.failure) {
        bad.add(|| at_line(record.line_of(at), "records no HTTP status"));
    } else if record.facts.high.is_none() {
        match &record.facts.failure {
            Some(failure) => bad.add(|| {
                let what = format!(
                    "{}, must be HTTP status {wanted}",
                    told(&failure.name, &failure.value)
                );
                at_line(record.line_of(failure.offset), &what)
            }),
            None => lacking.add(|| at_line(record.line, "records no HTTP status")),
        }
    }
}

/// `` `status` is null `` or, where no field says it, the words alone.
pub fn told(name: &str, value: &str) -> String {
    if name.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("HTTP status {value}")
    } else if name.is_empty() {
        value.to_owned()
    } else {
        format!("{} is {value}", field(name))
    }
}

fn too_slow(bound: Latency, record: &Record<'_>) -> String {
    let Some(timing) = &record.facts.timing else {
        return String::new();
    };
    let how = if bound.inclusive { "at most" } else { "below" };
    let (name, value) = (field(timing.name), plain(timing.value));
    let message = match timing.unit {
        Unit::Milliseconds => format!("{name} {value}, must be {how} {}", bound.bound_ms),
        unit => format!(
            "{name} {value} {unit}, that is {} ms, must be {how} {} ms",
            rounded(timing.ms),
            bound.bound_ms
        ),
    };
    at_line(record.line_of(timing.offset), &message)
}

/// A converted number without the noise of binary fractions.
fn rounded(ms: f64) -> f64 {
    let near = (ms * 1e6).round() / 1e6;
    if near.is_finite() { near } else { ms }
}

fn without_duration(
    latency: Latency,
    lacking: &Tally,
    unitless: Option<&str>,
    some: bool,
) -> String {
    if let Some(name) = unitless {
        return format!(
            "`{name}` does not say its unit; write it as `{name}_ms`, or state the demand in \
             packet.yaml, such as `each: '.{name} < 300'`"
        );
    }
    let fix = "record it as a field such as `durationMs`, or with `time_total=%{time_total}`";
    match lacking.told() {
        Some(first) if some => format!("{first}; {fix}"),
        _ => format!(
            "records no duration, but {} must be timed ({} {} ms); {fix}",
            many(lacking.count.max(1), "its record", "its records"),
            if latency.inclusive {
                "at most"
            } else {
                "below"
            },
            latency.bound_ms
        ),
    }
}
