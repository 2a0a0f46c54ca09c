//! Answers that calendars give to invitations (RFC 5546).

use icalendar::parser::{Property, read_calendar, unfold};
use mail_parser::{Message, MimeHeaders, PartType};

use super::tidy::one_line;
use crate::model::{ledger::TakenFor, mail::Attendance};

/// The largest calendar that is read, in bytes.
const LARGEST: usize = 64 * 1024;

/// The answer in a mail; an error where its calendar says something else.
pub(super) fn read(message: &Message<'_>) -> Option<Result<Attendance, String>> {
    let part = message.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("text")
                && kind
                    .subtype()
                    .is_some_and(|s| s.eq_ignore_ascii_case("calendar"))
        })
    })?;
    let text = match &part.body {
        PartType::Text(text) => text.to_string(),
        _ => String::from_utf8_lossy(part.contents()).into_owned(),
    };
    Some(answer(&text))
}

fn answer(text: &str) -> Result<Attendance, String> {
    let unread = || "its calendar cannot be read".to_owned();
    if text.len() > LARGEST {
        return Err(unread());
    }
    let unfolded = unfold(text.trim_start());
    let calendar = read_calendar(&unfolded).map_err(|_| unread())?;
    let method = value(&calendar.properties, "METHOD").unwrap_or_default();
    if method.eq_ignore_ascii_case("COUNTER") {
        return Err("its calendar proposes another time".to_owned());
    }
    if !method.eq_ignore_ascii_case("REPLY") {
        return Err("its calendar is no answer to an invitation".to_owned());
    }
    let events: Vec<_> = calendar
        .components
        .iter()
        .filter(|c| c.name == "VEVENT")
        .collect();
    let [event] = events.as_slice() else {
        return Err("its calendar answers not exactly one invitation".to_owned());
    };
    let attendees = event.properties.iter().filter(|p| p.name == "ATTENDEE");
    let attendees: Vec<_> = attendees.collect();
    let [attendee] = attendees.as_slice() else {
        return Err("its calendar answers not for exactly one person".to_owned());
    };
    let state = attendee.params.iter().find(|p| p.key == "PARTSTAT");
    let state = state
        .and_then(|p| p.val.as_ref())
        .map(|v| v.as_str().to_uppercase());
    let attends = match state.as_deref() {
        Some("ACCEPTED") => TakenFor::Accepted,
        Some("DECLINED") => TakenFor::Declined,
        Some("TENTATIVE") => TakenFor::Tentative,
        _ => return Err("its calendar neither accepts nor declines".to_owned()),
    };
    let address = attendee.val.as_str();
    let address = match address.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &address[7..],
        _ => address,
    };
    let sequence = value(&event.properties, "SEQUENCE").and_then(|v| v.trim().parse().ok());
    Ok(Attendance {
        uid: one_line(&value(&event.properties, "UID").unwrap_or_default(), 255),
        sequence: sequence.unwrap_or(0),
        attendee: one_line(address, 320),
        attends,
    })
}

fn value(properties: &[Property<'_>], name: &str) -> Option<String> {
    let found = properties.iter().find(|p| p.name == name)?;
    Some(found.val.as_str().to_owned())
}
