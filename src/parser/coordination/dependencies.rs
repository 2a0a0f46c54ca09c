//! Dependencies: numbered headings with an owner, a status, requirements and an escalation.

use super::{
    Desk,
    about::Words,
    fields::Field,
    routes,
    spellings::{self, Label},
};
use crate::{
    model::{
        coordination::{Dependency, Escalation},
        diagnostic::Diagnostic,
        span::Span,
    },
    parser::deadlines,
};

/// Every dependency.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Dependency> {
    let mut all = Vec::new();
    for index in 0..desk.outline.headings.len() {
        let heading = desk.outline.headings[index].clone();
        if !(2..=6).contains(&heading.level) {
            continue;
        }
        let home = desk.home(index);
        let mut fields = desk.fields_in(home).to_vec();
        fields.retain(|f| !f.in_task);
        let has = |label: Label| fields.iter().any(|f| f.label == label);
        let (number, title) = numbered(&heading.text);
        let owed = has(Label::Status) || has(Label::Escalation) || has(Label::Due);
        if !(owed && (has(Label::Owner) || number.is_some())) {
            continue;
        }
        all.push(dependency(desk, &fields, home, number, title, heading.span));
    }
    all
}

fn dependency(
    desk: &mut Desk<'_>,
    fields: &[Field],
    home: Span,
    number: Option<u32>,
    title: &str,
    span: Span,
) -> Dependency {
    let of = |label: Label| fields.iter().find(|f| f.label == label);
    let owner = of(Label::Owner).and_then(Field::text);
    if owner.as_deref().is_none_or(spellings::is_nobody) {
        let at = of(Label::Owner).map_or(span, |f| f.span);
        desk.found.push(
            Diagnostic::warning("owner-missing", at, format!("nobody owes `{title}` yet"))
                .help("name somebody: `**Owner:** NAME`"),
        );
    }
    let due = of(Label::Due).map(|f| {
        let found = deadlines::whole(&f.value.text, &desk.frame);
        desk.deadline(&f.value, &found)
    });
    let status = of(Label::Status).and_then(|f| desk.status(&f.value));
    let escalation = of(Label::Escalation).map(|f| escalation(desk, f, due.is_none()));
    let dependency = Dependency {
        number,
        title: title.to_owned(),
        owner,
        status,
        gates: desk.gates_in(home),
        due,
        escalation,
        span,
    };
    if let Some(deadline) = dependency.deadline() {
        desk.before_event(deadline);
    }
    dependency
}

/// Escalation lines outside the dependencies. One that names a dependency without an escalation
/// becomes that dependency's.
pub(super) fn escalations(desk: &mut Desk<'_>, dependencies: &mut [Dependency]) -> Vec<Escalation> {
    let known = |d: &[Dependency], field: &Field| {
        let mut all = d.iter().filter_map(|d| d.escalation.as_ref());
        all.any(|e| e.span == field.span)
    };
    let lines = desk
        .fields
        .iter()
        .filter(|f| f.label == Label::Escalation)
        .cloned();
    let others: Vec<Field> = lines.filter(|f| !known(dependencies, f)).collect();
    let mut alone = Vec::new();
    for field in &others {
        let read = escalation(desk, field, true);
        let words = Words::of(desk, &read);
        let open = |d: &&mut Dependency| d.escalation.is_none() && !field.in_task;
        let mut open = dependencies.iter_mut().filter(open);
        match open.find(|d| words.have(&d.title)) {
            Some(dependency) => dependency.escalation = Some(read),
            None => alone.push(read),
        }
    }
    alone
}

/// `timed`: without a time in it nobody knows when it is due.
fn escalation(desk: &mut Desk<'_>, field: &Field, timed: bool) -> Escalation {
    let text = field.value.folded();
    let deadline = desk
        .named_deadline(&field.value)
        .map(|(deadline, _)| deadline);
    let route = routes::read(&text);
    if deadline.is_none() && timed {
        desk.found.push(
            Diagnostic::warning(
                "escalation-undated",
                field.span,
                "no time is named for this escalation",
            )
            .help("say by when, such as `by 2025-10-15 12:00 ET`"),
        );
    }
    if route.is_empty() {
        desk.found.push(
            Diagnostic::warning(
                "escalation-unrouted",
                field.span,
                "nobody is named for this escalation",
            )
            .help("say who hears, such as `escalate to QA lead via #channel`"),
        );
    }
    Escalation {
        text,
        deadline,
        route,
        about: Vec::new(),
        span: field.span,
    }
}

/// `### 2. Title`: the number and the rest.
fn numbered(heading: &str) -> (Option<u32>, &str) {
    let digits = heading.bytes().take_while(u8::is_ascii_digit).count();
    let rest = heading[digits..].strip_prefix(['.', ')']);
    match (heading[..digits].parse().ok(), rest) {
        (Some(number), Some(rest)) if rest.starts_with(' ') => (Some(number), rest.trim()),
        _ => (None, heading.trim()),
    }
}
