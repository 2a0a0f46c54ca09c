//! A document as it was read: its parts, each with the bytes it came from.

use super::{
    coordination::Coordination,
    pattern::{Pattern, PatternError},
    span::{LineIndex, Span},
};

/// A Markdown document and everything recognised in it.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Path from the workspace root, with `/`.
    pub path: String,
    /// The text, as it stands on disk.
    pub source: String,
    /// Where its lines start.
    pub lines: LineIndex,
    /// The YAML block at its head.
    pub front: FrontMatter,
    /// Headings in order, bold one-phrase paragraphs included.
    pub headings: Vec<Heading>,
    /// Conditions that must hold before sending.
    pub gates: Vec<Gate>,
    /// Placeholders outside code spans and shell fences, near misses included.
    pub placeholders: Vec<Placeholder>,
    /// Messages to send.
    pub notifications: Vec<Notification>,
    /// Who gets them.
    pub recipients: Vec<Recipient>,
    /// Where else they go.
    pub channels: Vec<Channel>,
    /// The bundle's folder tree.
    pub layout: Option<Layout>,
    /// Paths of files that the text names, in order, outside shell fences.
    pub mentions: Vec<Mention>,
    /// Acknowledgement tables.
    pub trackers: Vec<Tracker>,
    /// `**Status:** …` under the gates' heading.
    pub status_field: Option<StatusField>,
    /// Words outside the gates, which may claim something about evidence.
    pub claims: Vec<Claim>,
    /// Who owes what by when.
    pub coordination: Coordination,
    /// Every task item.
    pub tasks: Vec<Task>,
    /// Bytes that no edit may touch: shell fences.
    pub shell_fences: Vec<Span>,
}

impl Document {
    /// The line (from 1) on which `span` starts.
    pub fn line(&self, span: Span) -> usize {
        self.lines.line(span.start)
    }

    /// The document's title: its first level-1 heading, else its path.
    pub fn title(&self) -> &str {
        let first = self.headings.iter().find(|h| h.level == 1);
        first.map_or(&self.path, |h| &h.text)
    }

    /// The folder that holds the document, `""` at the root.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// File name without its extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The tracker rows of all tables, top to bottom.
    pub fn tracker_rows(&self) -> impl Iterator<Item = &TrackerRow> {
        self.trackers.iter().flat_map(|t| &t.rows)
    }
}

/// The YAML block at a document's head. Values stay text until asked for.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// The whole block with its fences; `None` where there is none.
    pub span: Option<Span>,
    /// Keys in order, each with its value as written, unquoted.
    pub entries: Vec<FrontEntry>,
    /// First byte after the closing line; 0 without front matter.
    pub body_start: usize,
}

/// One key of the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontEntry {
    /// The key.
    pub key: String,
    /// The value as text: quotes and comments are gone, nothing is converted.
    pub value: String,
    /// The bytes of the value.
    pub span: Span,
}

impl FrontMatter {
    /// The entry under `key`, if any.
    pub fn entry(&self, key: &str) -> Option<&FrontEntry> {
        self.entries.iter().find(|e| e.key == key)
    }

    /// The value under `key`; `None` where it is absent or empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entry(key)
            .map(|e| e.value.as_str())
            .filter(|v| !v.is_empty())
    }
}

/// A heading, or a paragraph that is one bold phrase (level 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6 as in Markdown, 7 for a bold phrase.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// Its bytes.
    pub span: Span,
}

/// A condition that must hold before sending.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Unique in the document.
    pub name: String,
    /// Its words, single-spaced.
    pub text: String,
    /// Its words with struck ones, code spans and the targets of links and pictures marked: what a
    /// waiver or an attestation is given for.
    pub marked: String,
    /// All its bytes, without nested items.
    pub span: Span,
    /// The three bytes of its `[ ]`; `None` in a table.
    pub marker: Option<Span>,
    /// Whether the box is ticked: a claim, not proof.
    pub ticked: bool,
    /// Whether the whole gate is struck out.
    pub struck: bool,
    /// Evidence paths it names.
    pub paths: Vec<GatePath>,
    /// Code spans that are a URL or a query, in order.
    pub targets: Vec<(String, Span)>,
    /// In a table, its cells, each with what the column is called.
    pub heads: Vec<(Span, String)>,
    /// Indices of the gates nested directly below.
    pub children: Vec<usize>,
}

/// A path in a gate's words that is taken for evidence.
#[derive(Clone, Debug)]
pub struct GatePath {
    /// The bytes of the path alone.
    pub span: Span,
    /// The pattern from the workspace root, or why it is refused.
    pub pattern: Result<Pattern, PatternError>,
}

/// `<PLACEHOLDER - PATTERN>` or `Placeholder → PATTERN`, or a near miss of one.
#[derive(Clone, Debug)]
pub struct Placeholder {
    /// All of it.
    pub span: Span,
    /// What it asks for, or why it cannot be read.
    pub asks: Result<Pattern, String>,
    /// Index of the notification that holds it.
    pub notification: Option<usize>,
}

/// Subject and body of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The subject line, one line.
    pub subject: String,
    /// The subject's bytes.
    pub subject_span: Span,
    /// The body's bytes, in pieces where quoting or indentation comes between.
    pub body: Vec<Span>,
}

/// Primary recipients are asked to act, secondary ones are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Under a heading that says primary, or just recipients.
    Primary,
    /// Under a heading that says secondary.
    Secondary,
}

/// A person or role that gets the notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The bracketed person, else the lead.
    pub name: String,
    /// The lead without the bracketed person.
    pub role: String,
    /// Which list.
    pub group: Group,
    /// What they are asked.
    pub ask: String,
    /// All its bytes.
    pub span: Span,
    /// The three bytes of its `[ ]`.
    pub marker: Span,
    /// Whether the box is ticked.
    pub ticked: bool,
}

/// Where a channel leads.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// An announcement to an address.
    Email,
    /// A post to a Slack channel.
    Slack,
    /// An entry in a feedback document.
    Document,
    /// The bundle folder.
    Folder,
}

/// One place the packet goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// What sort of place.
    pub kind: ChannelKind,
    /// Address, `#channel`, file or folder.
    pub target: String,
    /// All the item's bytes.
    pub span: Span,
    /// The three bytes of its `[ ]`.
    pub marker: Span,
    /// Whether the box is ticked.
    pub ticked: bool,
}

/// A folder tree drawn in a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The bundle folder as drawn, without the final `/`.
    pub root: String,
    /// The root's bytes.
    pub root_span: Span,
    /// What to lay there, top to bottom.
    pub leaves: Vec<Leaf>,
}

/// A file in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Path below the root.
    pub path: String,
    /// The bytes of its file name.
    pub span: Span,
}

impl Leaf {
    /// The file name alone.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder below the root, `""` at the root.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// A path that the text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// From the workspace root, with `/`.
    pub path: String,
    /// Its bytes.
    pub span: Span,
    /// Index of the notification whose body names it.
    pub notification: Option<usize>,
}

/// An acknowledgement table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracker {
    /// The table's bytes.
    pub span: Span,
    /// Which column says what.
    pub columns: TrackerColumns,
    /// Its rows.
    pub rows: Vec<TrackerRow>,
}

/// Column numbers from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackerColumns {
    /// Who.
    pub stakeholder: usize,
    /// Their role.
    pub role: Option<usize>,
    /// When the packet was sent.
    pub sent: Option<usize>,
    /// When the evidence was reviewed.
    pub reviewed: Option<usize>,
    /// When they confirmed.
    pub acknowledged: Option<usize>,
    /// What stands in the way.
    pub blocker: Option<usize>,
}

/// One stakeholder's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackerRow {
    /// The stakeholder cell's text.
    pub name: String,
    /// The role cell's text.
    pub role: Option<String>,
    /// The bytes of each cell without padding and pipes.
    pub cells: Vec<Span>,
    /// The row's bytes.
    pub span: Span,
}

/// `**Status:** …` under the gates' heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusField {
    /// What follows the label, to the end of the line.
    pub value: Span,
}

/// A heading, a paragraph, a list item or a row outside the gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its bold lead, else its text; of a row, the first cell's.
    pub lead: String,
    /// Its own bytes, without nested items.
    pub span: Span,
    /// Code spans that are a URL or a query.
    pub targets: Vec<(String, Span)>,
    /// The headings it stands under, innermost first, without the title.
    pub sections: Vec<String>,
    /// In a table, its cells, each with what the column is called.
    pub heads: Vec<(Span, String)>,
}

/// Any task item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The nearest heading's text, `""` before the first.
    pub section: String,
    /// Its words without markup.
    pub text: String,
    /// The three bytes of its `[ ]`.
    pub marker: Span,
    /// Whether the box is ticked.
    pub ticked: bool,
}
