//! One artifact against what is asked of it: why it proves nothing, or that it does.
//!
//! The rules are written out for people in `docs/gates.md`; that page and this room change
//! together.

mod checks;
mod judge;
mod measures;
mod stamp;

use std::io::{self, BufRead};

use jiff::Timestamp;

use super::{
    filter::{Quantifier, Run, Workers},
    readers::{self, source::Stop},
    show::plain,
};
use crate::model::{
    evidence::{Findings, Kind},
    moment::Moment,
    requirement::{Requirement, Stated},
};
use judge::Judge;

/// Reads all of `reader`, the artifact called `file_name` whose path states `moment`, and
/// judges it against `demands` as of `now`; jq filters work in processes of `workers`. An error
/// means that it cannot be read.
///
/// Whatever is wrong with its content is a finding: [`Findings::holds`].
pub fn examine(
    reader: impl BufRead,
    file_name: &str,
    demands: &[Stated],
    now: Timestamp,
    moment: Option<Moment>,
    workers: &dyn Workers,
) -> io::Result<Findings> {
    let wanted = demands.iter().find_map(|demand| match demand.requirement {
        Requirement::Kind(kind) => Some(kind),
        _ => None,
    });
    let mut holds = Vec::new();
    let filters = filters(demands);
    let run = Run::start(&filters, workers).unwrap_or_else(|message| {
        holds.push(message);
        Run::idle()
    });
    let mut judge = Judge::new(demands, now, moment, run);
    let reading = readers::read(reader, file_name, wanted, &mut judge);
    let complete = match reading.end {
        Ok(()) => true,
        Err(Stop::Io(error)) => return Err(error),
        Err(Stop::Unusable { line: 0, message }) => {
            holds.push(message);
            false
        }
        Err(Stop::Unusable { line, message }) => {
            holds.push(format!("line {line}: {message}"));
            false
        }
    };
    if complete && let Some(message) = unlike(wanted, reading.kind, judge.records()) {
        holds.push(message);
    }
    let mut findings = judge.findings(reading.kind, complete);
    if reading.redirects > 0 {
        let message = format!(
            "{} followed, and only the last answer counts",
            many(reading.redirects, "redirect was", "redirects were")
        );
        findings.notes.push(message);
    }
    holds.append(&mut findings.holds);
    findings.holds = holds;
    Ok(findings)
}

fn filters(demands: &[Stated]) -> Vec<(Quantifier, String)> {
    let filters = demands
        .iter()
        .filter_map(|demand| match &demand.requirement {
            Requirement::Each(filter) => Some((Quantifier::Each, filter.clone())),
            Requirement::All(filter) => Some((Quantifier::All, filter.clone())),
            _ => None,
        });
    filters.collect()
}

/// Why the file is not of the kind that was asked for, or holds none of what its kind holds.
fn unlike(wanted: Option<Kind>, read: Option<Kind>, records: u64) -> Option<String> {
    match (wanted, read) {
        (Some(Kind::Http), _) if records == 0 => Some(
            "records no HTTP exchange; record it with `curl -i` or a write-out such as \
             `http_code=%{http_code}`"
                .to_owned(),
        ),
        (_, Some(kind @ (Kind::Json | Kind::Ndjson | Kind::Csv))) if records == 0 => {
            Some(format!("is {kind} without any record"))
        }
        _ => None,
    }
}

/// `1 record` or `7 records`.
fn many(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// `line 3: …`, or the message alone where no line is to blame.
fn at_line(line: u64, message: &str) -> String {
    format!("line {line}: {message}")
}

/// A field's name in a message.
fn field(name: &str) -> String {
    format!("`{}`", plain(name))
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
