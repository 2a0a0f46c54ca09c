//! One letter to one address: the author's text, the recipient's own block, the facts.

mod inliner;
mod press;

use jiff::Timestamp;
use lettre::message::{
    Mailbox as LettreMailbox, Mailboxes,
    header::{
        Date, From, HeaderName, HeaderValue, Headers, InReplyTo, MIME_VERSION_1_0, MessageId,
        References, ReplyTo, To,
    },
};
use thiserror::Error;

use super::{
    letter::Letter,
    mime,
    safety::{self, Mailbox, Unsafe},
    templates::{TemplateError, Templates},
};

pub use press::Press;

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

/// Writes one message; for many, a [`Press`] is quicker.
pub fn compose(letter: &Letter, templates: &Templates) -> Result<Vec<u8>, MailError> {
    Press::new(templates).compose(letter)
}

fn headers(letter: &Letter) -> Result<Headers, MailError> {
    safety::check_line("subject", &letter.subject)?;
    let from = safety::check_address("from", &letter.from)?;
    let to = safety::check_address("recipient's address", &letter.to_address)?
        .named(letter.to_name.as_deref())?;
    let follows = letter.notice.as_ref().and_then(|n| n.follows.as_ref());
    for id in follows.into_iter().chain([&letter.message_id]) {
        check_id(id)?;
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
    headers.set(MessageId::from(letter.message_id.clone()));
    if let Some(id) = follows {
        headers.set(InReplyTo::from(id.clone()));
        headers.set(References::from(id.clone()));
    }
    if letter.auto_submitted {
        headers.insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    }
    headers.set(MIME_VERSION_1_0);
    Ok(headers)
}

/// Whether a Message-ID can stand in a header (RFC 5322 section 3.6.4).
fn check_id(id: &str) -> Result<(), MailError> {
    let inside = id.strip_prefix('<').and_then(|i| i.strip_suffix('>'));
    let well_formed = id.len() <= 250
        && id.bytes().all(|b| b.is_ascii_graphic())
        && inside
            .and_then(|i| i.split_once('@'))
            .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
    if well_formed {
        Ok(())
    } else {
        Err(MailError::MessageId(safety::visible(id)))
    }
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

#[cfg(test)]
mod tests;
