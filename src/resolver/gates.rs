//! The verdict over each gate.

use jiff::Timestamp;

use super::{
    demands,
    judge::{self, Judgement},
    source::EvidenceSource,
    words,
};
use crate::model::{
    config::Config,
    diagnostic::Diagnostic,
    document::{Document, Gate},
    evidence::{Candidate, FileHash},
    history::{History, Revision},
    moment::Moment,
    pattern::Pattern,
    requirement::{Origin, Requirement, Stated},
    resolution::{GateKind, GateResult, Proof, Verdict},
    word::WordKind,
};

/// The code of a diagnostic about newer evidence that would hold what was sent with older.
pub const NEWER_HOLDS: &str = "evidence-newer-holds";

/// What the gates are judged by.
pub struct Bench<'a, S: EvidenceSource> {
    /// The document.
    pub document: &'a Document,
    /// Configuration in force.
    pub config: &'a Config,
    /// The record.
    pub history: &'a History,
    /// Where evidence is.
    pub source: &'a S,
    /// The present.
    pub now: Timestamp,
    /// The revision whose evidence counts instead of newer one; `None` looks at the newest.
    pub pinned: Option<&'a Revision>,
}

impl<S: EvidenceSource> Bench<'_, S> {
    /// Judges every gate, in document order.
    pub fn judge(&self, found: &mut Vec<Diagnostic>) -> Vec<GateResult> {
        let demands = demands::all(self.document, self.config, found);
        let mut results: Vec<GateResult> = self
            .document
            .gates
            .iter()
            .zip(&demands)
            .map(|(gate, demands)| self.gate(gate, demands, found))
            .collect();
        // Children come after their parents: the deepest is settled first.
        for index in (0..results.len()).rev() {
            self.hold_for_children(index, &mut results);
        }
        self.shared_artifacts(&mut results);
        results
    }

    fn gate(&self, gate: &Gate, demands: &[Stated], found: &mut Vec<Diagnostic>) -> GateResult {
        let (patterns, mut holds) = demands::patterns(gate, demands::rule(self.config, gate));
        let kind = if patterns.is_empty() && holds.is_empty() {
            GateKind::Manual
        } else {
            GateKind::Artifact
        };
        let mut result = GateResult {
            kind,
            verdict: Verdict::Hold,
            reason: String::new(),
            notes: Vec::new(),
            proofs: Vec::new(),
            requirements: demands.iter().map(described).collect(),
            words: Vec::new(),
            attestable: false,
            text_sha256: words::text_sha256(gate),
        };
        if kind == GateKind::Artifact {
            result.words = demands::accounted(gate, self.document);
        }
        let mut proved = Vec::new();
        let mut unsaid = Vec::new();
        for pattern in &patterns {
            let judgement = self.pattern(gate, pattern, demands, &mut result.notes, found);
            holds.extend(judgement.holds.iter().cloned());
            unsaid.extend(judgement.unsaid.iter().cloned());
            result.notes.extend(judgement.notes.iter().cloned());
            proved.push(shown(&judgement, pattern, demands));
            result.proofs.extend(judgement.proof);
        }
        let unread = demands::unread(gate, demands, holds.is_empty());
        result.notes.extend(demands::unlooked(demands));
        if kind == GateKind::Manual {
            self.manual(gate, demands, &mut result);
        } else if !holds.is_empty() {
            holds.extend(unsaid);
            holds.extend(unread);
            result.reason = holds.join("; ");
        } else if unsaid.is_empty() && unread.is_none() {
            result.verdict = Verdict::Clear;
            result.reason = proved.join("; ");
            if result.requirements.is_empty() {
                result
                    .notes
                    .push("its words ask for nothing but a file, and that it is there is all that is proved".to_owned());
            }
        } else {
            self.seen_by_a_person(gate, unsaid, unread, &proved, &mut result);
        }
        if gate.struck {
            result.verdict = Verdict::Hold;
            result.reason = format!(
                "it is struck out, which waives nothing; ask somebody to decide: packet waive \"{}\" --by NAME --reason WHY",
                gate.name
            );
        }
        if gate.ticked && result.verdict == Verdict::Hold {
            result
                .notes
                .push("its box is ticked in the document; a tick is a claim, not proof".to_owned());
        }
        self.waive(gate, &mut result);
        result.notes.dedup();
        result
    }

    fn manual(&self, gate: &Gate, demands: &[Stated], result: &mut GateResult) {
        let configured: Vec<&Stated> = demands
            .iter()
            .filter(|d| d.origin == Origin::Configuration)
            .collect();
        if !configured.is_empty() {
            result.reason = format!(
                "packet.yaml asks for {} but no evidence path is known; add `pattern:` to the gate's rule",
                configured
                    .iter()
                    .map(|d| d.requirement.to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
            return;
        }
        match words::attestation(gate, self.history) {
            Ok(word) => {
                result.verdict = Verdict::Clear;
                let WordKind::Attestation { evidence, note } = &word.kind else {
                    return;
                };
                result.reason = format!("attested by {} on {}", word.by, words::day(word));
                if let Some(note) = note {
                    result.reason.push_str(&format!(": {note}"));
                }
                if let Some(file) = evidence {
                    result.notes.push(format!(
                        "shown with it: {} (sha256 {})",
                        file.path,
                        &file.sha256[..12.min(file.sha256.len())]
                    ));
                }
            }
            Err(void) => {
                let next = format!(
                    "no file can prove it; once it is done: packet attest \"{}\" --by NAME",
                    gate.name
                );
                result.reason = match void {
                    Some(void) => format!("{void}; {next}"),
                    None => next,
                };
            }
        }
    }

    /// Nothing in the artifacts says otherwise, but they or the words leave open what only somebody
    /// who looks at them can say.
    fn seen_by_a_person(
        &self,
        gate: &Gate,
        unsaid: Vec<String>,
        unread: Option<String>,
        proved: &[String],
        result: &mut GateResult,
    ) {
        let held: Vec<FileHash> = result.proofs.iter().map(|p| p.file.clone()).collect();
        result.attestable = !held.is_empty();
        let void = match words::reading(gate, &held, self.history) {
            Ok(word) if result.attestable => {
                result.verdict = Verdict::Clear;
                result.reason = format!(
                    "read by {} on {}: {}",
                    word.by,
                    words::day(word),
                    proved.join("; ")
                );
                if let WordKind::Attestation {
                    note: Some(note), ..
                } = &word.kind
                {
                    result.reason.push_str(&format!(": {note}"));
                }
                return;
            }
            Ok(_) => None,
            Err(void) => void,
        };
        let command = demands::attest_command(gate);
        let mut open = unsaid;
        if !open.is_empty() && unread.is_none() {
            open.push(format!(
                "record it again so that it says so, or let somebody look at it: {command}"
            ));
        }
        open.extend(void);
        open.extend(unread);
        result.reason = open.join("; ");
    }

    fn waive(&self, gate: &Gate, result: &mut GateResult) {
        if result.verdict != Verdict::Hold {
            return;
        }
        let held: Vec<FileHash> = result.proofs.iter().map(|p| p.file.clone()).collect();
        match words::waiver(gate, &held, self.history) {
            Ok(word) => {
                let WordKind::Waiver { reason, .. } = &word.kind else {
                    return;
                };
                result
                    .notes
                    .insert(0, format!("without the waiver: {}", result.reason));
                result.verdict = Verdict::Waived;
                result.reason = format!("waived by {}, {reason}", word.by);
            }
            Err(Some(void)) => result
                .notes
                .push(format!("a waiver no longer counts: {void}")),
            Err(None) => {}
        }
    }

    /// The pinned artifact where there is one, and a word about newer evidence; else the newest.
    fn pattern(
        &self,
        gate: &Gate,
        pattern: &Pattern,
        demands: &[Stated],
        notes: &mut Vec<String>,
        found: &mut Vec<Diagnostic>,
    ) -> Judgement {
        let pin = self.pinned.and_then(|revision| {
            let pin = revision
                .evidence
                .iter()
                .find(|p| p.gate == gate.name && p.pattern == pattern.text())?;
            Some((revision, pin))
        });
        let newest = judge::newest(self.source, pattern, demands, self.now);
        let Some((revision, pin)) = pin else {
            return newest;
        };
        if newest.proof.as_ref().is_some_and(|p| p.file == pin.file) && newest.holds.is_empty() {
            return newest;
        }
        let fresh = newest.proof.as_ref().filter(|p| p.file != pin.file);
        if let Some(proof) = fresh {
            let outcome = match newest.holds.first() {
                None => "it would be clear".to_owned(),
                Some(hold) => format!("IT WOULD HOLD: {hold}"),
            };
            let message = format!(
                "newer evidence `{}` than revision {} was sent with: {outcome}; send --new-evidence makes it a new revision",
                proof.file.path, revision.number
            );
            if !newest.holds.is_empty() {
                found.push(Diagnostic::warning(NEWER_HOLDS, gate.span, message.clone()));
            }
            notes.push(message);
        }
        self.as_sent(pattern, pin.file.clone(), revision, demands)
    }

    /// The artifact that a revision was sent with, judged as of when it first was.
    fn as_sent(
        &self,
        pattern: &Pattern,
        file: FileHash,
        revision: &Revision,
        demands: &[Stated],
    ) -> Judgement {
        let moment = moment_of(&file.path);
        let candidate = Candidate {
            path: file.path.clone(),
            moment,
            notes: Vec::new(),
        };
        let began = self.first_sent_with(&file).unwrap_or(revision.started);
        let judged = judge::file(self.source, pattern, &candidate, demands, began);
        if judged.proof.as_ref().is_some_and(|p| p.file == file) {
            return judged;
        }
        Judgement {
            holds: Vec::new(),
            unsaid: Vec::new(),
            notes: vec![format!(
                "`{}` is gone or was changed since revision {} was sent; the bundle keeps what was sent",
                file.path, revision.number
            )],
            proof: Some(Proof {
                pattern: pattern.text().to_owned(),
                file,
                moment,
            }),
            findings: None,
        }
    }

    /// When the first revision that stands on `file` began. A later one that keeps it neither makes
    /// it older nor, where the clock stepped back, puts it into the future.
    fn first_sent_with(&self, file: &FileHash) -> Option<Timestamp> {
        let revisions = self.history.revisions.iter();
        revisions
            .filter(|r| r.evidence.iter().any(|pin| pin.file == *file))
            .min_by_key(|r| r.number)
            .map(|r| r.started)
    }

    fn hold_for_children(&self, index: usize, results: &mut [GateResult]) {
        let gate = &self.document.gates[index];
        let open: Vec<&str> = gate
            .children
            .iter()
            .filter(|&&c| results[c].verdict == Verdict::Hold)
            .map(|&c| self.document.gates[c].name.as_str())
            .collect();
        if open.is_empty() || results[index].verdict == Verdict::Waived {
            return;
        }
        let why = format!("it waits for what stands below it: {}", open.join(", "));
        let result = &mut results[index];
        result.reason = match result.verdict {
            Verdict::Hold => format!("{}; {why}", result.reason),
            Verdict::Clear | Verdict::Waived => why,
        };
        result.verdict = Verdict::Hold;
        self.waive(gate, &mut results[index]);
    }

    fn shared_artifacts(&self, results: &mut [GateResult]) {
        let paths: Vec<Vec<String>> = results
            .iter()
            .map(|r| r.proofs.iter().map(|p| p.file.path.clone()).collect())
            .collect();
        for (index, result) in results.iter_mut().enumerate() {
            for path in &paths[index] {
                let others: Vec<&str> = paths
                    .iter()
                    .enumerate()
                    .filter(|(other, list)| *other != index && list.contains(path))
                    .map(|(other, _)| self.document.gates[other].name.as_str())
                    .collect();
                if !others.is_empty() {
                    result
                        .notes
                        .push(format!("`{path}` also serves {}", others.join(", ")));
                }
            }
        }
    }
}

fn moment_of(path: &str) -> Option<Moment> {
    let name = path.rsplit('/').next().unwrap_or(path);
    crate::parser::moments::iter(name)
        .next()
        .map(|(_, moment)| moment)
}

/// What a clear pattern rests on: `path` (an HTTP log, 3 records): HTTP status 200.
fn shown(judgement: &Judgement, pattern: &Pattern, demands: &[Stated]) -> String {
    let Some(proof) = &judgement.proof else {
        return format!("nothing matches `{}`", pattern.text());
    };
    let mut text = format!("`{}`", proof.file.path);
    if let Some(findings) = &judgement.findings
        && let Some(kind) = findings.kind
    {
        let many = match findings.records {
            0 => String::new(),
            1 => ", 1 record".to_owned(),
            n => format!(", {n} records"),
        };
        text.push_str(&format!(" ({kind}{many})"));
        // What it may leave unrecorded is for the notes to say.
        let of_text = kind == crate::model::evidence::Kind::Text;
        let soft = |r: &Requirement| {
            use Requirement::{NoFailure, Sustained, Target, Unlooked, Unread};
            matches!(r, Target(_) | Sustained | Unread(_) | Unlooked(_))
                || (of_text && *r == NoFailure && !findings.unsaid.is_empty())
        };
        let met: Vec<String> = demands
            .iter()
            .map(|d| &d.requirement)
            .filter(|r| !soft(r))
            .map(ToString::to_string)
            .collect();
        if !met.is_empty() {
            text.push_str(&format!(" shows {}", met.join("; ")));
        }
    }
    text
}

/// A requirement with where it was read, for `status -v`.
fn described(stated: &Stated) -> String {
    let words = stated.requirement.to_string();
    match (&stated.origin, &stated.requirement) {
        (Origin::Words(_), _) => words,
        (Origin::Claim(_), _) => format!("{words} (claimed elsewhere in the document)"),
        (Origin::Gate(name), Requirement::Target(_)) => {
            format!("{words} (named by {name}; binding where recorded)")
        }
        (Origin::Gate(name), _) => format!("{words} (named by {name})"),
        (Origin::Configuration, Requirement::Unread(_) | Requirement::Unlooked(_)) => {
            format!("{words} (left to packet.yaml)")
        }
        (Origin::Configuration, _) => format!("{words} (packet.yaml)"),
    }
}
