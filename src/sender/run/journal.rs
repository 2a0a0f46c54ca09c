//! What the ledger must say when: intents before the wire, outcomes after.

use crate::{
    model::{
        ledger::{Event, Pin},
        plan::{Outcome, Plan, Via},
        resolution::Proof,
    },
    renderer::safety,
    sender::standing,
    workspace::{clock::Clock, ledger_file::LedgerError, situation::Situation},
};

/// The ledger's one writer during a run.
pub struct Journal<'a> {
    /// The document and its ledger.
    pub situation: &'a mut Situation,
    /// What is being sent.
    pub plan: &'a Plan,
    /// The clock.
    pub clock: Clock,
}

impl Journal<'_> {
    /// Records that the revision goes out, once, with the evidence it stands on.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn start(&mut self, subject: &str) -> Result<(), LedgerError> {
        if standing::current(self.situation).is_some() {
            return Ok(());
        }
        let document = &self.situation.document;
        let resolution = &self.situation.resolution;
        let gates = document.gates.iter().zip(&resolution.gates);
        let mut evidence: Vec<Pin> = gates
            .flat_map(|(gate, result)| result.proofs.iter().map(|p| pin(&gate.name, p)))
            .collect();
        evidence.extend(resolution.extra.iter().map(|p| pin("", p)));
        let materials = resolution.files.iter().filter(|f| !f.evidence);
        let event = Event::Started {
            revision: self.plan.revision,
            digest: self.plan.digest.clone(),
            plan: self.plan.id.clone(),
            subject: safety::visible(subject),
            evidence,
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
            .map(|(index, outcome)| self.delivered(*index, outcome));
        let mut events: Vec<Event> = known.collect();
        events.extend(intents.iter().map(|index| self.intended(*index, via)));
        let result = self.situation.append_all(&events, None, self.clock);
        if result.is_err() && !outcomes.is_empty() && !intents.is_empty() {
            // What is known must not be lost for want of room for what is only planned; the
            // first error is the one to tell.
            let known = &events[..outcomes.len()];
            let _ = self.situation.append_all(known, None, self.clock);
        }
        result
    }

    fn intended(&self, index: usize, via: Via) -> Event {
        let delivery = &self.plan.deliveries[index];
        Event::Intended {
            revision: self.plan.revision,
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
            revision: self.plan.revision,
            key: self.plan.deliveries[index].key.clone(),
            outcome: outcome.clone(),
        }
    }
}

fn pin(gate: &str, proof: &Proof) -> Pin {
    Pin {
        gate: gate.to_owned(),
        pattern: proof.pattern.clone(),
        file: proof.file.clone(),
    }
}
