//! Which words are evidence paths, which are refused, and which only look like paths.

use super::inline::Run;
use crate::model::{
    document::GatePath,
    pattern::{Pattern, PatternError},
    roots::EvidenceRoots,
    span::Span,
};

/// Where a path stands: that decides how much it must look like one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code,
    Plain,
}

/// Evidence paths in the words of a gate, in order; `folder` is the document's own.
pub(super) fn in_runs(
    source: &str,
    runs: &[Run],
    folder: &str,
    roots: &EvidenceRoots,
) -> Vec<GatePath> {
    let mut found: Vec<GatePath> = Vec::new();
    for stretch in stretches(runs) {
        match stretch {
            Stretch::Link(run, destination) => {
                // A code span as link text is the path's own spelling; the destination says the same.
                if let Some(pattern) = link(destination, folder, roots) {
                    push(
                        &mut found,
                        GatePath {
                            span: run.span,
                            pattern,
                        },
                    );
                }
            }
            Stretch::Code(run) => {
                for (text, span) in code_words(source, run, roots) {
                    if let Some(pattern) = classify(text, Place::Code, roots) {
                        push(&mut found, GatePath { span, pattern });
                    }
                }
            }
            Stretch::Plain(span) => {
                for (text, span) in words(source, span) {
                    if let Some(pattern) = classify(text, Place::Plain, roots) {
                        push(&mut found, GatePath { span, pattern });
                    }
                }
            }
        }
    }
    found
}

/// A path that names two equal patterns counts once.
fn push(found: &mut Vec<GatePath>, path: GatePath) {
    let known = found.iter().any(|f| match (&f.pattern, &path.pattern) {
        (Ok(a), Ok(b)) => a.same_as(b),
        (a, b) => a == b,
    });
    if !known {
        found.push(path);
    }
}

enum Stretch<'a> {
    Link(&'a Run, &'a str),
    Code(&'a Run),
    Plain(Span),
}

/// Runs joined where plain text continues: `a_<timestamp>.log` arrives as text, HTML, text.
fn stretches(runs: &[Run]) -> Vec<Stretch<'_>> {
    let mut found: Vec<Stretch<'_>> = Vec::new();
    let mut last_link: Option<&str> = None;
    for run in runs {
        if let Some(destination) = &run.link {
            if last_link != Some(destination.as_str()) {
                found.push(Stretch::Link(run, destination));
            }
            last_link = Some(destination);
            continue;
        }
        last_link = None;
        if run.style.code {
            found.push(Stretch::Code(run));
        } else if run.text == "\n" {
            found.push(Stretch::Plain(Span::new(run.span.end, run.span.end)));
        } else {
            match found.last_mut() {
                Some(Stretch::Plain(span)) if span.end == run.span.start => span.end = run.span.end,
                _ => found.push(Stretch::Plain(run.span)),
            }
        }
    }
    found
}

/// A code span's content: the whole of it, or its words where it is a command.
fn code_words<'a>(source: &'a str, run: &Run, roots: &EvidenceRoots) -> Vec<(&'a str, Span)> {
    let inside = code_content(source, run.span);
    let text = inside.of(source);
    let second = roots.iter().any(|root| text.matches(root).count() > 1);
    if !text.contains(char::is_whitespace) || (roots.hold(text) && !second) {
        return vec![(text, inside)];
    }
    words(source, inside)
}

/// The bytes between the backticks, without padding.
pub(super) fn code_content(source: &str, span: Span) -> Span {
    let text = span.of(source);
    let ticks = text.bytes().take_while(|b| *b == b'`').count();
    let Some(inner) = text.get(ticks..text.len().saturating_sub(ticks)) else {
        return span;
    };
    let start = span.start + ticks + (inner.len() - inner.trim_start().len());
    Span::new(start, start + inner.trim().len())
}

/// White-space separated words of a stretch, without brackets and final punctuation.
pub(super) fn words(source: &str, span: Span) -> Vec<(&str, Span)> {
    let text = span.of(source);
    let mut at = 0;
    let mut found = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let here = at;
        at += word.len();
        let body = word.trim_end();
        let open = body.trim_start_matches(['(', '[', '"', '\'', '“', '‘', '`', '|']);
        let lead = body.len() - open.len();
        let open = open.trim_end_matches([
            ')', ']', '"', '\'', ',', ';', ':', '.', '”', '’', '`', '|', '!', '?',
        ]);
        if !open.is_empty() {
            let start = span.start + here + lead;
            found.push((open, Span::new(start, start + open.len())));
        }
    }
    found
}

fn has_extension(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, ext)| {
        !stem.is_empty()
            && (1..=8).contains(&ext.len())
            && ext.chars().all(|c| c.is_ascii_alphanumeric())
            && ext.chars().any(|c| c.is_ascii_alphabetic())
    })
}

/// The pattern that `text` is, why it is refused, or `None` where it is no evidence path.
fn classify(
    text: &str,
    place: Place,
    roots: &EvidenceRoots,
) -> Option<Result<Pattern, PatternError>> {
    let lower = text.to_ascii_lowercase();
    if text.is_empty()
        || text.starts_with('?')
        || lower.starts_with("http://")
        || lower.starts_with("https://")
    {
        return None;
    }
    let varies =
        text.contains('<') || (text.contains('*') && (place == Place::Code || roots.hold(text)));
    let slashed = text.contains(['/', '\\']);
    match Pattern::parse(text) {
        Ok(pattern) => {
            let shaped = slashed || has_extension(text);
            let evidence = roots.hold(text) || (varies && shaped && !pattern.is_literal());
            evidence.then_some(Ok(pattern))
        }
        Err(PatternError::Empty) => None,
        Err(error) => refusal(text, &lower, &error, roots).then_some(Err(error)),
    }
}

/// Whether a word is a pattern with a variable part, or was meant as one.
pub(super) fn varies(text: &str, roots: &EvidenceRoots) -> bool {
    if text.contains("://") {
        return false;
    }
    match classify(text, Place::Plain, roots) {
        Some(Ok(pattern)) => !pattern.is_literal(),
        Some(Err(error)) => text.contains('<') && matches!(error, PatternError::Unpaired(_)),
        None => false,
    }
}

/// Whether a path that cannot be a pattern was meant as evidence.
fn refusal(text: &str, lower: &str, error: &PatternError, roots: &EvidenceRoots) -> bool {
    let file = has_extension(text) && !lower.ends_with(".md");
    let varies = text.contains('<') && text.contains('>');
    let rooted = roots.iter().any(|root| {
        let name = root.trim_end_matches('/');
        lower.contains(root)
            || lower.contains(&format!("{name}\\"))
            || lower.contains(&format!("{name}%2f"))
    });
    match error {
        PatternError::Empty => false,
        PatternError::Absolute(_) => file || rooted,
        PatternError::Url(_) => lower.starts_with("file:"),
        PatternError::Home(_) => text.starts_with("~/") || text.starts_with("~\\") || file,
        PatternError::Parent(_) => file || rooted || varies,
        PatternError::Backslash(_) => file || rooted || varies,
        PatternError::PercentEncoded(_) => file || rooted,
        PatternError::Unpaired(_) => rooted || (text.contains('/') && file),
        PatternError::Control(_) | PatternError::TooLong { .. } => rooted || file,
    }
}

/// A link's destination, relative to the document, as a path from the workspace root.
fn link(
    destination: &str,
    folder: &str,
    roots: &EvidenceRoots,
) -> Option<Result<Pattern, PatternError>> {
    let path = destination.split(['#', '?']).next().unwrap_or(destination);
    if path.is_empty()
        || path.contains("://") && !path.to_ascii_lowercase().starts_with("file:")
        || path.starts_with("mailto:")
    {
        return None;
    }
    match join(folder, path) {
        Some(joined) if roots.hold(&joined) || joined.contains('<') || joined.contains('*') => {
            classify(&joined, Place::Code, roots)
        }
        // Written from the workspace root, as people do who never click it.
        _ => classify(path, Place::Code, roots),
    }
}

/// `path` seen from `folder`, dots resolved; `None` where it leads out or is not relative.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.contains('\\') || path.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    let mut joined = parts.join("/");
    if path.ends_with('/') {
        joined.push('/');
    }
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<Result<Pattern, PatternError>> {
        classify(text, Place::Code, &EvidenceRoots::default())
    }

    #[test]
    fn evidence_and_not() {
        for path in [
            "artifacts/a_<timestamp>.log",
            "logs/<date>/",
            "artifacts/x",
            "run_<timestamp>.json",
            "out/*.log",
        ] {
            assert!(matches!(code(path), Some(Ok(_))), "{path}");
        }
        for other in [
            "docs/runbooks/capture.md",
            "?mock=0",
            "<timestamp>",
            "/app",
            "https://example.com/*",
            "*",
            "../guide.md",
            "N/A",
        ] {
            assert!(code(other).is_none(), "{other}");
        }
        for refused in [
            "/etc/probe.log",
            "../artifacts/x_<timestamp>.log",
            "~/probe.log",
            "file:///a.log",
            "artifacts\\x.log",
            "artifacts/%2e%2e/x.log",
            "artifacts/../../x.log",
        ] {
            assert!(matches!(code(refused), Some(Err(_))), "{refused}");
        }
    }

    #[test]
    fn joins_from_the_document() {
        assert_eq!(
            join("docs/a", "../../artifacts/x.log").as_deref(),
            Some("artifacts/x.log")
        );
        assert_eq!(join("docs", "../../x"), None);
        assert_eq!(join("", "./a/").as_deref(), Some("a/"));
    }
}
