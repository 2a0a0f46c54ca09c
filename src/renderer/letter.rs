//! What a message is made of.

use jiff::Timestamp;
use serde::Serialize;

use super::mime::Attachment;

/// Everything a message is made of. The same letter gives the same bytes.
#[derive(Clone, Debug)]
pub struct Letter {
    /// `Name <address>`.
    pub from: String,
    /// `Name <address>`; no header where it is `None`.
    pub reply_to: Option<String>,
    /// The recipient's name; `None` for an announcement.
    pub to_name: Option<String>,
    /// The recipient's address.
    pub to_address: String,
    /// The subject, one line.
    pub subject: String,
    /// A paragraph before everything else, such as why a reminder is sent. Markdown.
    pub lead: Option<String>,
    /// What changed since the revision before. Markdown.
    pub changes: Option<String>,
    /// The author's text, its placeholders replaced. Markdown.
    pub body: String,
    /// One for each person who reads mail at this address; none in an announcement.
    pub blocks: Vec<PersonalBlock>,
    /// What stands below the signature line.
    pub footer: Footer,
    /// Files, in order.
    pub attachments: Vec<Attachment>,
    /// The `Date` header; not before 1970.
    pub date: Timestamp,
    /// The `Message-ID` header with its angle brackets (RFC 5322 section 3.6.4).
    pub message_id: String,
    /// Whether a schedule sends it (`Auto-Submitted`, RFC 3834).
    pub auto_submitted: bool,
}

/// What one person is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonalBlock {
    /// The person's name.
    pub name: String,
    /// What they are asked; may be empty.
    pub ask: String,
}

/// The facts a reply or an auditor can go by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Footer {
    /// The document's title.
    pub title: String,
    /// The document's path, from the workspace root.
    pub document: String,
    /// The revision, from 1.
    pub revision: u32,
    /// The digest, in hex.
    pub digest: String,
    /// Hash of the ledger's last entry; `None` for a new ledger.
    pub ledger_head: Option<String>,
    /// The token of the `Ref:` line.
    pub token: Option<String>,
    /// Where the bundle can be looked at.
    pub bundle_url: Option<String>,
    /// Files that are too large to attach, or are not meant to be.
    pub not_attached: Vec<NotAttached>,
}

/// A file that does not travel with the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotAttached {
    /// Its path.
    pub name: String,
    /// Why, and where it is.
    pub reason: String,
}
