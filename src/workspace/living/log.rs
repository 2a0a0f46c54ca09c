//! What `distribution_log.md` says, from a situation.

use std::collections::HashMap;

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    model::{
        answer::Answer,
        history::{Delivery, Revision},
        ledger::Said,
        plan::{DeliveryState, standing_word},
        resolution::Verdict,
        word::WordKind,
    },
    renderer::{
        changes,
        log::{
            DistributionLog, LogAcknowledgement, LogDelivery, LogEvidence, LogGate, LogMaterial,
            LogRevision,
        },
    },
    resolver::{wanted::deliveries, words},
    workspace::{Workspace, revisions, situation::Situation},
};

/// The log's content; `revision` is the one on record that sends what the document comes to.
pub(super) fn log(
    workspace: &Workspace,
    situation: &Situation,
    revision: Option<&Revision>,
    state: &str,
) -> DistributionLog {
    let document = &situation.document;
    let resolution = &situation.resolution;
    let front = |key: &str| document.front.get(key).unwrap_or("").to_owned();
    let last: Date = situation
        .ledger
        .entries()
        .last()
        .map_or(Date::constant(1970, 1, 1), |e| {
            e.at.to_zoned(TimeZone::UTC).date()
        });
    let laid = |path: &str, evidence: bool| {
        let found = resolution
            .files
            .iter()
            .find(|f| f.from.path == path && f.evidence == evidence);
        found.map(|f| f.to.clone())
    };
    let gates = || document.gates.iter().zip(&resolution.gates);
    let mut evidence: Vec<LogEvidence> = Vec::new();
    let named = gates().flat_map(|(g, r)| r.proofs.iter().map(move |p| (g.name.as_str(), p)));
    for (gate, proof) in named.chain(resolution.extra.iter().map(|p| ("", p))) {
        evidence.push(LogEvidence {
            gate: gate.to_owned(),
            path: proof.file.path.clone(),
            laid: laid(&proof.file.path, true),
            moment: proof.moment,
            size: proof.file.size,
            sha256: proof.file.sha256.clone(),
        });
    }
    DistributionLog {
        epoch: front("epoch"),
        doc: format!("{}/distribution_log.md", resolution.root),
        owner: front("owner"),
        last_reviewed: last,
        expires: front("expires"),
        title: document.title().to_owned(),
        document: document.path.clone(),
        document_sha256: None,
        state: state.to_owned(),
        revision: revision.map(|r| r.number),
        digest: resolution.digest.clone(),
        subject: revision.map(|r| r.subject.clone()),
        gates: gates()
            .map(|(gate, result)| LogGate {
                name: gate.name.clone(),
                kind: result.kind,
                verdict: result.verdict,
                reason: result.reason.replace('`', ""),
                by: by(situation, gate, result.verdict),
            })
            .collect(),
        evidence,
        materials: resolution
            .files
            .iter()
            .filter(|f| !f.evidence)
            .map(|f| LogMaterial {
                path: f.from.path.clone(),
                laid: Some(f.to.clone()),
                version: version(&f.to),
                sha256: f.from.sha256.clone(),
            })
            .collect(),
        revisions: revisions(workspace, situation),
        deliveries: all_deliveries(situation, revision),
        acknowledgements: acknowledgements(situation),
        ledger_head: situation.ledger.head().map(str::to_owned),
        ledger_entries: situation.ledger.entries().len() as u64,
    }
}

/// What recipients said, by when they said it; what no longer counts says why.
fn acknowledgements(situation: &Situation) -> Vec<LogAcknowledgement> {
    let standing = situation.acknowledgements();
    let mut void = HashMap::new();
    for person in &standing.people {
        for v in &person.void {
            let of = (person.name.as_str(), v.word.at, v.word.revision);
            void.insert((of, v.acknowledged), v.why.as_str());
        }
    }
    let mut answers: Vec<_> = situation.history.answers.iter().collect();
    answers.sort_by_key(|a| (a.when, a.seq));
    let line = |answer: &&Answer| {
        let of = (answer.name.as_str(), answer.when, answer.revision);
        let why = match answer.said {
            Said::Acknowledged => void.get(&(of, true)),
            Said::Reviewed => void.get(&(of, false)),
            _ => None,
        };
        LogAcknowledgement {
            name: answer.name.clone(),
            revision: answer.revision,
            at: answer.when,
            said: answer.said.word().to_owned(),
            how: answer.how(),
            words: match why {
                Some(why) => format!("no longer counts: {why}"),
                None => answer.words().to_owned(),
            },
        }
    };
    answers.iter().map(line).collect()
}

/// Every revision on record with what was new in it.
fn revisions(workspace: &Workspace, situation: &Situation) -> Vec<LogRevision> {
    let on_record = revisions::on_record(workspace, situation).into_iter();
    on_record
        .map(|(revision, difference)| LogRevision {
            number: revision.number,
            at: revision.started,
            digest: revision.digest.clone(),
            subject: revision.subject.clone(),
            changes: difference.as_ref().map(changes::lines).unwrap_or_default(),
        })
        .collect()
}

fn version(laid: &str) -> Option<String> {
    let name = laid.rsplit('/').next().unwrap_or(laid);
    crate::resolver::materials::versioned(name).map(|(_, version)| version.to_owned())
}

/// Who vouched for a gate, where somebody did.
fn by(
    situation: &Situation,
    gate: &crate::model::document::Gate,
    verdict: Verdict,
) -> Option<String> {
    match verdict {
        Verdict::Hold => None,
        Verdict::Waived => {
            let waivers = situation.history.words.iter().rev();
            waivers
                .filter(|w| matches!(w.kind, WordKind::Waiver { .. }) && w.gate == gate.name)
                .map(|w| w.by.clone())
                .next()
        }
        Verdict::Clear if gate.paths.is_empty() => words::attestation(gate, &situation.history)
            .ok()
            .map(|w| w.by.clone()),
        Verdict::Clear => None,
    }
}

/// The deliveries of every revision on record, oldest first, then what the revision at hand still
/// waits for: an earlier revision's record is never lost to a later one.
fn all_deliveries(situation: &Situation, current: Option<&Revision>) -> Vec<LogDelivery> {
    let mut lines = Vec::new();
    for revision in &situation.history.revisions {
        for (key, delivery) in &revision.deliveries {
            lines.extend(recorded(revision.number, key, delivery));
        }
    }
    let number = situation.revision();
    for wanted in deliveries(&situation.document, &situation.roster) {
        if current.is_some_and(|r| r.deliveries.contains_key(&wanted.key)) {
            continue;
        }
        let names: Vec<String> = wanted
            .recipients
            .iter()
            .map(|&i| situation.document.recipients[i].name.clone())
            .collect();
        lines.extend(
            people(&wanted.key, &names)
                .into_iter()
                .map(|recipient| LogDelivery {
                    revision: number,
                    recipient,
                    address: wanted.target.clone(),
                    channel: channel(&wanted.key).to_owned(),
                    via: None,
                    state: standing_word(DeliveryState::Pending, None),
                    at: None,
                    detail: String::new(),
                    message_id: None,
                }),
        );
    }
    lines
}

fn recorded(revision: u32, key: &str, delivery: &Delivery) -> Vec<LogDelivery> {
    let address = key.split_once(':').map_or(key, |(_, target)| target);
    let detail = delivery
        .outcome
        .as_ref()
        .map_or(String::new(), |o| o.detail.clone());
    people(key, &delivery.names)
        .into_iter()
        .map(|recipient| LogDelivery {
            revision,
            recipient,
            address: address.to_owned(),
            channel: channel(key).to_owned(),
            via: Some(delivery.via),
            state: standing_word(delivery.state, Some(delivery.via)),
            at: Some(delivery.at),
            detail: detail.clone(),
            message_id: delivery.message_id.clone(),
        })
        .collect()
}

/// The channel that a delivery's key begins with.
fn channel(key: &str) -> &str {
    key.split_once(':').map_or(key, |(channel, _)| channel)
}

/// The people a delivery is for, else what it is.
fn people(key: &str, names: &[String]) -> Vec<String> {
    if !names.is_empty() {
        return names.to_vec();
    }
    let what = match channel(key) {
        "email" => "announcement",
        "slack" => "Slack channel",
        "document" => "feedback document",
        "folder" => "bundle folder",
        other => other,
    };
    vec![what.to_owned()]
}
