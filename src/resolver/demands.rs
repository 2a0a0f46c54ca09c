//! What each gate's evidence must show: its words, its targets, the document's claims, `gates:`.

use std::ops::Range;

use crate::model::{
    config::{Config, GateRule},
    diagnostic::Diagnostic,
    document::{Document, Gate},
    pattern::Pattern,
    requirement::{Origin, Requirement, Stated},
    span::Span,
};

use super::{claims, headed::Wording, people::same, vocabulary};

/// The requirements of every gate, in order, and what was noticed.
pub fn all(document: &Document, config: &Config, found: &mut Vec<Diagnostic>) -> Vec<Vec<Stated>> {
    let mut demands: Vec<Vec<Stated>> = document
        .gates
        .iter()
        .map(|g| of_gate(g, document, config))
        .collect();
    bind_target(document, &mut demands);
    claims::bind(document, config, &mut demands, found);
    for (gate, demands) in document.gates.iter().zip(&demands) {
        noticed(gate, demands, found);
    }
    for name in config.gates.keys() {
        // Other documents of the workspace may have the gate; a lone one should.
        let lone = config.documents.len() <= 1;
        if lone && !document.gates.iter().any(|g| same(&g.name, name)) {
            found.push(
                Diagnostic::warning(
                    "gate-rule-unused",
                    Span::new(0, 0),
                    format!("packet.yaml has a rule for the gate `{name}`, which this document does not have"),
                )
                .help(format!("its gates are: {}", names(document))),
            );
        }
    }
    demands
}

fn names(document: &Document) -> String {
    document
        .gates
        .iter()
        .map(|g| g.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The rule that `packet.yaml` has for a gate.
pub fn rule<'c>(config: &'c Config, gate: &Gate) -> Option<&'c GateRule> {
    config
        .gates
        .iter()
        .find(|(name, _)| same(name, &gate.name))
        .map(|(_, rule)| rule)
}

fn of_gate(gate: &Gate, document: &Document, config: &Config) -> Vec<Stated> {
    let mut demands = Vec::new();
    let words = Wording::of(
        &words(gate.span, document, gate),
        gate.span.start,
        &gate.heads,
    );
    let read = match is_proved(gate, config) {
        true => vocabulary::read_gate(&words.text).found,
        false => vocabulary::read(&words.text),
    };
    for (requirement, range) in read {
        let place = words.origin(&range);
        let span = Span::new(gate.span.start + place.start, gate.span.start + place.end);
        let read = (requirement, range);
        add(
            read,
            &words.text,
            gate,
            config,
            &mut demands,
            Origin::Words(span),
        );
    }
    for (target, span) in &gate.targets {
        push(
            &mut demands,
            Requirement::Target(target.clone()),
            Origin::Words(*span),
        );
    }
    if let Some(rule) = rule(config, gate) {
        let stated = [
            rule.each.clone().map(Requirement::Each),
            rule.all.clone().map(Requirement::All),
            rule.max_age.clone().map(Requirement::MaxAge),
            rule.min_records.map(Requirement::MinRecords),
            rule.kind.map(Requirement::Kind),
        ];
        for requirement in stated.into_iter().flatten() {
            push(&mut demands, requirement, Origin::Configuration);
        }
    }
    demands
}

/// Adds one thing that `words` ask of `gate`, read at a range of them. What they ask in no known
/// way, and what is said of an average or a percentile, is left to `packet.yaml` where it has a
/// filter that can answer.
pub fn add(
    (requirement, range): (Requirement, Range<usize>),
    words: &str,
    gate: &Gate,
    config: &Config,
    demands: &mut Vec<Stated>,
    origin: Origin,
) {
    let rule = rule(config, gate);
    let all = rule.is_some_and(|r| r.all.is_some());
    let filtered = all || rule.is_some_and(|r| r.each.is_some());
    let latency = matches!(
        requirement,
        Requirement::Latency(_) | Requirement::Measure(..)
    );
    match requirement {
        Requirement::Unread(_) | Requirement::Unlooked(_) if !is_proved(gate, config) => {}
        Requirement::Unread(_) | Requirement::Unlooked(_) if filtered => {
            push(demands, requirement, Origin::Configuration)
        }
        Requirement::Measure(..) if filtered => {
            let said = words.get(range).unwrap_or_default().to_owned();
            push(demands, Requirement::Unread(said), Origin::Configuration);
        }
        _ if latency && all && vocabulary::is_of_many(words, &range) => {
            let said = words.get(range).unwrap_or_default().to_owned();
            push(demands, Requirement::Unread(said), Origin::Configuration);
        }
        _ => push(demands, requirement, origin),
    }
}

/// Whether files prove the gate: its own paths, or a pattern in `packet.yaml`.
fn is_proved(gate: &Gate, config: &Config) -> bool {
    !gate.paths.is_empty() || rule(config, gate).is_some_and(|r| r.pattern.is_some())
}

/// Why demands that nobody can read hold the gate: overlooked ones would clear it.
pub fn unread(gate: &Gate, demands: &[Stated], attestable: bool) -> Option<String> {
    let words: Vec<String> = unread_words(demands)
        .map(|(words, _)| format!("\"{words}\""))
        .collect();
    (!words.is_empty()).then(|| {
        format!(
            "what it asks for with {} is not understood, so no check proves it; {}",
            words.join(" and "),
            way_out(gate, attestable)
        )
    })
}

/// A note on what the words speak of and nothing looked for; `None` where there is no such thing.
pub fn unlooked(demands: &[Stated]) -> Option<String> {
    let words: Vec<String> = unlooked_words(demands)
        .map(|(words, _)| format!("\"{words}\""))
        .collect();
    (!words.is_empty()).then(|| {
        format!(
            "nothing looked for {} in the evidence; look yourself",
            words.join(" and ")
        )
    })
}

fn unlooked_words(demands: &[Stated]) -> impl Iterator<Item = (&str, Span)> {
    demands
        .iter()
        .filter_map(|stated| match (&stated.requirement, &stated.origin) {
            (Requirement::Unlooked(words), Origin::Words(span) | Origin::Claim(span)) => {
                Some((words.as_str(), *span))
            }
            _ => None,
        })
}

fn unread_words(demands: &[Stated]) -> impl Iterator<Item = (&str, Span)> {
    demands
        .iter()
        .filter_map(|stated| match (&stated.requirement, &stated.origin) {
            (Requirement::Unread(words), Origin::Words(span) | Origin::Claim(span)) => {
                Some((words.as_str(), *span))
            }
            _ => None,
        })
}

fn way_out(gate: &Gate, attestable: bool) -> String {
    let name = gate.name.replace('\'', "''");
    let rule = format!(
        "state it in packet.yaml, for good: `gates: {{ '{name}': {{ each: '.status == \"ok\"' }} }}`"
    );
    match attestable {
        true => format!(
            "{rule}, or, for this file, by somebody who looked at it: {}",
            attest_command(gate)
        ),
        false => rule,
    }
}

/// The command by which somebody says that they looked at the file.
pub fn attest_command(gate: &Gate) -> String {
    format!("packet attest {} --by NAME", quoted(&gate.name))
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    match name.contains(['"', '$', '`', '\\', '!']) {
        true => format!("'{}'", name.replace('\'', "'\\''")),
        false => format!("\"{name}\""),
    }
}

/// Every word of the gate with what it was read as, for people.
pub fn accounted(gate: &Gate, document: &Document) -> Vec<(String, String)> {
    let words = Wording::of(
        &words(gate.span, document, gate),
        gate.span.start,
        &gate.heads,
    );
    vocabulary::read_gate(&words.text).words
}

fn noticed(gate: &Gate, demands: &[Stated], found: &mut Vec<Diagnostic>) {
    for (words, span) in unread_words(demands) {
        let message = format!(
            "what \"{words}\" asks of the gate `{}` is not understood",
            gate.name
        );
        found.push(Diagnostic::warning("demand-unread", span, message).help(way_out(gate, true)));
    }
    for (words, span) in unlooked_words(demands) {
        let message = format!(
            "the gate `{}` speaks of \"{words}\", which packet does not look for in the evidence",
            gate.name
        );
        let help =
            "look yourself, or state it as jq in packet.yaml, in `each` or `all` of the gate";
        found.push(Diagnostic::warning("demand-not-looked-for", span, message).help(help));
    }
}

/// Adds a requirement that is not there yet.
pub fn push(demands: &mut Vec<Stated>, requirement: Requirement, origin: Origin) {
    if !demands.iter().any(|d| d.requirement == requirement) {
        demands.push(Stated {
            requirement,
            origin,
        });
    }
}

/// The gate's own bytes with paths, targets and emphasis blanked out, byte for byte.
fn words(span: Span, document: &Document, gate: &Gate) -> String {
    let hidden: Vec<Span> = gate
        .paths
        .iter()
        .map(|p| p.span)
        .chain(gate.targets.iter().map(|t| t.1))
        .chain(gate.marker)
        .collect();
    blank(span, &document.source, &hidden)
}

/// The bytes under `span` with `hidden` ones, comments, emphasis and boxes as spaces.
pub fn blank(span: Span, source: &str, hidden: &[Span]) -> String {
    let text = span.of(source);
    let mut hidden = hidden.to_vec();
    let mut from = 0;
    while let Some(start) = text[from..].find("<!--").map(|at| from + at) {
        let end = text[start..]
            .find("-->")
            .map_or(text.len(), |at| start + at + 3);
        hidden.push(Span::new(span.start + start, span.start + end));
        from = end;
    }
    let mut words = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let here = span.start + at;
        let covered = hidden.iter().any(|h| h.start <= here && here < h.end);
        if covered || matches!(c, '*' | '[' | ']' | '|' | '\n' | '\r') {
            words.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            words.push(c);
        }
    }
    words
}

/// One target for the whole document binds every gate that names none of its own.
fn bind_target(document: &Document, demands: &mut [Vec<Stated>]) {
    let mut named: Vec<(&str, &str)> = Vec::new();
    for gate in &document.gates {
        for (target, _) in &gate.targets {
            if !named.iter().any(|(t, _)| t == target) {
                named.push((target, &gate.name));
            }
        }
    }
    let [(target, by)] = named.as_slice() else {
        return;
    };
    for (gate, demands) in document.gates.iter().zip(demands) {
        if gate.targets.is_empty() && !gate.paths.is_empty() {
            push(
                demands,
                Requirement::Target((*target).to_owned()),
                Origin::Gate((*by).to_owned()),
            );
        }
    }
}

/// The patterns that a gate must prove: its own, and the one of `packet.yaml`, which stands in
/// for a folder.
pub fn patterns(gate: &Gate, rule: Option<&GateRule>) -> (Vec<Pattern>, Vec<String>) {
    let mut patterns: Vec<Pattern> = Vec::new();
    let mut refused: Vec<String> = Vec::new();
    let stated = rule.and_then(|r| r.pattern.as_deref()).map(Pattern::parse);
    for path in &gate.paths {
        match &path.pattern {
            Ok(pattern) if pattern.is_folder() && matches!(stated, Some(Ok(_))) => {}
            Ok(pattern) => patterns.push(pattern.clone()),
            Err(error) => refused.push(error.to_string()),
        }
    }
    match stated {
        Some(Ok(pattern)) if !patterns.iter().any(|p| p.same_as(&pattern)) => {
            patterns.push(pattern)
        }
        Some(Err(error)) => refused.push(format!("the pattern in packet.yaml: {error}")),
        _ => {}
    }
    (patterns, refused)
}
