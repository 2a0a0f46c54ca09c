//! From deadlines, verdicts and the present to a timeline.
//!
//! What can be proved is met when its gates are clear or waived, whatever the document says. What
//! has no gate is met by the document's own word, and the result says so.

mod spoken;

use jiff::Timestamp;

use super::escalations::lines;
use crate::model::{
    coordination::{Dependency, Route, Status, StatusKind},
    deadline::{Deadline, Due},
    diagnostic::Diagnostic,
    document::Document,
    resolution::{GateResult, Verdict},
    span::Span,
    timeline::{DeadlineState, Entry, Kind, MetBy, Timeline},
    word::Word,
};

/// Where every deadline of the document stands at `now`; `words` are those on record.
pub fn timeline(
    document: &Document,
    gates: &[GateResult],
    words: &[Word],
    now: Timestamp,
    found: &mut Vec<Diagnostic>,
) -> Timeline {
    let mut desk = Desk {
        document,
        gates,
        now,
        entries: Vec::new(),
    };
    let parts = &document.coordination;
    let mut dependencies = Vec::new();
    for (index, dependency) in parts.dependencies.iter().enumerate() {
        let met = desk.met(&dependency.gates, dependency.status.as_ref());
        disagreement(dependency, met, found);
        desk.dependency(index, dependency, met);
        dependencies.push(met);
    }
    for (index, row) in parts.owners.iter().enumerate() {
        let met = desk.met(&row.gates, row.status.as_ref());
        let draft = Desk::draft(Kind::Owner, index, &row.what());
        desk.enter(
            Draft {
                owner: row.owner().map(str::to_owned),
                status: row.status.clone(),
                missing: desk.held(&row.gates),
                ..draft
            },
            row.due.as_ref(),
            met,
        );
    }
    for (index, milestone) in parts.milestones.iter().enumerate() {
        let (met, missing) = desk.checklist(&milestone.tasks, &milestone.gates);
        let draft = Desk::draft(Kind::Milestone, index, &milestone.title);
        desk.enter(Draft { missing, ..draft }, Some(&milestone.deadline), met);
    }
    let named = lines::names(document);
    let escalations = parts.escalations.iter().zip(&named).enumerate();
    for (index, (escalation, name)) in escalations {
        let (draft, met) = desk.spoken(index, (name, escalation), words);
        desk.enter(draft, escalation.deadline.as_ref(), met);
    }
    for (index, follow_up) in parts.follow_ups.iter().enumerate() {
        let met = desk.met(&[], follow_up.status.as_ref());
        let draft = Desk::draft(Kind::FollowUp, index, &follow_up.title);
        let status = follow_up.status.clone();
        desk.enter(Draft { status, ..draft }, Some(&follow_up.deadline), met);
    }
    desk.entries.sort_by_key(|entry| (entry.due.at, entry.line));
    Timeline {
        entries: desk.entries,
        dependencies,
    }
}

/// An entry before its deadline is looked at.
struct Draft {
    kind: Kind,
    index: usize,
    what: String,
    owner: Option<String>,
    status: Option<Status>,
    route: Route,
    escalate_at: Option<Timestamp>,
    missing: Vec<String>,
    about: Vec<String>,
    word: Option<String>,
    ask: Option<String>,
}

struct Desk<'a> {
    document: &'a Document,
    gates: &'a [GateResult],
    now: Timestamp,
    entries: Vec<Entry>,
}

impl Desk<'_> {
    fn draft(kind: Kind, index: usize, what: &str) -> Draft {
        Draft {
            kind,
            index,
            what: what.to_owned(),
            owner: None,
            status: None,
            route: Route::default(),
            escalate_at: None,
            missing: Vec::new(),
            about: Vec::new(),
            word: None,
            ask: None,
        }
    }

    fn dependency(&mut self, index: usize, dependency: &Dependency, met: Option<MetBy>) {
        let Some(deadline) = dependency.deadline() else {
            return;
        };
        let escalation = dependency.escalation.as_ref();
        let heard = escalation
            .and_then(|e| e.deadline.as_ref())
            .and_then(Deadline::due);
        let draft = Self::draft(Kind::Dependency, index, &dependency.title);
        self.enter(
            Draft {
                owner: dependency.owner.clone(),
                status: dependency.status.clone(),
                route: escalation.map_or_else(Route::default, |e| e.route.clone()),
                escalate_at: heard.map(|due| due.at),
                missing: self.held(&dependency.gates),
                ..draft
            },
            Some(deadline),
            met,
        );
    }

    /// Adds an entry, if its deadline can be read.
    fn enter(&mut self, part: Draft, deadline: Option<&Deadline>, met: Option<MetBy>) {
        let Some((span, due)) = deadline.and_then(|d| Some((d.span, d.due()?))) else {
            return;
        };
        let state = state(met, due, self.now);
        let failed = part.status.as_ref().and_then(|s| s.kind) == Some(StatusKind::Failed);
        self.entries.push(Entry {
            kind: part.kind,
            index: part.index,
            line: self.document.line(span),
            what: part.what,
            owner: part.owner,
            due: due.clone(),
            state,
            met_by: met,
            red: met.is_none() && (failed || state == DeadlineState::Overdue),
            status: part.status,
            route: part.route,
            escalate_at: part.escalate_at.filter(|at| *at != due.at),
            missing: part.missing,
            about: part.about,
            word: part.word,
            ask: part.ask,
        });
    }

    /// Gates decide where there are any, else the document's own word.
    fn met(&self, gates: &[usize], status: Option<&Status>) -> Option<MetBy> {
        if gates.is_empty() {
            let done = status.and_then(|s| s.kind) == Some(StatusKind::Done);
            return done.then_some(MetBy::Word);
        }
        self.held(gates).is_empty().then_some(MetBy::Evidence)
    }

    /// A checklist is met when its gates are, and every other box is ticked.
    fn checklist(&self, tasks: &[usize], gates: &[usize]) -> (Option<MetBy>, Vec<String>) {
        let mut missing = self.held(gates);
        let boxes: Vec<_> = tasks
            .iter()
            .filter_map(|task| self.document.tasks.get(*task))
            .filter(|task| !gates.iter().any(|g| self.gate_has(*g, task.marker)))
            .collect();
        let open = boxes.iter().filter(|task| !task.ticked);
        missing.extend(open.map(|task| task.text.clone()));
        let by = if boxes.is_empty() {
            MetBy::Evidence
        } else {
            MetBy::Word
        };
        (missing.is_empty().then_some(by), missing)
    }

    fn gate_has(&self, gate: usize, marker: Span) -> bool {
        let gate = self.document.gates.get(gate);
        gate.is_some_and(|g| g.marker == Some(marker) || g.span.start == marker.start)
    }

    /// The names of those of `gates` that are on hold.
    fn held(&self, gates: &[usize]) -> Vec<String> {
        let on_hold = |gate: &&usize| {
            let result = self.gates.get(**gate);
            result.is_none_or(|r| r.verdict == Verdict::Hold)
        };
        let names = gates.iter().filter(on_hold);
        names
            .filter_map(|g| Some(self.document.gates.get(*g)?.name.clone()))
            .collect()
    }
}

fn state(met: Option<MetBy>, due: &Due, now: Timestamp) -> DeadlineState {
    match met {
        Some(_) => DeadlineState::Met,
        None if due.at < now => DeadlineState::Overdue,
        None => DeadlineState::Pending,
    }
}

/// Reports a dependency whose evidence and whose prose say different things; the evidence counts.
fn disagreement(dependency: &Dependency, met: Option<MetBy>, found: &mut Vec<Diagnostic>) {
    let Some(status) = &dependency.status else {
        return;
    };
    let title = &dependency.title;
    let proved = !dependency.gates.is_empty();
    match (status.kind, met) {
        (Some(StatusKind::Done), None) if proved => found.push(
            Diagnostic::warning(
                "status-ahead",
                status.span,
                format!(
                    "the document says `{}`, but `{title}` still has gates on hold",
                    status.text
                ),
            )
            .help("see what is missing: packet status"),
        ),
        (Some(StatusKind::Done) | None, _) => {}
        (Some(_), Some(MetBy::Evidence)) => found.push(
            Diagnostic::warning(
                "status-behind",
                status.span,
                format!(
                    "every gate of `{title}` is clear or waived, but the document says `{}`",
                    status.text
                ),
            )
            .help("it counts as met; bring the status line up to date"),
        ),
        (Some(_), _) => {}
    }
}
