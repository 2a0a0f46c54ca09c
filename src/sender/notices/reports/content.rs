//! What a report says: late first, then today, what stands in the way, what changed.

use jiff::civil::Date;

use super::{
    Day,
    owners::{Owner, Owners},
    subject,
};
use crate::{
    model::{
        coordination::StatusKind,
        deadline::in_words,
        ledger::NoticeKind,
        plan::DeliveryState,
        resolution::Verdict,
        snapshot::Snapshot,
        timeline::{DeadlineState, Entry, Kind, MetBy},
    },
    renderer::{
        filters,
        notices::{Report, Section},
    },
    resolver::{escalations, people},
    workspace::situation::Situation,
};

/// Lines of one part.
const LINES: usize = 25;
/// Deadlines of later days.
const NEXT: usize = 5;
/// What is missing for one deadline.
const FEW: usize = 3;

/// A report in words.
#[derive(Clone, Debug)]
pub struct Told {
    /// The subject.
    pub subject: String,
    /// The text.
    pub report: Report,
}

/// Whether nothing is owed and no gate holds.
pub(super) fn nothing_open(situation: &Situation) -> bool {
    let resolution = &situation.resolution;
    let met = |e: &Entry| e.state == DeadlineState::Met;
    resolution.timeline.entries.iter().all(met)
        && resolution.gates.iter().all(|g| g.verdict != Verdict::Hold)
        && situation.acknowledgements().missing().next().is_none()
}

/// The day's report; `changed` since `before`.
pub(super) fn report(
    situation: &Situation,
    owners: &Owners,
    day: &Day,
    before: Option<&Snapshot>,
    changed: Vec<String>,
) -> Told {
    let entries = &situation.resolution.timeline.entries;
    let on = |e: &&Entry, date: fn(Date, Date) -> bool| {
        let due = e.due.at.to_zoned(day.zone.rules.clone()).date();
        e.state == DeadlineState::Pending && date(due, day.date)
    };
    let words = |e: &Entry| words(situation, e, day);
    let late: Vec<String> = entries
        .iter()
        .filter(|e| e.state == DeadlineState::Overdue)
        .map(words)
        .collect();
    let today: Vec<String> = entries
        .iter()
        .filter(|e| on(e, |due, day| due == day))
        .map(words)
        .collect();
    let next = entries.iter().filter(|e| on(e, |due, day| due > day));
    let next: Vec<String> = next.take(NEXT).map(words).collect();
    let met: Vec<String> = entries
        .iter()
        .filter(|e| e.state == DeadlineState::Met)
        .map(done)
        .collect();
    let held = gates_on_hold(situation);
    let counts = vec![
        format!("{} late", late.len()),
        format!("{} due today", today.len()),
        match held.len() {
            1 => "1 gate on hold".to_owned(),
            n => format!("{n} gates on hold"),
        },
    ];
    let title = situation.document.title();
    let mut summary = format!(
        "Where it stands on {} ({}): {}",
        day.date,
        day.zone.name,
        counts.join(", ")
    );
    if !entries.is_empty() {
        summary.push_str(&format!(
            "; {} of {} deadlines {} met",
            met.len(),
            entries.len(),
            if met.len() == 1 { "is" } else { "are" }
        ));
    }
    summary.push('.');
    let changes = match before {
        Some(before) => format!("Changed since the report of {}", before.day),
        None => "So far".to_owned(),
    };
    let changed = match (before, changed.is_empty()) {
        (Some(_), true) => vec!["nothing".to_owned()],
        (None, true) => vec!["this is the first report".to_owned()],
        _ => changed,
    };
    let unreached = owners.unreached.iter();
    let unreached = unreached.map(|u| u.why.clone());
    let parts = [
        ("Late".to_owned(), late),
        ("Due today".to_owned(), today),
        (
            "What stands in the way".to_owned(),
            blockers(situation, held),
        ),
        (changes, changed),
        ("Risks and escalations".to_owned(), risks(situation, day)),
        ("Next".to_owned(), next),
        ("Completed".to_owned(), met),
        (
            "Owners who did not get this".to_owned(),
            unreached.collect(),
        ),
    ];
    let sections = parts.into_iter().filter(|(_, items)| !items.is_empty());
    Told {
        subject: subject(day, &counts, title),
        report: Report {
            summary,
            sections: sections
                .map(|(title, items)| section(title, items))
                .collect(),
        },
    }
}

fn section(title: String, mut items: Vec<String>) -> Section {
    let more = items.len().saturating_sub(LINES);
    items.truncate(LINES);
    Section { title, items, more }
}

/// What one owner owes and has not delivered, for a block of their own.
pub(super) fn owed(situation: &Situation, owner: &Owner) -> Option<String> {
    let entries = situation.resolution.timeline.entries.iter();
    let open = entries
        .filter(|e| e.state != DeadlineState::Met && owner.owes.contains(&(e.kind, e.index)));
    let lines = open.map(|e| {
        let when = when(situation, e);
        match next_step(situation, e) {
            Some(next) => format!("{}, {when}; next: {next}", e.what),
            None => format!("{}, {when}", e.what),
        }
    });
    let lines: Vec<String> = lines.collect();
    match lines.as_slice() {
        [] => None,
        [one] => Some(format!("you owe {one}")),
        several => Some(format!(
            "you owe {} things.\n\n- {}",
            several.len(),
            several.join("\n- ")
        )),
    }
}

/// `late by 4 h, was due 2026-10-30 12:00 ET`, `due 2026-10-30, end of day ET`.
fn when(situation: &Situation, entry: &Entry) -> String {
    match entry.state {
        DeadlineState::Overdue => format!(
            "late by {}, was due {}",
            in_words(situation.now.duration_since(entry.due.at)),
            entry.due
        ),
        _ => format!("due {}", entry.due),
    }
}

fn lead(entry: &Entry) -> String {
    let whose = entry.owner.as_deref();
    let whose = whose.map_or_else(String::new, |owner| format!(" ({owner})"));
    format!("**{}**{whose}", entry.what)
}

fn words(situation: &Situation, entry: &Entry, day: &Day) -> String {
    let mut text = format!("{}: {}.", lead(entry), when(situation, entry));
    if let Some(status) = &entry.status {
        text.push_str(&format!(" The document says \"{}\".", status.text));
    }
    if !entry.missing.is_empty() {
        text.push_str(&format!(" Missing: {}.", listed(&entry.missing)));
    }
    if let Some(command) = &entry.ask {
        text.push_str(&format!(" If it is done: `{command}`."));
    }
    if let Some(next) = next_step(situation, entry) {
        text.push_str(&format!(" Next: {next}."));
    }
    if let Some(told) = escalated(situation, entry, day) {
        text.push_str(&format!(" {told}."));
    }
    text
}

/// The first few, and how many more.
fn listed(all: &[String]) -> String {
    let more = all.len().saturating_sub(FEW);
    let names = all[..all.len() - more].join("; ");
    match more {
        0 => names,
        n => format!("{names}; {n} more"),
    }
}

fn done(entry: &Entry) -> String {
    let by = match (entry.met_by, &entry.word) {
        (Some(MetBy::Evidence), _) => "every gate is clear or waived",
        (_, Some(word)) => word,
        _ => "by the document's word",
    };
    format!("{}: {by}", lead(entry))
}

/// What the document plans next for an entry: the follow-up of its row, or of its owner's.
fn next_step(situation: &Situation, entry: &Entry) -> Option<String> {
    let rows = &situation.document.coordination.owners;
    let step = match entry.kind {
        Kind::Owner => rows.get(entry.index)?.follow_up.clone(),
        Kind::Dependency => {
            let owner = entry.owner.as_deref()?;
            let theirs = |name: &Option<String>| {
                let name = name.as_deref();
                name.is_some_and(|name| people::same(owner, name))
            };
            let mut rows = rows
                .iter()
                .filter(|r| theirs(&r.team) || theirs(&r.contact));
            rows.find_map(|r| r.follow_up.clone())
        }
        _ => None,
    };
    if let Some(step) = step {
        return Some(step);
    }
    let late = entry.state == DeadlineState::Overdue;
    let otherwise =
        || "deliver it, or agree on a new date and write it into the document".to_owned();
    late.then(otherwise)
}

/// When somebody heard that an entry is late, or will.
fn escalated(situation: &Situation, entry: &Entry, day: &Day) -> Option<String> {
    if entry.route.is_empty() {
        return None;
    }
    let at = escalations::moment(entry);
    let item = escalations::item(&situation.document, &situation.resolution, entry);
    let item = super::super::escalations::notice(&item);
    let mut told = situation.history.notices.iter();
    let told = told.find(|((notice, _), d)| *notice == item && d.state == DeliveryState::Sent);
    Some(match told {
        Some((_, delivery)) => format!("Heard of it {}: {}", day.clock(delivery.at), entry.route),
        None if at < situation.now => format!("Has yet to hear of it: {}", entry.route),
        None => format!("If it is late, {} hears of it", entry.route),
    })
}

/// Each gate on hold with its reason and who owes it.
fn gates_on_hold(situation: &Situation) -> Vec<String> {
    let document = &situation.document;
    let dependencies = &document.coordination.dependencies;
    let pairs = document.gates.iter().zip(&situation.resolution.gates);
    pairs
        .enumerate()
        .filter(|(_, (_, result))| result.verdict == Verdict::Hold)
        .map(|(index, (gate, result))| {
            let of = dependencies.iter().find(|d| d.gates.contains(&index));
            let whose = of.and_then(|d| d.owner.as_deref());
            let whose = whose.map_or_else(String::new, |owner| format!(" ({owner})"));
            let why = escalations::set_off(&result.reason);
            format!("**{}**{whose}: {why}", gate.name)
        })
        .collect()
}

/// Gates on hold, then what recipients reported, then what is failed or in danger.
fn blockers(situation: &Situation, mut found: Vec<String>) -> Vec<String> {
    let people = situation.acknowledgements().people;
    found.extend(people.iter().filter_map(|person| {
        let text = filters::remark(&person.blocker()?);
        Some(format!("**{}** reports: {text}", person.name))
    }));
    let entries = situation.resolution.timeline.entries.iter();
    let open = entries.filter(|e| e.state == DeadlineState::Pending);
    found.extend(open.filter_map(|entry| {
        let status = entry.status.as_ref()?;
        let kind = status.kind?;
        let grave = matches!(kind, StatusKind::Failed | StatusKind::AtRisk);
        grave.then(|| {
            format!(
                "{} is marked as {}: {}",
                lead(entry),
                kind.word(),
                status.text
            )
        })
    }));
    found
}

/// What was escalated so far, what is looked at within a day, and what may go wrong.
fn risks(situation: &Situation, day: &Day) -> Vec<String> {
    let parts = &situation.document.coordination;
    let told = situation.history.notices.iter();
    let told = told.filter(|((notice, _), delivery)| {
        notice.kind == NoticeKind::Escalation && delivery.state == DeliveryState::Sent
    });
    let mut told: Vec<_> = told
        .map(|((notice, key), delivery)| {
            let whom = key
                .split_once(':')
                .map_or(key.as_str(), |(_, target)| target);
            let at = day.clock(delivery.at);
            (
                delivery.at,
                format!("escalated {at} to {whom}: {}", notice.item),
            )
        })
        .collect();
    told.sort();
    let mut found: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
    found.extend(parts.triggers.iter().filter_map(|trigger| {
        let from = trigger.from.due()?;
        let wait = from.at.duration_since(situation.now).as_hours();
        let soon = from.at > situation.now && wait < 24;
        let text = format!("{}: {} → {}", from, trigger.when, trigger.action);
        soon.then(|| format!("looked at from {text}"))
    }));
    found.extend(parts.risks.iter().map(|risk| {
        let then = risk.mitigation.as_deref().unwrap_or("nothing is planned");
        let whose = risk.owner.as_deref();
        let whose = whose.map_or_else(String::new, |owner| format!(" ({owner})"));
        format!("if **{}**: {then}{whose}", risk.title)
    }));
    found
}
