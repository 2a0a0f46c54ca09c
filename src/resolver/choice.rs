//! Choosing the artifact that decides: the newest by its moment, compared as instants.
//!
//! There is no fall-back. Where it is not certain which file is the newest, or the newest cannot
//! be evidence, the choice holds and names what stands in the way.

mod hold;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

pub use hold::Hold;

use super::source::{Found, Refusal, Refused, SearchError};
use crate::model::{evidence::Candidate, moment::Moment, pattern::Pattern};

/// Days after which the age of an artifact is worth a note.
const OLD_DAYS: i64 = 30;

/// Which artifact decides, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The artifact, or why there is none.
    pub decision: Decision,
    /// What a person should know beside it.
    pub notes: Vec<String>,
    /// How many older artifacts were passed over.
    pub passed_over: usize,
    /// The newest of those.
    pub next: Option<Candidate>,
}

/// The outcome of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// This artifact decides.
    Chosen(Candidate),
    /// None does.
    Hold(Hold),
}

impl Choice {
    /// The artifact that decides.
    pub fn chosen(&self) -> Option<&Candidate> {
        match &self.decision {
            Decision::Chosen(candidate) => Some(candidate),
            Decision::Hold(_) => None,
        }
    }

    /// Why none does.
    pub fn hold(&self) -> Option<&Hold> {
        match &self.decision {
            Decision::Chosen(_) => None,
            Decision::Hold(hold) => Some(hold),
        }
    }

    fn held(hold: Hold) -> Self {
        Choice {
            decision: Decision::Hold(hold),
            notes: Vec::new(),
            passed_over: 0,
            next: None,
        }
    }
}

/// A match that takes part in the choice; refused ones do, so that an older file never stands
/// in for them.
#[derive(Clone, Copy)]
struct Contender<'f> {
    candidate: &'f Candidate,
    refused: Option<&'f Refused>,
}

/// Chooses from what matches `pattern`, whatever order it comes in. `now` is the present.
pub fn choose(pattern: &Pattern, search: Result<Found, SearchError>, now: Timestamp) -> Choice {
    if pattern.is_folder() {
        return Choice::held(Hold::Folder {
            path: pattern.text().to_owned(),
        });
    }
    let found = match search {
        Ok(found) => found,
        Err(error) => return Choice::held(Hold::Search(error)),
    };
    let (contenders, folders) = contenders(&found);
    let mut choice = match decide(&contenders, now) {
        Some(Ok((newest, moment))) => chosen(&contenders, newest, moment, now),
        Some(Err(hold)) => Choice::held(hold),
        None => Choice::held(match folders.first() {
            Some(folder) => Hold::Refused((*folder).clone()),
            None => Hold::Missing {
                pattern: pattern.text().to_owned(),
                example: hold::example(pattern, now),
                near: found.near.clone(),
            },
        }),
    };
    choice
        .notes
        .extend(about(&found, &folders, &choice.decision));
    choice
}

/// The contenders, and the folders that match but state no moment: those merely lie beside.
fn contenders(found: &Found) -> (Vec<Contender<'_>>, Vec<&Refused>) {
    let files = found.candidates.iter();
    let mut contenders: Vec<_> = files
        .map(|candidate| Contender {
            candidate,
            refused: None,
        })
        .collect();
    let mut folders = Vec::new();
    for refused in &found.refused {
        if refused.why == Refusal::Folder && refused.candidate.moment.is_none() {
            folders.push(refused);
        } else {
            contenders.push(Contender {
                candidate: &refused.candidate,
                refused: Some(refused),
            });
        }
    }
    folders.sort_by_key(|refused| &refused.candidate.path);
    (contenders, folders)
}

/// The newest, with its moment; `None` where there is nothing to choose from.
fn decide<'f>(
    contenders: &[Contender<'f>],
    now: Timestamp,
) -> Option<Result<(Contender<'f>, Option<Moment>), Hold>> {
    let newest = *contenders.iter().max_by_key(|c| rank(c.candidate))?;
    if contenders.iter().any(|c| c.candidate.moment.is_none()) {
        return Some(undated(contenders, newest));
    }
    let moment = newest.candidate.moment?;
    if let Some(refused) = newest.refused {
        return Some(Err(Hold::Refused(refused.clone())));
    }
    if moment.first() > now {
        let path = newest.candidate.path.clone();
        return Some(Err(Hold::Future { path, moment, now }));
    }
    let ties = |c: &&Contender<'_>| c.candidate.moment.is_some_and(|m| m.ties_with(moment));
    let tied: Vec<_> = contenders.iter().filter(ties).collect();
    if tied.len() > 1 {
        let mut tied: Vec<_> = tied.iter().map(|c| c.candidate.path.clone()).collect();
        tied.sort();
        return Some(Err(Hold::Tie {
            paths: tied,
            moment,
        }));
    }
    Some(Ok((newest, Some(moment))))
}

/// One file without a moment decides alone; beside others it cannot be told which is newest.
fn undated<'f>(
    contenders: &[Contender<'f>],
    only: Contender<'f>,
) -> Result<(Contender<'f>, Option<Moment>), Hold> {
    let undated = contenders.iter().filter(|c| c.candidate.moment.is_none());
    let refused = undated.clone().filter_map(|c| c.refused);
    if let Some(refused) = refused.min_by_key(|r| &r.candidate.path) {
        return Err(Hold::Refused(refused.clone()));
    }
    if contenders.len() == 1 {
        return Ok((only, None));
    }
    let mut paths: Vec<_> = undated.map(|c| c.candidate.path.clone()).collect();
    paths.sort();
    Err(Hold::NoMoment {
        paths,
        among: contenders.len(),
    })
}

/// Newest last; the path settles what only has to be the same each time.
fn rank(candidate: &Candidate) -> (Option<(Timestamp, Timestamp)>, Reverse<&str>) {
    let moment = candidate.moment.map(|m| (m.first(), m.last()));
    (moment, Reverse(&candidate.path))
}

fn chosen(
    contenders: &[Contender<'_>],
    newest: Contender<'_>,
    moment: Option<Moment>,
    now: Timestamp,
) -> Choice {
    let others = contenders.iter().map(|c| c.candidate);
    let others = others.filter(|candidate| candidate.path != newest.candidate.path);
    let next = others.clone().max_by_key(|candidate| rank(candidate));
    let passed_over = others.count();
    let mut notes = newest.candidate.notes.clone();
    if let Some(days) = moment.and_then(|m| old_days(m, now)) {
        notes.push(format!("it is {days} days old"));
    }
    if let Some(next) = next {
        let files = if passed_over == 1 {
            "artifact"
        } else {
            "artifacts"
        };
        let when = next.moment.map(|m| format!(" of {m}")).unwrap_or_default();
        notes.push(format!(
            "{passed_over} older {files} passed over, the newest of them `{}`{when}",
            next.path
        ));
    }
    Choice {
        decision: Decision::Chosen(newest.candidate.clone()),
        notes,
        passed_over,
        next: next.cloned(),
    }
}

/// The age in whole days, where that is worth a note.
fn old_days(moment: Moment, now: Timestamp) -> Option<i64> {
    let age = now.duration_since(moment.last());
    (age > SignedDuration::from_hours(OLD_DAYS * 24)).then(|| age.as_hours() / 24)
}

/// What lay beside the decision and took no part in it.
fn about(found: &Found, folders: &[&Refused], decision: &Decision) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Decision::Chosen(_), Some(first)) = (decision, folders.first()) {
        let more = hold::and_more(folders.len() - 1);
        notes.push(format!(
            "`{}`{more} matches too, and is a folder",
            first.candidate.path
        ));
    }
    if !matches!(decision, Decision::Hold(Hold::Missing { .. })) {
        notes.extend(
            found
                .near
                .shown
                .iter()
                .map(|near| format!("not considered: {near}")),
        );
    }
    if found.not_utf8 > 0 {
        notes.push(format!(
            "{} file names are not UTF-8 and were not looked at",
            found.not_utf8
        ));
    }
    notes
}
