//! The acknowledgement table's cells: sent, reviewed, acknowledged, blocker; each edited by itself.

use jiff::Timestamp;

use super::{edits::Edit, filters};
use crate::{
    model::{
        acknowledgement::{Acknowledgement, Acknowledgements},
        document::{Document, TrackerRow},
        roster::Roster,
        span::Span,
    },
    parser::{is_drawn, spellings::is_pending},
};

/// How long a blocker may be in its cell, in characters; the log and the ledger have all of it.
const LONGEST: usize = 160;
/// With so many of somebody's last blockers a cell is compared.
const LOOKED_AT: usize = 16;
/// What cells say that no longer have a time, or a blocker.
const NOT_YET: &str = "<PENDING>";
const NONE: &str = "—";

/// Writes what is known into the cells. `sent` gives when a recipient got the packet.
///
/// A cell that somebody filled in by hand stays; one with a time or a blocker from the record
/// follows the record, also back to `<PENDING>` or `—`.
pub(super) fn cells(
    document: &Document,
    roster: &Roster,
    acknowledgements: &Acknowledgements,
    sent: impl Fn(usize) -> Option<Timestamp>,
    edits: &mut Vec<Edit>,
) {
    let mut rows = roster.rows.iter().copied();
    for tracker in &document.trackers {
        let columns = &tracker.columns;
        for row in &tracker.rows {
            let Some(index) = rows.next().flatten() else {
                continue;
            };
            let mut cell = |column: Option<usize>, ours: &dyn Fn(&str) -> bool, text, none| {
                let span = column.and_then(|c| row_cell(document, row, c));
                edits.extend(span.and_then(|s| edit(&document.source, s, ours, text, none)));
            };
            let Some(person) = acknowledgements.people.get(index) else {
                continue;
            };
            let sendings = |text: &str| is_one_of(&person.sendings, text);
            cell(columns.sent, &sendings, sent(index).map(time), NOT_YET);
            let timed = |text: &str| is_one_of(&person.times, text);
            let reviewed = person.reviewed.as_ref().map(|w| time(w.at));
            cell(columns.reviewed, &timed, reviewed, NOT_YET);
            let acknowledged = person.acknowledged.as_ref().map(|w| time(w.at));
            cell(columns.acknowledged, &timed, acknowledged, NOT_YET);
            let raised = |text: &str| blockers_of(person, text);
            let blocker = person.blocker().map(|b| filters::remark_cell(&short(&b)));
            cell(columns.blocker, &raised, blocker, NONE);
        }
    }
}

fn time(at: Timestamp) -> String {
    format!("{at:.0}")
}

fn is_one_of(times: &[Timestamp], text: &str) -> bool {
    times.iter().any(|at| time(*at) == text)
}

/// Whether a cell holds nothing but what the record says this person once raised.
fn blockers_of(person: &Acknowledgement, text: &str) -> bool {
    let raised = |part: &[String]| {
        let said = short(&part.join("; "));
        // Addresses in it were no code before 0.2.
        filters::remark_cell(&said) == text || filters::cell(&said) == text
    };
    let all = &person.raised[person.raised.len().saturating_sub(LOOKED_AT)..];
    (0..all.len()).any(|from| (from + 1..=all.len()).any(|to| raised(&all[from..to])))
}

/// `text` cut at a word's end, marked where it was.
fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST - 1).collect();
    let end = cut.rfind(' ').filter(|at| *at > cut.len() / 2);
    format!("{}…", cut[..end.unwrap_or(cut.len())].trim_end())
}

fn row_cell(document: &Document, row: &TrackerRow, column: usize) -> Option<Span> {
    let cell = *row.cells.get(column)?;
    is_drawn(&document.source, cell).then_some(cell)
}

/// The edit that makes a cell say `text`; `None` where it does, or is somebody's own.
fn edit(
    source: &str,
    cell: Span,
    ours: &dyn Fn(&str) -> bool,
    text: Option<String>,
    none: &str,
) -> Option<Edit> {
    let now = cell.of(source);
    let recorded = !now.is_empty() && ours(now);
    let text = match text {
        Some(text) if recorded || is_pending(now) => text,
        None if recorded => none.to_owned(),
        _ => return None,
    };
    if now == text {
        return None;
    }
    if !cell.is_empty() {
        return Some(Edit::new(cell, text));
    }
    let padded = source[..cell.start].ends_with(' ');
    let before = if padded { "" } else { " " };
    Some(Edit::new(cell, format!("{before}{text} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_follows_the_record_and_nothing_else() {
        let after = |cell: &str, text: Option<&str>| {
            let source = format!("| Ann | {cell} |");
            let span = Span::new(8, 8 + cell.len());
            let ours = |text: &str| text == "2026-03-02T12:00:00Z";
            let edit = edit(&source, span, &ours, text.map(str::to_owned), NOT_YET);
            super::super::edits::apply(&source, edit.into_iter().collect())
        };
        assert_eq!(after("<PENDING>", Some("x")), "| Ann | x |");
        assert_eq!(after("", Some("x")), "| Ann | x  |");
        assert_eq!(after("by phone", Some("x")), "| Ann | by phone |");
        let recorded = "2026-03-02T12:00:00Z";
        assert_eq!(after(recorded, Some("x")), "| Ann | x |");
        assert_eq!(after(recorded, None), "| Ann | <PENDING> |");
        assert_eq!(after("_Pending_", None), "| Ann | _Pending_ |");
    }

    #[test]
    fn a_long_blocker_is_cut_at_a_word() {
        let text = short(&"word ".repeat(100));
        assert!(
            text.chars().count() <= LONGEST && text.ends_with("word…"),
            "{text}"
        );
    }
}
