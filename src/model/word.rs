//! Named persons' recorded words for gates: attestations and waivers.

use jiff::Timestamp;

use super::evidence::FileHash;

/// A named person's recorded word for a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The gate's name when it was given.
    pub gate: String,
    /// SHA-256 of the gate's words it was given for.
    pub text_sha256: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The entry's number in the ledger.
    pub seq: u64,
    /// What was said.
    pub kind: WordKind,
}

/// An attestation or a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// "I have seen it", with what was shown and remarked.
    Attestation {
        /// A file shown with it.
        evidence: Option<FileHash>,
        /// A remark.
        note: Option<String>,
    },
    /// "Go ahead despite the hold."
    Waiver {
        /// The artifacts that held.
        artifacts: Vec<FileHash>,
        /// Why.
        reason: String,
    },
}
