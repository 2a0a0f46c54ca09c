//! List items outside the gates that may claim something about evidence.

use super::{blocks::Outline, gates, inline};
use crate::model::{
    document::{Claim, Document},
    span::Span,
};

/// Every list item that is no gate and not part of one; whether it claims anything is for the
/// vocabulary to say.
pub(super) fn read(source: &str, outline: &Outline, document: &Document) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (index, item) in outline.items.iter().enumerate() {
        let in_gate = document
            .gates
            .iter()
            .any(|g| g.span.contains(Span::new(item.span.start, item.span.start)));
        if in_gate || item.runs.is_empty() {
            continue;
        }
        let nested = outline
            .items
            .iter()
            .skip(index + 1)
            .map(|i| i.span.start)
            .find(|s| item.span.start < *s && *s < item.span.end);
        let lead = inline::bold_lead(&item.runs)
            .map_or_else(|| inline::text(&item.runs), |(lead, _)| lead);
        claims.push(Claim {
            lead,
            span: Span::new(item.span.start, nested.unwrap_or(item.own_end)),
            targets: gates::targets(source, &item.runs),
        });
    }
    claims
}
