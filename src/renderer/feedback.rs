//! The entry that a distribution leaves in the feedback document.

mod answers;

use jiff::Timestamp;
use serde::Serialize;

pub use answers::{FeedbackAnswer, FeedbackAnswers, feedback_answers};

use super::templates::{TemplateError, TemplateErrorKind, Templates};

/// What the entry says.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackEntry {
    /// Unique to the distribution: it marks the entry, so that it is written once.
    pub reference: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The subject sent.
    pub subject: String,
    /// The document's path, from the workspace root.
    pub document: String,
    /// The revision, from 1.
    pub revision: u32,
    /// The digest, in hex.
    pub digest: String,
    /// Whether it tells only what was delivered after an earlier entry.
    pub later: bool,
    /// Who it went to.
    pub recipients: Vec<FeedbackRecipient>,
    /// The bundle, relative to the feedback document, with a final `/`.
    pub bundle: String,
    /// The evidence.
    pub evidence: Vec<FeedbackEvidence>,
}

/// One recipient.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackRecipient {
    /// The delivery's key.
    pub key: String,
    /// The person, or the channel.
    pub name: String,
    /// Address or `#channel`.
    pub address: String,
    /// Where the delivery stands, in words.
    pub state: &'static str,
    /// When the outcome was known.
    pub at: Option<Timestamp>,
}

/// One artifact.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackEvidence {
    /// The gate it decided.
    pub gate: String,
    /// Its path in the workspace.
    pub path: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// The comment that marks the entry `reference`.
pub fn marker(reference: &str) -> String {
    let safe: String = reference
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._".contains(*c))
        .collect();
    format!("<!-- packet:{safe} -->")
}

/// Writes the entry. It begins with its marker and ends with a line break.
pub fn feedback_entry(
    entry: &FeedbackEntry,
    templates: &Templates,
) -> Result<String, TemplateError> {
    const FILE: &str = "feedback_entry.md.tera";
    let mark = marker(&entry.reference);
    let text = templates.render(
        FILE,
        &Values {
            entry,
            marker: &mark,
            bundle_url: link_target(&entry.bundle),
        },
    )?;
    if !text.contains(&mark) {
        let message = "it leaves out {{ marker }}, without which the entry would be added again";
        return Err(TemplateError::new(
            TemplateErrorKind::BadOutput,
            FILE,
            message,
        ));
    }
    Ok(format!("{}\n", text.trim_end()))
}

/// Whether the feedback document holds the entry `reference`.
pub fn has_entry(document: &str, reference: &str) -> bool {
    document.contains(&marker(reference))
}

/// The feedback document with the entry at its end; `None` where it already holds it.
pub fn with_entry(document: &str, entry: &str, reference: &str) -> Option<String> {
    (!has_entry(document, reference)).then(|| with_text(document, entry))
}

/// The feedback document with `entry` at its end, in its own line breaks.
pub fn with_text(document: &str, entry: &str) -> String {
    let crlf = document.contains("\r\n");
    let gap = match document {
        "" => "",
        text if text.ends_with("\n\n") || text.ends_with("\r\n\r\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let added = format!("{gap}{entry}");
    let added = if crlf {
        added.replace('\n', "\r\n")
    } else {
        added
    };
    format!("{document}{added}")
}

/// A relative path as a Markdown link's target: everything but plain characters is
/// percent-encoded (RFC 3986 section 2.1).
fn link_target(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The fields of `feedback_entry.md.tera`.
#[derive(Serialize)]
struct Values<'a> {
    #[serde(flatten)]
    entry: &'a FeedbackEntry,
    marker: &'a str,
    bundle_url: String,
}

#[cfg(test)]
mod tests;
