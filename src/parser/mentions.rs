//! Paths of files that the text names: where materials are looked up.

use std::collections::HashSet;

use super::{
    blocks::{BlockKind, Outline},
    paths,
};
use crate::model::{
    document::{Document, Mention},
    span::Span,
};

/// Every relative path with a file extension, outside shell fences and front matter.
pub(super) fn read(source: &str, outline: &Outline, document: &Document) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |path: String, span: Span, mentions: &mut Vec<Mention>| {
        let notification = document
            .notifications
            .iter()
            .position(|n| n.body.iter().any(|b| b.contains(span)));
        if seen.insert((path.clone(), notification)) {
            mentions.push(Mention {
                path,
                span,
                notification,
            });
        }
    };
    let body = Span::new(document.front.body_start, source.len());
    for (word, span) in paths::words(source, body) {
        let closed = document.shell_fences.iter().chain(&outline.comments);
        if closed.into_iter().any(|s| s.overlaps(span)) {
            continue;
        }
        let word = word.trim_matches(['*', '_', '`', '(', ')', '[', ']', ',']);
        let Some(path) = file_path(word, document) else {
            continue;
        };
        add(path, span, &mut mentions);
    }
    for (destination, span) in links(outline) {
        let path = destination.split(['#', '?']).next().unwrap_or(destination);
        if let Some(joined) = paths::join(document.folder(), path)
            && is_file(&joined)
        {
            add(joined, span, &mut mentions);
        }
    }
    mentions
}

fn links(outline: &Outline) -> impl Iterator<Item = (&str, Span)> {
    let in_items = outline.items.iter().flat_map(|i| &i.runs);
    let in_blocks = outline.blocks.iter().flat_map(|b| match &b.kind {
        BlockKind::Paragraph(runs) => runs.as_slice(),
        _ => &[],
    });
    let in_tables = outline
        .tables()
        .flat_map(|(_, t)| t.rows.iter().flat_map(|r| &r.cells).flat_map(|c| &c.runs));
    in_items
        .chain(in_blocks)
        .chain(in_tables)
        .filter_map(|r| r.link.as_deref().map(|l| (l, r.span)))
}

/// A word as a path from the workspace root; a bare file name stands beside the document.
fn file_path(word: &str, document: &Document) -> Option<String> {
    if !is_file(word) || word.contains(['@', '<', '>', '*', '|', '(', ')', '{', '}', '=', ',']) {
        return None;
    }
    if word.starts_with("./") || word.starts_with("../") || !word.contains('/') {
        return paths::join(document.folder(), word);
    }
    paths::join("", word)
}

fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !path.contains(':')
        && name.rsplit_once('.').is_some_and(|(stem, ext)| {
            !stem.is_empty()
                && (1..=8).contains(&ext.len())
                && ext.chars().all(|c| c.is_ascii_alphanumeric())
                && ext.chars().any(|c| c.is_ascii_alphabetic())
        })
}
