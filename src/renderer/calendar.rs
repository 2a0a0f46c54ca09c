//! iCalendar objects (RFC 5545) that invite by mail (iTIP, RFC 5546; iMIP, RFC 6047).

use jiff::Timestamp;

use super::{
    letter::{Calendar, CalendarMethod},
    safety::Mailbox,
};
use crate::model::occasion::Time;

/// Octets a line may have without its end (RFC 5545 section 3.1).
const WIDTH: usize = 75;

/// One appointment for one attendee.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Invited or cancelled.
    pub method: CalendarMethod,
    /// What calendars know it by; the same through all changes.
    pub uid: String,
    /// Rises with each change.
    pub sequence: u32,
    /// When this object was made.
    pub stamp: Timestamp,
    /// When it takes place.
    pub time: Time,
    /// Its title.
    pub summary: String,
    /// What to know and bring; may have several lines. Empty where there is nothing.
    pub description: String,
    /// Where.
    pub location: Option<String>,
    /// Who invites, and gets the answers.
    pub organizer: Mailbox,
    /// Who is invited.
    pub attendee: Mailbox,
}

/// Writes the object; lines end with CRLF and are folded between characters.
pub fn calendar(appointment: &Appointment) -> Calendar {
    let (method, status) = match appointment.method {
        CalendarMethod::Request => ("REQUEST", "CONFIRMED"),
        CalendarMethod::Cancel => ("CANCEL", "CANCELLED"),
    };
    let mut out = Lines(String::new());
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//packet//invite//EN",
    ] {
        out.line(line);
    }
    out.line("CALSCALE:GREGORIAN");
    out.line(&format!("METHOD:{method}"));
    out.line("BEGIN:VEVENT");
    out.line(&format!("UID:{}", text(&appointment.uid)));
    out.line(&format!("SEQUENCE:{}", appointment.sequence));
    out.line(&format!("DTSTAMP:{}", utc(appointment.stamp)));
    match appointment.time {
        Time::Hours(from, to) => {
            out.line(&format!("DTSTART:{}", utc(from)));
            out.line(&format!("DTEND:{}", utc(to)));
        }
        Time::Day(day, after) => {
            out.line(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
            out.line(&format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")));
        }
    }
    out.line(&format!("SUMMARY:{}", text(&appointment.summary)));
    if !appointment.description.is_empty() {
        out.line(&format!("DESCRIPTION:{}", text(&appointment.description)));
    }
    if let Some(place) = &appointment.location {
        out.line(&format!("LOCATION:{}", text(place)));
    }
    let organizer = &appointment.organizer;
    out.line(&format!(
        "ORGANIZER{}:{}",
        name(organizer),
        mailto(organizer)
    ));
    let attendee = &appointment.attendee;
    out.line(&format!(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE{}:{}",
        name(attendee),
        mailto(attendee)
    ));
    out.line(&format!("STATUS:{status}"));
    out.line("END:VEVENT");
    out.line("END:VCALENDAR");
    Calendar {
        method: appointment.method,
        text: out.0,
    }
}

struct Lines(String);

impl Lines {
    /// Adds a content line, folded: what goes on begins with a blank.
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > WIDTH {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// `20261102T180000Z`.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A TEXT value (RFC 5545 section 3.3.11).
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// `;CN="Name"`: in quotes, which cannot stand inside (RFC 5545 section 3.2).
fn name(mailbox: &Mailbox) -> String {
    let shown = |c: &char| !c.is_control();
    let name = mailbox.name().map(|n| n.replace('"', "'"));
    let name: String = name.unwrap_or_default().chars().filter(shown).collect();
    if name.is_empty() {
        name
    } else {
        format!(";CN=\"{name}\"")
    }
}

/// `mailto:ann@example.com` (RFC 6068).
fn mailto(mailbox: &Mailbox) -> String {
    let mut out = "mailto:".to_owned();
    for byte in mailbox.address().bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_+~!$'*".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests;
