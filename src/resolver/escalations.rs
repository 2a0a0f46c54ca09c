//! What is to be escalated at a moment: by an escalation's own line, or by a trigger.
//!
//! What is met never is. What only a person can judge is said and not guessed.

pub mod lines;
mod triggers;

use jiff::Timestamp;

use crate::model::{
    coordination::{Escalation, Route},
    deadline::in_words,
    document::Document,
    resolution::{GateResult, Resolution, Verdict},
    span::Span,
    timeline::{DeadlineState, Entry, Kind},
};

/// Something that somebody has to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What makes it once: the name and the deadline.
    pub item: String,
    /// The line that asks for it.
    pub line: usize,
    /// What is late, in a subject's length.
    pub subject: String,
    /// The same in a sentence.
    pub headline: String,
    /// What there is to know: a label and its text.
    pub facts: Vec<(&'static str, String)>,
    /// What is asked of the reader.
    pub ask: String,
    /// Who hears, as the document names them.
    pub route: Route,
}

/// A line of the document and what a person should know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line, from 1.
    pub line: usize,
    /// What.
    pub text: String,
}

/// What is to be escalated, and what cannot be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// What is due, by when it was.
    pub due: Vec<Alarm>,
    /// Lines that only a person can judge now.
    pub open: Vec<Remark>,
    /// Lines whose time cannot be read: they never escalate.
    pub unreadable: Vec<Remark>,
}

/// What is to be escalated at `now`.
pub fn alarms(document: &Document, resolution: &Resolution, now: Timestamp) -> Alarms {
    let mut alarms = Alarms::default();
    for entry in &resolution.timeline.entries {
        if let Some(alarm) = late(document, resolution, entry, now) {
            alarms.due.push(alarm);
        }
    }
    unreadable(document, resolution, &mut alarms);
    triggers::look(document, resolution, now, &mut alarms);
    alarms
}

/// What an entry's escalation goes on record as. Two of one name and one deadline are two, by their
/// place in the document and whatever becomes of either, so that each is told of once.
pub fn item(document: &Document, resolution: &Resolution, entry: &Entry) -> String {
    let at = moment(entry);
    let before = resolution.timeline.entries.iter();
    let before = before.take_while(|e| (e.kind, e.index) != (entry.kind, entry.index));
    let same = before.filter(|e| e.what == entry.what && moment(e) == at);
    match same.filter(|e| line_of(document, e).is_some()).count() {
        0 => format!("{}, due {at}", entry.what),
        others => format!("{}, due {at} ({})", entry.what, others + 1),
    }
}

/// The escalation line of an entry, where it has one.
fn line_of<'d>(document: &'d Document, entry: &Entry) -> Option<&'d Escalation> {
    let parts = &document.coordination;
    match entry.kind {
        Kind::Dependency => parts.dependencies.get(entry.index)?.escalation.as_ref(),
        Kind::Escalation => parts.escalations.get(entry.index),
        Kind::Owner | Kind::Milestone | Kind::FollowUp => None,
    }
}

/// From when an entry is escalated by its own line.
pub fn moment(entry: &Entry) -> Timestamp {
    entry.escalate_at.unwrap_or(entry.due.at)
}

fn late(
    document: &Document,
    resolution: &Resolution,
    entry: &Entry,
    now: Timestamp,
) -> Option<Alarm> {
    let line = line_of(document, entry)?;
    let at = moment(entry);
    if entry.state == DeadlineState::Met || at >= now {
        return None;
    }
    let (subject, headline) = match entry.kind {
        Kind::Escalation => line_passed(entry, now),
        _ => not_there(entry, now),
    };
    let mut facts = facts(document, resolution, entry);
    let text = format!("{} (line {})", line.text, document.line(line.span));
    facts.push(("Agreed", text));
    Some(Alarm {
        item: item(document, resolution, entry),
        line: document.line(line.span),
        subject: with_owner(subject, entry.owner.as_deref()),
        headline,
        facts,
        ask: request(entry),
        route: line.route.clone(),
    })
}

/// Subject and headline about something that is waited for. The line may ask to be told before it
/// is late.
fn not_there(entry: &Entry, now: Timestamp) -> (String, String) {
    let (what, due) = (&entry.what, &entry.due);
    if due.at >= now {
        return (
            format!("Not there yet: {what}"),
            format!("**{what}** is not there yet. It is due {due}."),
        );
    }
    let by = in_words(now.duration_since(due.at));
    (
        format!("Late by {by}: {what}"),
        format!("**{what}** is late by {by}: it was due {due}."),
    )
}

/// Subject and headline about a line that stands for itself.
fn line_passed(entry: &Entry, now: Timestamp) -> (String, String) {
    let by = in_words(now.duration_since(entry.due.at));
    let due = &entry.due;
    if entry.about.is_empty() {
        let name = lines::first_words(&entry.what);
        return (
            format!("Is it done? {name}"),
            format!("The time of an escalation that was agreed on passed {by} ago: it was {due}."),
        );
    }
    let what = few(&entry.about);
    let is = if entry.about.len() == 1 { "is" } else { "are" };
    (
        format!("Late by {by}: {what}"),
        format!("**{what}** {is} not done, {by} after the time agreed on: it was {due}."),
    )
}

/// The first names, and how many more.
fn few(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [one, two] => format!("{one}; {two}"),
        [one, two, more @ ..] => format!("{one}; {two}; {} more", more.len()),
        [] => String::new(),
    }
}

/// What is asked of who hears.
fn request(entry: &Entry) -> String {
    let otherwise = "agree on a new date and write it into the document";
    match (&entry.ask, &entry.owner) {
        (Some(command), _) => format!(
            "If it is done, have that recorded: `{command}`. If it is not, please see to it, or {otherwise}."
        ),
        (None, Some(owner)) => {
            format!("Please see to it with {owner} that it is delivered, or {otherwise}.")
        }
        (None, None) => format!("Please see to it, or {otherwise}."),
    }
}

fn with_owner(subject: String, owner: Option<&str>) -> String {
    match owner {
        Some(owner) => format!("{subject} ({owner})"),
        None => subject,
    }
}

/// Who owes an entry, what the document says of it, and what is missing.
fn facts(
    document: &Document,
    resolution: &Resolution,
    entry: &Entry,
) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let owner = entry.owner.clone();
    let nobody = || (entry.kind != Kind::Escalation).then(|| "nobody is named".to_owned());
    facts.extend(owner.or_else(nobody).map(|owner| ("Owed by", owner)));
    if entry.ask.is_some() {
        let text = "nothing in the document shows whether it is done";
        facts.push(("Known", text.to_owned()));
    }
    if let Some(status) = &entry.status {
        facts.push(("The document says", status.text.clone()));
    }
    for gate in &entry.missing {
        facts.push(("Missing", with_reason(document, resolution, gate)));
    }
    facts
}

/// A gate's name with the reason of its hold; what is no gate stays as it is.
pub fn with_reason(document: &Document, resolution: &Resolution, name: &str) -> String {
    let at = document.gates.iter().position(|g| g.name == name);
    let result = at.and_then(|at| resolution.gates.get(at));
    match result.filter(|r| r.verdict == Verdict::Hold) {
        Some(result) => format!("{name}: {}", set_off(&result.reason)),
        None => name.to_owned(),
    }
}

/// A reason with the command at its end as code, so that it can be copied whole.
pub fn set_off(reason: &str) -> String {
    match reason.rsplit_once(": packet ") {
        Some((why, command)) if !command.contains('`') => format!("{why}: `packet {command}`"),
        _ => reason.to_owned(),
    }
}

/// Escalation lines whose time cannot be read.
fn unreadable(document: &Document, resolution: &Resolution, alarms: &mut Alarms) {
    let parts = &document.coordination;
    let entries = &resolution.timeline.entries;
    let known =
        |kind: Kind, index: usize| entries.iter().any(|e| e.kind == kind && e.index == index);
    let own = parts.dependencies.iter().enumerate().filter_map(|(i, d)| {
        let met = resolution.timeline.dependencies.get(i).copied().flatten();
        let line = d.escalation.as_ref().filter(|_| met.is_none())?;
        Some((line, known(Kind::Dependency, i)))
    });
    let others = parts.escalations.iter().enumerate();
    let others = others.map(|(i, line)| (line, known(Kind::Escalation, i)));
    let mut add = |span: Span, text: String| {
        let line = document.line(span);
        alarms.unreadable.push(Remark { line, text });
    };
    for (line, on_timeline) in own.chain(others) {
        match &line.deadline {
            Some(deadline) => {
                if let Err(problem) = &deadline.read {
                    add(deadline.span, format!("{problem}; {}", problem.help()));
                }
            }
            None if !on_timeline => add(
                line.span,
                "the escalation names no time; write one into it, such as `by 2025-10-15 12:00 ET`"
                    .to_owned(),
            ),
            None => {}
        }
    }
    for trigger in &parts.triggers {
        if let Err(problem) = &trigger.from.read {
            add(trigger.from.span, format!("{problem}; {}", problem.help()));
        }
    }
}

/// The names of the gates on hold, in order.
fn held<'d>(document: &'d Document, gates: &[GateResult]) -> Vec<&'d str> {
    let pairs = document.gates.iter().zip(gates);
    let on_hold = pairs.filter(|(_, result)| result.verdict == Verdict::Hold);
    on_hold.map(|(gate, _)| gate.name.as_str()).collect()
}

#[cfg(test)]
mod tests;
