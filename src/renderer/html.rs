//! `packet.html`, and the HTML of an author's message.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    anchors::Anchor,
    markdown::{self, Dialect},
    templates::{TemplateError, Templates},
};
use crate::model::resolution::Verdict;

/// What `packet.html` shows.
#[derive(Clone, Debug)]
pub struct PacketPage {
    /// The document's title.
    pub title: String,
    /// The document's path, from the workspace root.
    pub document: String,
    /// Its state in words: `hold`, `clear`, `sent`, `in the outbox`, `complete` and so on.
    pub state: String,
    /// The revision, once there is one.
    pub revision: Option<u32>,
    /// The digest, in lower-case hex; `None` while on hold.
    pub digest: Option<String>,
    /// The moment of the newest thing on record; `None` before there is a record.
    pub as_of: Option<Timestamp>,
    /// What has to be done before the packet can be sent.
    pub blockers: Vec<String>,
    /// The gates, in document order.
    pub gates: Vec<PageGate>,
    /// Keys and values of the front matter, in order.
    pub front: Vec<(String, String)>,
    /// The rendered packet: all of `packet.md`.
    pub markdown: String,
}

/// One gate's row.
#[derive(Clone, Debug, Serialize)]
pub struct PageGate {
    /// The gate's name.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// The artifacts that decided, by path.
    pub artifacts: Vec<String>,
}

/// The whole page, self-contained: no scripts, nothing loaded from anywhere.
pub fn packet_html(page: &PacketPage, templates: &Templates) -> Result<String, TemplateError> {
    let rendered = markdown::render(&page.markdown, Dialect::Page);
    // The page's own heading takes the place of the document's.
    let (body, anchors) = match rendered.anchors.first() {
        Some(first) if first.level == 1 && first.text == page.title => (
            without_first_heading(&rendered.html),
            rendered.anchors[1..].to_vec(),
        ),
        _ => (rendered.html, rendered.anchors),
    };
    let contents: Vec<Anchor> = anchors.into_iter().filter(|a| a.level <= 2).collect();
    templates.render(
        "packet.html.tera",
        &PageValues {
            title: &page.title,
            document: &page.document,
            state: &page.state,
            revision: page.revision,
            digest: page.digest.as_deref(),
            as_of: page.as_of,
            blockers: &page.blockers,
            gates: &page.gates,
            settled: page
                .gates
                .iter()
                .filter(|g| g.verdict != Verdict::Hold)
                .count(),
            front: &page.front,
            contents: &contents,
            body: &body,
            css: templates.text("packet.css"),
        },
    )
}

/// An author's text as HTML: Markdown whose line breaks are kept.
pub fn message_html(text: &str) -> String {
    markdown::render(text, Dialect::Message).html
}

/// The fields of `packet.html.tera`.
#[derive(Serialize)]
struct PageValues<'a> {
    title: &'a str,
    document: &'a str,
    state: &'a str,
    revision: Option<u32>,
    digest: Option<&'a str>,
    as_of: Option<Timestamp>,
    blockers: &'a [String],
    gates: &'a [PageGate],
    settled: usize,
    front: &'a [(String, String)],
    contents: &'a [Anchor],
    body: &'a str,
    css: &'a str,
}

fn without_first_heading(html: &str) -> String {
    match (html.find("<h1"), html.find("</h1>\n")) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", &html[..start], &html[end + "</h1>\n".len()..])
        }
        _ => html.to_owned(),
    }
}

#[cfg(test)]
mod tests;
