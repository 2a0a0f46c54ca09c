//! `packet.md`: the source with its gates, placeholders, tree, tracker and hash brought up to date.

use super::{
    doc_hash,
    edits::{self, Edit},
    tracker,
};
use crate::{
    model::{
        acknowledgement::Acknowledgements,
        document::Document,
        history::Revision,
        plan::{DeliveryState, Via},
        resolution::{Filling, Resolution, Source, Verdict},
        roster::Roster,
        span::Span,
        wanted::{channel_key, email_key},
    },
    resolver::messages,
};

/// What is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything: the packet that is handed out.
    Packet,
    /// What the source itself may take: status, ticks, tracker, `doc_hash`; patterns and
    /// placeholders stay, so that the document goes on working.
    Source,
    /// The same, and patterns, placeholders and the tree, where the document then still comes to
    /// the same: a placeholder stays whose evidence no gate names.
    Resolved,
}

/// Renders the document. Every byte outside an edit is the author's.
pub fn packet_md(
    document: &Document,
    resolution: &Resolution,
    roster: &Roster,
    revision: Option<&Revision>,
    acknowledgements: &Acknowledgements,
    scope: Scope,
) -> String {
    let mut edits = Vec::new();
    gates(document, resolution, scope, &mut edits);
    status(document, resolution, scope, &mut edits);
    if scope != Scope::Source {
        placeholders(document, resolution, scope, &mut edits);
        tree(document, resolution, &mut edits);
    }
    if let Some(revision) = revision {
        deliveries(document, roster, revision, acknowledgements, &mut edits);
    }
    edits.retain(|e| !document.shell_fences.iter().any(|f| f.overlaps(e.span)));
    let text = edits::apply(&document.source, edits);
    doc_hash::with_hash(&text)
}

/// The document as a draft: the same, and a first line of the body that says why it waits.
pub fn draft_md(rendered: &str, body_start: usize, blockers: &[String]) -> String {
    let mut notice = String::from("> **DRAFT, on hold. Not for distribution.**\n>\n");
    for blocker in blockers {
        notice.push_str(&format!("> - {}\n", line(blocker)));
    }
    notice.push('\n');
    edits::apply(
        rendered,
        vec![Edit::new(Span::new(body_start, body_start), notice)],
    )
}

/// A reason as one line of Markdown in which nothing is markup.
fn line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('<', "&lt;")
}

fn gates(document: &Document, resolution: &Resolution, scope: Scope, edits: &mut Vec<Edit>) {
    for (gate, result) in document.gates.iter().zip(&resolution.gates) {
        if let Some(marker) = gate.marker {
            tick(marker, gate.ticked, result.verdict == Verdict::Clear, edits);
        }
        if scope == Scope::Source || result.verdict != Verdict::Clear {
            continue;
        }
        for path in &gate.paths {
            let Ok(pattern) = &path.pattern else { continue };
            let alone = || !stands_elsewhere(document, pattern.text());
            let named = |path: &str| scope == Scope::Packet || (!path.contains('<') && alone());
            let proof = result.proofs.iter().find(|p| p.pattern == pattern.text());
            let proof = proof.filter(|p| named(&p.file.path));
            if let (Some(proof), true) = (proof, path.span.of(&document.source) == pattern.text()) {
                edits.push(Edit::new(path.span, proof.file.path.clone()));
            }
        }
    }
}

fn tick(marker: Span, ticked: bool, wanted: bool, edits: &mut Vec<Edit>) {
    if ticked != wanted {
        edits.push(Edit::new(marker, if wanted { "[x]" } else { "[ ]" }));
    }
}

fn status(document: &Document, resolution: &Resolution, scope: Scope, edits: &mut Vec<Edit>) {
    let Some(field) = document.status_field else {
        return;
    };
    // In the source a placeholder outlives the status line that it stands in.
    let mut placeholders = document.placeholders.iter();
    if scope != Scope::Packet && placeholders.any(|p| p.span.overlaps(field.value)) {
        return;
    }
    let names = |verdict: Verdict| -> Vec<&str> {
        let pairs = document.gates.iter().zip(&resolution.gates);
        pairs
            .filter(|(_, r)| r.verdict == verdict)
            .map(|(g, _)| g.name.as_str())
            .collect()
    };
    let (held, waived) = (names(Verdict::Hold), names(Verdict::Waived));
    let all = document.gates.len();
    let text = if !held.is_empty() {
        format!(
            "⏳ **HOLD** - {} of {all} gates on hold: {}",
            held.len(),
            held.join(", ")
        )
    } else if !resolution.is_clear() {
        "⏳ **HOLD** - gates are clear, other parts are not".to_owned()
    } else if waived.is_empty() {
        format!("✅ **CLEAR** - all {all} gates clear")
    } else {
        format!(
            "✅ **CLEAR** - {} of {all} gates clear, waived: {}",
            all - waived.len(),
            waived.join(", ")
        )
    };
    if field.value.of(&document.source) != text {
        edits.push(Edit::new(field.value, text));
    }
}

fn placeholders(document: &Document, resolution: &Resolution, scope: Scope, edits: &mut Vec<Edit>) {
    for (placeholder, filling) in document.placeholders.iter().zip(&resolution.placeholders) {
        if scope == Scope::Resolved && !stands_alone(filling, resolution) {
            continue;
        }
        if let Some(text) = messages::filled(filling) {
            let source = placeholder.span.of(&document.source);
            // `Placeholder → `path`` keeps its backticks.
            let ticked = source.ends_with('`');
            let text = if ticked {
                format!("`{text}`")
            } else {
                text.to_owned()
            };
            edits.push(Edit::new(placeholder.span, text));
        }
    }
}

/// Whether a gate's pattern is named by other words, too, which go on speaking of that gate.
fn stands_elsewhere(document: &Document, pattern: &str) -> bool {
    let source = &document.source;
    let paths = document.gates.iter().flat_map(|g| &g.paths).map(|p| p.span);
    let placeholders = document.placeholders.iter().map(|p| p.span);
    let known = paths
        .chain(placeholders)
        .chain(document.shell_fences.iter().copied());
    let known: Vec<Span> = known.collect();
    let mut places = source.match_indices(pattern);
    places.any(|(at, _)| !known.iter().any(|k| k.start <= at && at < k.end))
}

/// Whether the document needs no placeholder to know this evidence: a gate names it, and its path
/// cannot be taken for a placeholder.
fn stands_alone(filling: &Filling, resolution: &Resolution) -> bool {
    let Filling::Artifact(path) = filling else {
        return false;
    };
    let mut proofs = resolution.gates.iter().flat_map(|g| &g.proofs);
    !path.contains('<') && proofs.any(|p| p.file.path == *path)
}

fn tree(document: &Document, resolution: &Resolution, edits: &mut Vec<Edit>) {
    let drawn = document.layout.iter().flat_map(|l| &l.leaves);
    for (leaf, result) in drawn.zip(&resolution.layout) {
        let name = result.laid.rsplit('/').next().unwrap_or(&result.laid);
        if matches!(result.source, Source::Evidence(_)) && name != leaf.name() {
            edits.push(Edit::new(leaf.span, name));
        }
    }
}

/// Ticks of recipients and channels, and the tracker's cells.
fn deliveries(
    document: &Document,
    roster: &Roster,
    revision: &Revision,
    acknowledgements: &Acknowledgements,
    edits: &mut Vec<Edit>,
) {
    let sent = |key: &str| {
        let delivery = revision.deliveries.get(key)?;
        // What stayed in the outbox was not sent, and nobody has it.
        let went = delivery.state == DeliveryState::Sent && delivery.via != Via::Outbox;
        went.then_some(delivery.at)
    };
    let person = |index: usize| {
        let address = roster.people.get(index)?.address.as_deref()?;
        sent(&email_key(address))
    };
    for (index, recipient) in document.recipients.iter().enumerate() {
        // A tick by hand stays; that of somebody who was sent something follows the record.
        let known = acknowledgements.people.get(index);
        let recorded = known.is_some_and(|p| !p.sendings.is_empty());
        let has_it = person(index).is_some();
        if has_it || recorded {
            tick(recipient.marker, recipient.ticked, has_it, edits);
        }
    }
    for channel in &document.channels {
        // Several addresses of one line are ticked together, when all of them have it.
        let mut same_line = document
            .channels
            .iter()
            .filter(|c| c.marker == channel.marker);
        if same_line.all(|c| sent(&channel_key(c.kind, &c.target)).is_some()) {
            tick(channel.marker, channel.ticked, true, edits);
        }
    }
    tracker::cells(document, roster, acknowledgements, person, edits);
    edits.dedup();
}
