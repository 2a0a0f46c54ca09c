//! Words outside the gates that may claim something about evidence: headings, paragraphs, list
//! items and rows of tables, quoted or not.

use super::{
    blocks::{BlockKind, Outline},
    gates,
    inline::{self, Run},
};
use crate::model::{
    document::{Claim, Document, Notification},
    span::Span,
};

/// Everything that is no gate, not part of one and not part of a message; whether it claims
/// anything is for the vocabulary to say.
pub(super) fn read(source: &str, outline: &Outline, document: &Document) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut add = |lead: String, runs: &[Run], span: Span, heading: Option<usize>, heads| {
        if !lead.is_empty() && !is_taken(document, span) {
            let chain = outline.chain(heading);
            claims.push(Claim {
                lead,
                span,
                targets: gates::targets(source, runs),
                heads,
                sections: chain.iter().map(|h| h.text.clone()).collect(),
            });
        }
    };
    for (index, item) in outline.items.iter().enumerate() {
        // Items stand in order: if any is nested in this one, the next is the first.
        let nested = outline
            .items
            .get(index + 1)
            .map(|i| i.span.start)
            .filter(|s| item.span.start < *s && *s < item.span.end);
        let span = Span::new(item.span.start, nested.unwrap_or(item.own_end));
        add(lead(&item.runs), &item.runs, span, item.heading, Vec::new());
    }
    for block in &outline.blocks {
        match &block.kind {
            BlockKind::Paragraph(runs) => {
                add(lead(runs), runs, block.span, block.heading, Vec::new());
            }
            BlockKind::Heading(index) => {
                let heading = &outline.headings[*index];
                // A bold phrase is a paragraph already.
                if heading.level < 7 {
                    add(
                        heading.text.clone(),
                        &[],
                        heading.span,
                        Some(*index),
                        Vec::new(),
                    );
                }
            }
            BlockKind::Table(table) => {
                for row in &table.rows {
                    let runs: Vec<Run> = row.cells.iter().flat_map(|c| c.runs.clone()).collect();
                    let leads = row.cells.iter().map(|c| lead(&c.runs));
                    let first = leads.into_iter().find(|lead| !lead.is_empty());
                    if let (Some(first), Some(span)) = (first, row.span) {
                        let heads = gates::heads(table, row);
                        add(first, &runs, span, block.heading, heads);
                    }
                }
            }
            BlockKind::Fence(_) => {}
        }
    }
    claims.sort_by_key(|claim| claim.span.start);
    claims
}

fn lead(runs: &[Run]) -> String {
    inline::bold_lead(runs).map_or_else(|| inline::text(runs), |(lead, _)| lead)
}

/// Whether a gate, a message or a table of acknowledgements has these words already.
fn is_taken(document: &Document, span: Span) -> bool {
    let holds = |whole: Span| whole.start <= span.start && span.start < whole.end;
    let message = |m: &Notification| {
        span.overlaps(m.subject_span) || m.body.iter().any(|b| span.overlaps(*b))
    };
    document.gates.iter().any(|g| holds(g.span))
        || document.trackers.iter().any(|t| holds(t.span))
        || document.notifications.iter().any(message)
}
