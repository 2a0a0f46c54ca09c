//! From metrics, readiness gates, evidence, dependencies and the record to go or no-go.
//!
//! A point that names evidence is judged by its gate; one that speaks of what the record holds is
//! computed; every other one needs a named person's word. A ticked box is a claim.

pub mod figure;
mod judge;

use jiff::Timestamp;

use crate::model::{
    acknowledgement::Acknowledgements,
    decision::{Answer, Assessment, Confirmations, Decision, Held, Item, Needed},
    document::Document,
    history::History,
    resolution::{GateKind, Resolution, Verdict},
    timeline::MetBy,
};

use super::resolve;

pub use judge::{is_denied, metric, text_sha256};

/// What a decision is made from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its verdicts.
    pub resolution: &'a Resolution,
    /// Its record.
    pub history: &'a History,
    /// Who has confirmed.
    pub acknowledgements: &'a Acknowledgements,
    /// The folder that the document names for what is kept, and how many files it holds.
    pub archive: Option<(&'a str, usize)>,
    /// The present.
    pub now: Timestamp,
}

/// Judges every point and decides; `None` where the document names nothing to judge by.
pub fn assess(facts: Facts<'_>) -> Option<Assessment> {
    let parts = &facts.document.coordination;
    if parts.metrics.is_empty() && parts.readiness.is_empty() {
        return None;
    }
    let judged = |of: &[crate::model::coordination::Metric]| {
        of.iter()
            .map(|m| judge::judge(facts, m))
            .collect::<Vec<_>>()
    };
    let event = parts.event.as_ref().map(|e| match e.due.whole_day {
        // Its day has begun, and nobody says when on that day it takes place.
        true => e
            .due
            .local()
            .start_of_day()
            .map_or(e.due.at, |d| d.timestamp()),
        false => e.due.at,
    });
    let mut assessment = Assessment {
        decision: Decision::Undecided,
        metrics: judged(&parts.metrics),
        readiness: judged(&parts.readiness),
        on_hold: on_hold(facts),
        dependencies: dependencies(facts),
        items: items(facts.document),
        confirmations: confirmations(facts.acknowledgements),
        before: event.filter(|at| *at > facts.now),
        decides: parts.next_review.as_ref().and_then(|r| r.owner.clone()),
    };
    assessment.decision = decide(&assessment);
    Some(assessment)
}

fn decide(assessment: &Assessment) -> Decision {
    let any = |answer| assessment.points().any(|p| p.answer == answer);
    let open = any(Answer::Open) || !assessment.on_hold.is_empty();
    if assessment.before.is_some() {
        Decision::Undecided
    } else if any(Answer::NotMet) {
        Decision::NoGo
    } else if open {
        Decision::Undecided
    } else {
        Decision::Go
    }
}

/// The folder that the document names for what is kept, where something may be written there.
pub fn archive_folder(document: &Document) -> Option<&str> {
    let archive = document.coordination.archive.as_ref()?;
    let folder = archive.folder.as_str();
    resolve::bad_place(folder).is_none().then_some(folder)
}

/// The gates on hold, in the order of the document.
fn on_hold(facts: Facts<'_>) -> Vec<Held> {
    let gates = facts.document.gates.iter();
    let held = gates.zip(&facts.resolution.gates);
    held.filter(|(_, result)| result.verdict == Verdict::Hold)
        .map(|(gate, result)| Held {
            name: gate.name.clone(),
            why: match (result.kind, result.proofs.is_empty()) {
                (GateKind::Manual, _) => "nobody has attested it",
                (GateKind::Artifact, true) => "its evidence is missing",
                (GateKind::Artifact, false) => "its evidence does not show what is asked",
            },
        })
        .collect()
}

fn dependencies(facts: Facts<'_>) -> Vec<Needed> {
    let all = facts.document.coordination.dependencies.iter();
    all.zip(&facts.resolution.timeline.dependencies)
        .map(|(dependency, met)| {
            let status = dependency.status.as_ref().map(|s| s.text.as_str());
            let why = match (met, status) {
                (Some(MetBy::Evidence), _) => "every gate is clear or waived".to_owned(),
                (Some(MetBy::Word | MetBy::Attested), _) => {
                    "by the document's word only".to_owned()
                }
                (None, Some(text)) => format!("not met; the document says: {text}"),
                (None, None) => "not met".to_owned(),
            };
            Needed {
                title: dependency.title.clone(),
                owner: dependency.owner.clone(),
                met: met.is_some(),
                why,
            }
        })
        .collect()
}

/// Task items under a heading that speaks of action items or improvements.
fn items(document: &Document) -> Vec<Item> {
    let tasks = document.tasks.iter();
    tasks
        .filter(|task| {
            let section = task.section.to_lowercase();
            ["action item", "improvement"]
                .iter()
                .any(|w| section.contains(w))
        })
        .map(|task| Item {
            text: task.text.clone(),
            done: task.ticked,
        })
        .collect()
}

fn confirmations(all: &Acknowledgements) -> Confirmations {
    let people = &all.people;
    let questions = people.iter().flat_map(|p| {
        let blockers = p.blockers.iter();
        blockers.map(|b| format!("{}: {}", p.name, b.text))
    });
    Confirmations {
        asked: match all.revision {
            Some(_) => people.iter().filter(|p| p.expected).count(),
            None => 0,
        },
        missing: all.missing().map(|p| p.name.clone()).collect(),
        questions: questions.collect(),
    }
}

#[cfg(test)]
mod tests;
