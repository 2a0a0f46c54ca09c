//! A mail that came in, as it was read: whom it is from, what it answers, what it says.

use jiff::Timestamp;

use super::ledger::TakenFor;

/// A mail, read from its bytes. All of it is a claim: nothing authenticates a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its Message-ID with angle brackets, where it has one.
    pub message_id: Option<String>,
    /// The addresses in its From; a mail is from somebody only where there is one.
    pub from: Vec<String>,
    /// Whom it was written to, by address.
    pub to: Vec<String>,
    /// The servers whose Authentication-Results say that its sender may be forged (`dmarc=fail`).
    pub distrusted_by: Vec<String>,
    /// Message-IDs that stand in its text.
    pub named: Vec<String>,
    /// The display name in its From.
    pub from_name: Option<String>,
    /// Its Subject, on one line.
    pub subject: String,
    /// Its Date.
    pub date: Option<Timestamp>,
    /// Message-IDs that it answers, the nearest first: In-Reply-To, then References from the end.
    pub answers: Vec<String>,
    /// Tokens of `Ref:` footers in it, in the order in which they stand there, subject first.
    pub tokens: Vec<String>,
    /// What it is and says.
    pub content: Content,
}

/// What a mail is and says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An automatic answer (RFC 3834), and by what it is known.
    Automatic(String),
    /// A report about deliveries (RFC 3464).
    Report(Report),
    /// Something that was returned in no standard form, why it is taken for that, and the
    /// addresses it names.
    Returned(String, Vec<String>),
    /// An answer to an invitation.
    Attendance(Attendance),
    /// Somebody's words.
    Words(Words),
    /// It reads as nothing that can be decided on, and why.
    Unclear(String),
}

impl Default for Content {
    fn default() -> Self {
        Content::Unclear("it is empty".to_owned())
    }
}

/// What a delivery report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Message-IDs and the tokens of the mail it returns.
    pub about: Vec<String>,
    /// One for each recipient it names.
    pub recipients: Vec<Reported>,
}

/// What a delivery report says about one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// The addresses it gives: final, then original.
    pub addresses: Vec<String>,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`, in lower case.
    pub action: String,
    /// The status (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The reply code of the server that refused it.
    pub code: Option<u16>,
    /// What that server said, on one line.
    pub diagnostic: String,
}

/// What the new text of a mail comes to, quotes, signature and greeting set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// It says yes; the words, on one line, where it says anything beside that.
    Confirms(Option<String>),
    /// It asks something, refuses, or makes its yes depend on something; the words, on one line.
    Open(String),
    /// For a person to decide.
    Undecided {
        /// The words, on one line.
        text: String,
        /// Them without manners, in lower case, where they are few: they may be what was asked for.
        bare: Option<String>,
        /// Why.
        why: String,
    },
}

/// An answer to an invitation (RFC 5546 section 3.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// The invitation's UID.
    pub uid: String,
    /// How often the invitation had changed when it was answered.
    pub sequence: u32,
    /// The address of who answers.
    pub attendee: String,
    /// What they answer: accepted, declined or tentative.
    pub attends: TakenFor,
}

/// A mail that was read and could not be decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The address in its From.
    pub from: String,
    /// Why, in words a person can act on.
    pub why: String,
    /// Whom it may be from, by name.
    pub names: Vec<String>,
    /// When it was read.
    pub at: Timestamp,
    /// The entry's number in the ledger.
    pub seq: u64,
}
