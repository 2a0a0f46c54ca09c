//! Where a claim names gates: by their whole name, or by the path of their evidence.

use std::ops::Range;

use crate::model::document::{Claim, Document, Gate};

/// The gates that a claim's words name, each with where in them.
#[derive(Debug, Default)]
pub struct Bearers {
    /// The claim in lower case.
    text: String,
    /// Whether the claim begins with a gate's name, or names its evidence.
    firm: bool,
    /// Gates after which the section is called.
    section: Vec<usize>,
    /// Bytes in the claim and gate, in order.
    named: Vec<(usize, usize, usize)>,
}

impl Bearers {
    /// Whether the claim begins with a gate's name, or names its evidence: then all it says is
    /// said of gates.
    pub fn firm(&self) -> bool {
        self.firm
    }
}

/// Who is named by `claim`, and by the headings over it.
pub fn bearers(claim: &Claim, document: &Document) -> Bearers {
    let mut bearers = Bearers {
        text: lower(claim.span.of(&document.source)),
        ..Bearers::default()
    };
    let lead = lower(&claim.lead);
    for (index, gate) in document.gates.iter().enumerate() {
        let name = lower(gate.name.trim());
        if gate.paths.is_empty() || name.is_empty() {
            continue;
        }
        if claim.sections.iter().any(|s| is_called(s, &name)) {
            bearers.section.push(index);
        }
        let mut add = |at: usize, end: usize| bearers.named.push((at, end, index));
        if starts_with(&lead, &name) {
            add(0, 0);
            bearers.firm = true;
        }
        of_name(&bearers.text, &name).for_each(|at| add(at, at + name.len()));
        for (at, end) in of_paths(&bearers.text, gate, document) {
            add(at, end);
            bearers.firm = true;
        }
    }
    bearers.named.sort_unstable();
    bearers
}

/// The gates that what stands at `range` of the claim is said of: those named last before it,
/// else those named first behind it, else the section's.
pub fn of(bearers: &Bearers, range: &Range<usize>) -> Vec<usize> {
    let named = &bearers.named;
    let before = named.iter().rposition(|(at, ..)| *at <= range.start);
    let Some(mut at) = before.or(named.first().map(|_| 0)) else {
        return bearers.section.clone();
    };
    let mut gates = vec![named[at].2];
    // `Crossing Check and Berth Probe` are named together.
    while let Some(previous) = at.checked_sub(1)
        && let Some(between) = bearers.text.get(named[previous].1..named[at].0)
        && matches!(
            between.trim_matches(['*', '`', ' ']),
            "and" | "," | ", and" | "&" | "/" | "+"
        )
    {
        gates.push(named[previous].2);
        at = previous;
    }
    gates
}

/// Lower case with every character in as many bytes as before, so that places stay.
fn lower(text: &str) -> String {
    text.chars()
        .map(|c| {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        })
        .collect()
}

fn starts_with(text: &str, name: &str) -> bool {
    let rest = text.strip_prefix(name);
    !name.is_empty() && rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether a heading is a gate's name, with a number before it or more behind it.
fn is_called(heading: &str, name: &str) -> bool {
    let heading = lower(heading);
    let bare = heading.trim_start_matches(|c: char| c.is_ascii_digit() || ". )".contains(c));
    let whole = bare.trim_end_matches(|c: char| !c.is_alphanumeric()) == name;
    whole || (name.contains(' ') && starts_with(bare, name))
}

/// Names of one word are words like others; where they lead, that is seen elsewhere.
fn of_name<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let several = name.contains(' ');
    let bounded = move |at: &usize| {
        !text[..*at].ends_with(char::is_alphanumeric)
            && !text[at + name.len()..].starts_with(char::is_alphanumeric)
    };
    let found = several.then(|| text.match_indices(name).map(|(at, _)| at));
    found.into_iter().flatten().filter(bounded)
}

fn of_paths(text: &str, gate: &Gate, document: &Document) -> Vec<(usize, usize)> {
    let place = |written: &str| text.find(written).map(|at| (at, at + written.len()));
    let paths = gate.paths.iter().filter_map(|path| {
        let written = lower(path.span.of(&document.source));
        let pattern = path.pattern.as_ref().ok().map(|p| lower(p.text()));
        place(&written).or_else(|| place(&pattern?))
    });
    paths.collect()
}
