//! All records of one artifact: counts, failures, moments, and each requirement's check.

use jiff::{SignedDuration, Timestamp};

use super::{
    at_line,
    checks::{Check, Tally, told},
    field, many, stamp,
};
use crate::{
    model::{
        evidence::{Findings, Kind},
        measure::Measure,
        moment::Moment,
        requirement::{Requirement, Stated},
    },
    resolver::{
        filter::Run,
        readers::{Record, Sink, source::Stop, words},
        show::{plain, quoted},
    },
};

/// Older evidence deserves a second look.
const OLD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// So many lines of a text are its head.
const PROVISIONAL: u64 = 10;

/// Name and content may differ by this much: zones, and work around midnight.
const APART: SignedDuration = SignedDuration::from_hours(24);

/// Listens to a reader.
pub struct Judge<'d> {
    demands: &'d [Stated],
    checks: Vec<Check>,
    run: Run<'d>,
    now: Timestamp,
    now_sortable: Option<[u8; 19]>,
    moment: Option<Moment>,
    records: u64,
    failures: Tally,
    faults: Tally,
    future: Tally,
    unknown: Tally,
    /// Whether nothing may have failed.
    strict: bool,
    /// Whether the share that may fail is stated, which decides.
    lenient: bool,
    /// Records that do not say that they went well.
    unsaid: Tally,
    /// Records that say that something is still to come.
    coming: Tally,
    /// Whether a line of a text says how many failed, or how it went.
    told: bool,
    /// Lines at the head of a text that say that it is not there yet.
    provisional: Tally,
    /// Lines of a text that speak of a failure.
    complaints: Tally,
    /// What should hold the records of a file that is one object around them, and is empty.
    hollow: Option<String>,
    latest: Option<Timestamp>,
    latest_sortable: Option<[u8; 19]>,
}

impl Sink for Judge<'_> {
    fn record(&mut self, record: &Record<'_>) -> Result<(), Stop> {
        self.records += 1;
        let facts = record.facts;
        if let Some(coming) = &facts.coming {
            self.coming.add(|| {
                let message = format!("not there yet: {}", told(&coming.name, &coming.value));
                at_line(record.line_of(coming.offset), &message)
            });
        }
        if self.strict && facts.failure.is_none() && facts.coming.is_none() {
            if let Some(unknown) = &facts.unknown {
                self.unsaid.add(|| {
                    let message = format!("{} is {}", field(&unknown.name), unknown.value);
                    at_line(record.line_of(unknown.offset), &message)
                });
            } else if facts.done.is_none() {
                self.unsaid
                    .add(|| at_line(record.line, "no field says what became of it"));
            }
        }
        if let Some(failure) = &facts.failure {
            self.failures.add(|| {
                let message = told(&failure.name, &failure.value);
                at_line(record.line_of(failure.offset), &message)
            });
        }
        if let Some((message, offset)) = &facts.fault {
            self.faults
                .add(|| at_line(record.line_of(*offset), message));
        }
        if let Some(unknown) = &facts.unknown {
            self.unknown.add(|| {
                let message = format!(
                    "{} is {}, a word neither of success nor of failure",
                    field(&unknown.name),
                    unknown.value
                );
                at_line(record.line_of(unknown.offset), &message)
            });
        }
        for (at, offset) in facts.at.iter().chain(&facts.later) {
            self.at(record, at, *offset);
        }
        self.hollow = match facts.hollow {
            Some(name) if self.records == 1 && !facts.speaks() => Some(plain(name)),
            _ => None,
        };
        for check in &mut self.checks {
            check.look(record);
        }
        self.run.record(record);
        Ok(())
    }

    fn line(&mut self, number: u64, line: &str) {
        if self.strict && words::complains(line) {
            let message = || at_line(number, &format!("says {}", quoted(line.trim())));
            self.complaints.add(message);
        }
        self.told |= self.strict && words::tells_success(line);
        if number <= PROVISIONAL && words::is_provisional(line) {
            let message = || at_line(number, &format!("says {}", quoted(line.trim())));
            self.provisional.add(message);
        }
    }
}

impl<'d> Judge<'d> {
    /// A judge of one artifact whose name states `moment`.
    pub fn new(
        demands: &'d [Stated],
        now: Timestamp,
        moment: Option<Moment>,
        run: Run<'d>,
    ) -> Self {
        Judge {
            demands,
            checks: demands.iter().filter_map(Check::of).collect(),
            run,
            now,
            now_sortable: stamp::sortable(&now.to_string()),
            moment,
            records: 0,
            failures: Tally::default(),
            faults: Tally::default(),
            future: Tally::default(),
            unknown: Tally::default(),
            strict: demands
                .iter()
                .any(|d| d.requirement == Requirement::NoFailure),
            lenient: demands.iter().any(|d| {
                matches!(
                    d.requirement,
                    Requirement::Measure(Measure::FailureShare | Measure::SuccessShare, _)
                )
            }),
            unsaid: Tally::default(),
            coming: Tally::default(),
            told: false,
            provisional: Tally::default(),
            complaints: Tally::default(),
            hollow: None,
            latest: None,
            latest_sortable: None,
        }
    }

    /// How many records came.
    pub fn records(&self) -> u64 {
        self.records
    }

    fn at(&mut self, record: &Record<'_>, at: &str, offset: usize) {
        let sortable = stamp::sortable(at);
        if let (Some(at), Some(now)) = (sortable, self.now_sortable)
            && at < now
        {
            self.latest_sortable = self.latest_sortable.max(Some(at));
            return;
        }
        let Some(instant) = stamp::instant(at) else {
            return;
        };
        self.latest = self.latest.max(Some(instant));
        if instant > self.now {
            self.future.add(|| {
                let message = format!("is dated {}, which is in the future", plain(at));
                at_line(record.line_of(offset), &message)
            });
        }
    }

    /// What it comes to. Unless the file was read to its end, only what is surely wrong counts.
    pub fn findings(self, kind: Option<Kind>, complete: bool) -> Findings {
        let mut holds = Vec::new();
        let mut notes = Vec::new();
        let mut unsaid = Vec::new();
        holds.extend(self.faults.told());
        for check in &self.checks {
            check.conclude(self.records, complete, &mut holds, &mut notes);
            check.leave(self.records, complete, &mut unsaid);
        }
        holds.extend(self.coming.told());
        if kind == Some(Kind::Text) {
            let provisional = self.provisional.told();
            holds.extend(provisional.map(|line| format!("is not there yet: {line}")));
        }
        self.failed(kind, complete, &mut holds, &mut notes, &mut unsaid);
        if let Some(name) = self.hollow.as_ref().filter(|_| complete) {
            holds.push(format!(
                "{} holds nothing, so there is no record of anything; record it again",
                field(name)
            ));
        }
        holds.extend(self.future.told());
        notes.extend(self.unknown.told());
        self.moments(&mut holds, &mut notes);
        if complete {
            self.counted(kind, &mut holds, &mut notes);
        }
        let (records, failed) = (self.records, self.failures.count);
        holds.extend(self.run.finish(complete));
        Findings {
            kind,
            records,
            failed,
            holds,
            unsaid,
            notes,
        }
    }

    fn failed(
        &self,
        kind: Option<Kind>,
        complete: bool,
        holds: &mut Vec<String>,
        notes: &mut Vec<String>,
        unsaid: &mut Vec<String>,
    ) {
        if kind == Some(Kind::Text) && self.strict {
            match self.complaints.told() {
                Some(line) => holds.push(format!("{line}, but nothing may have failed")),
                None if !self.told && complete => unsaid.push(
                    "a text: no line of it says how many failed, such as `errors: 0`".to_owned(),
                ),
                None => {}
            }
        }
        let decided = kind == Some(Kind::Text) || !complete;
        if let Some(first) = self.unsaid.told().filter(|_| !decided) {
            unsaid.push(format!(
                "success is asked and not said: {first}; record it with a field such as `status`"
            ));
        }
        let Some(first) = self.failures.told() else {
            return;
        };
        let (failed, records) = (self.failures.count, self.records);
        let noun = if kind == Some(Kind::Http) {
            "responses"
        } else {
            "records"
        };
        let message = match (failed, records) {
            (1, 1) => format!("failed: {first}"),
            (failed, records) if failed == records => {
                format!("all {records} {noun} failed: {first}")
            }
            _ if self.strict => {
                format!("{failed} of {records} {noun} failed, but none may: {first}")
            }
            _ => format!("{failed} of {records} {noun} failed: {first}"),
        };
        let alone = failed == records && complete;
        if self.lenient {
            notes.push(message);
        } else if kind == Some(Kind::Http) || alone || self.strict {
            // A status that differs from the one asked for was named already.
            if holds.is_empty() {
                holds.push(message);
            }
        } else {
            notes.push(message);
        }
    }

    fn counted(&self, kind: Option<Kind>, holds: &mut Vec<String>, notes: &mut Vec<String>) {
        let noun = if kind == Some(Kind::Http) {
            many(self.records, "response", "responses")
        } else {
            many(self.records, "record", "records")
        };
        for demand in self.demands {
            match &demand.requirement {
                Requirement::MinRecords(least) if self.records < *least => {
                    holds.push(format!("holds {noun}, must hold at least {least}"));
                }
                Requirement::Sustained => notes.push(match self.records {
                    0 | 1 => format!("{noun}: too few to tell whether it was sustained"),
                    _ => format!("sustained over {noun}"),
                }),
                _ => {}
            }
        }
    }

    fn moments(&self, holds: &mut Vec<String>, notes: &mut Vec<String>) {
        let sortable = self.latest_sortable.and_then(|bytes| {
            let text = format!("{}Z", std::str::from_utf8(&bytes).ok()?);
            stamp::instant(&text)
        });
        let latest = self.latest.max(sortable);
        if let Some(moment) = self.moment {
            if moment.first() > self.now {
                holds.push(format!("its name states {moment}, which is in the future"));
            }
            if let Some(latest) = latest {
                let after = latest.duration_since(moment.last());
                let before = moment.first().duration_since(latest);
                if after.max(before) > APART {
                    notes.push(format!(
                        "its name states {moment}, its latest content {latest}, more than a day apart"
                    ));
                }
            }
        }
        let stated = self.moment.map(Moment::first).or(latest);
        let age = stated.map(|stated| self.now.duration_since(stated));
        let limits = self
            .demands
            .iter()
            .filter_map(|demand| match &demand.requirement {
                Requirement::MaxAge(limit) => Some(limit),
                _ => None,
            });
        for limit in limits {
            match age {
                Some(age) if age <= limit.length() => {}
                Some(age) => holds.push(format!(
                    "is {} old, must be no older than {limit}; record it again",
                    long(age)
                )),
                None => holds.push(format!(
                    "states no moment, so it cannot be shown to be no older than {limit}"
                )),
            }
        }
        if let Some(age) = age.filter(|age| *age > OLD) {
            notes.push(format!("is {} old", long(age)));
        }
    }
}

/// An age in the largest unit that tells it well.
fn long(age: SignedDuration) -> String {
    let hours = age.as_hours();
    match hours {
        48.. => format!("{} days", hours / 24),
        2..48 => format!("{hours} hours"),
        _ => format!("{} minutes", age.as_mins()),
    }
}
