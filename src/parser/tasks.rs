//! Every task item, wherever it stands.

use super::{blocks::Outline, inline};
use crate::model::{document::Task, span::Span};

pub(super) fn read(outline: &Outline) -> Vec<Task> {
    outline
        .tasks()
        .map(|(_, item)| Task {
            section: item
                .heading
                .map_or_else(String::new, |h| outline.headings[h].text.clone()),
            text: inline::text(&item.runs),
            marker: item
                .marker
                .unwrap_or(Span::new(item.span.start, item.span.start)),
            ticked: item.ticked,
        })
        .collect()
}
