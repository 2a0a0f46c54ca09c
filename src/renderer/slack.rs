//! The Slack announcement, as Block Kit JSON within Slack's limits.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use super::{
    filters::line,
    markdown::is_allowed,
    templates::{TemplateError, TemplateErrorKind, Templates},
};

/// Characters of a header block.
const HEADER: usize = 150;
/// Characters of a section's text: Slack takes 3000, the template adds a label.
const SECTION: usize = 2900;
/// Characters of the fall-back text that notifications show.
const TEXT: usize = 3000;
/// How many highlights are shown.
const HIGHLIGHTS: usize = 10;
/// How many links are shown.
const LINKS: usize = 10;

/// What the announcement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The notification's subject.
    pub subject: String,
    /// The notification's text, its placeholders replaced. Markdown.
    pub body: String,
    /// The document's title.
    pub title: String,
    /// The revision, from 1.
    pub revision: u32,
    /// The digest, in hex.
    pub digest: String,
    /// Link texts and URLs, made of `bundle-url`.
    pub links: Vec<(String, String)>,
    /// What changed since the revision before, one short line each.
    pub changes: Vec<String>,
}

/// Writes the JSON that the webhook takes.
pub fn slack_json(
    announcement: &Announcement,
    templates: &Templates,
) -> Result<String, TemplateError> {
    const FILE: &str = "slack.json.tera";
    let escaped = |text: &str| escape(&line(text));
    let leads = highlights(&announcement.body);
    let bullets = |lines: &[String]| {
        let lines = lines
            .iter()
            .take(HIGHLIGHTS)
            .map(|l| format!("• {}", escaped(l)));
        bounded(lines.collect::<Vec<_>>(), SECTION)
    };
    let links = announcement
        .links
        .iter()
        .filter(|(_, url)| is_allowed(url) && !url.contains(['|', '>']))
        .take(LINKS)
        .map(|(label, url)| {
            format!(
                "<{}|{}>",
                escape(url),
                shorten(&escaped(label), 100).replace('|', "¦")
            )
        });
    let subject = heading(&announcement.subject);
    let values = Values {
        subject: shorten(&subject, HEADER),
        text: shorten(&escape(&subject), TEXT),
        highlights: bullets(&leads),
        changes: bullets(&announcement.changes),
        links: bounded(links.collect(), SECTION),
        title: shorten(&escaped(&announcement.title), 300),
        revision: announcement.revision,
        digest: announcement.digest.chars().take(12).collect(),
    };
    filled(FILE, &values, templates)
}

/// What a notice says in a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticePost {
    /// The heading.
    pub subject: String,
    /// The text. Markdown.
    pub body: String,
    /// The document's title.
    pub title: String,
    /// The document's path, from the workspace root.
    pub document: String,
}

/// Writes the JSON of a notice that the webhook takes.
pub fn notice_json(post: &NoticePost, templates: &Templates) -> Result<String, TemplateError> {
    let subject = heading(&post.subject);
    let values = NoticeValues {
        subject: shorten(&subject, HEADER),
        text: shorten(&escape(&subject), TEXT),
        body: bounded(post.body.lines().map(mrkdwn).collect(), SECTION),
        title: shorten(&escape(&line(&post.title)), 300),
        document: shorten(&escape(&line(&post.document)), 300),
    };
    filled("notice.json.tera", &values, templates)
}

/// One line of Markdown in Slack's own marks.
fn mrkdwn(text: &str) -> String {
    let plain = escape(&line(text)).replace("**", "*");
    let trimmed = plain.trim_start();
    let bullet = ["- ", "* ", "+ "]
        .iter()
        .find_map(|b| trimmed.strip_prefix(b));
    match (bullet, trimmed.trim_start_matches('#')) {
        (Some(item), _) => format!("• {item}"),
        (None, title) if title.len() < trimmed.len() && title.starts_with(' ') => {
            format!("*{}*", title.trim())
        }
        _ => plain,
    }
}

/// A header block may not be empty.
fn heading(text: &str) -> String {
    match line(text) {
        empty if empty.is_empty() => "—".to_owned(),
        text => text,
    }
}

/// The template's text, which must be JSON.
fn filled(
    file: &str,
    values: &impl Serialize,
    templates: &Templates,
) -> Result<String, TemplateError> {
    let bad = |message: String| TemplateError::new(TemplateErrorKind::BadOutput, file, message);
    let text = templates.render(file, values)?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|e| {
        bad(format!(
            "it does not write JSON: {e}; write texts with json_encode"
        ))
    })?;
    serde_json::to_string_pretty(&json).map_err(|e| bad(e.to_string()))
}

/// The bold phrases that open a line or a list item of `body`, without their colons.
pub fn highlights(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut opening = true;
    let mut bold: Option<String> = None;
    for event in Parser::new_ext(body, Options::ENABLE_TASKLISTS) {
        match event {
            Event::Start(Tag::Strong) if opening => bold = Some(String::new()),
            Event::End(TagEnd::Strong) => {
                let lead = bold.take().unwrap_or_default();
                let lead = lead.trim().trim_end_matches([':', '：']).trim();
                if !lead.is_empty() {
                    found.push(lead.to_owned());
                }
                opening = false;
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::Heading { .. })
            | Event::SoftBreak
            | Event::HardBreak
                if bold.is_none() =>
            {
                opening = true;
            }
            Event::Text(text) | Event::Code(text) => match &mut bold {
                Some(lead) => lead.push_str(&text),
                // A sign such as ✅ may stand before the phrase.
                None => opening = opening && !text.contains(char::is_alphanumeric),
            },
            _ => {}
        }
    }
    found
}

/// mrkdwn's three special characters.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// `text` cut to `limit` characters, never inside an entity.
fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit - 1).collect();
    if let Some(at) = cut.rfind('&')
        && !cut[at..].contains(';')
    {
        cut.truncate(at);
    }
    cut.push('…');
    cut
}

/// Whole lines, as many as fit into `limit` characters.
fn bounded(lines: Vec<String>, limit: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for text in lines {
        let text = if text.starts_with('<') {
            text
        } else {
            shorten(&text, 300)
        };
        let length = text.chars().count() + 1;
        if used + length > limit {
            break;
        }
        if used > 0 {
            out.push('\n');
        }
        out.push_str(&text);
        used += length;
    }
    out
}

/// The fields of `slack.json.tera`.
#[derive(Serialize)]
struct Values {
    subject: String,
    text: String,
    highlights: String,
    changes: String,
    links: String,
    title: String,
    revision: u32,
    digest: String,
}

/// The fields of `notice.json.tera`.
#[derive(Serialize)]
struct NoticeValues {
    subject: String,
    text: String,
    body: String,
    title: String,
    document: String,
}

#[cfg(test)]
mod tests;
