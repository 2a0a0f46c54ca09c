//! `packet.yaml` and the user's own configuration, as data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    evidence::Kind,
    period::Period,
    recognise::{Columns, Headings, Lines, Statuses},
};

/// What may stand in `packet.yaml`. Unknown keys are refused.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    /// Sender of all mail: `Name <address>`. Needed to send.
    pub from: Option<String>,
    /// Where replies go; `from` unless given.
    pub reply_to: Option<String>,
    /// Documents that commands act on when none is named.
    pub documents: Vec<String>,
    /// People and roles by name.
    pub contacts: BTreeMap<String, Contact>,
    /// Further demands on gates, by gate name.
    pub gates: BTreeMap<String, GateRule>,
    /// Mail server; without one, mail goes to the outbox folder.
    pub smtp: Option<Smtp>,
    /// Slack channels, each with the name of the environment variable that holds its webhook URL.
    pub slack: BTreeMap<String, String>,
    /// Where the bundle can be looked at, for links in messages.
    pub bundle_url: Option<String>,
    /// What is attached to mail for people.
    pub attach: Option<Vec<Attach>>,
    /// Whom a change of a material concerns; everyone unless listed.
    pub materials: BTreeMap<String, Vec<String>>,
    /// How often people who have not confirmed are reminded.
    pub remind_every: Option<Period>,
    /// The server whose `Authentication-Results` count: a reply whose sender it calls forged is left
    /// to a person.
    pub trust_results_from: Option<String>,
    /// Folders that hold evidence; `artifacts/` unless given.
    pub evidence_roots: Vec<String>,
    /// Which notification is sent, by its subject, where a document holds several.
    pub notification: Option<String>,
    /// Further spellings, by the part of the document they name.
    pub recognise: Recognise,
}

/// A person or role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Contact {
    /// One address, or several of which the first is written to.
    pub email: Option<Addresses>,
    /// Other names the documents use for them.
    pub aliases: Vec<String>,
    /// What they do, if the documents call them by it.
    pub role: Option<String>,
}

/// One address or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Addresses {
    /// `email: a@example.com`
    One(String),
    /// `email: [a@example.com, b@example.com]`
    Many(Vec<String>),
}

impl Addresses {
    /// All of them, the one to write to first.
    pub fn all(&self) -> &[String] {
        match self {
            Addresses::One(address) => std::slice::from_ref(address),
            Addresses::Many(addresses) => addresses,
        }
    }
}

impl Contact {
    /// The address to write to; `None` where it is missing or blank.
    pub fn address(&self) -> Option<&str> {
        let first = self.email.as_ref()?.all().first()?.trim();
        (!first.is_empty()).then_some(first)
    }
}

/// Demands on one gate beyond its words.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct GateRule {
    /// Evidence pattern, for a gate whose words name only a folder or none.
    pub pattern: Option<String>,
    /// jq filter, true for every record.
    pub each: Option<String>,
    /// jq filter, true for the list of all records.
    pub all: Option<String>,
    /// How old the deciding artifact may be.
    pub max_age: Option<Period>,
    /// How many records it must hold.
    pub min_records: Option<u64>,
    /// What it must read as.
    pub kind: Option<Kind>,
}

/// A mail server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Smtp {
    /// Host name or address.
    pub host: String,
    /// Port; 587 for starttls, 465 for tls, 25 for none.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Security,
    /// Account to log in with.
    pub username: Option<String>,
    /// What it logs in with.
    pub auth: Auth,
    /// How many connections at a time, 1 to 16; 2 unless given.
    pub connections: Option<u8>,
    /// At most so many messages a minute.
    pub rate_per_minute: Option<u32>,
    /// How often one run tries a delivery that the server refuses for now, 1 to 10; 3 unless given.
    pub attempts: Option<u8>,
    /// Seconds until the second attempt, 0 to 600; 2 unless given. Each later pause is five times
    /// as long, a minute at most.
    pub retry_seconds: Option<u16>,
}

/// Protection of the connection to a mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// STARTTLS (RFC 3207), required.
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// None; loopback only.
    None,
}

/// What an account logs in with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// A password, by PLAIN (RFC 4616) or LOGIN.
    #[default]
    Password,
    /// A token of OAuth 2.0 (RFC 6749), by XOAUTH2.
    Xoauth2,
}

impl Smtp {
    /// The port in force.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        })
    }
}

/// What mail for people carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Attach {
    /// The deciding artifacts.
    Evidence,
    /// The materials.
    Materials,
}

/// Further spellings for the parts of a document (see the document grammar).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Recognise {
    /// Headings over gates.
    pub gates: Vec<String>,
    /// Headings over primary recipients.
    pub primary: Vec<String>,
    /// Headings over secondary recipients.
    pub secondary: Vec<String>,
    /// Leads of mail channels.
    pub email: Vec<String>,
    /// Leads of Slack channels.
    pub slack: Vec<String>,
    /// Leads of the feedback document.
    pub document: Vec<String>,
    /// Leads of the bundle folder.
    pub folder: Vec<String>,
    /// Header cells over stakeholders.
    pub stakeholder: Vec<String>,
    /// Header cells over evidence.
    pub evidence: Vec<String>,
    /// Header cells over sent times.
    pub sent: Vec<String>,
    /// Header cells over review times.
    pub reviewed: Vec<String>,
    /// Header cells over confirmation times.
    pub acknowledged: Vec<String>,
    /// Header cells over blockers.
    pub blocker: Vec<String>,
    /// Labels of lines about coordination.
    pub lines: Lines,
    /// Headings over parts of coordination.
    pub headings: Headings,
    /// Header cells of an owner matrix.
    pub columns: Columns,
    /// Words and marks of a status.
    pub statuses: Statuses,
}
