//! Gates: task items under the gates' headings, task items with a pattern, rows with evidence.

use std::collections::HashMap;

use super::{
    Grammar,
    blocks::{Item, Outline, Row, Table},
    inline::{self, Run},
    names::Names,
    paths, tracker,
};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Document, Gate, GatePath},
    span::Span,
    target::target,
};

pub(super) fn read(
    source: &str,
    outline: &Outline,
    grammar: &Grammar,
    document: &Document,
    taken: &[usize],
    found: &mut Vec<Diagnostic>,
) -> Vec<Gate> {
    let mut gates: Vec<Gate> = Vec::new();
    let mut of_item: HashMap<usize, usize> = HashMap::new();
    for (index, item) in outline.tasks() {
        if taken.contains(&index) || item.parent.is_some_and(|p| taken.contains(&p)) {
            continue;
        }
        let mut paths = paths::in_runs(source, &item.runs, document.folder(), &grammar.roots);
        add_placeholders(
            &mut paths,
            document,
            Span::new(item.span.start, item.own_end),
        );
        let under = outline
            .chain(item.heading)
            .iter()
            .any(|h| grammar.spellings.heads_gates(&h.text));
        if !under && paths.is_empty() {
            continue;
        }
        of_item.insert(index, gates.len());
        gates.push(from_item(source, item, paths));
        if let Some(&parent) = item.parent.and_then(|p| of_item.get(&p)) {
            let child = gates.len() - 1;
            gates[parent].children.push(child);
        }
    }
    for (_, table) in outline
        .tables()
        .filter(|(_, t)| tracker::columns(t, grammar).is_none())
    {
        let heads =
            |c: &super::blocks::Cell| grammar.spellings.heads_evidence(&inline::text(&c.runs));
        let Some(column) = table.header.iter().position(heads) else {
            continue;
        };
        for row in &table.rows {
            gates.extend(from_row(source, (table, row), column, document, grammar));
        }
    }
    finish(source, document, gates, found)
}

/// Sorts, names uniquely, and keeps the links between parents and children.
fn finish(
    source: &str,
    document: &Document,
    gates: Vec<Gate>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Gate> {
    let mut order: Vec<usize> = (0..gates.len()).collect();
    order.sort_by_key(|&i| gates[i].span.start);
    let mut place = vec![0; gates.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    let mut slots: Vec<Option<Gate>> = gates.into_iter().map(Some).collect();
    let mut names = Names::default();
    let mut sorted = Vec::new();
    for old in order {
        let Some(mut gate) = slots[old].take() else {
            continue;
        };
        let line = document.lines.line(gate.span.start);
        let unnamed = gate.name.is_empty();
        gate.name = if unnamed {
            format!("gate@{line}")
        } else {
            gate.name
        };
        gate.name = names.unique(gate.name, line);
        gate.children = gate.children.iter().map(|&c| place[c]).collect();
        for path in &gate.paths {
            if let Err(error) = &path.pattern {
                found.push(
                    Diagnostic::error("path-refused", path.span, error.to_string())
                        .help("name a file inside the workspace, such as `artifacts/probe_<timestamp>.log`"),
                );
            }
        }
        if unnamed {
            found.push(
                Diagnostic::warning(
                    "gate-nameless",
                    gate.span,
                    "this gate has no words of its own",
                )
                .help("write `**Name:** what must hold` behind the box"),
            );
        }
        debug_assert!(gate.span.end <= source.len());
        sorted.push(gate);
    }
    sorted
}

fn from_item(source: &str, item: &Item, paths: Vec<GatePath>) -> Gate {
    let runs: Vec<Run> = unmarked(item);
    Gate {
        name: name(source, &runs, &paths),
        text: inline::text(&runs),
        marked: inline::marked(&runs),
        span: Span::new(item.span.start, item.own_end),
        marker: item.marker,
        ticked: item.ticked,
        struck: inline::all_struck(&runs) || item.marker.is_none(),
        targets: targets(source, &runs),
        paths,
        heads: Vec::new(),
        children: Vec::new(),
    }
}

/// The item's runs, without the box of a wholly struck-out item.
fn unmarked(item: &Item) -> Vec<Run> {
    let mut runs = item.runs.clone();
    let mut left = if item.marker.is_none() { 3 } else { 0 };
    // A bracket is a run of its own.
    for run in &mut runs {
        let text = match left {
            0 => break,
            3 => run.text.trim_start(),
            _ => run.text.as_str(),
        };
        let cut = text.char_indices().nth(left).map_or(text.len(), |c| c.0);
        left -= text[..cut].chars().count();
        run.text = text[cut..].to_owned();
    }
    runs
}

/// The bold lead, else the text without the paths.
fn name(source: &str, runs: &[Run], paths: &[GatePath]) -> String {
    if let Some((lead, _)) = inline::bold_lead(runs) {
        return lead;
    }
    let kept: Vec<Run> = runs
        .iter()
        .map(|run| {
            let mut run = run.clone();
            for path in paths.iter().filter(|p| run.span.overlaps(p.span)) {
                let inside = path.span.of(source);
                run.text = if run.style.code || run.link.is_some() || path.span.contains(run.span) {
                    String::new()
                } else {
                    run.text.replace(inside, "")
                };
                // A path in plain text spans several runs: drop what of it stands in this one.
                if !run.text.is_empty() && !run.span.contains(path.span) {
                    run.text = outside(source, &run, path.span);
                }
            }
            run
        })
        .collect();
    inline::text(&kept)
        .trim_end_matches([':', '：'])
        .trim()
        .to_owned()
}

fn outside(source: &str, run: &Run, path: Span) -> String {
    let before = Span::new(
        run.span.start,
        path.start.clamp(run.span.start, run.span.end),
    );
    let after = Span::new(path.end.clamp(run.span.start, run.span.end), run.span.end);
    format!("{}{}", before.of(source), after.of(source))
}

/// Code spans that are a URL or a query.
pub(super) fn targets(source: &str, runs: &[Run]) -> Vec<(String, Span)> {
    runs.iter()
        .filter(|r| r.style.code)
        .filter_map(|r| Some((target(&r.text)?, paths::code_content(source, r.span))))
        .collect()
}

fn add_placeholders(paths: &mut Vec<GatePath>, document: &Document, within: Span) {
    for placeholder in document
        .placeholders
        .iter()
        .filter(|p| within.contains(p.span))
    {
        paths.retain(|p| !placeholder.span.overlaps(p.span));
        if let Ok(pattern) = &placeholder.asks {
            paths.push(GatePath {
                span: placeholder.span,
                pattern: Ok(pattern.clone()),
            });
        }
    }
}

/// The cells of a row, each with what its column is called.
pub(super) fn heads(table: &Table, row: &Row) -> Vec<(Span, String)> {
    let cells = table.header.iter().zip(&row.cells);
    cells
        .filter_map(|(head, cell)| Some((cell.span?, inline::text(&head.runs))))
        .collect()
}

fn from_row(
    source: &str,
    (table, row): (&Table, &Row),
    column: usize,
    document: &Document,
    grammar: &Grammar,
) -> Option<Gate> {
    let span = row.span?;
    let cell = row.cells.get(column);
    let mut paths = cell.map_or_else(Vec::new, |c| {
        paths::in_runs(source, &c.runs, document.folder(), &grammar.roots)
    });
    add_placeholders(&mut paths, document, span);
    let others = || {
        let cells = row.cells.iter().enumerate().filter(|(i, _)| *i != column);
        cells.map(|(_, c)| (c, inline::text(&c.runs)))
    };
    // A column that numbers the rows names nothing.
    let named = others().find(|(_, text)| text.contains(char::is_alphabetic));
    let first = named.or_else(|| others().find(|(_, text)| !text.is_empty()));
    let name = first.map_or_else(String::new, |(c, text)| {
        inline::bold_lead(&c.runs).map_or(text, |(lead, _)| lead)
    });
    let mut words = Vec::new();
    for cell in &row.cells {
        words.extend(cell.runs.iter().cloned());
        if let Some(span) = cell.span {
            words.push(Run::gap(span.end));
        }
    }
    let text = inline::text(&words);
    if text.is_empty() {
        return None;
    }
    let heads = heads(table, row);
    let visible = row
        .cells
        .iter()
        .filter(|c| !inline::text(&c.runs).is_empty());
    Some(Gate {
        name,
        struck: visible.clone().count() > 0 && visible.clone().all(|c| inline::all_struck(&c.runs)),
        ticked: false,
        marker: None,
        targets: targets(source, &words),
        marked: inline::marked(&words),
        text,
        span,
        paths,
        heads,
        children: Vec::new(),
    })
}
