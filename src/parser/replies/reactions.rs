//! Reactions: a sign that a mail program sends in place of words.

use mail_parser::{Message, MimeHeaders};

use super::{lexicon::is_assent, tidy};
use crate::model::mail::{Content, Words};

/// How many lines the text beside a reaction has: the sign, who reacted, where.
const LINES: usize = 4;

/// The sign of Gmail's part for reactions.
pub(super) fn sign(message: &Message<'_>) -> Option<String> {
    let part = message.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            let subtype = kind.subtype().unwrap_or("");
            kind.ctype().eq_ignore_ascii_case("text")
                && subtype.eq_ignore_ascii_case("vnd.google.email-reaction+json")
        })
    })?;
    let said: Option<serde_json::Value> = serde_json::from_slice(part.contents()).ok();
    let sign = said.as_ref().and_then(|v| v.get("emoji")?.as_str());
    Some(tidy::one_line(sign.unwrap_or(""), 16))
}

/// What a reaction by `sign` with this text beside it comes to.
pub(super) fn read(sign: &str, text: &str) -> Content {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let alone = lines.next().is_none_or(|l| l == sign) && lines.count() < LINES;
    if !alone {
        return Content::Unclear("beside a reaction it says something else".to_owned());
    }
    Content::Words(if is_assent(sign) {
        Words::Confirms(None)
    } else {
        Words::Undecided {
            text: sign.to_owned(),
            bare: Some(sign.to_owned()),
            why: format!("a reaction by “{sign}”"),
        }
    })
}
