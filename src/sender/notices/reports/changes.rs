//! What changed since an earlier report: verdicts and deadlines by what it said, the rest by the
//! ledger.

use std::collections::BTreeMap;

use super::Day;
use crate::{
    model::{
        ledger::{Entry, Event, NoticeKind, Said},
        plan::DeliveryState,
        resolution::Verdict,
        snapshot::Snapshot,
        timeline::DeadlineState,
    },
    renderer::filters,
    workspace::situation::Situation,
};

/// What changed, a line each. Without an earlier report, all that the ledger tells.
pub(super) fn since(
    situation: &Situation,
    before: Option<(u64, &Snapshot)>,
    day: &Day,
) -> Vec<String> {
    let mut found = Vec::new();
    if let Some((_, before)) = before {
        gates(situation, before, &mut found);
        deadlines(situation, before, &mut found);
    }
    let seen = before.map_or(0, |(seq, _)| seq);
    let entries = situation.ledger.entries().iter();
    let newer: Vec<&Entry> = entries.filter(|e| e.seq > seen).collect();
    found.extend(newer.iter().filter_map(|entry| said(entry, day)));
    found.extend(deliveries(&newer));
    found
}

fn gates(situation: &Situation, before: &Snapshot, found: &mut Vec<String>) {
    let then: BTreeMap<&str, Verdict> = before
        .gates
        .iter()
        .map(|g| (g.name.as_str(), g.verdict))
        .collect();
    let pairs = situation
        .document
        .gates
        .iter()
        .zip(&situation.resolution.gates);
    for (gate, result) in pairs {
        let name = &gate.name;
        let now = result.verdict;
        let change = match (then.get(name.as_str()), now) {
            (Some(then), now) if *then == now => continue,
            (None, Verdict::Hold) => "is new, and on hold",
            (None, _) => "is new, and clear",
            (Some(Verdict::Hold), Verdict::Clear) => "is clear",
            (Some(_), Verdict::Clear) => "is clear, without a waiver",
            (Some(_), Verdict::Waived) => "is waived",
            (Some(_), Verdict::Hold) => "is on hold again",
        };
        found.push(match now {
            Verdict::Hold => format!("**{name}** {change}: {}", result.reason),
            _ => format!("**{name}** {change}"),
        });
    }
    let names: Vec<&str> = situation
        .document
        .gates
        .iter()
        .map(|g| g.name.as_str())
        .collect();
    let gone = before
        .gates
        .iter()
        .filter(|g| !names.contains(&g.name.as_str()));
    found.extend(gone.map(|g| format!("**{}** is no longer asked for", g.name)));
}

fn deadlines(situation: &Situation, before: &Snapshot, found: &mut Vec<String>) {
    let entries = &situation.resolution.timeline.entries;
    for entry in entries {
        let what = &entry.what;
        let Some(then) = before.deadlines.iter().find(|d| d.what == *what) else {
            found.push(format!("**{what}** is new, due {}", entry.due));
            continue;
        };
        if then.due != entry.due.at {
            found.push(format!("**{what}** has a new date: {}", entry.due));
        }
        let change = match (then.state, entry.state) {
            (then, now) if then == now => continue,
            (DeadlineState::Overdue, DeadlineState::Met) => "is met, after its time",
            (_, DeadlineState::Met) => "is met",
            (_, DeadlineState::Overdue) => "has gone late",
            (DeadlineState::Met, DeadlineState::Pending) => "is open again",
            (_, DeadlineState::Pending) => "is not late any more",
        };
        found.push(format!("**{what}** {change}"));
    }
    let gone = before.deadlines.iter();
    let gone = gone.filter(|d| !entries.iter().any(|e| e.what == d.what));
    found.extend(gone.map(|d| format!("**{}** is no longer asked for", d.what)));
}

/// What an entry of the ledger tells the owners; `None` for what is told otherwise or not at all:
/// escalations have a part of their own.
fn said(entry: &Entry, day: &Day) -> Option<String> {
    let at = day.clock(entry.at);
    let claimed = entry.actor.claimed.as_deref();
    let who = claimed.unwrap_or(&entry.actor.os_user);
    Some(match entry.event()? {
        Event::Attested { gate, note, .. } => {
            let note = note.map_or_else(String::new, |n| format!(": {n}"));
            format!("{at}: {who} vouched for **{gate}**{note}")
        }
        Event::Waived { gate, reason, .. } => format!("{at}: {who} waived **{gate}**: {reason}"),
        Event::Started {
            revision, subject, ..
        } => format!("{at}: revision {revision} began to go out: {subject}"),
        Event::Answered {
            name,
            said,
            revision,
            ..
        } => {
            let what = match said {
                Said::Reviewed => "has reviewed".to_owned(),
                Said::Acknowledged => "has confirmed".to_owned(),
                Said::Blocked(text) => format!("reports \"{}\" about", filters::remark(&text)),
                Said::Resolved => "has no blocker any more for".to_owned(),
                Said::Withdrawn => "takes back the confirmation of".to_owned(),
            };
            format!("{at}: **{name}** {what} revision {revision}")
        }
        _ => return None,
    })
}

/// How many have the packet, and who does not.
fn deliveries(newer: &[&Entry]) -> Vec<String> {
    let mut last: BTreeMap<(u32, String), DeliveryState> = BTreeMap::new();
    let mut reminded = 0;
    for event in newer.iter().filter_map(|e| e.event()) {
        match event {
            Event::Intended { revision, key, .. } => {
                last.insert((revision, key), DeliveryState::Unknown);
            }
            Event::Delivered {
                revision,
                key,
                outcome,
            } => {
                last.insert((revision, key), outcome.state);
            }
            Event::NoticeDelivered {
                notice, outcome, ..
            } if notice.kind == NoticeKind::Reminder && outcome.state == DeliveryState::Sent => {
                reminded += 1;
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let mut sent: BTreeMap<u32, usize> = BTreeMap::new();
    for ((revision, key), state) in &last {
        if *state == DeliveryState::Sent {
            *sent.entry(*revision).or_default() += 1;
        } else {
            let whom = key
                .split_once(':')
                .map_or(key.as_str(), |(_, target)| target);
            found.push(format!(
                "the delivery of revision {revision} to {whom} is {state}"
            ));
        }
    }
    let made = sent.iter().map(|(revision, n)| match n {
        1 => format!("1 delivery of revision {revision} was made"),
        n => format!("{n} deliveries of revision {revision} were made"),
    });
    found.extend(made);
    match reminded {
        0 => {}
        1 => found.push("1 person was reminded".to_owned()),
        n => found.push(format!("{n} people were reminded")),
    }
    found
}
