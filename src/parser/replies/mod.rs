//! Mails to typed readings: bytes to [`Mail`]. Reading never fails; what cannot be read is unclear.
//!
//! Only the new text of a mail counts: quotes, attribution lines, signatures and footers are set
//! aside (`quotes`). What is left confirms only where it says nothing else (`words`).

mod automatic;
mod html;
mod manners;
mod phrases;
mod programs;
mod quotes;
mod reports;
mod tidy;
mod words;

use jiff::Timestamp;
use mail_parser::{HeaderValue, Message, MessageParser, PartType};
use sha2::{Digest, Sha256};

pub use tidy::one_line;

use crate::model::{
    evidence::hex,
    mail::{Content, Mail},
};

/// So much of a mail's text is looked at, in bytes: nobody writes more to confirm.
const LONGEST: usize = 256 * 1024;

/// Reads one mail.
pub fn read(bytes: &[u8]) -> Mail {
    let mut mail = Mail {
        sha256: hex(&Sha256::digest(bytes)),
        ..Mail::default()
    };
    let Some(message) = MessageParser::default().parse(bytes) else {
        mail.content = Content::Unclear("it is not a mail".to_owned());
        return mail;
    };
    mail.message_id = message.message_id().map(bracketed);
    if let Some(from) = message.from() {
        let all = from.iter().filter_map(|a| a.address());
        mail.from = all.map(|a| one_line(a, 320)).collect();
        let name = from.first().and_then(|a| a.name());
        mail.from_name = name.map(|n| one_line(n, 128));
    }
    mail.subject = one_line(message.subject().unwrap_or(""), 200);
    mail.date = message
        .date()
        .filter(|d| d.is_valid())
        .and_then(|d| Timestamp::from_second(d.to_timestamp()).ok());
    mail.answers = ids(message.in_reply_to());
    let mut references = ids(message.references());
    references.reverse();
    mail.answers.extend(references);
    let body = body(&message);
    mail.tokens = tokens(&mail.subject);
    mail.tokens.extend(tokens(&body.text));
    mail.content = content(&message, &mail, body, bytes);
    mail
}

fn content(message: &Message<'_>, mail: &Mail, body: Body, bytes: &[u8]) -> Content {
    if let Some(report) = reports::read(message) {
        return Content::Report(report);
    }
    if let Some(why) = reports::looks_like_one(message, mail) {
        return Content::Unclear(why);
    }
    if let Some(why) = automatic::why(message, mail) {
        return Content::Automatic(why);
    }
    if body.text.len() > LONGEST {
        return Content::Unclear(format!("it has more than {LONGEST} bytes of text"));
    }
    if body.garbled {
        let why = "its text is in a character set that cannot be read here";
        return Content::Unclear(why.to_owned());
    }
    let new = quotes::new_text(&body.text);
    if new.text.trim().is_empty() {
        let why = if body.text.trim().is_empty() && bytes.len() < LONGEST {
            "it has no text"
        } else {
            "it says nothing beyond what it quotes"
        };
        return Content::Unclear(why.to_owned());
    }
    match words::read(&new.text, mail.from_name.as_deref()) {
        crate::model::mail::Words::Confirms if new.doubtful => {
            Content::Unclear("what confirms in it may be the end of a quoted line".to_owned())
        }
        words => Content::Words(words),
    }
}

/// The text of a mail, as its reader sees it.
struct Body {
    text: String,
    /// Some of it could not be decoded.
    garbled: bool,
}

/// The plain text where there is some, else the HTML as text.
fn body(message: &Message<'_>) -> Body {
    let mut found = Body {
        text: String::new(),
        garbled: false,
    };
    let mut plain = String::new();
    let mut rich = String::new();
    let parts = message.text_body.iter().chain(&message.html_body);
    let mut seen = Vec::new();
    for id in parts.filter_map(|id| {
        let fresh = !seen.contains(id);
        seen.push(*id);
        fresh.then_some(*id)
    }) {
        match message.part(id).map(|p| &p.body) {
            Some(PartType::Text(text)) => {
                plain.push_str(text);
                plain.push('\n');
            }
            Some(PartType::Html(text)) => {
                rich.push_str(&html::text(bounded(text)));
                rich.push('\n');
            }
            _ => {}
        }
    }
    found.text = if plain.trim().is_empty() { rich } else { plain };
    found.garbled = found.text.contains('\u{fffd}');
    found.text = tidy::plain(&found.text);
    found
}

/// The start of a text that is too long, with enough left to see that it is.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(LONGEST * 4);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn bracketed(id: &str) -> String {
    format!("<{}>", id.trim().trim_matches(['<', '>']))
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![bracketed(id)],
        HeaderValue::TextList(ids) => ids.iter().map(|id| bracketed(id)).collect(),
        _ => Vec::new(),
    }
}

/// The tokens of `Ref:` footers in a text, in order: 32 hexadecimal digits.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lower = text.to_ascii_lowercase();
    for (at, label) in lower.match_indices("ref:") {
        let rest =
            lower[at + label.len()..].trim_start_matches([' ', '\t', '*', '_', '>', '\u{a0}']);
        let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        if token.len() == 32 && !found.contains(&token) {
            found.push(token);
        }
    }
    found
}

#[cfg(test)]
mod tests;
