//! A document that only says who owes what by when: there is nothing in it to clear.

use jiff::SignedDuration;

use crate::{
    model::{
        deadline::in_words,
        timeline::{DeadlineState, Entry},
    },
    workspace::situation::Situation,
};

/// Whether the document coordinates, and neither proves nor sends anything. What may hide a gate
/// stands in the way of that.
pub(super) fn is_one(situation: &Situation) -> bool {
    let document = &situation.document;
    let sends = !(document.notifications.is_empty() && document.recipients.is_empty());
    let only = document.gates.is_empty() && !sends && !document.coordination.is_empty();
    only && situation.resolution.blockers.len() == 1
}

/// What is late, and what is due next.
pub(super) fn facts(situation: &Situation) -> Vec<String> {
    let late = late(situation).count();
    let late = (late > 0).then(|| format!("{late} late"));
    let next = entries(situation, DeadlineState::Pending).next();
    let next = next.map(|entry| {
        let end = SignedDuration::from_secs(i64::from(entry.due.whole_day));
        let wait = in_words(entry.due.at.duration_since(situation.now) + end);
        format!("next in {wait}: {}", entry.what)
    });
    let all: Vec<String> = late.into_iter().chain(next).collect();
    match all.is_empty() {
        true => vec!["nothing is owed any more".to_owned()],
        false => all,
    }
}

/// What to do about it.
pub(super) fn steps(situation: &Situation) -> Vec<String> {
    let mut steps = Vec::new();
    if late(situation).any(|entry| !entry.route.is_empty()) {
        steps.push("tell who has to hear what is late: packet escalate --dry-run".to_owned());
    }
    let open = late(situation).next().is_some()
        || entries(situation, DeadlineState::Pending).next().is_some();
    if open {
        steps.push("tell who owes something: packet report --dry-run".to_owned());
    }
    steps.push(
        "if something has to be proved, put task items under a heading such as `Required Evidence`; without a gate the document never counts as clear"
            .to_owned(),
    );
    steps
}

fn late(situation: &Situation) -> impl Iterator<Item = &Entry> {
    entries(situation, DeadlineState::Overdue)
}

fn entries(situation: &Situation, state: DeadlineState) -> impl Iterator<Item = &Entry> {
    let all = situation.resolution.timeline.entries.iter();
    all.filter(move |e| e.state == state)
}
