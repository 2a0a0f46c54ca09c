//! Plans: every delivery with its bytes, before any is made.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::document::ChannelKind;

/// The format of `plan.json` that this version writes.
pub const PLAN_VERSION: u32 = 1;

/// What `send` will do, as kept in `.packet/plans/ID/plan.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Format of this file; [`PLAN_VERSION`].
    pub version: u32,
    /// Hash of digest, recipients, channels and templates; not of the clock.
    pub id: String,
    /// The document, from the workspace root.
    pub document: String,
    /// When it was made; the Date of its messages.
    pub created: Timestamp,
    /// Digest of what it sends.
    pub digest: String,
    /// The revision it sends, from 1.
    pub revision: u32,
    /// Hash of the ledger's last entry when it was made; `None` for a new ledger.
    pub head: Option<String>,
    /// Every delivery, in the order they are made.
    pub deliveries: Vec<PlannedDelivery>,
}

/// One message to one recipient over one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDelivery {
    /// Unique in the plan and stable over plans: `email:address`, `slack:#channel`,
    /// `document:path`, `folder:path`.
    pub key: String,
    /// What sort of place.
    pub kind: ChannelKind,
    /// The people it is for, by name; empty for an announcement or a channel.
    pub names: Vec<String>,
    /// Address, `#channel`, file or folder.
    pub target: String,
    /// The file beside `plan.json` with the exact bytes; `None` for the bundle folder.
    pub file: Option<String>,
    /// SHA-256 of those bytes.
    pub sha256: Option<String>,
    /// Size of those bytes.
    pub size: u64,
    /// Message-ID (RFC 5322 section 3.6.4) with its angle brackets; mail only.
    pub message_id: Option<String>,
    /// Random token of the `Ref:` footer; mail only.
    pub token: Option<String>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Not made yet.
    Pending,
    /// Accepted by the other side.
    Sent,
    /// Refused for good (5xx).
    Rejected,
    /// Refused for now (4xx), or the other side could not be reached; certainly not delivered.
    Deferred,
    /// It may or may not have arrived; never sent again unasked.
    Unknown,
}

impl std::fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(standing_word(*self, None))
    }
}

/// Where a delivery stands, as a person reads it: what stayed in the outbox was not sent.
pub(crate) fn standing_word(state: DeliveryState, via: Option<Via>) -> &'static str {
    match (state, via) {
        (DeliveryState::Sent, Some(Via::Outbox)) => "in the outbox",
        (DeliveryState::Sent, _) => "sent",
        (DeliveryState::Pending, _) => "pending",
        (DeliveryState::Rejected, _) => "rejected",
        (DeliveryState::Deferred, _) => "deferred",
        (DeliveryState::Unknown, _) => "unknown",
    }
}

/// The transport a delivery went by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// A mail server.
    Smtp,
    /// A Slack webhook.
    Slack,
    /// A file in the workspace: the feedback document or the bundle folder.
    Workspace,
    /// The outbox folder: nothing left the machine.
    Outbox,
}

impl std::fmt::Display for Via {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Via::Smtp => "smtp",
            Via::Slack => "slack",
            Via::Workspace => "workspace",
            Via::Outbox => "outbox",
        })
    }
}

/// What came of one attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Sent, rejected, deferred or unknown; never pending.
    pub state: DeliveryState,
    /// By which transport.
    pub via: Via,
    /// The reply code, where a server gave one (SMTP or HTTP).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// Enhanced status code (RFC 3463), where given: `5.1.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enhanced: Option<String>,
    /// The server's words, or what happened; one line, no control characters.
    pub detail: String,
}
