//! The JSON contract: one object a document, with fields that stay.

use serde_json::{Value, json};

use super::timeline::json as timeline;
use crate::{
    model::{
        acknowledgement::Acknowledgement,
        diagnostic::{Diagnostic, Severity},
        document::Document,
        plan::DeliveryState,
        resolution::Source,
    },
    resolver::messages,
    sender::standing::{Standing, State},
    workspace::situation::Situation,
};

/// One document as `status --format json` prints it.
pub fn document(
    situation: &Situation,
    state: State,
    standings: &[Standing],
    blockers: &[String],
) -> Value {
    let document = &situation.document;
    let of_recipient = |index: usize| {
        standings
            .iter()
            .find(|s| s.wanted.recipients.contains(&index))
    };
    let of_channel = |index: usize| {
        standings
            .iter()
            .find(|s| s.wanted.channels.contains(&index))
    };
    let acknowledgements = situation.acknowledgements();
    json!({
        "document": document.path,
        "state": state,
        "revision": situation.revision(),
        "digest": situation.resolution.digest,
        "blockers": blockers,
        "gates": gates(situation),
        "placeholders": placeholders(situation),
        "notifications": document.notifications.iter().map(|n| json!({
            "line": document.line(n.subject_span),
            "subject": messages::message(document, n, &situation.resolution.placeholders).0,
        })).collect::<Vec<_>>(),
        "recipients": document.recipients.iter().enumerate().map(|(index, r)| {
            let standing = of_recipient(index);
            let sent = standing.filter(|s| s.state == DeliveryState::Sent);
            let acknowledgement = acknowledgements.people.get(index);
            let acknowledged = acknowledgement.and_then(|a| a.acknowledged.as_ref());
            json!({
                "name": r.name,
                "role": r.role,
                "address": situation.roster.people.get(index).and_then(|p| p.address.clone()),
                "group": r.group,
                "ask": r.ask,
                "line": document.line(r.span),
                "delivery": standing.map_or(DeliveryState::Pending, |s| s.state),
                "via": standing.and_then(|s| s.record.as_ref()).map(|d| d.via),
                "sent_at": sent.and_then(|s| s.record.as_ref()).map(|d| d.at),
                "reviewed_at": acknowledgement.and_then(|a| a.reviewed.as_ref()).map(|w| w.at),
                "acknowledged_at": acknowledged.map(|w| w.at),
                "acknowledged_revision": acknowledged.map(|w| w.revision),
                "attends": situation.history.attends(&r.name),
                "blocker": acknowledgement.and_then(Acknowledgement::blocker),
                "awaited": acknowledgement.is_some_and(Acknowledgement::is_missing),
                "awaited_since": acknowledgement.filter(|a| a.is_missing()).and_then(|a| a.asked),
                "voided": acknowledgement.and_then(Acknowledgement::voided).map(|v| json!({
                    "revision": v.word.revision, "at": v.word.at, "why": v.why,
                })),
            })
        }).collect::<Vec<_>>(),
        "channels": document.channels.iter().enumerate().map(|(index, c)| json!({
            "line": document.line(c.span),
            "kind": c.kind,
            "target": c.target,
            "delivery": of_channel(index).map_or(DeliveryState::Pending, |s| s.state),
        })).collect::<Vec<_>>(),
        "tracker": document.tracker_rows().enumerate().map(|(index, row)| json!({
            "line": document.line(row.span),
            "name": row.name,
            "recipient": situation.roster.rows.get(index).copied().flatten()
                .and_then(|i| document.recipients.get(i)).map(|r| r.name.clone()),
        })).collect::<Vec<_>>(),
        "layout": layout(situation),
        "tasks": document.tasks.iter().map(|t| json!({
            "line": document.line(t.marker),
            "section": t.section,
            "text": t.text,
            "ticked": t.ticked,
        })).collect::<Vec<_>>(),
        "undecided": acknowledgements.undecided.iter().map(|u| json!({
            "from": u.from, "names": u.names, "why": u.why, "at": u.at,
        })).collect::<Vec<_>>(),
        "deadlines": timeline::deadlines(&situation.resolution.timeline),
        "coordination": timeline::coordination(situation),
        "diagnostics": situation.diagnostics.iter().map(|d| diagnostic(document, d)).collect::<Vec<_>>(),
    })
}

/// A diagnostic with its place.
pub fn diagnostic(document: &Document, diagnostic: &Diagnostic) -> Value {
    let place = document
        .lines
        .position(&document.source, diagnostic.span.start);
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "line": place.line,
        "column": place.column,
        "help": diagnostic.help,
    })
}

/// `check --format json`: counts, and every diagnostic with its path.
pub fn check(documents: &[(&Document, &[Diagnostic])]) -> Value {
    let count = |severity: Severity| -> usize {
        documents
            .iter()
            .flat_map(|(_, d)| d.iter())
            .filter(|d| d.severity == severity)
            .count()
    };
    let all: Vec<Value> = documents
        .iter()
        .flat_map(|(document, list)| list.iter().map(move |d| (document, d)))
        .map(|(document, d)| {
            let mut value = diagnostic(document, d);
            value["path"] = json!(document.path);
            value
        })
        .collect();
    json!({
        "documents": documents.len(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "diagnostics": all,
    })
}

fn gates(situation: &Situation) -> Vec<Value> {
    let document = &situation.document;
    let pairs = document.gates.iter().zip(&situation.resolution.gates);
    pairs
        .map(|(gate, result)| {
            let patterns: Vec<&str> = gate
                .paths
                .iter()
                .map(|p| p.pattern.as_ref().map_or_else(|_| p.span.of(&document.source), |q| q.text()))
                .collect();
            let first = result.proofs.first();
            let hash = |sha: &String| Some(sha.clone()).filter(|s| !s.is_empty());
            json!({
                "name": gate.name,
                "line": document.line(gate.span),
                "kind": result.kind,
                "verdict": result.verdict,
                "reason": result.reason,
                "notes": result.notes,
                "pattern": patterns.first().map(|p| (*p).to_owned()).or_else(|| first.map(|p| p.pattern.clone())),
                "artifact": first.map(|p| &p.file.path),
                "sha256": first.and_then(|p| hash(&p.file.sha256)),
                "moment": first.and_then(|p| p.moment),
                "requirements": result.requirements,
                "words": result.words.iter().map(|(text, read_as)| json!({ "text": text, "read_as": read_as })).collect::<Vec<_>>(),
                "evidence": result.proofs.iter().map(|p| json!({
                    "pattern": p.pattern,
                    "artifact": p.file.path,
                    "sha256": hash(&p.file.sha256),
                    "moment": p.moment,
                })).collect::<Vec<_>>(),
            })
        })
        .collect()
}

fn placeholders(situation: &Situation) -> Vec<Value> {
    let document = &situation.document;
    let pairs = document
        .placeholders
        .iter()
        .zip(&situation.resolution.placeholders);
    pairs
        .map(|(placeholder, filling)| {
            json!({
                "line": document.line(placeholder.span),
                "text": placeholder.span.of(&document.source),
                "resolved": messages::filled(filling),
                "reason": filling.reason(),
            })
        })
        .collect()
}

fn layout(situation: &Situation) -> Vec<Value> {
    let document = &situation.document;
    let leaves = document.layout.iter().flat_map(|l| &l.leaves);
    leaves
        .zip(&situation.resolution.layout)
        .map(|(leaf, result)| {
            let (source, reason) = match &result.source {
                Source::Evidence(file) | Source::Material(file) => (Some(file.path.as_str()), None),
                Source::Generated => (Some("packet"), None),
                Source::Waived(why) | Source::Missing(why) => (None, Some(why.clone())),
                Source::Held(gate) => (None, Some(format!("the gate `{gate}` is on hold"))),
            };
            json!({
                "line": document.line(leaf.span),
                "leaf": leaf.path,
                "source": source,
                "laid": result.laid,
                "notes": result.notes,
                "reason": reason,
            })
        })
        .collect()
}
