//! Lines with a bold label: `**Owner:** …`, in paragraphs and in list items.

use super::{
    phrase::Phrase,
    spellings::{Label, Words},
};
use crate::{
    model::span::Span,
    parser::{
        blocks::{BlockKind, Outline},
        inline::{self, Run},
    },
};

/// A labelled line.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub label: Label,
    pub value: Phrase,
    /// From the label to the end of the value.
    pub span: Span,
    /// The heading it stands under.
    pub heading: Option<usize>,
    /// Whether it stands within a task item.
    pub in_task: bool,
}

impl Field {
    /// The value as text, `None` where it is empty.
    pub fn text(&self) -> Option<String> {
        Some(self.value.folded()).filter(|t| !t.is_empty())
    }
}

/// Every labelled line, in order.
pub(super) fn read(source: &str, outline: &Outline, words: Words<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    for block in &outline.blocks {
        if let BlockKind::Paragraph(runs) = &block.kind {
            collect(source, runs, block.heading, words, &mut fields);
        }
    }
    for item in outline.items.iter().filter(|i| i.marker.is_none()) {
        collect(source, &item.runs, item.heading, words, &mut fields);
    }
    // The words of items below a box belong to it; of them, who hears is a line all the same.
    for item in outline.items.iter().filter(|i| i.marker.is_some()) {
        let first = fields.len();
        collect(source, &item.runs, item.heading, words, &mut fields);
        let within = fields.split_off(first).into_iter();
        let below = |f: &Field| {
            Span::new(item.span.start, f.span.start)
                .of(source)
                .contains('\n')
        };
        let within = within.filter(|f| f.label == Label::Escalation && below(f));
        fields.extend(within.map(|field| Field {
            in_task: true,
            ..field
        }));
    }
    fields.sort_by_key(|f| f.span.start);
    fields
}

fn collect(
    source: &str,
    runs: &[Run],
    heading: Option<usize>,
    words: Words<'_>,
    fields: &mut Vec<Field>,
) {
    let mut open: Option<(Label, usize, Vec<Run>)> = None;
    let mut close = |open: Option<(Label, usize, Vec<Run>)>| {
        if let Some((label, start, runs)) = open {
            let value = Phrase::new(source, &runs);
            let end = value.whole().end.max(start);
            fields.push(Field {
                label,
                value,
                span: Span::new(start, end),
                heading,
                in_task: false,
            });
        }
    };
    for line in inline::lines(runs) {
        let start = line.first().map_or(0, |r| r.span.start);
        match inline::bold_lead(line) {
            Some((lead, rest)) => {
                let label = words.label(&lead);
                close(std::mem::replace(
                    &mut open,
                    label.map(|l| (l, start, rest)),
                ));
            }
            // A value may be folded; a line that was broken on purpose begins something else.
            None if !broken_before(source, start) => {
                if let Some((_, _, value)) = &mut open {
                    value.push(Run {
                        text: " ".to_owned(),
                        span: Span::new(start, start),
                        style: inline::Style::default(),
                        link: None,
                        image: None,
                    });
                    value.extend_from_slice(line);
                }
            }
            None => close(open.take()),
        }
    }
    close(open);
}

/// Whether the line that starts at `start` follows a hard line break.
fn broken_before(source: &str, start: usize) -> bool {
    let before = source.get(..start).unwrap_or("");
    let line = before.trim_end_matches(|c: char| c != '\n');
    let line = line.trim_end_matches(['\n', '\r']);
    line.ends_with("  ") || line.ends_with('\\')
}
