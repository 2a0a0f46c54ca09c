//! Letters written one after the other, what they have in common worked out once.

use std::collections::HashMap;

use lettre::message::{MultiPart, header::ContentType};
use serde::Serialize;

use super::{MailError, headers, inliner::Inliner};
use crate::renderer::{
    html::message_html,
    letter::{Footer, Letter, PersonalBlock},
    markdown::is_allowed,
    mime::{self, Attachment},
    templates::{TemplateError, TemplateErrorKind, Templates},
};

/// So many texts are remembered; more would only cost memory.
pub(super) const REMEMBERED: usize = 64;

/// Writes letters. The same letter gives the same bytes, whatever was written before it.
pub struct Press<'t> {
    templates: &'t Templates,
    inliner: Inliner,
    /// Markdown and its HTML.
    texts: HashMap<String, String>,
    /// Attachments and the parts of a message they become.
    parts: Vec<(Attachment, Vec<u8>)>,
}

impl<'t> Press<'t> {
    /// A press with these templates.
    pub fn new(templates: &'t Templates) -> Self {
        Press {
            templates,
            inliner: Inliner::new(templates),
            texts: HashMap::new(),
            parts: Vec::new(),
        }
    }

    /// Writes the message: text and HTML as alternatives, then the attachments; CRLF throughout.
    ///
    /// Names, subject and addresses are checked first; nothing is written from a refused one.
    pub fn compose(&mut self, letter: &Letter) -> Result<Vec<u8>, MailError> {
        let headers = headers(letter)?;
        let (text, html) = self.bodies(letter)?;
        let part = |kind, content: &str| {
            mime::text_part(kind, content).ok_or_else(|| {
                TemplateError::new(
                    TemplateErrorKind::BadOutput,
                    template(letter, false),
                    "it cannot be encoded",
                )
            })
        };
        let mut alternative = MultiPart::alternative()
            .boundary(mime::boundary("alternative", &letter.message_id))
            .singlepart(part(ContentType::TEXT_PLAIN, &text)?)
            .singlepart(part(ContentType::TEXT_HTML, &html)?);
        // The last alternative is the one that calendars look for.
        if let Some(calendar) = letter.notice.as_ref().and_then(|n| n.calendar.as_ref())
            && let Ok(kind) = ContentType::parse(mime::calendar_type(calendar.method))
        {
            alternative = alternative.singlepart(part(kind, &calendar.text)?);
        }
        let alternative = alternative.formatted();
        let mut bytes = headers.to_string().into_bytes();
        if letter.attachments.is_empty() {
            bytes.extend(alternative);
            return Ok(bytes);
        }
        let boundary = mime::boundary("mixed", &letter.message_id);
        let mixed = MultiPart::mixed().boundary(&boundary).build();
        bytes.extend(mixed.headers().to_string().into_bytes());
        bytes.extend_from_slice(b"\r\n");
        let mut add = |part: &[u8]| {
            for piece in [b"--", boundary.as_bytes(), b"\r\n", part] {
                bytes.extend_from_slice(piece);
            }
        };
        add(&alternative);
        for file in &letter.attachments {
            add(self.part(file)?);
        }
        for piece in ["--", &boundary, "--\r\n"] {
            bytes.extend_from_slice(piece.as_bytes());
        }
        Ok(bytes)
    }

    /// The two texts of a letter: plain, and HTML with its styles inlined.
    pub fn bodies(&mut self, letter: &Letter) -> Result<(String, String), TemplateError> {
        let body = letter.body.replace("\r\n", "\n");
        let blocks = letter.blocks.iter();
        let blocks = blocks.map(|block| Block {
            name: &block.name,
            ask: block.ask.trim(),
            ask_html: self.html(&block.ask),
        });
        let blocks = blocks.collect();
        let templates = self.templates;
        let values = Values {
            subject: &letter.subject,
            lead: letter.lead.as_deref(),
            lead_html: letter.lead.as_deref().map(|text| self.html(text)),
            changes: letter.changes.as_deref(),
            changes_html: letter.changes.as_deref().map(|text| self.html(text)),
            body_html: self.html(&body),
            body: body.trim_end_matches('\n'),
            blocks,
            footer: &letter.footer,
            digest: letter.footer.digest.as_deref().map(short),
            ledger_head: letter.footer.ledger_head.as_deref().map(short),
            bundle_link: letter.footer.bundle_url.as_deref().is_some_and(is_allowed),
            attachments: letter.attachments.iter().map(|a| a.name.as_str()).collect(),
            css: templates.text("mail.css"),
        };
        let [text_template, html_template] = [false, true].map(|html| template(letter, html));
        let text = templates.render(text_template, &values)?;
        let html = templates.render(html_template, &values)?;
        let html = self.inliner.inlined(html, html_template, &own(letter))?;
        Ok((text, html))
    }

    /// An author's text as HTML.
    fn html(&mut self, text: &str) -> String {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let html = message_html(text);
        if self.texts.len() < REMEMBERED {
            self.texts.insert(text.to_owned(), html.clone());
        }
        html
    }

    /// The part of a message that `file` becomes, with its headers.
    fn part(&mut self, file: &Attachment) -> Result<&[u8], MailError> {
        let known = self.parts.iter().position(|(known, _)| known == file);
        let index = match known {
            Some(index) => index,
            None => {
                let part = mime::attachment_part(file)?.ok_or_else(|| {
                    MailError::AttachmentType(file.name.clone(), file.content_type.clone())
                })?;
                self.parts.push((file.clone(), part.formatted()));
                self.parts.len() - 1
            }
        };
        Ok(&self.parts[index].1)
    }
}

/// The template of a letter's text or HTML.
fn template(letter: &Letter, html: bool) -> &'static str {
    match (&letter.notice, html) {
        (None, false) => "mail.txt.tera",
        (None, true) => "mail.html.tera",
        (Some(_), false) => "notice.txt.tera",
        (Some(_), true) => "notice.html.tera",
    }
}

/// What no other letter has: the token, and what the one person is called and asked.
fn own(letter: &Letter) -> Vec<&str> {
    let mut own: Vec<&str> = letter.footer.token.iter().map(String::as_str).collect();
    if let [PersonalBlock { name, ask }] = letter.blocks.as_slice() {
        own.extend([ask.as_str(), name.as_str()]);
    }
    own
}

/// The fields of the templates of mail and notices.
#[derive(Serialize)]
struct Values<'a> {
    subject: &'a str,
    lead: Option<&'a str>,
    lead_html: Option<String>,
    changes: Option<&'a str>,
    changes_html: Option<String>,
    body: &'a str,
    body_html: String,
    blocks: Vec<Block<'a>>,
    footer: &'a Footer,
    digest: Option<&'a str>,
    ledger_head: Option<&'a str>,
    bundle_link: bool,
    attachments: Vec<&'a str>,
    css: &'a str,
}

/// Enough of a hash for people to compare.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[derive(Serialize)]
struct Block<'a> {
    name: &'a str,
    ask: &'a str,
    ask_html: String,
}
