//! The timeline: what is late, what is due next, who owes it.

pub mod json;

use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};

use super::style::{BAD, BOLD, DIM, GOOD, WAIT, paint, width, wrap};
use crate::{
    model::{
        coordination::StatusKind,
        deadline::in_words,
        timeline::{DeadlineState, Entry, Kind, MetBy},
    },
    workspace::situation::Situation,
};

/// The deadlines of these documents in one list, earliest first; empty without any. What is met
/// is one line each, what is open says who owes it and who hears.
pub fn timeline(situations: &[&Situation], verbose: bool) -> String {
    let several = situations.len() > 1;
    let mut entries: Vec<(&Situation, &Entry)> = situations
        .iter()
        .flat_map(|s| s.resolution.timeline.entries.iter().map(move |e| (*s, e)))
        .collect();
    entries.sort_by_key(|(_, entry)| entry.due.at);
    let Some((first, _)) = entries.first() else {
        return String::new();
    };
    let now = first.now;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}  {}",
        paint(BOLD, "Timeline"),
        paint(DIM, format!("at {now:.0}"))
    );
    for (situation, entry) in &entries {
        row(&mut out, situation, entry, several, verbose);
    }
    for situation in situations {
        if verbose {
            plan(&mut out, situation);
        }
        review(&mut out, situation, several);
    }
    out.push('\n');
    out
}

/// The event, and what would set off an escalation when.
fn plan(out: &mut String, situation: &Situation) {
    let parts = &situation.document.coordination;
    if let Some(event) = &parts.event {
        let _ = writeln!(out, "  the event begins {}", event.due);
    }
    for trigger in &parts.triggers {
        let from = trigger.from.due().map_or_else(String::new, |due| {
            format!(
                ", from {} {}",
                due.local().strftime("%F %H:%M"),
                due.zone.name
            )
        });
        let text = format!(
            "{}{from}: {} → {}",
            trigger.label, trigger.when, trigger.action
        );
        let _ = writeln!(out, "  {}", wrap(&text, 4, width()));
    }
}

/// The next review, while it is still to come.
fn review(out: &mut String, situation: &Situation, several: bool) {
    let review = situation.document.coordination.next_review.as_ref();
    let Some((review, due)) = review.and_then(|r| Some((r, r.deadline.due()?))) else {
        return;
    };
    if due.at < situation.now {
        return;
    }
    let mut text = format!("next review {due}");
    if !review.about.is_empty() {
        text = format!("{text}: {}", review.about);
    }
    if several {
        text = format!("{text} ({})", situation.document.path);
    }
    let _ = writeln!(out, "  {}", wrap(&text, 4, width()));
}

fn row(out: &mut String, situation: &Situation, entry: &Entry, several: bool, verbose: bool) {
    let at_risk = entry.status.as_ref().and_then(|s| s.kind) == Some(StatusKind::AtRisk);
    let (style, mark) = match (entry.state, entry.red) {
        (DeadlineState::Met, _) => (GOOD, "✔ met"),
        (DeadlineState::Overdue, _) => (BAD, "✘ late"),
        (DeadlineState::Pending, true) => (BAD, "✘ red"),
        (DeadlineState::Pending, false) if at_risk => (WAIT, "! at risk"),
        (DeadlineState::Pending, false) => (WAIT, "· due"),
    };
    let place = match several {
        true => format!("{}:{}", situation.document.path, entry.line),
        false => format!("line {}", entry.line),
    };
    let gap = " ".repeat("! at risk".len() - mark.chars().count());
    let indent = 13;
    let _ = writeln!(
        out,
        "  {}{gap}  {}  {}",
        paint(style, mark),
        paint(BOLD, &entry.what),
        paint(DIM, place)
    );
    let mut facts = vec![when(entry, situation.now)];
    facts.extend(entry.owner.as_ref().map(|owner| format!("owed by {owner}")));
    facts.extend(by(entry));
    let pad = " ".repeat(indent);
    let _ = writeln!(out, "{pad}{}", wrap(&facts.join(" · "), indent, width()));
    if entry.state == DeadlineState::Met && !verbose {
        return;
    }
    if !entry.missing.is_empty() {
        let text = format!("missing: {}", listed(&entry.missing, verbose));
        let _ = writeln!(out, "{pad}{}", wrap(&text, indent, width()));
    }
    if let Some(command) = &entry.ask {
        let text = format!("nothing in the document shows whether it is done; if it is: {command}");
        let _ = writeln!(out, "{pad}{}", wrap(&text, indent, width()));
    }
    if let Some(told) = told(entry) {
        let _ = writeln!(
            out,
            "{pad}{} {}",
            paint(WAIT, "→"),
            wrap(&told, indent + 2, width())
        );
    }
}

/// `late by 1 day 4 h, was due 2025-10-14 18:00 ET`.
fn when(entry: &Entry, now: Timestamp) -> String {
    let due = &entry.due;
    match entry.state {
        DeadlineState::Met => format!("due {due}"),
        DeadlineState::Overdue => {
            format!(
                "late by {}, was due {due}",
                in_words(now.duration_since(due.at))
            )
        }
        DeadlineState::Pending => {
            // A day ends a second after its last second.
            let end = SignedDuration::from_secs(i64::from(due.whole_day));
            format!(
                "in {}, due {due}",
                in_words(due.at.duration_since(now) + end)
            )
        }
    }
}

fn by(entry: &Entry) -> Option<String> {
    let status = entry.status.as_ref().map(|s| s.text.as_str());
    if let Some(word) = &entry.word {
        return Some(word.clone());
    }
    match (entry.met_by, status) {
        (Some(MetBy::Evidence), _) => Some("every gate is clear or waived".to_owned()),
        (Some(MetBy::Word), Some(text)) => Some(format!("by the document's word only: {text}")),
        (Some(MetBy::Word), None) if entry.kind == Kind::Escalation => {
            Some("by the document's word only".to_owned())
        }
        (Some(MetBy::Word), None) => {
            Some("by the document's word only: every box is ticked".to_owned())
        }
        (None, Some(text)) => Some(format!("says {text}")),
        (Some(MetBy::Attested), _) | (None, None) => None,
    }
}

/// The first few, and how many more.
fn listed(all: &[String], verbose: bool) -> String {
    let shown = if verbose { all.len() } else { all.len().min(3) };
    let more = all.len() - shown;
    let names = all[..shown].join("; ");
    if more == 0 {
        names
    } else {
        format!("{names}; {more} more")
    }
}

/// Who hears, and whether that time has come.
fn told(entry: &Entry) -> Option<String> {
    if entry.route.is_empty() || entry.state == DeadlineState::Met {
        return None;
    }
    let word = if entry.state == DeadlineState::Overdue {
        "escalate to"
    } else {
        "if it is late, escalate to"
    };
    Some(format!("{word} {}", entry.route))
}
