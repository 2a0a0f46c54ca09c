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
    /// What makes it a notice; `None` for the packet itself.
    pub notice: Option<NoticeParts>,
}

/// What a notice has that the packet has not. It is written with templates of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeParts {
    /// The Message-ID of the mail it follows, with its angle brackets (`In-Reply-To` and
    /// `References`, RFC 5322 section 3.6.4).
    pub follows: Option<String>,
    /// A further alternative beside text and HTML, for calendars.
    pub calendar: Option<Calendar>,
}

/// An iCalendar object (RFC 5545) that mail programs act on (iMIP, RFC 6047).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What it asks for; the same as its `METHOD` property.
    pub method: CalendarMethod,
    /// The object, from `BEGIN:VCALENDAR`.
    pub text: String,
}

/// What a calendar part asks for (RFC 5546).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Come, or it has moved.
    Request,
    /// It does not take place.
    Cancel,
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
    /// The revision, from 1; `None` in a notice about a document that was never sent.
    pub revision: Option<u32>,
    /// The digest, in hex; `None` with the revision, or while the document is on hold.
    pub digest: Option<String>,
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
