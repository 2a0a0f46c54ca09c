//! The folder tree drawn in a fence: its root is the bundle folder, its leaves what to lay there.

use super::{
    Grammar,
    blocks::{BlockKind, Fence, Outline},
    spellings,
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
    let mut trees: Vec<Tree> = Vec::new();
    for (block, fence) in outline.fences() {
        if let Some(tree) = tree(source, fence) {
            if spellings::is_shell(&fence.language) {
                found.push(
                    Diagnostic::warning(
                        "layout-unread",
                        tree.layout.root_span,
                        "this tree stands among commands, so it is not read",
                    )
                    .help("put it into a fence of its own, without a language"),
                );
            } else {
                trees.push(tree);
            }
        } else if has_branches(&fence.text(source)) {
            found.push(
                Diagnostic::warning(
                    "layout-unread",
                    block.span,
                    "this tree has no folder as its first line, so it is not read",
                )
                .help("write the folder above the tree, such as `artifacts/team/packet/`"),
            );
        }
    }
    unfenced(source, outline, found);
    let folders: Vec<String> = folders(outline, grammar);
    let named = trees.iter().position(|t| folders.contains(&t.layout.root));
    let rooted = trees
        .iter()
        .position(|t| grammar.roots.hold(&format!("{}/", t.layout.root)));
    let chosen = named.or(rooted).or((!trees.is_empty()).then_some(0))?;
    for (_, other) in trees.iter().enumerate().filter(|(i, _)| *i != chosen) {
        found.push(
            Diagnostic::warning(
                "layout-other",
                other.layout.root_span,
                format!(
                    "this tree is not the bundle's, so nothing is laid for it; the bundle is `{}/`",
                    trees[chosen].layout.root
                ),
            )
            .help("draw all of the bundle in one tree; name its folder as the folder channel"),
        );
    }
    let Tree { layout, strange } = trees.into_iter().nth(chosen)?;
    for span in strange {
        found.push(
            Diagnostic::error(
                "layout-line",
                span,
                "this line of the tree is not drawn as one, so nothing is laid for it",
            )
            .help("begin it with `├── ` or `└── `, or remove it"),
        );
    }
    if let Some(beyond) = layout.leaves.get(MOST) {
        let message = format!("the tree has more than {MOST} files, which is the limit");
        found.push(Diagnostic::error("layout-limit", beyond.span, message).help("draw fewer"));
    }
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

/// A tree, and its lines that are not drawn.
struct Tree {
    layout: Layout,
    strange: Vec<Span>,
}

/// Whether some line is drawn as a branch of a tree.
fn has_branches(text: &str) -> bool {
    text.lines()
        .any(|l| l.contains(['├', '└']) && branch(l).is_some())
}

/// Reports trees that stand in no fence.
fn unfenced(source: &str, outline: &Outline, found: &mut Vec<Diagnostic>) {
    let paragraphs = outline.blocks.iter().filter_map(|b| match b.kind {
        BlockKind::Paragraph(_) => Some(b.span),
        _ => None,
    });
    for span in paragraphs.chain(outline.html.iter().map(|(span, _)| *span)) {
        if has_branches(span.of(source)) && !outline.comments.iter().any(|c| c.overlaps(span)) {
            found.push(
                Diagnostic::error(
                    "layout-unread",
                    span,
                    "this tree stands in no fence, so it is not read",
                )
                .help("write ``` on a line before it and on one behind it"),
            );
        }
    }
}

fn tree(source: &str, fence: &Fence) -> Option<Tree> {
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
    let mut strange: Vec<Span> = Vec::new();
    let mut folders: Vec<(usize, String)> = Vec::new();
    let mut drawn: Vec<(usize, usize, String)> = Vec::new();
    for (at, line) in lines {
        let Some((depth, offset)) = branch(line) else {
            if !is_beside(line) {
                strange.push(Span::new(at, at + line.len()));
            }
            continue;
        };
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
        // One more than are read tells that there are too many.
        if layout.leaves.len() <= MOST {
            layout.leaves.push(Leaf {
                path: format!("{folder}{name}"),
                span: Span::new(*at, at + name.len()),
            });
        }
    }
    // Without real branches it is a listing of something else.
    let a_tree = !drawn.is_empty() && (strange.is_empty() || has_branches(&text));
    a_tree.then_some(Tree { layout, strange })
}

/// Whether a line belongs beside a tree: nothing but strokes, or what the program `tree` counts.
fn is_beside(line: &str) -> bool {
    let strokes = |c: char| c.is_whitespace() || "│|─-".contains(c);
    let words: Vec<&str> = line.split_whitespace().collect();
    let counts = matches!(words.as_slice(), [n, "directory," | "directories,", m, "file" | "files"]
        if [n, m].iter().all(|w| w.chars().all(|c| c.is_ascii_digit())));
    line.chars().all(strokes) || counts
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
