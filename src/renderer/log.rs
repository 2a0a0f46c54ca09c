//! `distribution_log.md`: what was sent to whom, and on what evidence.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{
    doc_hash::sealed,
    templates::{TemplateError, Templates},
};
use crate::model::{
    moment::Moment,
    plan::Via,
    resolution::{GateKind, Verdict},
};

/// What the log shows.
#[derive(Clone, Debug, Serialize)]
pub struct DistributionLog {
    /// The document's epoch; empty where it has none.
    pub epoch: String,
    /// The log's own path, from the workspace root.
    pub doc: String,
    /// The document's owner.
    pub owner: String,
    /// The UTC day of the last entry shown.
    pub last_reviewed: Date,
    /// When the document expires, as written there.
    pub expires: String,
    /// The document's title.
    pub title: String,
    /// The document's path, from the workspace root.
    pub document: String,
    /// SHA-256 of the document as it was rendered, in hex.
    pub document_sha256: Option<String>,
    /// `hold`, `clear`, `partial`, `sent` or `complete`.
    pub state: String,
    /// The revision, from 1; `None` before there is one.
    pub revision: Option<u32>,
    /// Its digest.
    pub digest: Option<String>,
    /// The subject sent.
    pub subject: Option<String>,
    /// The gates, in document order.
    pub gates: Vec<LogGate>,
    /// The artifacts, as laid.
    pub evidence: Vec<LogEvidence>,
    /// The materials, as laid.
    pub materials: Vec<LogMaterial>,
    /// The revisions on record, oldest first.
    pub revisions: Vec<LogRevision>,
    /// The deliveries, in the order they were made.
    pub deliveries: Vec<LogDelivery>,
    /// What recipients said, by when they said it.
    pub acknowledgements: Vec<LogAcknowledgement>,
    /// Hash of the ledger's last entry; `None` for a new ledger.
    pub ledger_head: Option<String>,
    /// How many entries the ledger has.
    pub ledger_entries: u64,
}

/// One gate.
#[derive(Clone, Debug, Serialize)]
pub struct LogGate {
    /// Its name.
    pub name: String,
    /// Proved by files or by word.
    pub kind: GateKind,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Who attested or waived it.
    pub by: Option<String>,
}

/// One artifact.
#[derive(Clone, Debug, Serialize)]
pub struct LogEvidence {
    /// The gate it decided.
    pub gate: String,
    /// Its path in the workspace.
    pub path: String,
    /// Its path below the bundle.
    pub laid: Option<String>,
    /// The moment it states.
    pub moment: Option<Moment>,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// One material.
#[derive(Clone, Debug, Serialize)]
pub struct LogMaterial {
    /// Its path in the workspace.
    pub path: String,
    /// Its path below the bundle.
    pub laid: Option<String>,
    /// Its version, as its own front matter states.
    pub version: Option<String>,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// One revision on record.
#[derive(Clone, Debug, Serialize)]
pub struct LogRevision {
    /// From 1.
    pub number: u32,
    /// When its distribution began.
    pub at: Timestamp,
    /// Its digest, in hex.
    pub digest: String,
    /// The subject sent.
    pub subject: String,
    /// What was new in it, one line each; none in the first.
    pub changes: Vec<String>,
}

/// One delivery.
#[derive(Clone, Debug, Serialize)]
pub struct LogDelivery {
    /// The revision it is of.
    pub revision: u32,
    /// The people, or what the channel is.
    pub recipient: String,
    /// Address, `#channel`, file or folder.
    pub address: String,
    /// `email`, `slack`, `document` or `folder`.
    pub channel: String,
    /// By which transport; `None` while pending.
    pub via: Option<Via>,
    /// Where it stands.
    pub state: &'static str,
    /// When the outcome was known.
    pub at: Option<Timestamp>,
    /// The server's words, or what happened.
    pub detail: String,
    /// Mail only.
    pub message_id: Option<String>,
}

/// One thing that a recipient said.
#[derive(Clone, Debug, Serialize)]
pub struct LogAcknowledgement {
    /// Who said it.
    pub name: String,
    /// Which revision they saw.
    pub revision: u32,
    /// When.
    pub at: Timestamp,
    /// `reviewed`, `confirmed`, `blocker`, `resolved` or `withdrawn`.
    pub said: String,
    /// How it is known.
    pub how: String,
    /// What they asked or what stands in the way; a remark.
    pub words: String,
}

/// Writes the log, its own `doc_hash` included.
pub fn distribution_log(
    log: &DistributionLog,
    templates: &Templates,
) -> Result<String, TemplateError> {
    const FILE: &str = "distribution_log.md.tera";
    sealed(FILE, |doc_hash| {
        templates.render(FILE, &Values { log, doc_hash })
    })
}

/// The fields of `distribution_log.md.tera`.
#[derive(Serialize)]
struct Values<'a> {
    #[serde(flatten)]
    log: &'a DistributionLog,
    doc_hash: &'a str,
}

#[cfg(test)]
mod tests;
