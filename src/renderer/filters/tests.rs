use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, TagEnd};

use super::*;

#[test]
fn moments_are_shown_in_utc() {
    assert_eq!(utc("2025-03-04T09:30:00Z"), "2025-03-04 09:30:00 UTC");
    assert_eq!(
        utc("2025-03-04T09:30:00.250+02:00"),
        "2025-03-04 07:30:00.25 UTC"
    );
    assert_eq!(utc("2025-03-04"), "2025-03-04");
    assert_eq!(utc(""), "");
}

#[test]
fn prose_is_marked_only_where_it_must_be() {
    for (text, marked) in [
        (
            "Results & Evidence: a_b.json",
            "Results & Evidence: a_b.json",
        ),
        ("<300 ms, 5 < 6", "<300 ms, 5 < 6"),
        (
            "R&amp;D <b> _x_ *y* [z](u) `c` ~~d~~",
            "R\\&amp;D \\<b> \\_x\\_ \\*y\\* \\[z\\](u) \\`c\\` \\~\\~d\\~\\~",
        ),
        ("C:\\logs\nnext", "C:\\\\logs next"),
    ] {
        assert_eq!(prose(text), marked);
    }
}

proptest! {
    #[test]
    fn prose_reads_as_written(text in "[ -~é]{0,60}") {
        let shown: String = Parser::new_ext(&format!("- x {}\n", prose(&text)), Options::ENABLE_STRIKETHROUGH)
            .map(|event| match event {
                Event::Text(text) => text.into_string(),
                Event::Start(_) | Event::End(_) => String::new(),
                other => panic!("{other:?} in {text:?}"),
            })
            .collect();
        let line = line(&text);
        let wanted = format!("x {line}");
        prop_assert_eq!(shown.trim_end(), wanted.trim_end());
    }
}

#[test]
fn cells_stay_readable() {
    assert_eq!(
        cell("logs/probe_a_1.json: 12 ms"),
        "logs/probe_a_1.json: 12 ms"
    );
    assert_eq!(
        cell("a | b\n<PENDING> & \\|"),
        "a \\| b &lt;PENDING&gt; &amp; &#92;\\|"
    );
    assert_eq!(cell(" \n"), "—");
    assert_eq!(cell("\u{1b}[31m\u{202e}"), "&#92;u{1b}\\[31m&#92;u{202e}");
    assert_eq!(code("a`b"), "``a`b``");
    assert_eq!(code("`a"), "`` `a ``");
    assert_eq!(cell_code("a|b"), "a\\|b");
    assert_eq!(line("a\r\nb\u{7}c"), "a b\\u{7}c");
}

/// The texts of the body row's cells, as a Markdown reader shows them.
fn cells(row: &str) -> Vec<String> {
    let table = format!("| a | b | c |\n| --- | --- | --- |\n{row}\n");
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let (mut found, mut current, mut body) = (Vec::new(), String::new(), false);
    for event in Parser::new_ext(&table, options) {
        match event {
            Event::End(TagEnd::TableHead) => body = true,
            Event::End(TagEnd::TableCell) if body => found.push(std::mem::take(&mut current)),
            Event::End(TagEnd::TableCell) => current.clear(),
            Event::Text(text) | Event::Code(text) => current.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => panic!("raw HTML: {html}"),
            Event::Start(_) | Event::End(_) => {}
            other => panic!("markup: {other:?}"),
        }
    }
    found
}

proptest! {
    #[test]
    fn any_text_fits_a_cell(text in "[ -~\n\u{1b}\u{202e}é|`*_\\\\<>&~\\[\\]!:/.@-]{0,40}") {
        let shown = line(&text);
        let expected = if shown.is_empty() { "—" } else { &shown };
        let row = format!("| x | {} | {} |", cell(&text), cell_code(&text));
        prop_assert_eq!(cells(&row), ["x", expected, expected], "{}", row);
    }

    #[test]
    fn any_text_is_a_yaml_value(text in any::<String>()) {
        let file = format!("key: {}\n", yaml(&text));
        let read: std::collections::BTreeMap<String, serde_yaml::Value> =
            serde_yaml::from_str(&file).map_err(|e| TestCaseError::fail(format!("{e}: {file}")))?;
        if let serde_yaml::Value::String(value) = &read["key"] {
            prop_assert_eq!(value, &line(&text));
        }
    }

    #[test]
    fn a_line_is_one_visible_line(text in any::<String>()) {
        let shown = line(&text);
        prop_assert_eq!(visible(&shown), shown);
    }
}
