use proptest::prelude::*;

use super::*;
use crate::renderer::safety::check_address;

fn appointment(summary: &str, description: &str) -> Appointment {
    let mailbox = |text: &str| check_address("address", text).unwrap();
    let at = |text: &str| text.parse().unwrap();
    Appointment {
        method: CalendarMethod::Request,
        uid: "0a1b2c3d-0000-8000-8000-000000000001".into(),
        sequence: 2,
        stamp: at("2026-10-01T08:00:00Z"),
        time: Time::Hours(at("2026-11-02T18:00:00Z"), at("2026-11-02T19:30:00Z")),
        summary: summary.into(),
        description: description.into(),
        location: Some("Room 4; north wing".into()),
        organizer: mailbox("\"Desk, the \\\"old\\\" one\" <desk@example.com>"),
        attendee: mailbox("José Ümlaut <o'hara+x%y@example.com>"),
    }
}

#[test]
fn a_request_reads_as_the_rfc_wants_it() {
    let made = calendar(&appointment("Drill, night", "Bring:\nC:\\logs; keys"));
    let unfolded = made.text.replace("\r\n ", "");
    let expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//packet//invite//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:0a1b2c3d-0000-8000-8000-000000000001",
        "SEQUENCE:2",
        "DTSTAMP:20261001T080000Z",
        "DTSTART:20261102T180000Z",
        "DTEND:20261102T193000Z",
        "SUMMARY:Drill\\, night",
        "DESCRIPTION:Bring:\\nC:\\\\logs\\; keys",
        "LOCATION:Room 4\\; north wing",
        "ORGANIZER;CN=\"Desk, the 'old' one\":mailto:desk@example.com",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=\"José Ümlaut\":mailto:o'hara+x%25y@example.com",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    assert_eq!(unfolded.split("\r\n").collect::<Vec<_>>(), expected);
}

#[test]
fn a_whole_day_has_dates_and_a_cancellation_says_so() {
    let mut appointment = appointment("Drill", "");
    let day: jiff::civil::Date = "2026-12-31".parse().unwrap();
    appointment.time = Time::Day(day, day.tomorrow().unwrap());
    appointment.method = CalendarMethod::Cancel;
    let text = calendar(&appointment).text;
    for line in [
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
    ] {
        assert!(
            text.contains(&format!("\r\n{line}\r\n")),
            "{line} in {text}"
        );
    }
    assert!(!text.contains("DESCRIPTION"));
}

proptest! {
    #[test]
    fn any_text_keeps_within_its_lines_and_reads_back(summary in "[^\\p{C}]{0,200}", description in "\\PC{0,80}(\n\\PC{0,200}){0,4}") {
        let text = calendar(&appointment(&summary, &description)).text;
        prop_assert!(text.ends_with("\r\n"));
        for line in text.split("\r\n") {
            prop_assert!(line.len() <= 75, "{line}");
            prop_assert!(!line.contains(['\n', '\r']));
        }
        let unfolded = text.replace("\r\n ", "");
        let value = |name: &str| {
            let line = unfolded.split("\r\n").find_map(|l| l.strip_prefix(name));
            line.map(|l| {
                let marked = l.replace("\\\\", "\u{0}").replace("\\n", "\n");
                marked.replace("\\;", ";").replace("\\,", ",").replace('\u{0}', "\\")
            })
        };
        prop_assert_eq!(value("SUMMARY:"), Some(summary));
        let wanted = Some(description).filter(|d| !d.is_empty());
        prop_assert_eq!(value("DESCRIPTION:"), wanted);
    }
}
