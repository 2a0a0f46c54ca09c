//! The feedback document's entry: appended once for a revision, beside whatever others wrote
//! there; and a short one for what is delivered after that.

use std::{collections::BTreeSet, io};

use jiff::Timestamp;

use super::{routes::Routes, standing, transport::outcome};
use crate::{
    model::{
        document::ChannelKind,
        ledger::Event,
        plan::{DeliveryState, Outcome, Plan, PlannedDelivery, Via, standing_word},
    },
    renderer::{
        feedback::{
            FeedbackEntry, FeedbackEvidence, FeedbackRecipient, feedback_entry, has_entry,
            with_entry,
        },
        templates::Templates,
    },
    workspace::{
        Workspace,
        atomic::{self, Access},
        door,
        situation::Situation,
    },
};

/// Deliveries that the feedback document does not tell of yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The ledger's entry of the last of them.
    pub seq: u64,
    /// Their keys.
    pub keys: BTreeSet<String>,
}

/// What was sent after the feedback document `key` last got an entry for `revision`; `None` where
/// it never got one, or tells all there is.
pub fn news(situation: &Situation, revision: u32, key: &str) -> Option<News> {
    let mut told = false;
    let mut news = News {
        seq: 0,
        keys: BTreeSet::new(),
    };
    for entry in situation.ledger.entries() {
        match entry.event() {
            // An entry that a crash kept off the record may be there: it tells what was known.
            Some(Event::Intended {
                revision: of,
                key: about,
                ..
            }) if of == revision && about == key && !told => {
                told = true;
                news.keys.clear();
            }
            Some(Event::Delivered {
                revision: of,
                key: about,
                outcome,
            }) if of == revision && outcome.state == DeliveryState::Sent => {
                if about == key {
                    told = true;
                    news.keys.clear();
                } else if outcome.via != Via::Workspace {
                    news.keys.insert(about);
                    news.seq = entry.seq;
                }
            }
            _ => {}
        }
    }
    (told && !news.keys.is_empty()).then_some(news)
}

/// Writes the entry of a distribution.
pub struct Feedback<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Templates in force.
    pub templates: &'a Templates,
    /// The plan that is being sent.
    pub plan: &'a Plan,
    /// The subject that goes out.
    pub subject: &'a str,
}

impl Feedback<'_> {
    /// Appends the entry to the document that the delivery names, or where it has that, an entry
    /// about what was delivered since. A second time changes nothing.
    pub fn deliver(
        &self,
        situation: &Situation,
        delivery: &PlannedDelivery,
        routes: &Routes,
        at: Timestamp,
    ) -> Outcome {
        match self.append(situation, delivery, routes, at) {
            Ok(()) => outcome(Via::Workspace, DeliveryState::Sent, ""),
            Err(error) => outcome(
                Via::Workspace,
                DeliveryState::Deferred,
                &format!("{error:#}"),
            ),
        }
    }

    fn append(
        &self,
        situation: &Situation,
        delivery: &PlannedDelivery,
        routes: &Routes,
        at: Timestamp,
    ) -> anyhow::Result<()> {
        let path = self.workspace.writable(&delivery.target)?;
        let old = match door::read_text(&path, door::DOCUMENT) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error.into()),
        };
        let reference = format!("r{}.{}", self.plan.revision, &self.plan.digest[..12]);
        let mut entry = self.entry(situation, delivery, routes, at, &reference);
        if has_entry(&old, &reference) {
            let Some(news) = news(situation, self.plan.revision, &delivery.key) else {
                return Ok(());
            };
            entry = later(entry, &news);
        }
        let text = feedback_entry(&entry, self.templates)?;
        if let Some(new) = with_entry(&old, &text, &entry.reference) {
            atomic::write(&path, new.as_bytes(), Access::Shared)?;
        }
        Ok(())
    }

    fn entry(
        &self,
        situation: &Situation,
        delivery: &PlannedDelivery,
        routes: &Routes,
        at: Timestamp,
        reference: &str,
    ) -> FeedbackEntry {
        let document = &situation.document;
        let mut recipients = Vec::new();
        for standing in standing::standings(situation, routes) {
            let about = |name: String| FeedbackRecipient {
                key: standing.wanted.key.clone(),
                name,
                address: standing.wanted.target.clone(),
                state: standing_word(standing.state, standing.record.as_ref().map(|r| r.via)),
                at: standing.record.as_ref().map(|r| r.at),
            };
            recipients.extend(
                standing
                    .wanted
                    .recipients
                    .iter()
                    .map(|&i| about(document.recipients[i].name.clone())),
            );
            let announced = matches!(
                standing.wanted.kind,
                ChannelKind::Email | ChannelKind::Slack
            );
            if announced && !standing.wanted.channels.is_empty() {
                let slack = standing.wanted.kind == ChannelKind::Slack;
                let name = if slack { "Slack" } else { "announcement" };
                recipients.push(about(name.to_owned()));
            }
        }
        let gates = document.gates.iter().zip(&situation.resolution.gates);
        let evidence = gates.flat_map(|(gate, result)| {
            result.proofs.iter().map(|p| FeedbackEvidence {
                gate: gate.name.clone(),
                path: p.file.path.clone(),
                sha256: p.file.sha256.clone(),
            })
        });
        FeedbackEntry {
            reference: reference.to_owned(),
            at,
            subject: self.subject.to_owned(),
            document: document.path.clone(),
            later: false,
            revision: self.plan.revision,
            digest: self.plan.digest.clone(),
            recipients,
            bundle: relative(&delivery.target, &situation.resolution.root),
            evidence: evidence.collect(),
        }
    }
}

/// The same entry about nothing but `news`.
fn later(mut entry: FeedbackEntry, news: &News) -> FeedbackEntry {
    entry.reference = format!("{}.{}", entry.reference, news.seq);
    entry.later = true;
    entry.recipients.retain(|r| news.keys.contains(&r.key));
    entry.evidence.clear();
    entry
}

/// The folder `to` as seen from the file `from`, both from the workspace root; ends in `/`.
fn relative(from: &str, to: &str) -> String {
    let here: Vec<&str> = from.split('/').collect();
    let here = &here[..here.len().saturating_sub(1)];
    let there: Vec<&str> = to.split('/').filter(|p| !p.is_empty()).collect();
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(here.len() - shared);
    format!("{up}{}/", there[shared..].join("/"))
}
