//! Text to document: what a Markdown file says, each part with its bytes, and diagnostics.
//!
//! Parsing never fails and does no I/O. Markdown is read by pulldown-cmark with byte offsets;
//! on top of its events one file a part recognises the document grammar, by the spellings of
//! [`spellings`].

mod blocks;
mod boxes;
mod change_log;
mod channels;
mod claims;
mod coordination;
pub mod deadlines;
mod front_matter;
mod gates;
mod hidden;
mod inline;
mod layout;
mod leftovers;
mod mentions;
pub mod moments;
mod names;
mod nearly;
mod notifications;
mod paths;
mod placeholders;
mod recipients;
pub mod replies;
pub mod sense;
pub mod spellings;
mod status_field;
mod tasks;
mod tracker;
mod vanished;

pub use change_log::read as read_change_log;
pub use coordination::{is_nobody, status as read_status};
pub use front_matter::read as read_front_matter;
pub use tracker::is_drawn;

use crate::model::{
    diagnostic::Diagnostic,
    document::{Document, Heading},
    roots::EvidenceRoots,
    span::LineIndex,
};
use spellings::Spellings;

/// How documents are read: accepted spellings and evidence roots.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    /// Accepted wordings.
    pub spellings: Spellings,
    /// Folders that hold evidence.
    pub roots: EvidenceRoots,
}

/// Reads the document at `path` (from the workspace root, with `/`).
///
/// Never fails: what cannot be read is a diagnostic, and everything else is there.
pub fn parse(path: &str, source: &str, grammar: &Grammar) -> (Document, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let front = front_matter::read(source, &mut found);
    let outline = blocks::read(source, front.body_start, &mut found);
    let mut document = Document {
        path: path.to_owned(),
        source: source.to_owned(),
        lines: LineIndex::new(source),
        front,
        headings: outline.headings.clone(),
        tasks: tasks::read(&outline),
        shell_fences: outline.shell_fences(),
        ..Document::default()
    };
    document.layout = layout::read(source, &outline, grammar, &mut found);
    document.notifications = notifications::read(source, &outline, &mut found);
    document.placeholders = placeholders::read(source, &outline, &document, &mut found);
    document.trackers = tracker::read(source, &outline, grammar, &mut found);
    let claimed = channels::read(&outline, grammar, &mut found);
    document.channels = claimed.channels;
    let people = recipients::read(&outline, grammar, &claimed.items, &mut found);
    document.recipients = people.recipients;
    let taken = [claimed.items, people.items].concat();
    document.gates = gates::read(source, &outline, grammar, &document, &taken, &mut found);
    document.claims = claims::read(source, &outline, &document);
    vanished::report(&outline, grammar, &document, &taken, &mut found);
    hidden::report(&document, &outline, &mut found);
    leftovers::report(&document, grammar, &mut found);
    document.status_field = status_field::read(source, &outline, grammar);
    document.mentions = mentions::read(source, &outline, &document);
    document.coordination = coordination::read(source, &outline, &document, grammar, &mut found);
    found.sort_by_key(|d| (d.span.start, d.code));
    (document, found)
}

/// The headings of a text, in order, its front matter passed over.
pub fn headings(source: &str) -> Vec<Heading> {
    let front = front_matter::read(source, &mut Vec::new());
    blocks::read(source, front.body_start, &mut Vec::new()).headings
}
