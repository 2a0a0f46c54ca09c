//! What the ledger must say when: intents before the wire, outcomes after.

use crate::{
    model::{
        ledger::Event,
        plan::{Outcome, Plan, Via},
    },
    renderer::safety,
    resolver::changes::pins,
    sender::standing,
    workspace::{clock::Clock, ledger_file::LedgerError, situation::Situation},
};

/// What the ledger says about deliveries of one sort, each by its place in a list.
pub trait Account {
    /// The delivery `index` is about to be made by `via`.
    fn intended(&self, index: usize, via: Via) -> Event;
    /// The delivery `index` came to `outcome`.
    fn delivered(&self, index: usize, outcome: &Outcome) -> Event;
}

impl Account for Plan {
    fn intended(&self, index: usize, via: Via) -> Event {
        let delivery = &self.deliveries[index];
        Event::Intended {
            revision: self.revision,
            key: delivery.key.clone(),
            names: delivery.names.clone(),
            via,
            sha256: delivery.sha256.clone(),
            message_id: delivery.message_id.clone(),
            token: delivery.token.clone(),
        }
    }

    fn delivered(&self, index: usize, outcome: &Outcome) -> Event {
        Event::Delivered {
            revision: self.revision,
            key: self.deliveries[index].key.clone(),
            outcome: outcome.clone(),
        }
    }
}

/// The ledger's one writer during a run.
pub struct Journal<'a> {
    /// The document and its ledger.
    pub situation: &'a mut Situation,
    /// How the ledger tells of what is delivered.
    pub account: &'a dyn Account,
    /// The clock.
    pub clock: Clock,
}

impl Journal<'_> {
    /// Records that the revision goes out, once, with the evidence it stands on.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn start(&mut self, plan: &Plan, (subject, body): (&str, &str)) -> Result<(), LedgerError> {
        if standing::current(self.situation).is_some() {
            return Ok(());
        }
        let document = &self.situation.document;
        let resolution = &self.situation.resolution;
        let materials = resolution.files.iter().filter(|f| !f.evidence);
        let event = Event::Started {
            revision: plan.revision,
            digest: plan.digest.clone(),
            plan: plan.id.clone(),
            subject: safety::visible(subject),
            body: Some(body.to_owned()),
            evidence: pins(document, resolution),
            materials: materials.map(|f| f.from.clone()).collect(),
        };
        self.situation.append(&event, None, self.clock)
    }

    /// Records outcomes, then intents, with one fsync for all. Only on return may the intended
    /// deliveries be made.
    ///
    /// # Errors
    /// The ledger cannot be written; where that concerns the intents alone, the outcomes are
    /// recorded nevertheless.
    pub fn record(
        &mut self,
        outcomes: &[(usize, Outcome)],
        intents: &[usize],
        via: Via,
    ) -> Result<(), LedgerError> {
        let known = outcomes
            .iter()
            .map(|(index, outcome)| self.account.delivered(*index, outcome));
        let mut events: Vec<Event> = known.collect();
        events.extend(
            intents
                .iter()
                .map(|index| self.account.intended(*index, via)),
        );
        let result = self.situation.append_all(&events, None, self.clock);
        if result.is_err() && !outcomes.is_empty() && !intents.is_empty() {
            // What is known must not be lost for want of room for what is only planned; the
            // first error is the one to tell.
            let known = &events[..outcomes.len()];
            let _ = self.situation.append_all(known, None, self.clock);
        }
        result
    }
}
