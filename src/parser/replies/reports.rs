//! Delivery reports (RFC 3464): which delivery, which recipient, failed or only late.

use mail_parser::{HeaderValue, Message, MessagePart, PartType};

use super::{bracketed, one_line, programs::FAILURE_SUBJECTS, tokens};
use crate::model::mail::{Mail, Report, Reported};

/// The report in a mail that is one by its form: `multipart/report` of delivery states.
pub(super) fn read(message: &Message<'_>) -> Option<Report> {
    let kind = message
        .header("Content-Type")
        .and_then(HeaderValue::as_content_type)?;
    let of_states = kind
        .attribute("report-type")
        .is_none_or(|t| t.eq_ignore_ascii_case("delivery-status"));
    if !(kind.ctype().eq_ignore_ascii_case("multipart")
        && kind
            .subtype()
            .is_some_and(|s| s.eq_ignore_ascii_case("report"))
        && of_states)
    {
        return None;
    }
    let state = message
        .parts
        .iter()
        .find(|p| is(p, "message", &["delivery-status", "global-delivery-status"]))?;
    let mut report = Report::default();
    for group in raw(message, state).split("\n\n") {
        report.recipients.extend(reported(group));
    }
    for part in &message.parts {
        if let PartType::Message(returned) = &part.body {
            report.about.extend(returned.message_id().map(bracketed));
        }
        if is(part, "message", &["rfc822", "global"]) || is(part, "text", &["rfc822-headers"]) {
            let text = raw(message, part);
            let (head, _) = text.split_once("\n\n").unwrap_or((&text, ""));
            report
                .about
                .extend(field(head, "message-id").map(|v| bracketed(&v)));
            report.about.extend(tokens(&text));
        }
    }
    report.about.dedup();
    Some(report)
}

/// Why a mail is taken for a report in a form of its own; `None` where it is not.
pub(super) fn looks_like_one(message: &Message<'_>, mail: &Mail) -> Option<String> {
    let daemon = mail.from.iter().any(|a| {
        let local = a.split('@').next().unwrap_or("").to_lowercase();
        matches!(
            local.as_str(),
            "mailer-daemon" | "postmaster" | "mail-daemon"
        )
    });
    let subject = mail.subject.to_lowercase();
    let speaks = FAILURE_SUBJECTS.iter().any(|s| subject.contains(s));
    let form = message
        .header("Content-Type")
        .and_then(HeaderValue::as_content_type)
        .and_then(|k| k.attribute("report-type"))
        .is_some_and(|t| t.eq_ignore_ascii_case("delivery-status"));
    (daemon || form || speaks)
        .then(|| "it seems to report a failed delivery, in no standard form".to_owned())
}

fn is(part: &MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    let header = part
        .headers
        .iter()
        .find(|h| h.name().eq_ignore_ascii_case("Content-Type"));
    header
        .and_then(|h| h.value().as_content_type())
        .is_some_and(|c| {
            c.ctype().eq_ignore_ascii_case(kind)
                && c.subtype()
                    .is_some_and(|s| subtypes.iter().any(|t| s.eq_ignore_ascii_case(t)))
        })
}

/// A part's text as it stands in the mail, with plain line breaks.
fn raw(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let text = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        PartType::Message(_) | PartType::Multipart(_) => {
            let (from, to) = (
                part.raw_body_offset() as usize,
                part.raw_end_offset() as usize,
            );
            let bytes = message.raw_message().get(from..to).unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    text.replace("\r\n", "\n")
}

/// What one group of fields says about a recipient; `None` for the fields about the whole mail.
fn reported(group: &str) -> Option<Reported> {
    let action = field(group, "action")?;
    let address = |name: &str| {
        let value = field(group, name)?;
        let address = value.split_once(';').map_or(value.as_str(), |(_, a)| a);
        let address = address.trim().trim_matches(['<', '>']);
        (!address.is_empty()).then(|| one_line(address, 320))
    };
    let diagnostic = field(group, "diagnostic-code").unwrap_or_default();
    let said = diagnostic
        .split_once(';')
        .map_or(diagnostic.as_str(), |(_, said)| said);
    let status =
        field(group, "status").and_then(|v| v.split_whitespace().next().map(str::to_owned));
    let code = said
        .split_whitespace()
        .next()
        .and_then(|w| w.get(..3)?.parse().ok());
    Some(Reported {
        addresses: [
            "final-recipient",
            "original-recipient",
            "x-original-recipient",
        ]
        .iter()
        .filter_map(|name| address(name))
        .collect(),
        action: one_line(&action.to_lowercase(), 20),
        status: status
            .filter(|s| s.split('.').count() == 3)
            .map(|s| one_line(&s, 16)),
        code: code.filter(|c| (400..600).contains(c)),
        diagnostic: one_line(said, 300),
    })
}

/// A header field's value, unfolded; the first of that name.
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    let first = lines.by_ref().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })?;
    let folded = lines.take_while(|l| l.starts_with([' ', '\t']));
    Some(folded.fold(first, |value, more| format!("{value} {}", more.trim())))
}
