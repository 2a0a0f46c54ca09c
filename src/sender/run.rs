//! Making the deliveries of a plan: intent on disk before the wire, outcome after.

mod crew;
pub(super) mod journal;
mod lane;
mod queue;
pub(super) mod teller;

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;

use self::{
    journal::Journal,
    lane::{Lane, LaneEnd},
    teller::Teller,
};
use super::{
    choice::Choice,
    feedback,
    routes::{Routes, Transports},
    standing::{self, Standing},
    transport::Parcel,
};
use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, Outcome, Plan, PlannedDelivery, Via},
    },
    workspace::{clock::Clock, ledger_file::LedgerError, plans::Kept, situation::Situation},
};

pub use queue::Limits;

/// Told about each delivery as it happens, in the order of the plan.
pub trait Progress {
    /// A delivery is about to be made; several may be under way, in any order.
    fn begins(&mut self, delivery: &PlannedDelivery);
    /// It was made, or not; that is on record.
    fn ends(&mut self, delivery: &PlannedDelivery, outcome: &Outcome);
    /// It was put off and will be tried again after `pause`.
    fn waits(&mut self, _delivery: &PlannedDelivery, _outcome: &Outcome, _pause: Duration) {}
    /// Whether to begin no further delivery.
    fn stopped(&self) -> bool {
        false
    }
    /// Told once, when it stops: so many deliveries are waited for.
    fn stopping(&mut self, _in_flight: usize) {}
}

/// What one run did, in the order of the plan.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Deliveries tried, with the last that came of each.
    pub tried: Vec<(PlannedDelivery, Outcome)>,
    /// Deliveries left alone because they may have arrived.
    pub unknown: Vec<PlannedDelivery>,
    /// Deliveries left alone because they were refused before.
    pub rejected: Vec<PlannedDelivery>,
    /// Deliveries that would have been made, had it not stopped before.
    pub left: Vec<PlannedDelivery>,
    /// Transports that were given up, and why.
    pub given_up: Vec<(Via, String)>,
    /// Whether it was stopped half way.
    pub stopped: bool,
}

/// The workspace's own deliveries: what writes into the bundle folder and the feedback document.
pub trait Own {
    /// Makes one of them and says what came of it.
    fn deliver(
        &mut self,
        situation: &Situation,
        delivery: &PlannedDelivery,
        at: Timestamp,
    ) -> Outcome;
}

/// What any run works with.
pub struct Wire<'a> {
    /// Where deliveries go.
    pub routes: &'a Routes,
    /// The transports.
    pub transports: Transports,
    /// The envelope's sender, an address.
    pub sender: &'a str,
    /// The clock.
    pub clock: Clock,
    /// Who is told.
    pub progress: &'a mut dyn Progress,
}

/// What the run of a plan works with.
pub struct Means<'a> {
    /// The way out.
    pub wire: Wire<'a>,
    /// The workspace's own deliveries.
    pub own: &'a mut dyn Own,
    /// Subject and text that go out, for the record.
    pub message: (&'a str, &'a str),
}

/// Makes the deliveries of `kept` that are not made yet: the bundle folder, of which the messages
/// tell; mail; posts; last the feedback document, which tells what became of the others.
///
/// # Errors
/// When the ledger cannot be written: nothing goes out that is not on record first.
pub fn run(
    situation: &mut Situation,
    kept: &Kept,
    choice: &Choice,
    means: Means<'_>,
) -> Result<Done, LedgerError> {
    let Means { wire, own, message } = means;
    let Wire {
        routes,
        mut transports,
        sender,
        clock,
        progress,
    } = wire;
    let deliveries = &kept.plan.deliveries;
    let (mut done, due) = sort(situation, kept, choice, routes);
    let mut teller = Teller::new(progress, deliveries, due.iter().map(|(index, _)| *index));
    let parcel = |index: usize| Parcel {
        delivery: &deliveries[index],
        bytes: &kept.bytes[index],
        sender,
    };
    let is_document = |index: usize| deliveries[index].kind == ChannelKind::Document;
    let mut journal = Journal {
        situation,
        account: &kept.plan,
        clock,
    };
    if !due.is_empty() && !teller.stopped(0) {
        journal.start(&kept.plan, message)?;
    }
    let mut left = Vec::new();
    let folders = due.iter().filter(|d| d.1 == Via::Workspace).map(|d| d.0);
    let folders: Vec<usize> = folders.filter(|i| !is_document(*i)).collect();
    let mut make_own = |indices, journal: &mut Journal<'_>, teller: &mut Teller<'_>| {
        make_own(indices, deliveries, journal, own, teller)
    };
    left.extend(make_own(folders, &mut journal, &mut teller)?);
    let lanes = lanes(&due, &mut transports, &parcel, &mut journal, &mut teller)?;
    left.extend(lanes.left);
    done.stopped |= lanes.stopped;
    done.given_up = lanes.given_up;
    let documents = documents(&kept.plan, journal.situation, choice, &due);
    left.extend(make_own(documents, &mut journal, &mut teller)?);
    done.stopped |= teller.stopped(0) && !left.is_empty();
    left.sort_unstable();
    done.left = left.into_iter().map(|i| deliveries[i].clone()).collect();
    done.tried = teller.tried();
    Ok(done)
}

/// How the lanes of a run ended.
#[derive(Debug, Default)]
pub(super) struct LanesEnd {
    /// Deliveries that were not tried.
    pub left: Vec<usize>,
    /// Transports that were given up, and why.
    pub given_up: Vec<(Via, String)>,
    /// Whether it was stopped half way.
    pub stopped: bool,
}

/// Makes what is `due` over transports, one transport after the other: mail, then posts.
pub(super) fn lanes<'p>(
    due: &[(usize, Via)],
    transports: &mut Transports,
    parcel: &(dyn Fn(usize) -> Parcel<'p> + Sync),
    journal: &mut Journal<'_>,
    teller: &mut Teller<'_>,
) -> Result<LanesEnd, LedgerError> {
    let mut ends = LanesEnd::default();
    for via in [Via::Smtp, Via::Outbox, Via::Slack] {
        let lane: Vec<usize> = due.iter().filter(|d| d.1 == via).map(|d| d.0).collect();
        if lane.is_empty() {
            continue;
        }
        let (transports, limits) = transports.take(via);
        let lane = Lane {
            via,
            transports,
            limits,
            due: lane,
        };
        let end: LaneEnd = lane.run(parcel, journal, teller)?;
        ends.left.extend(end.left);
        ends.stopped |= end.stopped;
        ends.given_up.extend(end.given_up.map(|why| (via, why)));
    }
    Ok(ends)
}

/// What is due, by place in the plan and transport; and what is left alone, and why.
fn sort(
    situation: &Situation,
    kept: &Kept,
    choice: &Choice,
    routes: &Routes,
) -> (Done, Vec<(usize, Via)>) {
    let mut done = Done::default();
    let mut due = Vec::new();
    let standings = standing::standings(situation, routes);
    let by_key: HashMap<&str, &Standing> = standings
        .iter()
        .map(|s| (s.wanted.key.as_str(), s))
        .collect();
    for (index, delivery) in kept.plan.deliveries.iter().enumerate() {
        let Some(standing) = by_key.get(delivery.key.as_str()) else {
            continue;
        };
        if choice.is_due(standing) {
            due.push((index, standing.via));
        } else if choice.covers(&delivery.key) {
            match standing.state {
                DeliveryState::Unknown => done.unknown.push(delivery.clone()),
                DeliveryState::Rejected => done.rejected.push(delivery.clone()),
                _ => {}
            }
        }
    }
    (done, due)
}

/// Makes the workspace's own deliveries, one at a time, unless somebody wants to stop; returns
/// those that were left.
fn make_own(
    indices: Vec<usize>,
    deliveries: &[PlannedDelivery],
    journal: &mut Journal<'_>,
    own: &mut dyn Own,
    teller: &mut Teller<'_>,
) -> Result<Vec<usize>, LedgerError> {
    let mut left = Vec::new();
    for index in indices {
        if teller.stopped(0) {
            teller.leaves([index]);
            left.push(index);
            continue;
        }
        teller.begins(index);
        journal.record(&[], &[index], Via::Workspace)?;
        let outcome = own.deliver(journal.situation, &deliveries[index], journal.clock.now());
        journal.record(&[(index, outcome.clone())], &[], Via::Workspace)?;
        teller.ended(index, &outcome);
    }
    Ok(left)
}

/// The feedback documents that are due: those without their entry, and those that have it and
/// do not tell of what was delivered since.
fn documents(
    plan: &Plan,
    situation: &Situation,
    choice: &Choice,
    due: &[(usize, Via)],
) -> Vec<usize> {
    let is_due = |index: &usize| {
        let delivery = &plan.deliveries[*index];
        let news = || feedback::news(situation, plan.revision, &delivery.key);
        delivery.kind == ChannelKind::Document
            && (due.iter().any(|d| d.0 == *index)
                || !choice.skips(&delivery.key) && news().is_some())
    };
    (0..plan.deliveries.len()).filter(is_due).collect()
}
