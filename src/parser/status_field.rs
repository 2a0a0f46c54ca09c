//! `**Status:** …` under the gates' heading.

use super::{
    Grammar,
    blocks::{BlockKind, Outline},
    inline,
};
use crate::model::{document::StatusField, span::Span};

/// The first status line under a heading that speaks of gates, or around one.
pub(super) fn read(source: &str, outline: &Outline, grammar: &Grammar) -> Option<StatusField> {
    outline.blocks.iter().find_map(|block| {
        let BlockKind::Paragraph(runs) = &block.kind else {
            return None;
        };
        let chain = outline.chain(block.heading);
        if !chain.iter().any(|h| grammar.spellings.heads_gates(&h.text)) {
            return None;
        }
        inline::lines(runs).into_iter().find_map(|line| {
            let (lead, rest) = inline::bold_lead(line)?;
            if !lead.eq_ignore_ascii_case("status") {
                return None;
            }
            let first = rest.first()?.span.start;
            let end = source[first..]
                .find(['\n', '\r'])
                .map_or(source.len(), |n| first + n);
            let value = source[first..end].trim_start_matches([':', ' ', '\t']);
            let start = end - value.len();
            Some(StatusField {
                value: Span::new(start, start + value.trim_end().len()),
            })
        })
    })
}
