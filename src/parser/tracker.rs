//! Acknowledgement tables: a stakeholder column and sent, reviewed, acknowledged or blocker columns.

use super::{
    Grammar,
    blocks::{Outline, Row, Table},
    inline,
    spellings::Column,
};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Tracker, TrackerColumns, TrackerRow},
    span::Span,
};

pub(super) fn read(
    source: &str,
    outline: &Outline,
    grammar: &Grammar,
    found: &mut Vec<Diagnostic>,
) -> Vec<Tracker> {
    outline
        .tables()
        .filter_map(|(block, table)| {
            let columns = columns(table, grammar)?;
            let rows: Vec<TrackerRow> = table
                .rows
                .iter()
                .filter_map(|r| row(source, r, &columns))
                .collect();
            for (index, row) in rows.iter().enumerate() {
                if rows[..index]
                    .iter()
                    .any(|r| r.name.eq_ignore_ascii_case(&row.name))
                {
                    let message = format!("`{}` has two rows", row.name);
                    found.push(
                        Diagnostic::warning("tracker-duplicate", row.span, message)
                            .help("keep one row for each stakeholder"),
                    );
                }
            }
            Some(Tracker {
                span: block.span,
                columns,
                rows,
            })
        })
        .collect()
}

/// The columns, if `table` is an acknowledgement table.
pub(super) fn columns(table: &Table, grammar: &Grammar) -> Option<TrackerColumns> {
    let mut columns = TrackerColumns::default();
    let mut stakeholder = None;
    for (index, cell) in table.header.iter().enumerate() {
        let slot = match grammar.spellings.column(&inline::text(&cell.runs)) {
            Some(Column::Stakeholder) => &mut stakeholder,
            Some(Column::Role) => &mut columns.role,
            Some(Column::Sent) => &mut columns.sent,
            Some(Column::Reviewed) => &mut columns.reviewed,
            Some(Column::Acknowledged) => &mut columns.acknowledged,
            Some(Column::Blocker) => &mut columns.blocker,
            None => continue,
        };
        slot.get_or_insert(index);
    }
    columns.stakeholder = stakeholder?;
    (columns.sent.is_some() || columns.acknowledged.is_some()).then_some(columns)
}

fn row(source: &str, row: &Row, columns: &TrackerColumns) -> Option<TrackerRow> {
    let cell = |index: usize| row.cells.get(index);
    let name = inline::text(&cell(columns.stakeholder)?.runs);
    if name.is_empty() {
        return None;
    }
    Some(TrackerRow {
        name,
        role: columns
            .role
            .and_then(cell)
            .map(|c| inline::text(&c.runs))
            .filter(|r| !r.is_empty()),
        cells: row
            .cells
            .iter()
            .map(|c| trimmed(source, c.span.unwrap_or(Span::new(0, 0))))
            .collect(),
        span: row.span.unwrap_or(Span::new(0, 0)),
    })
}

/// The cell's bytes without padding; an empty cell keeps one place to write at.
fn trimmed(source: &str, span: Span) -> Span {
    let text = span.of(source);
    let inner = text.trim();
    if inner.is_empty() {
        let lead = usize::from(text.starts_with(' '));
        return Span::new(span.start + lead, span.start + lead);
    }
    let start = span.start + (text.len() - text.trim_start().len());
    Span::new(start, start + inner.len())
}
