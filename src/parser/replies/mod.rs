//! Mails to typed readings: bytes to [`Mail`]. Reading never fails; what cannot be read is unclear.
//!
//! Only the new text of a mail counts: quotes, attribution lines, signatures and footers are set
//! aside (`quotes`). What is left confirms only where it says nothing else (`words`).

mod asked;
mod automatic;
mod calendar;
mod html;
mod lexicon;
mod notes;
mod programs;
mod quotes;
mod reactions;
mod reports;
mod tidy;
mod words;

use jiff::Timestamp;
use mail_parser::{HeaderValue, Message, MessageParser, PartType};
use sha2::{Digest, Sha256};

pub use asked::asked;
pub use tidy::one_line;

use crate::model::{
    evidence::hex,
    mail::{Content, Mail, Words},
};

/// So much of a mail's text is looked at, in bytes: nobody writes more to confirm.
const LONGEST: usize = 256 * 1024;
/// So many parts of a mail are read, and so many of its recipients.
const PARTS: usize = 64;
const RECIPIENTS: usize = 32;
/// So many Message-IDs or addresses in a text are kept.
const NAMED: usize = 64;

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
    for from in senders(&message) {
        let all = from.iter().filter_map(|a| a.address());
        mail.from.extend(all.map(|a| one_line(a, 320)));
        let name = from.first().and_then(|a| a.name());
        mail.from_name = name.map(|n| one_line(n, 128));
    }
    if let Some(to) = message.to() {
        let all = to.iter().filter_map(|a| a.address());
        mail.to = all.take(RECIPIENTS).map(|a| one_line(a, 320)).collect();
    }
    mail.distrusted_by = distrusted_by(&message);
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
    let text = body.plain.as_ref().or(body.rich.as_ref());
    let text = text.map_or("", String::as_str);
    mail.tokens = tokens(&mail.subject);
    mail.tokens.extend(tokens(text));
    mail.named = message_ids(text);
    mail.content = content(&message, &mail, &body);
    mail
}

fn content(message: &Message<'_>, mail: &Mail, body: &Body) -> Content {
    let text = body.plain.as_ref().or(body.rich.as_ref());
    let text = text.map_or("", String::as_str);
    if let Some(report) = reports::read(message) {
        return Content::Report(report);
    }
    if let Some(why) = reports::looks_like_one(message, mail) {
        return Content::Returned(why, addresses(text));
    }
    if let Some(why) = automatic::why(message, mail) {
        return Content::Automatic(why);
    }
    if let Some(answer) = calendar::read(message) {
        return match answer {
            Ok(attendance) => Content::Attendance(attendance),
            Err(why) => Content::Unclear(why),
        };
    }
    let unclear = |why: &str| Content::Unclear(why.to_owned());
    if text.len() > LONGEST {
        return Content::Unclear(format!("it has more than {LONGEST} bytes of text"));
    }
    if text.contains('\u{fffd}') {
        return unclear("its text is in a character set that cannot be read here");
    }
    if let Some(sign) = reactions::sign(message) {
        return reactions::read(&sign, &quotes::new_text(text).text);
    }
    let read = |text: &str| {
        let new = quotes::new_text(text);
        let words = (!new.text.trim().is_empty())
            .then(|| words::read(&new.text, mail.from_name.as_deref(), &mail.to));
        (words, new.doubtful)
    };
    let (Some(words), doubtful) = read(text) else {
        return unclear(if text.trim().is_empty() {
            "it has no text"
        } else {
            "it says nothing beyond what it quotes"
        });
    };
    if doubtful && matches!(words, Words::Confirms(_)) {
        return unclear("what confirms in it may be the end of a quoted line");
    }
    // A reader sees one of the two; what counts must stand in both.
    if let (Some(_), Some(rich)) = (&body.plain, &body.rich)
        && !rich.trim().is_empty()
    {
        let other = if rich.len() > LONGEST {
            None
        } else {
            read(rich).0
        };
        let agree = match &words {
            Words::Confirms(_) => matches!(other, Some(Words::Confirms(_))),
            Words::Open(_) => !matches!(other, Some(Words::Confirms(_))),
            Words::Undecided { bare, .. } => {
                matches!(&other, Some(Words::Undecided { bare: same, .. }) if same == bare)
            }
        };
        if !agree {
            return unclear("its HTML part says something else than its plain text");
        }
    }
    Content::Words(words)
}

/// The From headers; a mail is from somebody only where there is one.
fn senders<'m>(message: &'m Message<'_>) -> Vec<&'m mail_parser::Address<'m>> {
    let headers = message.headers().iter();
    let from = headers.filter(|h| h.name.as_str().eq_ignore_ascii_case("from"));
    from.filter_map(|h| h.value.as_address()).collect()
}

/// The servers that say `dmarc=fail` in Authentication-Results (RFC 8601).
fn distrusted_by(message: &Message<'_>) -> Vec<String> {
    let mut servers = Vec::new();
    let raw = message.raw_message();
    let headers = message.headers().iter().filter(|h| {
        h.name
            .as_str()
            .eq_ignore_ascii_case("authentication-results")
    });
    for header in headers {
        let value = raw.get(header.offset_start as usize..header.offset_end as usize);
        let value = String::from_utf8_lossy(value.unwrap_or_default()).to_lowercase();
        let mut parts = value.split(';').map(str::trim);
        let server = parts.next().and_then(|s| s.split_whitespace().next());
        let fails = parts.any(|p| {
            p.split_once('=').is_some_and(|(method, result)| {
                method.trim() == "dmarc" && result.trim_start().starts_with("fail")
            })
        });
        if let Some(server) = server.filter(|_| fails) {
            servers.push(one_line(server, 255));
        }
    }
    servers
}

/// The text of a mail, as its reader sees it, in the forms that it has.
#[derive(Default)]
struct Body {
    plain: Option<String>,
    rich: Option<String>,
}

fn body(message: &Message<'_>) -> Body {
    let mut plain = String::new();
    let mut rich = String::new();
    let parts = message.text_body.iter().chain(&message.html_body);
    let mut seen = Vec::new();
    for id in parts {
        if seen.contains(id) || seen.len() >= PARTS {
            continue;
        }
        seen.push(*id);
        match message.part(*id).map(|p| &p.body) {
            Some(PartType::Text(text)) => {
                plain.push_str(bounded(text));
                plain.push('\n');
            }
            Some(PartType::Html(text)) => {
                rich.push_str(&html::text(bounded(text)));
                rich.push('\n');
            }
            _ => {}
        }
    }
    let text = |text: String| (!text.trim().is_empty()).then(|| tidy::plain(&text));
    Body {
        plain: text(plain),
        rich: text(rich),
    }
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

/// What stands in angle brackets or after a blank and looks like an address or a Message-ID.
fn with_an_at(text: &str) -> impl Iterator<Item = &str> {
    let edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '(' | ')' | '"' | '\'' | ',' | ';' | ':' | '[' | ']'
            )
    };
    let words = text.split(edge).filter(|w| w.len() <= 320);
    words.filter(|w| {
        w.split_once('@')
            .is_some_and(|(l, d)| !l.is_empty() && d.contains('.'))
    })
}

/// Message-IDs in a text.
fn message_ids(text: &str) -> Vec<String> {
    with_an_at(text).take(NAMED).map(bracketed).collect()
}

/// Addresses in a text.
fn addresses(text: &str) -> Vec<String> {
    let words = with_an_at(text).take(NAMED);
    words
        .map(|a| a.trim_end_matches(['.', '!', '?']).to_owned())
        .collect()
}

#[cfg(test)]
mod tests;
