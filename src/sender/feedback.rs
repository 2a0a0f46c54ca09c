//! The feedback document's entry: appended once for a run, beside whatever others wrote there.

use std::{fs, io};

use jiff::Timestamp;

use super::{routes::Routes, standing, transport::outcome};
use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, Outcome, Plan, PlannedDelivery, Via},
    },
    renderer::{
        feedback::{
            FeedbackEntry, FeedbackEvidence, FeedbackRecipient, feedback_entry, with_entry,
        },
        templates::Templates,
    },
    workspace::{
        Workspace,
        atomic::{self, Access},
        situation::Situation,
    },
};

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
    /// Appends the entry to the document that the delivery names; a second time changes nothing.
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
        let old = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error.into()),
        };
        let reference = format!("r{}.{}", self.plan.revision, &self.plan.digest[..12]);
        let entry = self.entry(situation, delivery, routes, at, &reference);
        let text = feedback_entry(&entry, self.templates)?;
        if let Some(new) = with_entry(&old, &text, &reference) {
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
                name,
                address: standing.wanted.target.clone(),
                state: standing.state,
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
            revision: self.plan.revision,
            digest: self.plan.digest.clone(),
            recipients,
            bundle: relative(&delivery.target, &situation.resolution.root),
            evidence: evidence.collect(),
        }
    }
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
