//! Making the deliveries of a plan: intent on disk before the wire, outcome after.

use jiff::Timestamp;

use super::{
    routes::{Routes, Transports},
    standing::{self, Standing},
    transport::Parcel,
};
use crate::{
    model::{
        document::ChannelKind,
        ledger::{Event, Pin},
        plan::{DeliveryState, Outcome, PlannedDelivery, Via},
    },
    renderer::safety,
    workspace::{clock::Clock, ledger_file::LedgerError, plans::Kept, situation::Situation},
};

/// What is made, and what is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only these keys; empty means all. Named ones are tried again even where they were rejected.
    pub only: Vec<String>,
    /// Not these keys.
    pub skip: Vec<String>,
    /// Send again what may have arrived.
    pub resend_unknown: bool,
}

/// Told about each delivery as it happens.
pub trait Progress {
    /// A delivery is about to be made.
    fn begins(&mut self, delivery: &PlannedDelivery);
    /// It was made, or not.
    fn ends(&mut self, delivery: &PlannedDelivery, outcome: &Outcome);
    /// Whether to stop before the next delivery.
    fn stopped(&self) -> bool {
        false
    }
}

/// What one run did, in order.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Deliveries tried, with what came of each.
    pub tried: Vec<(PlannedDelivery, Outcome)>,
    /// Deliveries left alone because they may have arrived.
    pub unknown: Vec<PlannedDelivery>,
    /// Deliveries left alone because they were refused before.
    pub rejected: Vec<PlannedDelivery>,
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

/// What a run works with.
pub struct Means<'a> {
    /// Where deliveries go.
    pub routes: &'a Routes,
    /// The transports.
    pub transports: &'a mut Transports,
    /// The workspace's own deliveries.
    pub own: &'a mut dyn Own,
    /// The subject that goes out, for the record.
    pub subject: &'a str,
    /// The envelope's sender, an address.
    pub sender: &'a str,
    /// The clock.
    pub clock: Clock,
    /// Who is told.
    pub progress: &'a mut dyn Progress,
}

/// Makes the deliveries of `kept` that are not made yet.
///
/// # Errors
/// When the ledger cannot be written: nothing goes out that is not on record first.
pub fn run(
    situation: &mut Situation,
    kept: &Kept,
    choice: &Choice,
    means: Means<'_>,
) -> Result<Done, LedgerError> {
    let clock = means.clock;
    let mut done = Done::default();
    let standings = standing::standings(situation, means.routes);
    for (delivery, bytes) in kept.plan.deliveries.iter().zip(&kept.bytes) {
        let Some(standing) = standings.iter().find(|s| s.wanted.key == delivery.key) else {
            continue;
        };
        if !is_due(delivery, standing, choice, &mut done) {
            continue;
        }
        if means.progress.stopped() {
            done.stopped = true;
            break;
        }
        start(situation, kept, means.subject, clock)?;
        means.progress.begins(delivery);
        let via = standing.via;
        intend(situation, kept, delivery, via, clock)?;
        let parcel = Parcel {
            delivery,
            bytes,
            sender: means.sender,
        };
        let outcome = match means.transports.get(via) {
            Some(transport) => transport.deliver(&parcel),
            None => means.own.deliver(situation, delivery, clock.now()),
        };
        record(situation, kept, delivery, outcome.clone(), clock)?;
        means.progress.ends(delivery, &outcome);
        done.tried.push((delivery.clone(), outcome));
    }
    means.transports.finish();
    Ok(done)
}

fn is_due(
    delivery: &PlannedDelivery,
    standing: &Standing,
    choice: &Choice,
    done: &mut Done,
) -> bool {
    let named = choice.only.contains(&delivery.key);
    if choice.skip.contains(&delivery.key) || (!choice.only.is_empty() && !named) {
        return false;
    }
    match standing.state {
        DeliveryState::Sent => false,
        DeliveryState::Pending | DeliveryState::Deferred => true,
        DeliveryState::Unknown if choice.resend_unknown => true,
        DeliveryState::Unknown => {
            done.unknown.push(delivery.clone());
            false
        }
        DeliveryState::Rejected if named => true,
        DeliveryState::Rejected => {
            done.rejected.push(delivery.clone());
            false
        }
    }
}

/// Records that the revision goes out, once, with the evidence it stands on.
fn start(
    situation: &mut Situation,
    kept: &Kept,
    subject: &str,
    clock: Clock,
) -> Result<(), LedgerError> {
    if standing::current(situation).is_some() {
        return Ok(());
    }
    let resolution = &situation.resolution;
    let gates = situation.document.gates.iter().zip(&resolution.gates);
    let mut evidence: Vec<Pin> = gates
        .flat_map(|(gate, result)| result.proofs.iter().map(|p| pin(&gate.name, p)))
        .collect();
    evidence.extend(resolution.extra.iter().map(|p| pin("", p)));
    let materials = resolution
        .files
        .iter()
        .filter(|f| !f.evidence)
        .map(|f| f.from.clone())
        .collect();
    let event = Event::Started {
        revision: kept.plan.revision,
        digest: kept.plan.digest.clone(),
        plan: kept.plan.id.clone(),
        subject: safety::visible(subject),
        evidence,
        materials,
    };
    situation.append(&event, None, clock)
}

fn pin(gate: &str, proof: &crate::model::resolution::Proof) -> Pin {
    Pin {
        gate: gate.to_owned(),
        pattern: proof.pattern.clone(),
        file: proof.file.clone(),
    }
}

fn intend(
    situation: &mut Situation,
    kept: &Kept,
    delivery: &PlannedDelivery,
    via: Via,
    clock: Clock,
) -> Result<(), LedgerError> {
    let event = Event::Intended {
        revision: kept.plan.revision,
        key: delivery.key.clone(),
        names: delivery.names.clone(),
        via,
        sha256: delivery.sha256.clone(),
        message_id: delivery.message_id.clone(),
        token: delivery.token.clone(),
    };
    situation.append(&event, None, clock)
}

fn record(
    situation: &mut Situation,
    kept: &Kept,
    delivery: &PlannedDelivery,
    outcome: Outcome,
    clock: Clock,
) -> Result<(), LedgerError> {
    let event = Event::Delivered {
        revision: kept.plan.revision,
        key: delivery.key.clone(),
        outcome,
    };
    situation.append(&event, None, clock)
}

/// The keys that a name given with `--to` or `--skip` stands for.
///
/// # Errors
/// With the names that would be understood.
pub fn keys_for(name: &str, kept: &Kept, situation: &Situation) -> Result<Vec<String>, String> {
    use crate::resolver::people::same;
    let wanted = name.trim();
    let kinds = [
        ("email", ChannelKind::Email),
        ("slack", ChannelKind::Slack),
        ("document", ChannelKind::Document),
        ("folder", ChannelKind::Folder),
    ];
    let kind = kinds
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(wanted))
        .map(|(_, k)| *k);
    let role_of = |n: &str| {
        situation
            .document
            .recipients
            .iter()
            .find(|r| same(&r.name, n))
            .map(|r| r.role.as_str())
    };
    let fits = |d: &PlannedDelivery| {
        kind == Some(d.kind)
            || same(&d.target, wanted)
            || d.key.eq_ignore_ascii_case(wanted)
            || d.names
                .iter()
                .any(|n| same(n, wanted) || role_of(n).is_some_and(|r| same(r, wanted)))
    };
    let keys: Vec<String> = kept
        .plan
        .deliveries
        .iter()
        .filter(|d| fits(d))
        .map(|d| d.key.clone())
        .collect();
    if !keys.is_empty() {
        return Ok(keys);
    }
    let mut known: Vec<&str> = Vec::new();
    for delivery in &kept.plan.deliveries {
        known.extend(delivery.names.iter().map(String::as_str));
        if delivery.names.is_empty() {
            known.push(&delivery.target);
        }
    }
    known.extend(
        kinds
            .iter()
            .filter(|(_, k)| kept.plan.deliveries.iter().any(|d| d.kind == *k))
            .map(|(n, _)| *n),
    );
    Err(format!(
        "`{name}` is nobody and no channel of this packet; there are: {}",
        known.join(", ")
    ))
}
