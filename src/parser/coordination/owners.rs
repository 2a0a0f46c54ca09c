//! The owner matrix: a table with a due column and somebody who owes.

use super::{
    Desk,
    phrase::Phrase,
    spellings::{self, Column},
};
use crate::{
    model::{coordination::OwnerRow, diagnostic::Diagnostic, span::Span},
    parser::{
        blocks::{Row, Table},
        deadlines, inline,
        spellings::is_pending,
    },
};

/// The rows of every owner matrix.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<OwnerRow> {
    let outline = desk.outline;
    let mut all = Vec::new();
    for (_, table) in outline.tables() {
        let Some(columns) = columns(desk, table) else {
            continue;
        };
        all.extend(table.rows.iter().filter_map(|r| row(desk, r, &columns)));
    }
    all
}

/// What each column says, if the table is an owner matrix.
fn columns(desk: &Desk<'_>, table: &Table) -> Option<Vec<Option<Column>>> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    for cell in &table.header {
        let column = desk.words.column(&inline::text(&cell.runs));
        // Of two columns with one meaning the first counts.
        columns.push(column.filter(|c| !columns.contains(&Some(*c))));
    }
    let has = |column: Column| columns.contains(&Some(column));
    let somebody = has(Column::Team) || has(Column::Contact);
    (somebody && has(Column::Due)).then_some(columns)
}

fn row(desk: &mut Desk<'_>, row: &Row, columns: &[Option<Column>]) -> Option<OwnerRow> {
    let span = row.span?;
    let phrase = |column: Column| {
        let at = columns.iter().position(|c| *c == Some(column))?;
        let phrase = Phrase::new(desk.source, &row.cells.get(at)?.runs);
        (!phrase.folded().is_empty()).then_some(phrase)
    };
    let text = |column: Column| phrase(column).map(|p| p.folded());
    let (due, status) = (phrase(Column::Due), phrase(Column::Status));
    let mut read = OwnerRow {
        team: text(Column::Team),
        contact: text(Column::Contact),
        owes: text(Column::Owes),
        due: None,
        status: None,
        follow_up: text(Column::FollowUp),
        gates: desk.gates_in(span),
        span,
    };
    if read.team.is_none() && read.contact.is_none() && read.owes.is_none() {
        return None;
    }
    read.due = due.filter(|p| !is_pending(&p.text)).map(|phrase| {
        let found = deadlines::whole(&phrase.text, &desk.frame);
        desk.deadline(&phrase, &found)
    });
    if let Some(deadline) = &read.due {
        desk.before_event(deadline);
    }
    read.status = status.and_then(|phrase| desk.status(&phrase));
    if read.owner().is_none_or(spellings::is_nobody) {
        let message = format!("nobody owes `{}` yet", read.what());
        let at = Span::new(
            span.start,
            span.start + span.of(desk.source).trim_end().len(),
        );
        desk.found.push(
            Diagnostic::warning("owner-missing", at, message).help("name somebody in this row"),
        );
    }
    Some(read)
}
