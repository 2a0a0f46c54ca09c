//! The change log: a list or a table under a heading that says so.

use super::{
    Grammar,
    blocks::{self, BlockKind, Item, Outline, Table},
    front_matter, inline, moments, spellings,
};
use crate::model::{
    change_log::{ChangeLog, EntryColumn, EntryForm},
    moment::Moment,
    span::Span,
};

/// Where the document's change log takes its next entry; `None` where it has none, or one of
/// another form.
pub fn read(source: &str, grammar: &Grammar) -> Option<ChangeLog> {
    let mut found = Vec::new();
    let front = front_matter::read(source, &mut found);
    let outline = blocks::read(source, front.body_start, &mut found);
    let here = |at: Option<usize>| {
        let heading = at.and_then(|h| outline.headings.get(h));
        heading.is_some_and(|h| grammar.spellings.heads_change_log(&h.text))
    };
    let table = outline.blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Table(table) if here(block.heading) => rows(source, table, grammar),
        _ => None,
    });
    table.or_else(|| items(source, &outline, here))
}

/// An entry there is: its bytes, and its moment where it states one.
struct Known {
    span: Span,
    moment: Option<Moment>,
}

fn items(
    source: &str,
    outline: &Outline,
    here: impl Fn(Option<usize>) -> bool,
) -> Option<ChangeLog> {
    let mut top: Vec<&Item> = Vec::new();
    for item in outline.items.iter().filter(|i| here(i.heading)) {
        if top.last().is_none_or(|l| l.span.end <= item.span.start) {
            top.push(item);
        }
    }
    let first = top.first()?;
    let bullet = first.span.of(source).chars().next()?;
    if !matches!(bullet, '-' | '*' | '+') {
        return None;
    }
    let known: Vec<Known> = top
        .iter()
        .map(|item| Known {
            span: item.span,
            moment: opening(&inline::text(&item.runs)),
        })
        .collect();
    let bold = top.iter().any(|i| inline::bold_lead(&i.runs).is_some());
    place(source, &known, EntryForm::Item { bullet, bold })
}

fn rows(source: &str, table: &Table, grammar: &Grammar) -> Option<ChangeLog> {
    let header = table.header.iter().map(|cell| inline::text(&cell.runs));
    let columns: Vec<EntryColumn> = header
        .map(|text| match grammar.spellings.heads_evidence(&text) {
            true => EntryColumn::Other,
            false => spellings::change_log_column(&text),
        })
        .collect();
    let moment = columns.iter().position(|c| *c == EntryColumn::Moment)?;
    columns.iter().find(|c| **c == EntryColumn::Words)?;
    let known: Vec<Known> = table
        .rows
        .iter()
        .filter_map(|row| {
            let text = inline::text(&row.cells.get(moment)?.runs);
            Some(Known {
                span: row.span?,
                moment: opening(&text),
            })
        })
        .collect();
    place(source, &known, EntryForm::Row(columns))
}

/// The moment that opens an entry's text.
fn opening(text: &str) -> Option<Moment> {
    let word = text.split_whitespace().next()?;
    moments::parse(word.trim_end_matches([':', ',', ';', '.']))
}

/// Before the first dated entry where the newest stand first, else after the last dated one;
/// entries that are still to come stay at the end.
fn place(source: &str, known: &[Known], form: EntryForm) -> Option<ChangeLog> {
    let dated: Vec<&Known> = known.iter().filter(|k| k.moment.is_some()).collect();
    let first_moment = |k: &Known| k.moment.map(Moment::first);
    let newest_first = match (dated.first(), dated.last()) {
        (Some(first), Some(last)) => first_moment(first) > first_moment(last),
        _ => false,
    };
    let line_start = |at: usize| source[..at].rfind('\n').map_or(0, |n| n + 1);
    let after = |span: Span| {
        let text = span.of(source).trim_end();
        let end = span.start + text.len();
        source[end..]
            .find('\n')
            .map_or(source.len(), |n| end + n + 1)
    };
    let (at, model) = match (dated.first(), dated.last()) {
        (Some(first), _) if newest_first => (line_start(first.span.start), first.span),
        (_, Some(last)) => (after(last.span), last.span),
        _ => {
            let first = known.first()?.span;
            (line_start(first.start), first)
        }
    };
    let prefix = &source[line_start(model.start)..model.start];
    let plain = prefix.chars().all(|c| matches!(c, ' ' | '\t' | '>'));
    plain.then(|| ChangeLog {
        at,
        prefix: prefix.to_owned(),
        form,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with an entry `NEW` where it belongs.
    fn entered(source: &str) -> Option<String> {
        let log = read(source, &Grammar::default())?;
        let (before, after) = source.split_at(log.at);
        Some(format!("{before}{}NEW\n{after}", log.prefix))
    }

    #[test]
    fn an_entry_follows_the_last_dated_one() {
        let text = "# A\n\n## Change Log\n- **2025-01-01:** begun\n- **2025-02-01T10:00Z:** more\n  - inside\n- **Pending:** the rest\n";
        assert_eq!(
            entered(text).unwrap(),
            text.replace("- **Pending", "NEW\n- **Pending")
        );
        let log = read(text, &Grammar::default()).unwrap();
        let (bullet, bold) = ('-', true);
        assert_eq!(log.form, EntryForm::Item { bullet, bold });
    }

    #[test]
    fn where_the_newest_stand_first_it_comes_first() {
        let text = "## Revision History\n\n> * 2025-02-01: more\n> * 2025-01-01: begun\n";
        assert_eq!(
            entered(text).unwrap(),
            text.replace("> * 2025-02", "> NEW\n> * 2025-02")
        );
    }

    #[test]
    fn a_table_takes_a_row() {
        let text = "## Changelog\n\n| Date | Author | Change | Ticket |\n|---|---|---|---|\n| 2025-01-01 | Ann | begun | 1 |\n\nEnd.\n";
        assert_eq!(
            entered(text).unwrap(),
            text.replace("\n\nEnd", "\nNEW\n\nEnd")
        );
        use EntryColumn::{Author, Moment, Other, Words};
        assert_eq!(
            read(text, &Grammar::default()).unwrap().form,
            EntryForm::Row(vec![Moment, Author, Words, Other])
        );
    }

    #[test]
    fn what_is_no_change_log_is_left_alone() {
        for text in [
            "## Changes\n- 2025-01-01: a\n",
            "## Change Log\nNothing yet.\n",
            "## Change Log\n1. 2025-01-01: a\n",
            "## Change Log\n| Name | Sent |\n|---|---|\n| a | b |\n",
            "## Change Log\n```\n- 2025-01-01: a\n```\n",
        ] {
            assert_eq!(entered(text), None, "{text}");
        }
    }

    #[test]
    fn a_last_line_without_its_end_is_followed() {
        let text = "## Change Log\n- 2025-01-01: a";
        assert_eq!(read(text, &Grammar::default()).unwrap().at, text.len());
    }
}
