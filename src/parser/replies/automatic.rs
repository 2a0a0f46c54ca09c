//! Automatic answers: what nobody wrote confirms nothing (RFC 3834).

use mail_parser::{HeaderValue, Message};

use super::{programs::RECEIPTS, words::speaks_for_somebody_away};
use crate::model::mail::Mail;

/// By what a mail is known to be automatic; `None` where somebody may have written it.
pub(super) fn why(message: &Message<'_>, mail: &Mail) -> Option<String> {
    let value = |name: &'static str| header(message, name);
    if let Some(auto) = value("Auto-Submitted").filter(|v| first(v) != "no") {
        return Some(format!(
            "an automatic answer (Auto-Submitted: {})",
            first(&auto)
        ));
    }
    for name in [
        "X-Autoreply",
        "X-Autorespond",
        "X-Autoresponder",
        "X-AutoReply-From",
    ] {
        if value(name).is_some_and(|v| first(&v) != "no") {
            return Some(format!("an automatic answer ({name})"));
        }
    }
    if let Some(precedence) = value("Precedence")
        .map(|v| first(&v))
        .filter(|v| matches!(v.as_str(), "bulk" | "junk" | "auto_reply" | "auto-reply"))
    {
        return Some(format!("an automatic answer (Precedence: {precedence})"));
    }
    let kind = message
        .header("Content-Type")
        .and_then(HeaderValue::as_content_type);
    if kind
        .and_then(|k| k.attribute("report-type"))
        .is_some_and(|t| t.eq_ignore_ascii_case("disposition-notification"))
    {
        return Some("a read receipt".to_owned());
    }
    // What stands before the colon is the program's: "Automatic reply: …", "AUTO: …", "Read: …".
    let subject = mail.subject.to_lowercase();
    let head = subject
        .split_once(':')
        .map_or(subject.as_str(), |(head, _)| head)
        .trim();
    if head == "auto" || RECEIPTS.contains(&head) || speaks_for_somebody_away(head) {
        return Some(format!("an automatic answer (“{}”)", mail.subject));
    }
    // Whoever wants no answer to a mail gives an empty return path (RFC 5321 section 4.5.5).
    if value("Return-Path").is_some_and(|v| matches!(v.trim(), "<>" | "")) {
        return Some("an automatic answer (empty Return-Path)".to_owned());
    }
    None
}

/// A header's raw value; the last of that name.
pub(super) fn header(message: &Message<'_>, name: &'static str) -> Option<String> {
    message.header_raw(name).map(|v| v.trim().to_owned())
}

/// A value up to its parameters, in lower case.
fn first(value: &str) -> String {
    let end = value.find([';', '(', ' ']).unwrap_or(value.len());
    super::one_line(&value[..end].to_lowercase(), 40)
}
