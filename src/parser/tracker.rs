//! Acknowledgement tables: a stakeholder column and sent, reviewed, acknowledged or blocker columns.

use super::{
    Grammar,
    blocks::{Outline, Row, Table},
    inline,
    spellings::{Column, is_pending},
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
                .filter_map(|r| {
                    found.extend(unfinished(source, r, &columns));
                    row(source, r, &columns)
                })
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

/// What keeps a row from being followed: nobody's name in it, or no cell to write into.
fn unfinished(source: &str, row: &Row, columns: &TrackerColumns) -> Option<Diagnostic> {
    let span = row.span?;
    let text = |index: usize| row.cells.get(index).map(|cell| inline::text(&cell.runs));
    let name = text(columns.stakeholder).unwrap_or_default();
    if name.is_empty() {
        let said = (0..row.cells.len())
            .filter_map(text)
            .any(|cell| !is_pending(&cell));
        return said.then(|| {
            Diagnostic::warning(
                "tracker-nameless",
                span,
                "a tracker row names no stakeholder, so nobody is followed by it",
            )
            .help("write the name into its stakeholder column, or remove the row")
        });
    }
    let lacking = |column: Option<usize>| {
        column.is_some_and(|index| {
            let cell = row.cells.get(index).and_then(|cell| cell.span);
            !cell.is_some_and(|cell| is_drawn(source, cell))
        })
    };
    let short = [
        (columns.sent, "sent"),
        (columns.reviewed, "reviewed"),
        (columns.acknowledged, "acknowledged"),
        (columns.blocker, "blocker"),
    ];
    let (_, first) = short.into_iter().find(|(column, _)| lacking(*column))?;
    let message = format!(
        "the tracker row `{name}` has fewer cells than its header: nothing can be written under `{first}`"
    );
    Some(
        Diagnostic::warning("tracker-short-row", span, message)
            .help("give the row one cell for each column, empty ones as `| |`"),
    )
}

/// Whether a cell is in the source, to be written into. Rows with fewer pipes than their header are
/// filled up with empty cells that nobody drew: what was written there would stand outside of the
/// table.
pub fn is_drawn(source: &str, cell: Span) -> bool {
    let before = source.get(..cell.start).unwrap_or("");
    let after = source.get(cell.end..).unwrap_or("");
    let blank = [' ', '\t'];
    let within = source.get(cell.start..cell.end).unwrap_or("");
    !within.trim().is_empty()
        || before.trim_end_matches(blank).ends_with('|')
            && after.trim_start_matches(blank).starts_with('|')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_nobody_drew_are_told_apart() {
        let row = "| Ann |  | x |\n| Bob |\n";
        let drawn = |at: usize| is_drawn(row, Span::new(at, at));
        assert!(drawn(8), "between two pipes");
        assert!(
            !drawn(14) && !drawn(15) && !drawn(22),
            "after the last pipe"
        );
        assert!(is_drawn(row, Span::new(11, 12)));
    }
}
