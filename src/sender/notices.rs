//! Notices: mail and posts about the packet that are not the packet. Reminders, reports,
//! escalations and invitations all go this way.
//!
//! A notice is composed ([`compose::Desk`]), put on a list ([`Notices`]) and delivered over the
//! same lanes as a plan, its intent on disk before the wire and its outcome after. The ledger
//! decides what is due: the same item goes to the same key once, whoever runs it and how often.

pub mod compose;
pub mod escalations;
pub mod final_reports;
pub mod invitations;
pub mod reminders;
pub mod reports;

use std::{collections::BTreeSet, io};

use super::{
    routes::Routes,
    run::{
        self, Done, Wire,
        journal::{Account, Journal},
        teller::Teller,
    },
    transport::Parcel,
};
use crate::{
    model::{
        ledger::{Event, Notice},
        plan::{DeliveryState, Outcome, PlannedDelivery, Via},
    },
    workspace::{
        Workspace,
        atomic::{self, Access},
        door::{self, Kind},
        ledger_file::LedgerError,
        private, sent,
        situation::Situation,
    },
};

/// A notice to one address or channel, with the exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// Which notice.
    pub notice: Notice,
    /// To whom, as in a plan.
    pub delivery: PlannedDelivery,
    /// The message or the JSON.
    pub bytes: Vec<u8>,
}

/// Composed notices about one document, in the order they are delivered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notices {
    notices: Vec<Notice>,
    deliveries: Vec<PlannedDelivery>,
    bytes: Vec<Vec<u8>>,
    opening: Option<Event>,
}

/// Where one notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeStanding {
    /// The transport that would be used now.
    pub via: Via,
    /// Where it stands, in view of that transport.
    pub state: DeliveryState,
}

impl NoticeStanding {
    /// Whether it is to be delivered now. What was refused or may have arrived is left alone.
    pub fn is_due(self) -> bool {
        matches!(self.state, DeliveryState::Pending | DeliveryState::Deferred)
    }
}

impl Notices {
    /// A list of notices; of the same item to the same key only the first counts.
    pub fn new(composed: impl IntoIterator<Item = Composed>) -> Self {
        let mut notices = Notices::default();
        let mut seen = BTreeSet::new();
        for one in composed {
            if seen.insert((one.notice.clone(), one.delivery.key.clone())) {
                notices.notices.push(one.notice);
                notices.deliveries.push(one.delivery);
                notices.bytes.push(one.bytes);
            }
        }
        notices
    }

    /// The same list, with what is put on record before the first of it goes out.
    pub fn opening(mut self, event: Option<Event>) -> Self {
        self.opening = event;
        self
    }

    /// The deliveries, in order.
    pub fn deliveries(&self) -> &[PlannedDelivery] {
        &self.deliveries
    }

    /// Where each stands, in order.
    pub fn standings(&self, situation: &Situation, routes: &Routes) -> Vec<NoticeStanding> {
        let pairs = self.notices.iter().zip(&self.deliveries);
        pairs
            .map(|(notice, delivery)| {
                standing(
                    situation,
                    notice,
                    &delivery.key,
                    routes.via(delivery.kind, &delivery.target),
                )
            })
            .collect()
    }

    /// Whether anything of it is to be delivered now.
    pub fn has_due(&self, situation: &Situation, routes: &Routes) -> bool {
        let standings = self.standings(situation, routes);
        standings.into_iter().any(NoticeStanding::is_due)
    }

    /// Writes the messages to look at below `.packet/notices/WHAT/`, in the place of what a
    /// look before left there. Returns the folder, from the workspace root.
    ///
    /// # Errors
    /// A file cannot be written or removed.
    pub fn keep(&self, workspace: &Workspace, what: &str) -> io::Result<String> {
        let below = format!("notices/{what}");
        private::ensure(workspace, &below)?;
        let folder = workspace.private(&below);
        let mut kept = BTreeSet::new();
        for (delivery, bytes) in self.deliveries.iter().zip(&self.bytes) {
            if let Some(file) = &delivery.file {
                let name = format!("{:02}-{file}", kept.len() + 1);
                atomic::derive_if_changed(&folder.join(&name), bytes, Access::Private)?;
                kept.insert(name);
            }
        }
        for entry in door::list(&folder)? {
            let known = entry.name.to_str().is_some_and(|n| kept.contains(n));
            if !known && matches!(entry.kind, Kind::File(_)) {
                door::remove_file(&folder.join(&entry.name))?;
            }
        }
        Ok(format!(".packet/{below}"))
    }

    /// Keeps the bytes of what is about to be delivered.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn keep_sent(
        &self,
        workspace: &Workspace,
        situation: &Situation,
        routes: &Routes,
    ) -> io::Result<()> {
        let standings = self.standings(situation, routes);
        let all = self.deliveries.iter().zip(&self.bytes).zip(standings);
        let due = all.filter(|(_, standing)| standing.is_due());
        let messages = due.map(|((delivery, bytes), _)| (delivery, bytes.as_slice()));
        sent::keep(workspace, &situation.document.path, None, messages)
    }

    /// What a delivery would leave alone: what may have arrived and what was refused before.
    pub fn left_alone(&self, situation: &Situation, routes: &Routes) -> Done {
        let mut done = Done::default();
        let standings = self.standings(situation, routes);
        for (delivery, standing) in self.deliveries.iter().zip(standings) {
            match standing.state {
                DeliveryState::Unknown => done.unknown.push(delivery.clone()),
                DeliveryState::Rejected => done.rejected.push(delivery.clone()),
                _ => {}
            }
        }
        done
    }

    /// Delivers what is due: mail, then posts. Call it with the workspace's lock held.
    ///
    /// What may have arrived and what was refused before is listed in the result and left alone.
    ///
    /// # Errors
    /// When the ledger cannot be written: nothing goes out that is not on record first.
    pub fn deliver(&self, situation: &mut Situation, wire: Wire<'_>) -> Result<Done, LedgerError> {
        let Wire {
            routes,
            mut transports,
            sender,
            clock,
            progress,
        } = wire;
        let mut done = self.left_alone(situation, routes);
        let standings = self.standings(situation, routes).into_iter().enumerate();
        let due: Vec<(usize, Via)> = standings
            .filter(|(_, s)| s.is_due())
            .map(|(index, s)| (index, s.via))
            .collect();
        if let Some(event) = self.opening.as_ref().filter(|_| !due.is_empty()) {
            situation.append(event, None, clock)?;
        }
        let mut teller = Teller::new(progress, &self.deliveries, due.iter().map(|d| d.0));
        let parcel = |index: usize| Parcel {
            delivery: &self.deliveries[index],
            bytes: &self.bytes[index],
            sender,
        };
        let mut journal = Journal {
            situation,
            account: self,
            clock,
        };
        let mut ends = run::lanes(&due, &mut transports, &parcel, &mut journal, &mut teller)?;
        ends.left.sort_unstable();
        let left = ends.left.into_iter().map(|i| self.deliveries[i].clone());
        done.left = left.collect();
        done.given_up = ends.given_up;
        done.stopped = ends.stopped;
        done.tried = teller.tried();
        Ok(done)
    }
}

/// Where the notice to `key` stands for somebody who would deliver it by `via` now.
pub fn standing(situation: &Situation, notice: &Notice, key: &str, via: Via) -> NoticeStanding {
    let known = situation
        .history
        .notices
        .get(&(notice.clone(), key.to_owned()));
    NoticeStanding {
        via,
        state: known.map_or(DeliveryState::Pending, |d| d.standing(via)),
    }
}

impl Account for Notices {
    fn intended(&self, index: usize, via: Via) -> Event {
        let delivery = &self.deliveries[index];
        Event::NoticeIntended {
            notice: self.notices[index].clone(),
            key: delivery.key.clone(),
            names: delivery.names.clone(),
            via,
            sha256: delivery.sha256.clone(),
            message_id: delivery.message_id.clone(),
            token: delivery.token.clone(),
        }
    }

    fn delivered(&self, index: usize, outcome: &Outcome) -> Event {
        Event::NoticeDelivered {
            notice: self.notices[index].clone(),
            key: self.deliveries[index].key.clone(),
            outcome: outcome.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
