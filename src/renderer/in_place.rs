//! The source document brought up to date: what was rendered, and an entry in its change log.

use jiff::Timestamp;

use super::{
    doc_hash,
    edits::{self, Edit},
    filters,
};
use crate::{
    model::{
        change_log::{ChangeLog, EntryColumn, EntryForm},
        document::Document,
        history::Revision,
        plan::DeliveryState,
        resolution::{Resolution, Verdict},
        span::Span,
    },
    parser::{self, Grammar},
};

/// The document's new text: `rendered`, and where that differs from the source in more than its
/// `doc_hash`, an entry of `words` in the change log; also where `report`, the last final report
/// on record, is not in it yet.
pub fn in_place(
    document: &Document,
    rendered: String,
    grammar: &Grammar,
    now: Timestamp,
    words: &str,
    report: Option<&str>,
) -> String {
    // A final report is told once, even where nothing else has changed.
    let told = report.map(|item| format!("final report made: {item}"));
    let told = told.filter(|told| !document.source.contains(told.as_str()));
    let words = match &told {
        Some(told) => &format!("{words}; {told}"),
        None => words,
    };
    if told.is_none() && rendered == doc_hash::with_hash(&document.source) {
        return rendered;
    }
    match parser::read_change_log(&rendered, grammar) {
        Some(log) => {
            let edit = entry(&rendered, &log, now, words);
            doc_hash::with_hash(&edits::apply(&rendered, vec![edit]))
        }
        None => rendered,
    }
}

/// What an entry says: the gates, and what went out.
pub fn words(resolution: &Resolution, revision: Option<&Revision>) -> String {
    let of = |verdict| {
        let gates = resolution.gates.iter();
        gates.filter(|g| g.verdict == verdict).count()
    };
    let state = if resolution.is_clear() {
        "clear"
    } else {
        "on hold"
    };
    let mut text = format!(
        "{state}, {} of {} gates clear",
        of(Verdict::Clear),
        resolution.gates.len()
    );
    let waived = of(Verdict::Waived);
    if waived > 0 {
        text.push_str(&format!(", {waived} waived"));
    }
    if let Some(revision) = revision {
        let deliveries = revision.deliveries.values();
        let sent = deliveries
            .filter(|d| d.state == DeliveryState::Sent)
            .count();
        text.push_str(&format!(
            "; revision {}: {sent} of {} deliveries made",
            revision.number,
            revision.deliveries.len()
        ));
    }
    text
}

fn entry(source: &str, log: &ChangeLog, now: Timestamp, words: &str) -> Edit {
    let moment = now.strftime("%Y-%m-%dT%H:%MZ").to_string();
    let line = match &log.form {
        EntryForm::Item { bullet, bold: true } => format!("{bullet} **{moment}:** packet: {words}"),
        EntryForm::Item {
            bullet,
            bold: false,
        } => format!("{bullet} {moment}: packet: {words}"),
        EntryForm::Row(columns) => {
            let cells = columns.iter().map(|column| match column {
                EntryColumn::Moment => moment.clone(),
                EntryColumn::Author => "packet".to_owned(),
                EntryColumn::Words => filters::cell(words),
                EntryColumn::Other => String::new(),
            });
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        }
    };
    // The author's line ends, not ours.
    let end = if source.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let text = if source[..log.at].ends_with('\n') || log.at == 0 {
        format!("{}{line}{end}", log.prefix)
    } else {
        format!("{end}{}{line}", log.prefix)
    };
    Edit::new(Span::new(log.at, log.at), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(source: &str, rendered: &str) -> String {
        let grammar = Grammar::default();
        let (document, _) = parser::parse("a.md", source, &grammar);
        let now = "2025-03-01T08:00:30Z".parse().unwrap();
        in_place(&document, rendered.to_owned(), &grammar, now, "clear", None)
    }

    #[test]
    fn an_entry_is_written_only_where_something_changed() {
        let source = "- [ ] a\n\n## Change Log\n- 2025-01-01: a";
        assert_eq!(edited(source, source), source);
        assert_eq!(
            edited(source, &source.replace("[ ]", "[x]")),
            "- [x] a\n\n## Change Log\n- 2025-01-01: a\n- 2025-03-01T08:00Z: packet: clear"
        );
    }

    #[test]
    fn a_final_report_is_told_once() {
        let grammar = Grammar::default();
        let source = "- [ ] a\n\n## Change Log\n- 2025-01-01: a\n";
        let now = "2025-03-01T08:00:30Z".parse().unwrap();
        let told = |source: &str| {
            let (document, _) = parser::parse("a.md", source, &grammar);
            let report = Some("NO-GO 0f1e");
            in_place(&document, source.to_owned(), &grammar, now, "clear", report)
        };
        let once = told(source);
        let entry = "- 2025-03-01T08:00Z: packet: clear; final report made: NO-GO 0f1e\n";
        assert_eq!(once, format!("{source}{entry}"));
        assert_eq!(told(&once), once);
    }

    #[test]
    fn a_table_keeps_its_shape_and_its_line_ends() {
        let source = "- [ ] a\r\n\r\n## Change Log\r\n\r\n| Date | Change |\r\n|---|---|\r\n| 2025-01-01 | a |\r\n";
        let edited = edited(source, &source.replace("[ ]", "[x]"));
        assert!(
            edited.ends_with("| 2025-01-01 | a |\r\n| 2025-03-01T08:00Z | clear |\r\n"),
            "{edited:?}"
        );
    }

    #[test]
    fn the_hash_is_of_the_text_with_its_entry() {
        let source = "---\ndoc_hash: TBD\n---\n- [ ] a\n## Change Log\n- 2025-01-01: a\n";
        let done = edited(source, &source.replace("[ ]", "[x]"));
        assert!(done.contains(&doc_hash::doc_hash(&done)), "{done}");
        assert!(done.contains("packet: clear"));
    }
}
