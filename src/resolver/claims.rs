//! Claims elsewhere in the document ("Curl log: … <300 ms"): bound to the gate they speak of.

use std::collections::BTreeSet;

use crate::model::{
    config::Config,
    diagnostic::Diagnostic,
    document::{Claim, Document, Gate},
    requirement::{Origin, Requirement, Stated},
    span::Span,
};

use super::{demands, vocabulary};

/// Words that say nothing about which gate is meant.
const COMMON: &[&str] = &[
    "evidence",
    "check",
    "checks",
    "test",
    "tests",
    "verification",
    "verify",
    "validation",
    "validate",
    "confirm",
    "confirmed",
    "gate",
    "required",
    "requirement",
    "latest",
    "with",
    "and",
    "the",
    "for",
    "from",
    "that",
    "shows",
    "showing",
    "show",
    "must",
    "artifact",
    "artifacts",
    "file",
    "date",
    "timestamp",
    "http",
    "status",
    "response",
    "time",
    "times",
    "log",
    "logs",
    "json",
    "ndjson",
    "csv",
    "txt",
    "data",
    "under",
    "below",
    "than",
    "all",
];

/// Binds each claim to the one gate it speaks of; the others become diagnostics.
pub fn bind(
    document: &Document,
    config: &Config,
    demands: &mut [Vec<Stated>],
    found: &mut Vec<Diagnostic>,
) {
    let _ = config;
    for claim in &document.claims {
        let stated = stated(claim, document);
        if stated.is_empty() {
            continue;
        }
        match gate_of(claim, document) {
            Some(index) => {
                for requirement in stated {
                    demands::push(&mut demands[index], requirement, Origin::Claim(claim.span));
                }
            }
            None => {
                let list: Vec<String> = stated.iter().map(ToString::to_string).collect();
                found.push(
                    Diagnostic::note(
                        "claim-unproved",
                        claim.span,
                        format!("this claims {}, and no gate proves it", list.join(", ")),
                    )
                    .help(
                        "name the gate in it, or make it a gate of its own with an evidence path",
                    ),
                );
            }
        }
    }
}

fn stated(claim: &Claim, document: &Document) -> Vec<Requirement> {
    let hidden: Vec<Span> = claim.targets.iter().map(|t| t.1).collect();
    let words = demands::blank(claim.span, &document.source, &hidden);
    let mut stated: Vec<Requirement> = vocabulary::read(&words)
        .into_iter()
        .map(|(r, _)| r)
        .filter(|r| !matches!(r, Requirement::Unread(_)))
        .collect();
    // "Sustained" alone is a manner of speaking; it binds together with something measurable.
    if stated.iter().all(|r| *r == Requirement::Sustained) {
        stated.clear();
    }
    stated
}

/// The one artifact gate whose name, file names or target the claim shares most with.
fn gate_of(claim: &Claim, document: &Document) -> Option<usize> {
    let lead = claim.lead.to_lowercase();
    let named = |g: &Gate| lead.starts_with(&g.name.to_lowercase());
    let mut bearers = document
        .gates
        .iter()
        .enumerate()
        .filter(|(_, g)| !g.paths.is_empty() && named(g));
    if let (Some((index, _)), None) = (bearers.next(), bearers.next()) {
        return Some(index);
    }
    let words = keywords(&claim.lead);
    let mut best: Option<(usize, usize)> = None;
    let mut tie = false;
    for (index, gate) in document
        .gates
        .iter()
        .enumerate()
        .filter(|(_, g)| !g.paths.is_empty())
    {
        let shared = words.intersection(&gate_words(gate)).count();
        let target = claim
            .targets
            .iter()
            .any(|(t, _)| gate.targets.iter().any(|(u, _)| t == u));
        let score = shared * 2 + usize::from(target);
        if score == 0 {
            continue;
        }
        match best {
            Some((top, _)) if score < top => {}
            Some((top, _)) if score == top => tie = true,
            _ => {
                best = Some((score, index));
                tie = false;
            }
        }
    }
    best.filter(|_| !tie).map(|(_, index)| index)
}

fn gate_words(gate: &Gate) -> BTreeSet<String> {
    let mut words = keywords(&gate.name);
    for pattern in gate.paths.iter().filter_map(|p| p.pattern.as_ref().ok()) {
        let name = pattern
            .text()
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or("");
        words.extend(keywords(name));
    }
    words
}

fn keywords(text: &str) -> BTreeSet<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| w.len() > 2 && !COMMON.contains(w))
        .map(str::to_owned)
        .collect()
}
