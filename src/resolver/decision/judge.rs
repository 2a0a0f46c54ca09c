//! One metric or readiness gate.

use sha2::{Digest, Sha256};

use super::{Facts, figure, items, on_hold};
use crate::{
    model::{
        coordination::Metric,
        decision::{Answer, Judged, Known},
        document::Document,
        evidence::hex,
        resolution::{GateKind, Verdict},
        word::{Word, WordKind},
    },
    resolver::people::same,
};

/// An answer, how it is known, and why.
type Said = (Answer, Known, String);

/// The metric or readiness gate called `name`, ignoring case.
pub fn metric<'d>(document: &'d Document, name: &str) -> Option<&'d Metric> {
    let parts = &document.coordination;
    let mut all = parts.metrics.iter().chain(&parts.readiness);
    all.find(|m| same(&m.name, name))
}

/// SHA-256 of a metric's words, which a word for it is bound to.
pub fn text_sha256(metric: &Metric) -> String {
    let text = format!("packet-metric-1\n{}", metric.text);
    hex(&Sha256::digest(text.as_bytes()))
}

/// Judges one.
pub(super) fn judge(facts: Facts<'_>, metric: &Metric) -> Judged {
    let (answer, known, why) = by_gate(facts, metric)
        .or_else(|| by_record(facts, metric))
        .or_else(|| by_word(facts, metric))
        .unwrap_or_else(|| (Answer::Open, Known::Missing, nobody(facts, metric)));
    let asked = answer == Answer::Open;
    Judged {
        name: metric.name.clone(),
        text: metric.text.clone(),
        line: facts.document.line(metric.span),
        answer,
        known,
        why,
        ask: asked.then(|| ask(facts, metric)).flatten(),
    }
}

/// By the evidence it names.
fn by_gate(facts: Facts<'_>, metric: &Metric) -> Option<Said> {
    let result = facts.resolution.gates.get(metric.gate?)?;
    let known = match result.kind {
        GateKind::Artifact => Known::Computed,
        GateKind::Manual => Known::Attested,
    };
    let reason = result.reason.clone();
    Some(match result.verdict {
        Verdict::Clear => (Answer::Met, known, reason),
        Verdict::Waived => (Answer::Met, Known::Attested, reason),
        // What no file shows yet may still be so.
        Verdict::Hold if result.proofs.is_empty() => (Answer::Open, Known::Missing, reason),
        Verdict::Hold => (Answer::NotMet, Known::Computed, reason),
    })
}

/// By what the record and the document hold.
fn by_record(facts: Facts<'_>, metric: &Metric) -> Option<Said> {
    let words = metric.text.to_lowercase();
    let has = |word: &str| words.contains(word);
    // `installed` is not `all`, `incomplete` not `complete`.
    let whole = |word: &str| {
        words
            .split(|c: char| !c.is_alphanumeric())
            .any(|w| w == word)
    };
    let (met, why) = if has("dependenc") && ["all", "green", "resolved"].into_iter().any(whole) {
        dependencies(facts)?
    } else if has("evidence") && whole("complete") {
        return evidence(facts);
    } else if has("acknowledg") {
        acknowledged(facts, metric)?
    } else if has("item") || has("improvement") {
        counted(facts, metric)?
    } else {
        return None;
    };
    let answer = if met { Answer::Met } else { Answer::NotMet };
    Some((answer, Known::Computed, why))
}

fn dependencies(facts: Facts<'_>) -> Option<(bool, String)> {
    let all = &facts.document.coordination.dependencies;
    let met = &facts.resolution.timeline.dependencies;
    let open: Vec<&str> = all
        .iter()
        .zip(met)
        .filter(|(_, met)| met.is_none())
        .map(|(d, _)| d.title.as_str())
        .collect();
    let words = match (all.len(), open.len()) {
        (0, _) => return None,
        (1, 0) => "the one dependency is met".to_owned(),
        (n, 0) => format!("all {n} dependencies are met"),
        (n, k) => format!("{k} of {n} dependencies not met: {}", open.join(", ")),
    };
    Some((open.is_empty(), words))
}

/// Complete evidence: every gate, and something in the folder that the document names for it.
fn evidence(facts: Facts<'_>) -> Option<Said> {
    let gates = facts.document.gates.len();
    let held = on_hold(facts).len();
    if gates == 0 && facts.archive.is_none() {
        return None;
    }
    let clear = "every gate is clear or waived";
    Some(match (held, facts.archive) {
        (0, Some((folder, 0))) => (
            Answer::Open,
            Known::Missing,
            format!("{clear}, but there is nothing in {folder} yet"),
        ),
        (0, Some((folder, files))) => {
            let files = if files == 1 {
                "1 file is".to_owned()
            } else {
                format!("{files} files are")
            };
            let why = format!("{clear}; {files} in {folder}");
            (Answer::Met, Known::Computed, why)
        }
        (0, None) => (Answer::Met, Known::Computed, clear.to_owned()),
        (held, _) => {
            let why = format!("{held} of {gates} gates on hold");
            (Answer::NotMet, Known::Computed, why)
        }
    })
}

fn acknowledged(facts: Facts<'_>, metric: &Metric) -> Option<(bool, String)> {
    let all = facts.acknowledgements;
    all.revision?;
    let asked = all.people.iter().filter(|p| p.expected).count();
    let missing = all.missing().count();
    let confirmed = asked.checked_sub(missing).filter(|_| asked > 0)?;
    let met = match metric.target {
        Some(target) if target.percent => confirmed * 100 >= target.at_least as usize * asked,
        Some(target) => confirmed >= target.at_least as usize,
        None => missing == 0,
    };
    Some((met, format!("{confirmed} of {asked} have confirmed")))
}

/// A number of items, where the document lists them.
fn counted(facts: Facts<'_>, metric: &Metric) -> Option<(bool, String)> {
    let target = metric.target.filter(|t| !t.percent)?;
    let number = items(facts.document).len();
    let wanted = target.at_least as usize;
    (number > 0).then(|| (number >= wanted, format!("{number} listed in the document")))
}

/// By a named person's word for it as it reads now.
fn by_word(facts: Facts<'_>, metric: &Metric) -> Option<Said> {
    let wanted = text_sha256(metric);
    let mut words = facts.history.words.iter().rev();
    let word = words.find(|w| same(&w.gate, &metric.name) && w.text_sha256 == wanted)?;
    let WordKind::Attestation { note, .. } = &word.kind else {
        return None;
    };
    let who = who(word);
    let note = note.as_deref().unwrap_or("");
    if is_denied(note) {
        return Some((Answer::NotMet, Known::Attested, format!("{who}: {note}")));
    }
    let Some(target) = metric.target else {
        let why = if note.is_empty() {
            who
        } else {
            format!("{who}: {note}")
        };
        return Some((Answer::Met, Known::Attested, why));
    };
    Some(match figure::read(note, target) {
        Some(figure) => {
            let answer = if figure.reached {
                Answer::Met
            } else {
                Answer::NotMet
            };
            let why = format!("{}, {who}", figure.words);
            (answer, Known::Attested, why)
        }
        None => (
            Answer::Open,
            Known::Missing,
            format!("{who}, but without a figure"),
        ),
    })
}

fn who(word: &Word) -> String {
    format!(
        "attested by {} on {}",
        word.by,
        word.at.strftime("%Y-%m-%d")
    )
}

/// Whether a remark says that something is not met: `not met: …`, `no, …`, `failed …`.
pub fn is_denied(note: &str) -> bool {
    let lower = note.trim_start().to_lowercase();
    let first = lower.split(|c: char| !c.is_alphanumeric()).next();
    // `No problems` denies nothing.
    let no = lower.strip_prefix("no").map(str::trim_start);
    let no = no.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    no || matches!(first, Some("not" | "failed" | "missed")) || lower.starts_with('❌')
}

/// Why nothing is known.
fn nobody(facts: Facts<'_>, metric: &Metric) -> String {
    let ticked = facts
        .document
        .tasks
        .get(metric.task)
        .is_some_and(|t| t.ticked);
    let before = facts.history.words.iter().rev();
    let mut before = before.filter(|w| same(&w.gate, &metric.name));
    match (before.next(), ticked) {
        (Some(word), _) => format!("its words have changed since it was {}", who(word)),
        (None, true) => "its box is ticked, but nobody has put their name to it".to_owned(),
        (None, false) => "nobody has said".to_owned(),
    }
}

/// The command that records an answer; none where only evidence can give it.
fn ask(facts: Facts<'_>, metric: &Metric) -> Option<String> {
    let gate = metric.gate.and_then(|g| facts.resolution.gates.get(g));
    if gate.is_some_and(|g| g.kind == GateKind::Artifact) {
        return None;
    }
    let note = match metric.target {
        Some(target) if target.percent => " --note \"11 of 12\"",
        Some(_) => " --note \"7 items\"",
        None => "",
    };
    let name = metric.name.replace(['"', '$', '`', '\\'], "");
    Some(format!("packet attest \"{name}\" --by NAME{note}"))
}
