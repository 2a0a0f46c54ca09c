//! A particular measure: a field of that name, a list over which it is computed, or two counts.

use super::{at_line, checks::Tally, field};
use crate::{
    model::measure::{Bound, Dimension, Measure, unit_ms},
    resolver::readers::{
        Body, Record,
        names::{self, Field, classify},
    },
};

/// One demand for a measure, over all records.
#[derive(Debug)]
pub struct Measuring {
    measure: Measure,
    bound: Bound,
    bad: Tally,
    /// How many fields or pairs of counts recorded it.
    recorded: u64,
    /// Such a field without a unit.
    unitless: Option<String>,
    /// Times of the records, where it can be computed over them.
    times: Vec<f64>,
    failed: u64,
    succeeded: u64,
}

/// So many times are kept to compute a percentile.
const MOST_TIMES: usize = 4 << 20;

/// What the number of all is called.
const TOTALS: &[&str] = &[
    "requests",
    "total",
    "count",
    "totalrequests",
    "samples",
    "iterations",
    "tests",
    "runs",
    "records",
    "rows",
    "checks",
    "calls",
    "attempts",
    "numberofrequests",
    "totalcount",
];

impl Measuring {
    /// A demand for `measure` within `bound`.
    pub fn new(measure: Measure, bound: Bound) -> Self {
        Measuring {
            measure,
            bound,
            bad: Tally::default(),
            recorded: 0,
            unitless: None,
            times: Vec::new(),
            failed: 0,
            succeeded: 0,
        }
    }

    /// Looks at the next record.
    pub fn look(&mut self, record: &Record<'_>) {
        let facts = record.facts;
        self.failed += u64::from(facts.failure.is_some());
        let well = facts.failure.is_none() && facts.unknown.is_none() && facts.coming.is_none();
        self.succeeded += u64::from(well && facts.done.is_some());
        if let Some(timing) = facts
            .timing
            .as_ref()
            .filter(|_| self.times.len() < MOST_TIMES)
        {
            self.times.push(timing.ms);
        }
        match record.body {
            Body::Json(text) => {
                if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
                    self.walk(&value, &[], record.line);
                    self.counts(&value, record.line);
                }
            }
            Body::Fields(fields) => {
                for (name, value) in fields {
                    let words = names::words(name);
                    let number: String = value
                        .chars()
                        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
                        .collect();
                    if let Ok(number) = number.parse() {
                        self.field(name, &words, &[], number, record.line);
                    }
                }
            }
        }
    }

    fn walk(&mut self, value: &serde_json::Value, under: &[String], line: u64) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    if is_setting(name) {
                        continue;
                    }
                    let words = names::words(name);
                    match value.as_f64() {
                        Some(number) => self.field(name, &words, under, number, line),
                        None => self.walk(value, &words, line),
                    }
                }
            }
            serde_json::Value::Array(entries) => {
                for entry in entries {
                    self.walk(entry, under, line);
                }
            }
            _ => {}
        }
    }

    /// One number under `words`, which stand under the name of `under`.
    fn field(&mut self, name: &str, words: &[String], under: &[String], number: f64, line: u64) {
        let both: Vec<&String> = under.iter().chain(words).collect();
        let named = Measure::of_field(words).or_else(|| Measure::of_field(&both));
        if named != Some(self.measure) {
            return;
        }
        let value = match self.measure.dimension() {
            Dimension::Time => {
                let unit = |words: &[String]| words.last().and_then(|last| unit_ms(last));
                match unit(words).or_else(|| unit(under)) {
                    Some(ms) => number * ms,
                    None => {
                        self.unitless.get_or_insert_with(|| name.to_owned());
                        return;
                    }
                }
            }
            Dimension::Share => {
                let percent = both
                    .iter()
                    .any(|w| matches!(w.as_str(), "percent" | "percentage" | "pct"));
                match number <= 1.0 && !percent {
                    true => number * 100.0,
                    false => number,
                }
            }
            Dimension::Number => number,
        };
        self.judge(value, &field(name), line);
    }

    fn judge(&mut self, value: f64, what: &str, line: u64) {
        self.recorded += 1;
        let (measure, bound) = (self.measure, self.bound);
        if !bound.admits(value) {
            let value = (value * 1e4).round() / 1e4;
            let dimension = measure.dimension();
            self.bad.add(|| {
                let message =
                    format!("{what}: {measure} is {value}{dimension}, must be {bound}{dimension}");
                at_line(line, &message)
            });
        }
    }

    /// Two counts of one record: so many failed of so many.
    fn counts(&mut self, value: &serde_json::Value, line: u64) {
        if !matches!(self.measure, Measure::FailureShare | Measure::SuccessShare) {
            return;
        }
        let Some(fields) = value.as_object() else {
            return;
        };
        let (mut failed, mut passed, mut total) = (None, None, None);
        for (name, value) in fields {
            let Some(count) = value.as_f64().filter(|count| *count >= 0.0) else {
                continue;
            };
            let joined = names::words(name).concat();
            match classify(name) {
                Field::Bad | Field::Error => failed = Some(failed.unwrap_or(0.0) + count),
                Field::Good => passed = Some(count),
                _ if TOTALS.contains(&joined.as_str()) => {
                    total = Some(count.max(total.unwrap_or(0.0)));
                }
                _ => {}
            }
        }
        let total: Option<f64> = total.or_else(|| Some(failed? + passed?));
        let Some(total) = total.filter(|total| *total > 0.0) else {
            return;
        };
        let share = match self.measure {
            Measure::FailureShare => failed.or_else(|| Some(total - passed?)),
            _ => passed.or_else(|| Some(total - failed?)),
        };
        if let Some(count) = share {
            self.judge(count / total * 100.0, &format!("{count} of {total}"), line);
        }
    }

    /// What it comes to after all of `records`.
    pub fn conclude(
        &self,
        records: u64,
        complete: bool,
        holds: &mut Vec<String>,
        notes: &mut Vec<String>,
    ) {
        holds.extend(self.bad.told());
        if self.recorded > 0 || !complete {
            return;
        }
        let (measure, bound) = (self.measure, self.bound);
        let dimension = measure.dimension();
        match self.computed(records) {
            Some(value) if bound.admits(value) => {
                let value = (value * 1e4).round() / 1e4;
                notes.push(format!("{measure} over {records} records: {value}{dimension}"));
            }
            Some(value) => {
                let value = (value * 1e4).round() / 1e4;
                holds.push(format!(
                    "{measure} over {records} records is {value}{dimension}, must be {bound}{dimension}"
                ));
            }
            None => holds.push(match &self.unitless {
                Some(name) => format!(
                    "{} does not say its unit; write it as `{name}_ms`, or state the demand in packet.yaml",
                    field(name)
                ),
                None => format!(
                    "no field records the {measure}, which must be {bound}{dimension}; record it under that name, or a list over which it can be computed"
                ),
            }),
        }
    }

    /// The measure over a list of records.
    fn computed(&self, records: u64) -> Option<f64> {
        if records < 2 {
            return None;
        }
        let share = |count: u64| count as f64 / records as f64 * 100.0;
        match self.measure {
            Measure::FailureShare => {
                (self.succeeded + self.failed == records).then(|| share(self.failed))
            }
            Measure::SuccessShare => Some(share(self.succeeded)),
            _ if self.times.len() as u64 != records => None,
            Measure::Longest => self.times.iter().copied().reduce(f64::max),
            Measure::Shortest => self.times.iter().copied().reduce(f64::min),
            Measure::Average => Some(self.times.iter().sum::<f64>() / records as f64),
            Measure::Percentile(share) => {
                let mut times = self.times.clone();
                times.sort_by(f64::total_cmp);
                // The nearest rank: so many in a hundred lie at or below it.
                let rank = (f64::from(share) / 1e4 * times.len() as f64).ceil() as usize;
                times.get(rank.max(1) - 1).copied()
            }
            _ => None,
        }
    }
}

/// What a run was set to is no measurement.
fn is_setting(name: &str) -> bool {
    let words = names::words(name);
    let first = words.first().map_or("", String::as_str);
    let last = words.last().map_or("", String::as_str);
    classify(name) == Field::Aside
        || matches!(
            first,
            "target" | "targets" | "timeout" | "timeouts" | "threshold" | "thresholds"
        )
        || matches!(
            last,
            "settings" | "options" | "config" | "thresholds" | "threshold" | "budget"
        )
}
