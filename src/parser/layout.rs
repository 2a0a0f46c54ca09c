//! The folder tree drawn in a fence: its root is the bundle folder, its leaves what to lay there.

use super::{
    Grammar,
    blocks::{Fence, Outline},
};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Layout, Leaf},
    span::Span,
};

/// The most leaves that are read.
const MOST: usize = 2_000;

/// Reads the bundle's tree. Of several, the one that the folder channel names, else the first
/// under an evidence root.
pub(super) fn read(
    source: &str,
    outline: &Outline,
    grammar: &Grammar,
    found: &mut Vec<Diagnostic>,
) -> Option<Layout> {
    let trees: Vec<Layout> = outline
        .fences()
        .filter_map(|(_, fence)| tree(source, fence))
        .collect();
    let folders: Vec<String> = folders(outline, grammar);
    let named = trees.iter().position(|t| folders.contains(&t.root));
    let rooted = trees
        .iter()
        .position(|t| grammar.roots.hold(&format!("{}/", t.root)));
    let chosen = named.or(rooted).or((!trees.is_empty()).then_some(0))?;
    for (index, other) in trees.iter().enumerate().filter(|(i, _)| *i != chosen) {
        let _ = index;
        found.push(Diagnostic::note(
            "layout-other",
            other.root_span,
            format!(
                "this tree is not the bundle's; the bundle is `{}/`",
                trees[chosen].root
            ),
        ));
    }
    let layout = trees.into_iter().nth(chosen)?;
    if named.is_none()
        && let Some(folder) = folders.first()
    {
        found.push(
            Diagnostic::warning(
                "layout-folder",
                layout.root_span,
                format!(
                    "the tree's folder `{}/` differs from the folder channel's `{folder}/`",
                    layout.root
                ),
            )
            .help("write the same folder in both places; the tree's is used"),
        );
    }
    for (index, leaf) in layout.leaves.iter().enumerate() {
        if layout.leaves[..index].iter().any(|l| l.path == leaf.path) {
            let message = format!("`{}` is drawn twice", leaf.path);
            found.push(
                Diagnostic::error("layout-duplicate", leaf.span, message)
                    .help("remove one of the two lines"),
            );
        }
    }
    Some(layout)
}

fn folders(outline: &Outline, grammar: &Grammar) -> Vec<String> {
    let mut ignored = Vec::new();
    let channels = super::channels::read(outline, grammar, &mut ignored).channels;
    channels
        .into_iter()
        .filter(|c| c.kind == crate::model::document::ChannelKind::Folder)
        .map(|c| normal(&c.target))
        .collect()
}

fn normal(path: &str) -> String {
    path.trim()
        .trim_start_matches("./")
        .trim_end_matches('/')
        .to_owned()
}

fn tree(source: &str, fence: &Fence) -> Option<Layout> {
    let text = fence.text(source);
    let mut lines = located(source, fence, &text)
        .into_iter()
        .filter(|(_, l)| !l.trim().is_empty());
    let (at, first) = lines.next()?;
    let root = first.trim();
    let root = entry_name(root);
    let folder = root.ends_with('/') || (root.contains('/') && !root.contains(char::is_whitespace));
    if !folder || branch(first).is_some() {
        return None;
    }
    let start = at + (first.len() - first.trim_start().len());
    let mut layout = Layout {
        root: normal(root),
        root_span: Span::new(start, start + root.len()),
        leaves: Vec::new(),
    };
    let mut folders: Vec<(usize, String)> = Vec::new();
    let mut drawn: Vec<(usize, usize, String)> = Vec::new();
    for (at, line) in lines {
        let (depth, offset) = branch(line)?;
        let name = entry_name(&line[offset..]);
        if name.is_empty() {
            continue;
        }
        drawn.push((depth, at + offset, name.to_owned()));
    }
    for (index, (depth, at, name)) in drawn.iter().enumerate() {
        folders.retain(|(d, _)| d < depth);
        let deeper = drawn
            .get(index + 1)
            .is_some_and(|(next, _, _)| next > depth);
        if name.ends_with('/') || deeper {
            folders.push((*depth, name.trim_end_matches('/').to_owned()));
            continue;
        }
        let folder: String = folders.iter().map(|(_, f)| format!("{f}/")).collect();
        if layout.leaves.len() < MOST {
            layout.leaves.push(Leaf {
                path: format!("{folder}{name}"),
                span: Span::new(*at, at + name.len()),
            });
        }
    }
    (!drawn.is_empty()).then_some(layout)
}

/// Lines of the fence with where each begins in the source.
fn located<'a>(source: &str, fence: &Fence, text: &'a str) -> Vec<(usize, &'a str)> {
    let mut offsets = Vec::with_capacity(text.len());
    for piece in &fence.pieces {
        offsets.extend(piece.start..piece.start + piece.of(source).len());
    }
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let here = offsets.get(at).copied().unwrap_or(0);
            at += line.len();
            (here, line.trim_end_matches(['\n', '\r']))
        })
        .collect()
}

/// Depth (the column of the branch) and where the name begins, for a drawn line.
fn branch(line: &str) -> Option<(usize, usize)> {
    const TEES: &[&str] = &["├", "└", "|-", "+-", "`-", "\\-"];
    let at = TEES.iter().filter_map(|t| line.find(t)).min()?;
    let drawn = |c: char| {
        matches!(
            c,
            '│' | '├' | '└' | '─' | '|' | '+' | '`' | '\\' | '-' | ' ' | '\t' | '\u{a0}'
        )
    };
    if !line[..at].chars().all(drawn) {
        return None;
    }
    let rest = line[at..].trim_start_matches(drawn);
    Some((line[..at].chars().count(), line.len() - rest.len()))
}

/// The name without a remark behind it (`# …`, `← …`, `(…)`).
fn entry_name(text: &str) -> &str {
    let cut = [" #", " ←", " <-", " (", "\t", " — ", "  "];
    let end = cut
        .iter()
        .filter_map(|c| text.find(c))
        .min()
        .unwrap_or(text.len());
    text[..end].trim()
}
