//! Where a document and its deliveries stand.

use serde::Serialize;

use super::routes::Routes;
use crate::{
    model::{
        history::{Delivery, Revision},
        plan::{DeliveryState, Via},
        wanted::Wanted,
    },
    resolver::wanted::deliveries,
    workspace::situation::Situation,
};

/// The state of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Something waits for evidence, a word or a file.
    Hold,
    /// Ready to send.
    Clear,
    /// Some deliveries are made, others are not.
    Partial,
    /// Every delivery is made.
    Sent,
    /// And everyone has confirmed.
    Complete,
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            State::Hold => "hold",
            State::Clear => "clear",
            State::Partial => "partial",
            State::Sent => "sent",
            State::Complete => "complete",
        })
    }
}

/// One delivery that the document asks for, and what is on record about it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What is asked for.
    pub wanted: Wanted,
    /// The transport that would be used now.
    pub via: Via,
    /// Where it stands, in view of that transport.
    pub state: DeliveryState,
    /// What is on record.
    pub record: Option<Delivery>,
}

/// Every delivery of the document with its standing in the revision at hand.
pub fn standings(situation: &Situation, routes: &Routes) -> Vec<Standing> {
    let record = current(situation);
    deliveries(&situation.document, &situation.roster)
        .into_iter()
        .map(|wanted| {
            let via = routes.via(wanted.kind, &wanted.target);
            let known = record.and_then(|r| r.deliveries.get(&wanted.key)).cloned();
            let state = known
                .as_ref()
                .map_or(DeliveryState::Pending, |d| d.standing(via));
            Standing {
                wanted,
                via,
                state,
                record: known,
            }
        })
        .collect()
}

/// Where the mail and posts are that count as made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// Everything left this machine, or nothing had to.
    Gone,
    /// Nothing left this machine: all of it is in the outbox.
    Outbox,
    /// Some left, some is in the outbox.
    Both,
}

/// Where the mail and posts are that count as made.
pub(crate) fn whereabouts(standings: &[Standing]) -> Whereabouts {
    let made = standings.iter().filter(|s| s.state == DeliveryState::Sent);
    whereabouts_of(made.filter_map(|s| s.record.as_ref()).map(|r| r.via))
}

/// The same of the transports that made deliveries went by.
pub(crate) fn whereabouts_of(made: impl Iterator<Item = Via>) -> Whereabouts {
    let (mut gone, mut kept) = (false, false);
    for via in made {
        match via {
            Via::Smtp | Via::Slack => gone = true,
            Via::Outbox => kept = true,
            Via::Workspace => {}
        }
    }
    match (gone, kept) {
        (true, true) => Whereabouts::Both,
        (false, true) => Whereabouts::Outbox,
        (_, false) => Whereabouts::Gone,
    }
}

/// The document's state as a person reads it; `sent` only where all of it went.
pub(crate) fn state_word(state: State, standings: &[Standing]) -> &'static str {
    match (state, whereabouts(standings)) {
        (State::Hold, _) => "on hold",
        (State::Clear, _) => "clear",
        (State::Complete, _) => "complete",
        (State::Sent, Whereabouts::Gone) => "sent",
        (State::Sent, Whereabouts::Outbox) => "in the outbox",
        (State::Partial, Whereabouts::Outbox) => "partly in the outbox",
        (State::Sent | State::Partial, _) => "partly sent",
    }
}

/// The revision on record that sends what the document now comes to.
pub fn current(situation: &Situation) -> Option<&Revision> {
    situation.current()
}

/// The state of the document.
pub fn state(situation: &Situation, standings: &[Standing]) -> State {
    if !situation.resolution.is_clear() {
        return State::Hold;
    }
    if current(situation).is_none() {
        return State::Clear;
    }
    let sent = standings
        .iter()
        .filter(|s| s.state == DeliveryState::Sent)
        .count();
    let touched = standings.iter().any(|s| s.record.is_some());
    if sent == standings.len() && sent > 0 {
        if situation.acknowledgements().is_complete() {
            State::Complete
        } else {
            State::Sent
        }
    } else if touched {
        State::Partial
    } else {
        State::Clear
    }
}
