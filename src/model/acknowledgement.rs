//! Acknowledgements: who has confirmed what the packet now says, and who is still waited for.

use jiff::Timestamp;

use super::mail::Undecided;

/// Where every recipient of a document stands, as of one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgements {
    /// The revision that confirmations are asked for; `None` before anything was sent.
    pub revision: Option<u32>,
    /// One for each recipient of the document, in order.
    pub people: Vec<Acknowledgement>,
    /// The tracker rows that are nobody's among the recipients: nobody can confirm for them.
    pub strays: Vec<String>,
    /// Mails that wait for a person's decision: nobody has recorded an answer since of anyone they
    /// may be from.
    pub undecided: Vec<Undecided>,
}

/// Where one recipient stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The recipient's name, as in the document.
    pub name: String,
    /// Whether the packet waits for them: they have a tracker row, or there is no tracker.
    pub expected: bool,
    /// When they were first sent what they are asked to confirm; `None` while they were not.
    pub asked: Option<Timestamp>,
    /// Their word that they have looked at the evidence, where it still counts.
    pub reviewed: Option<Confirmed>,
    /// Their confirmation, where it still counts.
    pub acknowledged: Option<Confirmed>,
    /// Earlier words that a later revision made void; the newest of each sort.
    pub void: Vec<Voided>,
    /// What they asked or reported and nobody has resolved, oldest first.
    pub blockers: Vec<Blocker>,
    /// The times at which any revision was sent to them, those that still count or not.
    pub sendings: Vec<Timestamp>,
    /// The times of all their reviews and confirmations on record, those that count or not.
    pub times: Vec<Timestamp>,
    /// All that they ever asked or reported, oldest first, each once.
    pub raised: Vec<String>,
}

/// A word that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// When they said it, UTC.
    pub at: Timestamp,
    /// The revision they had seen.
    pub revision: u32,
    /// How it is known, for people: `mail from ann@example.com`, `by hand: Imani Osei`.
    pub how: String,
    /// A remark.
    pub note: Option<String>,
}

/// A word that no longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// What they had said.
    pub word: Confirmed,
    /// Whether it was the confirmation; a review otherwise.
    pub acknowledged: bool,
    /// Why it no longer counts, in words a person understands.
    pub why: String,
}

/// Something that stands in the way, or is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// What they said.
    pub text: String,
    /// When, UTC.
    pub at: Timestamp,
    /// The revision they had seen.
    pub revision: u32,
}

impl Acknowledgement {
    /// Whether the packet still waits for their confirmation.
    pub fn is_missing(&self) -> bool {
        self.expected && self.acknowledged.is_none()
    }

    /// The confirmation that a later revision made void, where no newer one counts.
    pub fn voided(&self) -> Option<&Voided> {
        let void = self.void.iter().find(|v| v.acknowledged);
        void.filter(|_| self.acknowledged.is_none())
    }

    /// All that stands in the way, in one line; `None` where nothing does.
    pub fn blocker(&self) -> Option<String> {
        let texts: Vec<&str> = self.blockers.iter().map(|b| b.text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    }
}

impl Acknowledgements {
    /// Those who are waited for, in the order of the document.
    pub fn missing(&self) -> impl Iterator<Item = &Acknowledgement> {
        self.people.iter().filter(|p| p.is_missing())
    }

    /// Whether everyone who is waited for has confirmed and nothing stands in the way. A document
    /// that asks nobody is never complete.
    pub fn is_complete(&self) -> bool {
        self.people.iter().any(|p| p.expected)
            && self.strays.is_empty()
            && self.missing().next().is_none()
            && self.people.iter().all(|p| p.blockers.is_empty())
    }
}
