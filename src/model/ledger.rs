//! The ledger's entries: append-only, hash-chained, one JSON object a line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    evidence::FileHash,
    plan::{Outcome, Via},
    snapshot::Snapshot,
};

/// The format of entries that this version writes. Older ones stay readable.
pub const LEDGER_VERSION: u32 = 1;

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Format of this line; [`LEDGER_VERSION`].
    pub v: u32,
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// When it happened, UTC.
    pub at: Timestamp,
    /// The machine's clock, where `--now` gave `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// Who did it.
    pub actor: Actor,
    /// What happened: the name of an [`Event`].
    pub kind: String,
    /// The event's fields. Kinds of later versions are kept as they stand.
    pub payload: Value,
    /// SHA-256 over the bytes of the line before, without its newline; `""` in the first.
    pub prev: String,
}

/// Who did something: a claim, and what the system knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name given with `--by`; a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<String>,
    /// The operating system's user.
    pub os_user: String,
}

/// What can happen. The serialised name is the entry's `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum Event {
    /// The ledger begins.
    Opened {
        /// The document it is for, from the workspace root.
        document: String,
    },
    /// Somebody's word for a gate without a pattern.
    Attested {
        /// The gate's name.
        gate: String,
        /// SHA-256 of the gate's words; a change voids the attestation.
        text_sha256: String,
        /// A file shown with it.
        evidence: Option<FileHash>,
        /// A remark.
        note: Option<String>,
    },
    /// Somebody's word to go ahead despite a hold.
    Waived {
        /// The gate's name.
        gate: String,
        /// SHA-256 of the gate's words; a change voids the waiver.
        text_sha256: String,
        /// The artifacts that held, if any; another one voids the waiver.
        artifacts: Vec<FileHash>,
        /// Why.
        reason: String,
    },
    /// The bundle is about to be written.
    Bundled {
        /// The revision it holds.
        revision: u32,
        /// Its digest.
        digest: String,
        /// The frozen files, by path below the bundle.
        files: Vec<FileHash>,
    },
    /// A distribution of a revision begins.
    Started {
        /// The revision.
        revision: u32,
        /// Its digest.
        digest: String,
        /// The plan's id.
        plan: String,
        /// The subject sent.
        subject: String,
        /// The message's text as sent, which the next revision is compared with; entries of
        /// before this field lack it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// The artifacts that proved each gate: what later runs go by.
        evidence: Vec<Pin>,
        /// The materials handed out.
        materials: Vec<FileHash>,
    },
    /// A delivery is about to be made. Without a later `delivered` it is unknown.
    Intended {
        /// The revision.
        revision: u32,
        /// The delivery's key.
        key: String,
        /// The people it is for.
        names: Vec<String>,
        /// Transport.
        via: Via,
        /// SHA-256 of the message's bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
        /// Message-ID, mail only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<String>,
        /// Token of the `Ref:` footer, mail only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
    },
    /// What came of a delivery.
    Delivered {
        /// The revision.
        revision: u32,
        /// The delivery's key.
        key: String,
        /// The outcome.
        outcome: Outcome,
    },
    /// What a recipient said about a revision, by hand or in a reply.
    Answered {
        /// The revision they saw.
        revision: u32,
        /// The recipient's name, as in the document.
        name: String,
        /// What they said.
        said: Said,
        /// When they said it, UTC.
        when: Timestamp,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// The mail that said it; `None` where somebody recorded it by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Reply>,
    },
    /// A mail was looked at by `ack --import`: it is not looked at again.
    Imported {
        /// The mail.
        reply: Reply,
        /// What it was taken for.
        taken_for: TakenFor,
        /// Why, in words a person can act on.
        why: String,
        /// Whom it is from, or may be from; the recipients' names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
        /// The invitation that it accepts or declines: the notice's item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invitation: Option<String>,
    },
    /// A notice (a reminder, a report, …) is about to be delivered. Without a later
    /// `notice-delivered` it is unknown.
    NoticeIntended {
        /// Which notice.
        notice: Notice,
        /// The delivery's key, as in a plan.
        key: String,
        /// The people it is for.
        names: Vec<String>,
        /// Transport.
        via: Via,
        /// SHA-256 of the message's bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
        /// Message-ID, mail only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<String>,
        /// Token of the `Ref:` footer, mail only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
    },
    /// What came of a notice's delivery.
    NoticeDelivered {
        /// Which notice.
        notice: Notice,
        /// The delivery's key.
        key: String,
        /// The outcome.
        outcome: Outcome,
    },
    /// A day's report is about to go out, and this is what it says.
    Reported(Snapshot),
}

/// What a recipient said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "text", rename_all = "kebab-case")]
pub enum Said {
    /// "I have looked at the evidence."
    Reviewed,
    /// "I confirm."
    Acknowledged,
    /// Something stands in the way, or is asked.
    Blocked(String),
    /// What stood in the way no longer does.
    Resolved,
    /// The confirmation is taken back.
    Withdrawn,
}

impl Said {
    /// It in one word, for tables.
    pub fn word(&self) -> &'static str {
        match self {
            Said::Reviewed => "reviewed",
            Said::Acknowledged => "confirmed",
            Said::Blocked(_) => "blocker",
            Said::Resolved => "resolved",
            Said::Withdrawn => "withdrawn",
        }
    }
}

/// A mail that was read. Its sender is a claim: nothing authenticates it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its Message-ID with angle brackets, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The address in its From.
    pub from: String,
}

impl Reply {
    /// What the mail is known by when it comes again: its bytes, and its Message-ID with its
    /// sender.
    pub fn marks(&self) -> Vec<String> {
        let sender = self.from.to_lowercase();
        let by_id = self.message_id.as_ref().map(|id| format!("{id} {sender}"));
        std::iter::once(self.sha256.clone()).chain(by_id).collect()
    }
}

/// What a mail was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakenFor {
    /// A confirmation.
    Confirmation,
    /// A question or a refusal.
    Remark,
    /// An invitation is accepted.
    Accepted,
    /// An invitation is declined.
    Declined,
    /// An invitation is accepted perhaps.
    Tentative,
    /// An automatic answer (RFC 3834).
    Automatic,
    /// A report that a delivery failed (RFC 3464).
    Bounce,
    /// For a person to decide.
    Undecided,
}

/// A mail about the packet that is not the packet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// What sort.
    pub kind: NoticeKind,
    /// What it is about; the same item is sent to the same key once. A reminder's is the revision
    /// and how many came before, a report's the day, an escalation's the item and its deadline.
    pub item: String,
}

/// The sorts of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// To somebody who has not confirmed.
    Reminder,
    /// The daily status mail.
    Report,
    /// The go/no-go summary.
    FinalReport,
    /// Something is late.
    Escalation,
    /// A calendar invitation.
    Invitation,
}

/// The artifact that decided one pattern of one gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The gate's name; empty for a placeholder without a gate.
    pub gate: String,
    /// The pattern.
    pub pattern: String,
    /// The file.
    pub file: FileHash,
}

impl Event {
    /// The entry's `kind` and `payload`.
    pub fn parts(&self) -> (String, Value) {
        match serde_json::to_value(self) {
            Ok(Value::Object(mut map)) => {
                let kind = map
                    .remove("kind")
                    .and_then(|k| k.as_str().map(str::to_owned));
                (
                    kind.unwrap_or_default(),
                    map.remove("payload").unwrap_or(Value::Null),
                )
            }
            Ok(other) => (String::new(), other),
            Err(_) => (String::new(), Value::Null),
        }
    }
}

impl Entry {
    /// The typed event; `None` for a kind of a later version.
    pub fn event(&self) -> Option<Event> {
        let tagged = serde_json::json!({ "kind": self.kind, "payload": self.payload });
        serde_json::from_value(tagged).ok()
    }
}
