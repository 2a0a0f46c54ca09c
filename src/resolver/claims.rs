//! Claims elsewhere in the document ("Curl log: … <300 ms"): bound to the gate they speak of.

use std::{collections::BTreeSet, ops::Range};

use crate::model::{
    config::Config,
    diagnostic::Diagnostic,
    document::{Claim, Document, Gate},
    requirement::{Origin, Requirement, Stated},
    span::Span,
};

use super::{demands, headed::Wording, mentions, vocabulary};

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

/// Binds each claim to the gates it speaks of; the others become diagnostics.
pub fn bind(
    document: &Document,
    config: &Config,
    demands: &mut [Vec<Stated>],
    found: &mut Vec<Diagnostic>,
) {
    let mut loose = Vec::new();
    for claim in &document.claims {
        let (words, stated) = stated(claim, document);
        if stated.is_empty() {
            continue;
        }
        let bearers = mentions::bearers(claim, document);
        for (requirement, range) in stated {
            let place = words.origin(&range);
            let gates = match mentions::of(&bearers, &place) {
                gates if !gates.is_empty() => gates,
                _ if is_firm(&requirement) => gate_of(claim, document).into_iter().collect(),
                _ => continue,
            };
            let span = Span::new(claim.span.start + place.start, claim.span.start + place.end);
            let loosely = matches!(
                requirement,
                Requirement::Unlooked(_) | Requirement::NoFailure | Requirement::Measure(..)
            );
            if loosely && !bearers.firm() {
                continue;
            }
            if let (Requirement::Unread(words), false) = (&requirement, bearers.firm()) {
                found.push(unsure(words, span));
                continue;
            }
            for &gate in &gates {
                demands::add(
                    (requirement.clone(), range.clone()),
                    &words.text,
                    &document.gates[gate],
                    config,
                    &mut demands[gate],
                    Origin::Claim(span),
                );
            }
            if gates.is_empty() {
                loose.push((requirement, span));
            }
        }
    }
    for (requirement, span) in loose {
        let what = format!("this claims {requirement}, and no gate proves it");
        let help = "name the gate in it, or make it a gate of its own with an evidence path";
        note(&requirement, span, what, help, demands, found);
    }
    for (requirement, span) in told(document) {
        let what = format!("the message says {requirement}, and no gate proves it");
        let help = "ask it of the gate whose evidence shows it, or leave it out of the message";
        note(&requirement, span, what, help, demands, found);
    }
}

/// What prose about a gate says may be about anything else.
fn unsure(words: &str, span: Span) -> Diagnostic {
    let message = format!("whether \"{words}\" asks anything of the gate is not understood");
    let help = "write it like `under 300 ms` or `HTTP 200` if it does";
    Diagnostic::note("claim-unread", span, message).help(help)
}

fn note(
    requirement: &Requirement,
    span: Span,
    what: String,
    help: &str,
    demands: &[Vec<Stated>],
    found: &mut Vec<Diagnostic>,
) {
    let known = |d: &Stated| covers(&d.requirement, requirement);
    if *requirement != Requirement::Sustained && !demands.iter().flatten().any(known) {
        found.push(Diagnostic::note("claim-unproved", span, what).help(help));
    }
}

/// Whether evidence that shows `proved` shows `claimed` as well.
fn covers(proved: &Requirement, claimed: &Requirement) -> bool {
    match (proved, claimed) {
        (Requirement::Latency(proved), Requirement::Latency(claimed)) => {
            let same = proved.bound_ms == claimed.bound_ms;
            proved.bound_ms < claimed.bound_ms || (same && proved.inclusive <= claimed.inclusive)
        }
        (Requirement::Status(code), Requirement::Statuses(codes)) => codes.admit(*code),
        _ => proved == claimed,
    }
}

/// What the messages tell their readers about durations and statuses.
fn told(document: &Document) -> Vec<(Requirement, Span)> {
    let mut told = Vec::new();
    let parts = document.notifications.iter();
    for part in parts.flat_map(|m| m.body.iter().chain([&m.subject_span])) {
        let mut start = part.start;
        for line in part.of(&document.source).split_inclusive('\n') {
            let span = Span::new(start, start + line.len());
            start = span.end;
            if !speaks(line) {
                continue;
            }
            for (requirement, range) in
                vocabulary::read(&demands::blank(span, &document.source, &[]))
            {
                if is_firm(&requirement) && requirement != Requirement::Sustained {
                    let at = Span::new(span.start + range.start, span.start + range.end);
                    told.push((requirement, at));
                }
            }
        }
    }
    told
}

/// What is bound even where a claim does not name its gate: a duration, a status that no failure
/// has, and that it lasted. Other words are prose as often as not.
fn is_firm(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Latency(_) | Requirement::Sustained => true,
        Requirement::Status(code) => *code < 400,
        Requirement::Statuses(codes) => codes.admit(200),
        _ => false,
    }
}

/// Whether there can be any demand in `words`.
fn speaks(words: &str) -> bool {
    let spelt = ["second", "error", "fail", "succe", "pass"];
    words.bytes().any(|byte| byte.is_ascii_digit())
        || spelt.iter().any(|part| words.to_lowercase().contains(part))
}

/// The claim's words, and what they state, each with its place in them.
fn stated(claim: &Claim, document: &Document) -> (Wording, Vec<(Requirement, Range<usize>)>) {
    if !speaks(claim.span.of(&document.source)) {
        return (Wording::of("", 0, &[]), Vec::new());
    }
    let hidden: Vec<Span> = claim.targets.iter().map(|t| t.1).collect();
    let words = demands::blank(claim.span, &document.source, &hidden);
    let words = Wording::of(&words, claim.span.start, &claim.heads);
    let mut stated = vocabulary::read(&words.text);
    // A status of failure is what went wrong, not what is promised.
    stated.retain(|(r, _)| !matches!(r, Requirement::Status(code) if *code >= 400));
    // "Sustained" alone is a manner of speaking; it binds together with something measurable.
    if stated.iter().all(|(r, _)| *r == Requirement::Sustained) {
        stated.clear();
    }
    (words, stated)
}

/// The one artifact gate whose name, file names or target the claim shares most with.
fn gate_of(claim: &Claim, document: &Document) -> Option<usize> {
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
