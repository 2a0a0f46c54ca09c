//! One letter to one address: the author's text, the recipient's own block, the facts.

use jiff::Timestamp;
use lettre::message::{
    Mailbox as LettreMailbox, Mailboxes, MultiPart, SinglePart,
    header::{
        ContentType, Date, From, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0, MessageId,
        ReplyTo, To,
    },
};
use serde::Serialize;
use thiserror::Error;

use super::{
    html::message_html,
    letter::{Footer, Letter, PersonalBlock},
    markdown::is_allowed,
    markup, mime,
    safety::{self, Mailbox, Unsafe},
    templates::{TemplateError, TemplateErrorKind, Templates},
};

/// Why a letter cannot be written.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum MailError {
    /// A name, subject or address is refused.
    #[error(transparent)]
    Unsafe(#[from] Unsafe),
    /// A template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The Message-ID has no `<left@right>` form.
    #[error("the Message-ID `{0}` is not of the form <left@right>")]
    MessageId(String),
    /// Mail dates begin in 1970.
    #[error("a message cannot be dated {0}; check the clock or --now")]
    Date(Timestamp),
    /// An attachment's type is no MIME type.
    #[error("`{0}` cannot be attached: its type `{1}` is no MIME type")]
    AttachmentType(String, String),
}

/// Writes the message: text and HTML as alternatives, then the attachments; CRLF throughout.
///
/// Names, subject and addresses are checked first; nothing is written from a refused one.
pub fn compose(letter: &Letter, templates: &Templates) -> Result<Vec<u8>, MailError> {
    let headers = headers(letter)?;
    let (text, html) = bodies(letter, templates)?;
    let part = |kind, content: &str| {
        mime::text_part(kind, content).ok_or_else(|| {
            TemplateError::new(
                TemplateErrorKind::BadOutput,
                "mail.txt.tera",
                "it cannot be encoded",
            )
        })
    };
    let alternative = MultiPart::alternative()
        .boundary(mime::boundary("alternative", &letter.message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &text)?)
        .singlepart(part(ContentType::TEXT_HTML, &html)?);
    let whole = if letter.attachments.is_empty() {
        alternative
    } else {
        attachments(letter)?.into_iter().fold(
            MultiPart::mixed()
                .boundary(mime::boundary("mixed", &letter.message_id))
                .multipart(alternative),
            MultiPart::singlepart,
        )
    };
    let mut bytes = headers.to_string().into_bytes();
    bytes.extend(whole.formatted());
    Ok(bytes)
}

/// The two texts of a letter: plain, and HTML with its styles inlined.
pub fn bodies(letter: &Letter, templates: &Templates) -> Result<(String, String), TemplateError> {
    let body = letter.body.replace("\r\n", "\n");
    let values = Values {
        subject: &letter.subject,
        lead: letter.lead.as_deref(),
        lead_html: letter.lead.as_deref().map(message_html),
        changes: letter.changes.as_deref(),
        changes_html: letter.changes.as_deref().map(message_html),
        body_html: message_html(&body),
        body: body.trim_end_matches('\n'),
        blocks: letter.blocks.iter().map(Block::new).collect(),
        footer: &letter.footer,
        digest: short(&letter.footer.digest),
        ledger_head: letter.footer.ledger_head.as_deref().map(short),
        bundle_link: letter.footer.bundle_url.as_deref().is_some_and(is_allowed),
        attachments: letter.attachments.iter().map(|a| a.name.as_str()).collect(),
        css: templates.text("mail.css"),
    };
    let text = templates.render("mail.txt.tera", &values)?;
    let html = templates.render("mail.html.tera", &values)?;
    Ok((text, inlined(&html)?))
}

fn headers(letter: &Letter) -> Result<Headers, MailError> {
    safety::check_line("subject", &letter.subject)?;
    let from = safety::check_address("from", &letter.from)?;
    let to = safety::check_address("recipient's address", &letter.to_address)?
        .named(letter.to_name.as_deref())?;
    let id = &letter.message_id;
    let well_formed = id.len() <= 250
        && id.bytes().all(|b| b.is_ascii_graphic())
        && id
            .strip_prefix('<')
            .and_then(|i| i.strip_suffix('>'))
            .and_then(|i| i.split_once('@'))
            .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
    if !well_formed {
        return Err(MailError::MessageId(safety::visible(id)));
    }
    if letter.date < Timestamp::UNIX_EPOCH {
        return Err(MailError::Date(letter.date));
    }
    let mut headers = Headers::new();
    headers.set(Date::new(letter.date.into()));
    headers.set(From::from(Mailboxes::from(lettre_mailbox("from", &from)?)));
    if let Some(reply_to) = &letter.reply_to {
        let reply_to = safety::check_address("reply-to", reply_to)?;
        headers.set(ReplyTo::from(Mailboxes::from(lettre_mailbox(
            "reply-to", &reply_to,
        )?)));
    }
    headers.set(To::from(Mailboxes::from(lettre_mailbox("to", &to)?)));
    headers.insert_raw(mime::subject(&letter.subject));
    headers.set(MessageId::from(id.clone()));
    if letter.auto_submitted {
        headers.insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    }
    headers.set(MIME_VERSION_1_0);
    Ok(headers)
}

fn lettre_mailbox(what: &str, mailbox: &Mailbox) -> Result<LettreMailbox, Unsafe> {
    let address = lettre::Address::new(mailbox.local(), mailbox.domain()).map_err(|_| Unsafe {
        what: what.to_owned(),
        shown: safety::visible(&mailbox.address()),
        why: safety::Why::NotAnAddress,
    })?;
    Ok(LettreMailbox::new(
        mailbox.name().map(str::to_owned),
        address,
    ))
}

fn attachments(letter: &Letter) -> Result<Vec<SinglePart>, MailError> {
    letter
        .attachments
        .iter()
        .map(|file| {
            mime::attachment_part(file)?.ok_or_else(|| {
                MailError::AttachmentType(file.name.clone(), file.content_type.clone())
            })
        })
        .collect()
}

/// The fields of `mail.txt.tera` and `mail.html.tera`.
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
    digest: &'a str,
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

impl<'a> Block<'a> {
    fn new(block: &'a PersonalBlock) -> Self {
        Block {
            name: &block.name,
            ask: block.ask.trim(),
            ask_html: message_html(&block.ask),
        }
    }
}

/// Mail programs drop style sheets: each rule moves to the elements it is for. What cannot
/// move, the rules for dark screens, stays in the head.
fn inlined(html: &str) -> Result<String, TemplateError> {
    let bad = |message| TemplateError::new(TemplateErrorKind::BadOutput, "mail.html.tera", message);
    let text = css_inline::CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(false)
        .keep_at_rules(true)
        .build()
        .inline(html)
        .map_err(|e| bad(format!("its styles cannot be inlined: {e}")))?;
    // Inlining writes every tag anew.
    markup::check(&text).map_err(bad)?;
    Ok(text)
}

#[cfg(test)]
mod tests;
