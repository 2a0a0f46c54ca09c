//! The passages of a text without markup: what a reader takes in as one piece.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// Splits Markdown into passages: a paragraph, an item, a table row, a line of code each. How a
/// paragraph is broken into lines makes no difference.
pub(super) fn passages(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = String::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        let marks = ["```", "~~~"].into_iter().find(|m| trimmed.starts_with(m));
        if let Some(mark) = marks.filter(|m| fence.is_none_or(|f| f == *m)) {
            close(&mut open, &mut found);
            fence = if fence.is_some() { None } else { Some(mark) };
        } else if fence.is_some() {
            found.push(trimmed.to_owned());
        } else if trimmed.is_empty() {
            close(&mut open, &mut found);
        } else {
            if begins(trimmed) {
                close(&mut open, &mut found);
            }
            if !open.is_empty() {
                open.push('\n');
            }
            open.push_str(trimmed);
        }
    }
    close(&mut open, &mut found);
    found.retain(|p| !p.is_empty());
    found
}

fn close(open: &mut String, found: &mut Vec<String>) {
    if !open.is_empty() {
        found.push(plain(open));
        open.clear();
    }
}

/// Whether a line begins a passage of its own: an item, a row, a quotation.
fn begins(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "));
    numbered
        || ["- ", "* ", "+ ", "|", ">"]
            .iter()
            .any(|m| line.starts_with(m))
}

/// The words of one passage. Placeholders, which Markdown takes for HTML, stay.
fn plain(passage: &str) -> String {
    let cells = passage.trim_start().starts_with('|');
    if cells && passage.chars().all(|c| "|-: ".contains(c)) {
        return String::new();
    }
    let mut text = String::new();
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(passage, options) {
        match event {
            Event::Text(t) | Event::Code(t) | Event::InlineHtml(t) | Event::Html(t) => {
                text.push_str(&t);
            }
            Event::TaskListMarker(ticked) => text.push_str(if ticked { "[x] " } else { "[ ] " }),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::HtmlBlock) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
