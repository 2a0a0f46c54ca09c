//! What recipients said about what was sent to them.

use jiff::Timestamp;

use super::ledger::{Reply, Said};

/// What one recipient said about one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The revision they saw.
    pub revision: u32,
    /// Their name, as in the document.
    pub name: String,
    /// What they said.
    pub said: Said,
    /// When they said it.
    pub when: Timestamp,
    /// A remark.
    pub note: Option<String>,
    /// The mail that said it; `None` where somebody recorded it by hand.
    pub reply: Option<Reply>,
    /// Who recorded it.
    pub by: String,
    /// The entry's number in the ledger.
    pub seq: u64,
}

impl Answer {
    /// How it is known, for people.
    pub fn how(&self) -> String {
        match &self.reply {
            Some(reply) => format!("mail from {}", reply.from),
            None => format!("by hand: {}", self.by),
        }
    }

    /// What was asked or remarked; empty where nothing was.
    pub fn words(&self) -> &str {
        match &self.said {
            Said::Blocked(text) => text,
            _ => self.note.as_deref().unwrap_or(""),
        }
    }
}
