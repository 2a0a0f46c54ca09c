//! What may stand in a name, a subject or an address: one visible line, and an honest domain.

use thiserror::Error;
use unicode_security::MixedScript;

use crate::model::unseen::{self, Unseen};

pub use crate::model::unseen::visible;

/// The longest display name that is written into a header, in characters.
const LONGEST_NAME: usize = 200;

/// A text that is refused before it reaches a header.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what} `{shown}` {why}")]
pub struct Unsafe {
    /// What the text is: `subject`, `recipient's name`.
    pub what: String,
    /// The text with everything invisible escaped.
    pub shown: String,
    /// What is wrong, and what to do.
    pub why: Why,
}

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Why {
    /// It would start a new header line.
    #[error("has a line break; write it on one line")]
    LineBreak,
    /// It has a control character.
    #[error("has a control character; delete what is shown as \\u{{…}} and type it again")]
    Control,
    /// It has a character that changes the direction in which text is shown.
    #[error(
        "has a character that reorders text on the screen; delete what is shown as \\u{{…}} and type it again"
    )]
    Bidi,
    /// It has a character that cannot be seen.
    #[error("has an invisible character; delete what is shown as \\u{{…}} and type it again")]
    Invisible,
    /// It has the opening of an RFC 2047 encoded word, which readers would decode.
    #[error("has `=?`, which mail programs decode into something else; remove it")]
    EncodedWord,
    /// It is longer than any real name.
    #[error("is longer than {LONGEST_NAME} characters; shorten it")]
    TooLong,
    /// It does not read as an address.
    #[error("is not a mail address; write `name@example.com` or `Name <name@example.com>`")]
    NotAnAddress,
    /// Its domain is not one that DNS could hold (RFC 5890).
    #[error("has a domain that cannot exist; check the part after the @")]
    Domain,
    /// Its domain mixes scripts (UTS 39), as look-alikes do.
    #[error(
        "has a domain that mixes scripts (alphabets), so that it may only look like the real one; type the part after the @ again"
    )]
    MixedScript,
}

impl From<Unseen> for Why {
    fn from(unseen: Unseen) -> Self {
        match unseen {
            Unseen::LineBreak => Why::LineBreak,
            Unseen::Control => Why::Control,
            Unseen::Bidi => Why::Bidi,
            Unseen::Invisible => Why::Invisible,
        }
    }
}

/// A mailbox that is safe to write into a header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mailbox {
    name: Option<String>,
    local: String,
    domain: String,
}

impl Mailbox {
    /// The display name, if one was written.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// `local@domain`, the domain in its ASCII form.
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// Whether it needs SMTPUTF8 (RFC 6531): its local part is not ASCII.
    pub fn needs_smtputf8(&self) -> bool {
        !self.local.is_ascii()
    }

    /// The same mailbox under another display name.
    pub fn named(&self, name: Option<&str>) -> Result<Mailbox, Unsafe> {
        let name = name.map(str::trim).filter(|n| !n.is_empty());
        if let Some(name) = name {
            check_name("name", name)?;
        }
        Ok(Mailbox {
            name: name.map(str::to_owned),
            ..self.clone()
        })
    }

    pub(crate) fn local(&self) -> &str {
        &self.local
    }

    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }
}

/// Refuses line breaks, control characters, bidi controls and invisible characters in `text`.
///
/// `what` names the text in the error. A zero-width joiner between emoji is allowed.
pub fn check_line(what: &str, text: &str) -> Result<(), Unsafe> {
    match unseen::first(text) {
        None => Ok(()),
        Some(offence) => Err(refuse(what, text, offence.into())),
    }
}

/// Reads `local@domain` or `Name <local@domain>`; the domain comes back in its ASCII form
/// (RFC 5891).
pub fn check_address(what: &str, text: &str) -> Result<Mailbox, Unsafe> {
    check_line(what, text)?;
    let refused = |why| refuse(what, text, why);
    let trimmed = text.trim();
    let (name, address) = match trimmed.strip_suffix('>') {
        Some(inner) => {
            let (name, address) = inner
                .rsplit_once('<')
                .ok_or_else(|| refused(Why::NotAnAddress))?;
            (unquoted(name.trim()), address)
        }
        None => (String::new(), trimmed),
    };
    if !name.is_empty() {
        check_name(what, &name)?;
    }
    let (local, domain) = address
        .rsplit_once('@')
        .ok_or_else(|| refused(Why::NotAnAddress))?;
    let domain = if domain.starts_with('[') {
        domain.to_owned()
    } else {
        ascii_domain(domain).map_err(refused)?
    };
    lettre::Address::new(local, &domain).map_err(|_| refused(Why::NotAnAddress))?;
    Ok(Mailbox {
        name: (!name.is_empty()).then_some(name),
        local: local.to_owned(),
        domain,
    })
}

fn check_name(what: &str, name: &str) -> Result<(), Unsafe> {
    check_line(what, name)?;
    if name.contains("=?") {
        return Err(refuse(what, name, Why::EncodedWord));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(refuse(what, name, Why::TooLong));
    }
    Ok(())
}

fn refuse(what: &str, text: &str, why: Why) -> Unsafe {
    let shown = visible(text);
    let mut short: String = shown.chars().take(160).collect();
    if short.len() < shown.len() {
        short.push('…');
    }
    Unsafe {
        what: what.to_owned(),
        shown: short,
        why,
    }
}

fn ascii_domain(domain: &str) -> Result<String, Why> {
    let (unicode, readable) = idna::domain_to_unicode(domain);
    if readable.is_err() {
        return Err(Why::Domain);
    }
    if !unicode.split('.').all(MixedScript::is_single_script) {
        return Err(Why::MixedScript);
    }
    let ascii = idna::domain_to_ascii(domain).map_err(|_| Why::Domain)?;
    if ascii.is_empty() || ascii.len() > 253 {
        return Err(Why::Domain);
    }
    Ok(ascii)
}

/// A quoted string without its quotes and backslashes (RFC 5322 section 3.2.4).
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests;
