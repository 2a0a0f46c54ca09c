//! Evidence: files that may prove a gate, and what reading one of them showed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// The kinds of evidence that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Dumps of `curl -i`, `-I` or `-v`, or `key=value` write-outs.
    Http,
    /// One JSON object, or an array of them.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// Comma-separated values with a header line (RFC 4180).
    Csv,
    /// Anything else that is UTF-8.
    Text,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Http => "an HTTP log",
            Kind::Json => "JSON",
            Kind::Ndjson => "NDJSON",
            Kind::Csv => "CSV",
            Kind::Text => "text",
        })
    }
}

/// A file whose path matches a pattern; nothing of it has been opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Path from the workspace root, with `/`.
    pub path: String,
    /// The moment its name (or, failing that, a folder) states.
    pub moment: Option<Moment>,
    /// What a person should know about the name, such as a folder's date that differs.
    pub notes: Vec<String>,
}

/// A file that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Path from the workspace root, with `/`.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// What reading one artifact against its requirements showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// How it was read; `None` where it could not be.
    pub kind: Option<Kind>,
    /// How many records or HTTP exchanges it holds, redirects collapsed.
    pub records: u64,
    /// How many of them record a failure.
    pub failed: u64,
    /// Why it proves nothing, most telling first; each names a line where there is one. Empty: it proves.
    pub holds: Vec<String>,
    /// What it does not say, and a person who looks at it may: success that is asked, a picture.
    pub unsaid: Vec<String>,
    /// What a careful reader would mention without holding.
    pub notes: Vec<String>,
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
            text
        })
}
