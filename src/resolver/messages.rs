//! Placeholders filled, and messages with them.

use jiff::Timestamp;

use super::{judge, source::EvidenceSource};
use crate::model::{
    document::{Document, Notification, Placeholder},
    pattern::Pattern,
    resolution::{Filling, GateResult, Proof, Verdict},
    span::Span,
};

/// Fills every placeholder; artifacts that no gate names come back beside.
pub fn fill<S: EvidenceSource>(
    document: &Document,
    results: &[GateResult],
    source: &S,
    now: Timestamp,
) -> (Vec<Filling>, Vec<Proof>) {
    let mut extra: Vec<Proof> = Vec::new();
    let fillings = document
        .placeholders
        .iter()
        .map(|placeholder| one(placeholder, document, results, source, now, &mut extra))
        .collect();
    (fillings, extra)
}

fn one<S: EvidenceSource>(
    placeholder: &Placeholder,
    document: &Document,
    results: &[GateResult],
    source: &S,
    now: Timestamp,
    extra: &mut Vec<Proof>,
) -> Filling {
    let pattern = match &placeholder.asks {
        Ok(pattern) => pattern,
        Err(reason) => return Filling::Open(reason.clone()),
    };
    if let Some(filling) = from_gate(pattern, document, results) {
        return filling;
    }
    if let Some(known) = extra.iter().find(|p| p.pattern == pattern.text()) {
        return Filling::Artifact(known.file.path.clone());
    }
    let judgement = judge::newest(source, pattern, &[], now);
    match (judgement.holds.is_empty(), judgement.proof) {
        (true, Some(proof)) => {
            let path = proof.file.path.clone();
            extra.push(proof);
            Filling::Artifact(path)
        }
        _ => Filling::Open(judgement.holds.join("; ")),
    }
}

/// A gate with the same pattern decides; one on hold keeps the placeholder open.
fn from_gate(pattern: &Pattern, document: &Document, results: &[GateResult]) -> Option<Filling> {
    let mut filling = None;
    for (gate, result) in document.gates.iter().zip(results) {
        let named = gate
            .paths
            .iter()
            .filter_map(|p| p.pattern.as_ref().ok())
            .any(|p| p.same_as(pattern));
        if !named {
            continue;
        }
        match result.verdict {
            Verdict::Hold => {
                return Some(Filling::Held(gate.name.clone()));
            }
            Verdict::Waived => {
                filling.get_or_insert_with(|| {
                    Filling::Waived(format!("no evidence: {}", result.reason))
                });
            }
            Verdict::Clear => {
                let proof = result
                    .proofs
                    .iter()
                    .find(|p| Pattern::parse(&p.pattern).is_ok_and(|q| q.same_as(pattern)))?;
                filling = Some(Filling::Artifact(proof.file.path.clone()));
            }
        }
    }
    filling
}

/// The text that stands in for a placeholder; `None` while it is open.
pub fn filled(filling: &Filling) -> Option<&str> {
    match filling {
        Filling::Artifact(text) | Filling::Waived(text) => Some(text),
        Filling::Held(_) | Filling::Open(_) => None,
    }
}

/// Subject and body of a notification with its placeholders filled, lines ending in `\n`.
pub fn message(
    document: &Document,
    notification: &Notification,
    fillings: &[Filling],
) -> (String, String) {
    let mut body = String::new();
    for piece in &notification.body {
        body.push_str(&replaced(document, *piece, fillings));
    }
    let raw = notification.subject_span.of(&document.source);
    let subject = if raw == notification.subject {
        replaced(document, notification.subject_span, fillings)
    } else {
        let mut subject = notification.subject.clone();
        for (placeholder, filling) in document.placeholders.iter().zip(fillings) {
            if let (true, Some(text)) = (
                notification.subject_span.contains(placeholder.span),
                filled(filling),
            ) {
                subject = subject.replacen(placeholder.span.of(&document.source), text, 1);
            }
        }
        subject
    };
    (subject, body.replace("\r\n", "\n"))
}

fn replaced(document: &Document, piece: Span, fillings: &[Filling]) -> String {
    let mut text = String::new();
    let mut at = piece.start;
    for (placeholder, filling) in document.placeholders.iter().zip(fillings) {
        let inside = placeholder.span.start >= at && placeholder.span.end <= piece.end;
        if let (true, Some(new)) = (inside, filled(filling)) {
            text.push_str(Span::new(at, placeholder.span.start).of(&document.source));
            text.push_str(new);
            at = placeholder.span.end;
        }
    }
    text.push_str(Span::new(at, piece.end).of(&document.source));
    text
}
