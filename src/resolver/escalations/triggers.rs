//! Triggers: what is looked at from a time before the event until its day ends.

use jiff::Timestamp;

use super::{Alarm, Alarms, Remark, facts, held, with_owner, with_reason};
use crate::{
    model::{
        coordination::{Condition, Coordination, Route, StatusKind, Trigger},
        document::Document,
        resolution::Resolution,
        timeline::Kind,
    },
    parser::read_status,
};

/// Looks at every trigger whose time has come.
pub(super) fn look(
    document: &Document,
    resolution: &Resolution,
    now: Timestamp,
    alarms: &mut Alarms,
) {
    if over(&document.coordination, now) {
        return;
    }
    for trigger in &document.coordination.triggers {
        let Some(from) = trigger.from.due().filter(|due| due.at <= now) else {
            continue;
        };
        let desk = Desk {
            document,
            resolution,
            trigger,
            from: from.at,
        };
        match trigger.condition {
            Condition::DependencyRed => desk.red(alarms),
            Condition::EvidenceIncomplete => desk.incomplete(alarms),
            Condition::SystemsUnavailable(bearable) => desk.unavailable(bearable, alarms),
            Condition::Other => alarms.open.push(Remark {
                line: document.line(trigger.span),
                text: format!(
                    "{}: only a person can judge whether \"{}\"; if so: {}",
                    trigger.label, trigger.when, trigger.action
                ),
            }),
        }
    }
}

/// Whether the event's day is over: what a trigger would decide is decided by then.
fn over(parts: &Coordination, now: Timestamp) -> bool {
    let Some(event) = &parts.event else {
        return false;
    };
    let end = event.due.local().end_of_day();
    end.is_ok_and(|end| end.timestamp() < now)
}

struct Desk<'a> {
    document: &'a Document,
    resolution: &'a Resolution,
    trigger: &'a Trigger,
    from: Timestamp,
}

impl Desk<'_> {
    /// One for each dependency that is red.
    fn red(&self, alarms: &mut Alarms) {
        let parts = &self.document.coordination;
        let timeline = &self.resolution.timeline;
        for (index, dependency) in parts.dependencies.iter().enumerate() {
            let entry = timeline
                .entries
                .iter()
                .find(|e| e.kind == Kind::Dependency && e.index == index);
            let failed = dependency.status.as_ref().and_then(|s| s.kind);
            let unmet = timeline.dependencies.get(index).is_none_or(Option::is_none);
            let red = match entry {
                Some(entry) => entry.red,
                None => unmet && failed == Some(StatusKind::Failed),
            };
            if !red {
                continue;
            }
            let title = &dependency.title;
            let due = entry.map(|e| e.due.at.to_string());
            let (mut about, why) = match entry {
                Some(entry) => (
                    facts(self.document, self.resolution, entry),
                    format!("it was due {}", entry.due),
                ),
                None => (Vec::new(), "it is marked as failed".to_owned()),
            };
            about.push(self.rule());
            alarms.due.push(Alarm {
                item: format!(
                    "{}, {title}, due {}",
                    self.trigger.label,
                    due.as_deref().unwrap_or("never")
                ),
                subject: with_owner(
                    format!("Red at {}: {title}", self.trigger.label),
                    dependency.owner.as_deref(),
                ),
                headline: format!("**{title}** is red: {why}."),
                facts: about,
                ..self.alarm()
            });
        }
    }

    /// One for all the gates on hold.
    fn incomplete(&self, alarms: &mut Alarms) {
        let held = held(self.document, &self.resolution.gates);
        if held.is_empty() {
            return;
        }
        let of = self.document.gates.len();
        let missing = held.iter().map(|gate| {
            let text = with_reason(self.document, self.resolution, gate);
            ("Missing", text)
        });
        let mut about: Vec<_> = missing.collect();
        about.push(self.rule());
        let label = &self.trigger.label;
        alarms.due.push(Alarm {
            item: format!("{label}, evidence incomplete, from {}", self.from),
            subject: format!(
                "Evidence incomplete at {label}: {} of {of} gates on hold",
                held.len()
            ),
            headline: format!(
                "The evidence is incomplete: {} of {of} gates are on hold.",
                held.len()
            ),
            facts: about,
            ..self.alarm()
        });
    }

    /// What is marked as failed counts; whether that is all, only a person can say.
    fn unavailable(&self, bearable: u32, alarms: &mut Alarms) {
        let marked = self.marked();
        let line = self.document.line(self.trigger.span);
        if marked.len() as u64 <= u64::from(bearable) {
            alarms.open.push(Remark {
                line,
                text: format!(
                    "{}: whether \"{}\", only a person can say; {} marked as failed. Mark with ❌ in the document what is not available",
                    self.trigger.label,
                    self.trigger.when,
                    marked.len()
                ),
            });
            return;
        }
        let label = &self.trigger.label;
        let count = marked.len();
        let marked = marked.into_iter().map(|text| ("Marked as failed", text));
        let mut about: Vec<_> = marked.collect();
        about.push(self.rule());
        alarms.due.push(Alarm {
            item: format!(
                "{label}, more than {bearable} unavailable, from {}",
                self.from
            ),
            subject: format!("{count} marked as not available, more than {bearable} ({label})"),
            headline: format!(
                "{count} things are marked as failed; more than {bearable} were not to be."
            ),
            facts: about,
            ..self.alarm()
        });
    }

    /// What the document marks as failed: dependencies, rows, and boxes of the event's day.
    fn marked(&self) -> Vec<String> {
        let parts = &self.document.coordination;
        let failed = |status: &Option<crate::model::coordination::Status>| {
            status.as_ref().and_then(|s| s.kind) == Some(StatusKind::Failed)
        };
        let met = |index: usize| {
            let met = self.resolution.timeline.dependencies.get(index);
            met.is_some_and(Option::is_some)
        };
        let dependencies = parts.dependencies.iter().enumerate();
        let dependencies = dependencies
            .filter(|(index, d)| failed(&d.status) && !met(*index))
            .map(|(_, d)| d.title.clone());
        let rows = parts.owners.iter().filter(|row| failed(&row.status));
        let rows = rows.map(|row| row.what());
        let event = parts.event.as_ref().map(|e| e.due.local().date());
        let of_the_day = parts.milestones.iter().filter(|m| {
            let day = m.deadline.due().map(|due| due.local().date());
            day.is_some() && day == event
        });
        let boxes = of_the_day
            .flat_map(|m| &m.tasks)
            .filter_map(|task| self.document.tasks.get(*task))
            .filter(|task| !task.ticked && has_failing_mark(&task.text))
            .map(|task| task.text.clone());
        dependencies.chain(rows).chain(boxes).collect()
    }

    /// The parts that every alarm of this trigger has.
    fn alarm(&self) -> Alarm {
        let trigger = self.trigger;
        Alarm {
            item: String::new(),
            line: self.document.line(trigger.span),
            subject: String::new(),
            headline: String::new(),
            facts: Vec::new(),
            ask: self.request(),
            route: self.route(),
        }
    }

    /// `Manager escalation` says who hears, and not what then.
    fn request(&self) -> String {
        let action = self.trigger.action.trim_end_matches('.');
        let end = "write into the document what comes of it";
        match action.is_empty() || action.to_lowercase().ends_with("escalation") {
            true => format!("Please decide how to go on, and {end}."),
            false => format!("For this case it was agreed: {action}. Please see to it, and {end}."),
        }
    }

    /// Who the action names; else who the document names for questions and alarms.
    fn route(&self) -> Route {
        if !self.trigger.route.is_empty() {
            return self.trigger.route.clone();
        }
        let contact = &self.document.coordination.contact;
        if let Some(contact) = contact.as_ref().filter(|route| !route.is_empty()) {
            return contact.clone();
        }
        Route {
            role: self.document.front.get("owner").map(str::to_owned),
            ..Route::default()
        }
    }

    fn rule(&self) -> (&'static str, String) {
        let trigger = self.trigger;
        let line = self.document.line(trigger.span);
        let text = format!(
            "{}: {} → {} (line {line})",
            trigger.label, trigger.when, trigger.action
        );
        ("Agreed", text)
    }
}

/// Whether a mark, not a mere word, says that it failed.
fn has_failing_mark(text: &str) -> bool {
    let marks: String = text
        .chars()
        .filter(|c| !c.is_alphanumeric() && !c.is_ascii())
        .collect();
    read_status(&marks) == Some(StatusKind::Failed)
}
