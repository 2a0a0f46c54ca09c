//! From document, evidence, configuration and record to a resolution.

use jiff::Timestamp;

use super::{
    coordination, digest,
    gates::Bench,
    layout::{self, Stock},
    materials::Shelf,
    messages,
    source::EvidenceSource,
};
use crate::model::{
    config::Config,
    diagnostic::{Diagnostic, Severity},
    document::Document,
    history::{History, Revision},
    pattern::Pattern,
    resolution::{Filling, Resolution, Source, Verdict},
};

/// Diagnostics of the parser that may hide part of the document: nothing is clear while one stands.
const HIDING: &[&str] = &[
    "channel-without-box",
    "comment-unclosed",
    "fence-unclosed",
    "front-matter-unclosed",
    "gate-without-box",
    "gates-table",
    "heading-in-html",
    "heading-unread",
    "layout-duplicate",
    "layout-limit",
    "layout-line",
    "layout-unread",
    "notification-body",
    "notification-leftover",
    "recipient-without-box",
    "subject-empty",
    "task-box",
    "task-in-html",
];

/// What a document is resolved by.
pub struct Inputs<'a, S: EvidenceSource> {
    /// The document.
    pub document: &'a Document,
    /// What its parser noticed.
    pub noticed: &'a [Diagnostic],
    /// Configuration in force.
    pub config: &'a Config,
    /// The record.
    pub history: &'a History,
    /// Where evidence and materials are.
    pub source: &'a S,
    /// The present.
    pub now: Timestamp,
    /// Look at the newest evidence even where a revision was sent with older.
    pub new_evidence: bool,
}

/// Resolves a document. A gate on hold is a value here, never an error.
pub fn resolve<S: EvidenceSource>(inputs: &Inputs<'_, S>) -> Resolution {
    let document = inputs.document;
    let mut found = Vec::new();
    let pinned: Option<&Revision> = inputs.history.latest().filter(|_| !inputs.new_evidence);
    let bench = Bench {
        document,
        config: inputs.config,
        history: inputs.history,
        source: inputs.source,
        now: inputs.now,
        pinned,
    };
    let gates = bench.judge(&mut found);
    let (placeholders, extra) = messages::fill(document, &gates, inputs.source, inputs.now);
    let stock = Stock::of(document, &gates, &extra);
    let mut shelf = Shelf::new(inputs.source);
    let leaves = layout::leaves(document, &stock, &mut shelf);
    let files = layout::files(document, &leaves, &stock, &mut shelf);
    drop(stock);
    let timeline = coordination::timeline(
        document,
        &gates,
        &inputs.history.words,
        inputs.now,
        &mut found,
    );
    let mut resolution = Resolution {
        gates,
        placeholders,
        layout: leaves,
        root: root(document),
        files,
        blockers: Vec::new(),
        digest: None,
        extra,
        timeline,
        diagnostics: found,
    };
    resolution.blockers = blockers(document, &resolution, inputs.noticed);
    if resolution.is_clear() {
        let messages: Vec<(String, String)> = document
            .notifications
            .iter()
            .map(|n| messages::message(document, n, &resolution.placeholders))
            .collect();
        resolution.digest = Some(digest::digest(&messages, &resolution.files));
    }
    resolution
}

/// The bundle's folder: the tree's root, else `artifacts/<owner>/<stem>`.
pub fn root(document: &Document) -> String {
    match &document.layout {
        Some(layout) => layout.root.clone(),
        None => {
            let owner = document.front.get("owner").unwrap_or("packet");
            let safe = |text: &str| -> String {
                let kept = |c: char| {
                    if c.is_alphanumeric() || "-_. ".contains(c) {
                        c
                    } else {
                        '-'
                    }
                };
                text.chars()
                    .map(kept)
                    .collect::<String>()
                    .trim_matches('.')
                    .trim()
                    .to_owned()
            };
            let owner = Some(safe(owner))
                .filter(|o| !o.is_empty())
                .unwrap_or_else(|| "packet".to_owned());
            format!("artifacts/{owner}/{}", document.stem())
        }
    }
}

fn blockers(document: &Document, resolution: &Resolution, noticed: &[Diagnostic]) -> Vec<String> {
    let mut blockers = Vec::new();
    if document.gates.is_empty() {
        blockers.push(
            "no gate was recognised, so nothing is proved; put task items under a heading such as `Required Evidence`"
                .to_owned(),
        );
    }
    for (gate, result) in document.gates.iter().zip(&resolution.gates) {
        if result.verdict == Verdict::Hold {
            blockers.push(format!(
                "gate `{}` (line {}): {}",
                gate.name,
                document.line(gate.span),
                result.reason
            ));
        }
    }
    for (placeholder, filling) in document.placeholders.iter().zip(&resolution.placeholders) {
        if let (Some(_), Filling::Open(why)) = (placeholder.notification, filling) {
            blockers.push(format!(
                "placeholder on line {}: {why}",
                document.line(placeholder.span)
            ));
        }
    }
    let drawn = document.layout.iter().flat_map(|l| &l.leaves);
    for (leaf, result) in drawn.zip(&resolution.layout) {
        if let Source::Missing(why) = &result.source {
            blockers.push(format!(
                "leaf `{}` (line {}): {why}",
                leaf.path,
                document.line(leaf.span)
            ));
        }
    }
    if let Some(why) = bad_place(&resolution.root) {
        blockers.push(format!("the bundle folder: {why}"));
    }
    for diagnostic in noticed
        .iter()
        .filter(|d| d.severity == Severity::Error && HIDING.contains(&d.code))
    {
        blockers.push(format!(
            "line {}: {}",
            document.line(diagnostic.span),
            diagnostic.message
        ));
    }
    blockers
}

/// Why nothing may be written at `path`, from the workspace root; `None` where it may.
pub fn bad_place(path: &str) -> Option<String> {
    let refused = match Pattern::parse(path) {
        Err(error) => error.to_string(),
        Ok(pattern) if !pattern.is_literal() => format!("`{path}` has variable parts"),
        Ok(_) => {
            if !layout::is_reserved(path) {
                return None;
            }
            format!("`{path}` lies where only git or packet itself writes")
        }
    };
    Some(format!(
        "{refused}; name a place inside the workspace, such as `artifacts/team/packet/`"
    ))
}
