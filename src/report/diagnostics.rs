//! Diagnostics as rustc prints them: code, place, excerpt, help.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::style::{BAD, GOOD, WAIT, count, paint, safe};
use crate::model::{
    diagnostic::{Diagnostic, Severity},
    document::Document,
};

/// The diagnostics of one document, each with its excerpt.
pub fn excerpts(document: &Document, diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|d| excerpt(document, d) + "\n\n")
        .collect()
}

fn excerpt(document: &Document, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    // Only the line it stands on: looking through the whole text for each would make many
    // diagnostics of a long document slow.
    let (line, start) = line_of(&document.source, diagnostic.span.start);
    let source = printable(line);
    let first_line = diagnostic.span.of(&document.source).lines().next();
    let end = (start + first_line.map_or(0, str::len)).min(source.len());
    let title = safe(&diagnostic.message);
    let help = diagnostic.help.as_deref().map(safe);
    let path = safe(&document.path);
    let snippet = Snippet::source(source.as_str())
        .path(path.as_str())
        .line_start(document.line(diagnostic.span))
        .annotation(AnnotationKind::Primary.span(start.min(end)..end));
    let main = level
        .primary_title(title.as_str())
        .id(diagnostic.code)
        .element(snippet);
    let mut report: Vec<Group<'_>> = vec![main];
    if let Some(help) = &help {
        report.push(Group::with_title(
            Level::HELP.secondary_title(help.as_str()),
        ));
    }
    Renderer::styled().render(&report).to_string()
}

/// The line of `source` that holds the byte `at`, and where in it that is.
fn line_of(source: &str, at: usize) -> (&str, usize) {
    let at = at.min(source.len());
    let before = source.get(..at).and_then(|s| s.rfind('\n'));
    let start = before.map_or(0, |newline| newline + 1);
    let after = source.get(at..).and_then(|s| s.find('\n'));
    let end = after.map_or(source.len(), |newline| at + newline);
    (source.get(start..end).unwrap_or(""), at - start)
}

/// The text without what a terminal must not see; each control character becomes a blank of its
/// own width, so that spans stay true.
fn printable(text: &str) -> String {
    let blank = |c: char| c != '\t' && (c.is_control() || is_bidi(c));
    text.chars()
        .map(|c| match blank(c) {
            true => " ".repeat(c.len_utf8()),
            false => c.to_string(),
        })
        .collect()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{61c}')
}

/// How many there are, and of what.
pub fn summary(documents: &[(&Document, &[Diagnostic])]) -> String {
    let of = |severity: Severity| -> usize {
        documents
            .iter()
            .flat_map(|(_, d)| d.iter())
            .filter(|d| d.severity == severity)
            .count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let checked = count(documents.len(), "document");
    if errors + warnings == 0 {
        return format!(
            "{}  {checked}, no errors or warnings\n",
            paint(GOOD.bold(), "CHECKED")
        );
    }
    let style = if errors > 0 { BAD } else { WAIT };
    format!(
        "{}  {checked}, {}, {}\n",
        paint(style.bold(), "CHECKED"),
        count(errors, "error"),
        count(warnings, "warning")
    )
}
