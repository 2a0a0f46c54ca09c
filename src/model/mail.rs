//! A mail that came in, as it was read: whom it is from, what it answers, what it says.

use jiff::Timestamp;

/// A mail, read from its bytes. All of it is a claim: nothing authenticates a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its Message-ID with angle brackets, where it has one.
    pub message_id: Option<String>,
    /// The addresses in its From; a mail is from somebody only where there is one.
    pub from: Vec<String>,
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
    /// It confirms, and nothing else.
    Confirms,
    /// It may mean that it was read or that it is confirmed; the words.
    Assents(String),
    /// It asks or says something else; the words, on one line.
    Remark(String),
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
