//! Invitations as calendars read them: parsed by a library of another make, recognised when they
//! change, sent once.

use std::collections::BTreeMap;

use icalendar::parser::{Component, read_calendar, unfold};
use mail_parser::{MessageParser, MimeHeaders, PartType};

use crate::scratch::Scratch;

const DOCUMENT: &str = "docs/guide_coordination.md";
const BEFORE: &str = "2026-10-27T12:00:00Z";

/// The `guide` workspace with somebody who invites.
fn guide() -> Scratch {
    let mut scratch = Scratch::of("guide");
    scratch.now = Some(BEFORE.to_owned());
    scratch.configure("from: \"Desk, \\\"Front\\\" <desk@example.com>\"");
    scratch
}

/// A calendar object in a mail, and whom it went to.
struct Seen {
    to: String,
    method: String,
    fields: BTreeMap<String, String>,
}

impl Seen {
    fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// What a mail holds for calendars: the part and the file, which are the same.
fn seen(mail: &str) -> Seen {
    let parsed = MessageParser::default().parse(mail).unwrap();
    let kind = |p: &mail_parser::MessagePart<'_>, sub: &str| {
        p.content_type().and_then(|c| c.subtype()) == Some(sub)
    };
    let part = parsed.parts.iter().find(|p| kind(p, "calendar")).unwrap();
    let PartType::Text(text) = &part.body else {
        panic!("{part:?}");
    };
    let file = parsed.parts.iter().find(|p| kind(p, "ics")).unwrap();
    assert_eq!(file.contents(), text.as_bytes(), "part and file");
    let of_type = part.content_type().unwrap().attribute("method").unwrap();
    let fields = strict(text);
    assert_eq!(of_type, fields["METHOD"]);
    let address = parsed.to().unwrap().first().unwrap().address().unwrap();
    Seen {
        to: address.to_owned(),
        method: fields["METHOD"].clone(),
        fields,
    }
}

/// Parses it, and checks what a lenient parser lets pass. Parameters come as `NAME;PARAMETER`.
fn strict(text: &str) -> BTreeMap<String, String> {
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
    }
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).unwrap_or_else(|e| panic!("{e} in {text}"));
    let [event] = calendar.components.as_slice() else {
        panic!("{calendar:?}");
    };
    assert_eq!((event.name.as_str(), event.components.len()), ("VEVENT", 0));
    let mut fields = BTreeMap::new();
    let whole = Component {
        properties: calendar.properties.clone(),
        ..event.clone()
    };
    for property in whole.properties.iter().chain(&event.properties) {
        let name = property.name.as_str().to_owned();
        for parameter in &property.params {
            let value = parameter.val.as_ref().map_or("", |v| v.as_str());
            fields.insert(
                format!("{name};{}", parameter.key.as_str()),
                value.to_owned(),
            );
        }
        let before = fields.insert(name.clone(), property.val.as_str().to_owned());
        assert_eq!(before, None, "{name} stands there twice");
    }
    for needed in [
        "VERSION",
        "PRODID",
        "METHOD",
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "ORGANIZER",
        "ATTENDEE",
        "STATUS",
    ] {
        assert!(fields.contains_key(needed), "no {needed} in {text}");
    }
    fields
}

/// What is new in the outbox since `known`, by when it begins and to whom.
fn fresh(scratch: &Scratch, known: &mut Vec<String>) -> Vec<Seen> {
    let mails: Vec<String> = scratch.mails();
    let new: Vec<&String> = mails.iter().filter(|m| !known.contains(m)).collect();
    let mut all: Vec<Seen> = new.into_iter().map(|m| seen(m)).collect();
    all.sort_by_key(|s| (s.get("DTSTART").to_owned(), s.to.clone()));
    *known = mails;
    all
}

fn invite(scratch: &Scratch) -> Vec<Seen> {
    let mut known = scratch.mails();
    scratch.run(&["invite", "--yes"]).exits(0);
    fresh(scratch, &mut known)
}

#[test]
fn another_make_reads_who_when_and_where() {
    let scratch = guide();
    scratch.edit(
        DOCUMENT,
        "**Contact:**",
        "**Where:** Großer Saal; east wing, \\\\ 2nd floor — with a name that is long enough to be folded in the middle of ü\n**Duration:** 1 h 30 min\n**Contact:**",
    );
    let all = invite(&scratch);
    assert_eq!(all.len(), 9);
    let times: Vec<_> = all
        .iter()
        .map(|s| (s.get("DTSTART"), s.get("DTEND")))
        .collect();
    let expected = [
        ("20261101T180000Z", "20261101T190000Z"),
        ("20261102T180000Z", "20261102T193000Z"),
        ("20261103T140000Z", "20261103T150000Z"),
    ];
    assert_eq!([times[0], times[3], times[6]], expected);
    let session = &all[3];
    assert_eq!(session.method, "REQUEST");
    assert_eq!(session.to, "noor.haddad@example.com");
    assert_eq!(session.get("ATTENDEE"), "mailto:noor.haddad@example.com");
    assert_eq!(session.get("ATTENDEE;CN"), "Noor Haddad");
    assert_eq!(session.get("ATTENDEE;RSVP"), "TRUE");
    assert_eq!(session.get("ORGANIZER"), "mailto:desk@example.com");
    assert_eq!(session.get("ORGANIZER;CN"), "Desk, 'Front'");
    assert_eq!(session.get("SEQUENCE"), "0");
    assert!(
        session
            .get("LOCATION")
            .starts_with("Großer Saal; east wing, \\ 2nd"),
        "{}",
        session.get("LOCATION")
    );
    assert!(session.get("DESCRIPTION").contains("Handsets Counted"));
    let uids: std::collections::BTreeSet<&str> = all.iter().map(|s| s.get("UID")).collect();
    assert_eq!(uids.len(), 3, "one for each occasion");
}

#[test]
fn an_update_is_recognised_as_one() {
    let scratch = guide();
    let first = invite(&scratch);
    assert!(invite(&scratch).is_empty(), "nothing changed");
    // What people are to bring is no change of the appointment.
    scratch.edit(DOCUMENT, "**Chargers Tried:**", "**Chargers Seen:**");
    assert!(invite(&scratch).is_empty());
    scratch.edit(
        DOCUMENT,
        "Day-Of Checks (2026-11-02 13:00 ET)",
        "Day-Of Checks (2026-11-02 15:00 ET)",
    );
    let second = invite(&scratch);
    assert_eq!(second.len(), 6, "the session and the review before it");
    for (before, after) in first.iter().zip(&second) {
        assert_eq!(
            (before.get("UID"), &before.to),
            (after.get("UID"), &after.to)
        );
        assert_eq!((before.get("SEQUENCE"), after.get("SEQUENCE")), ("0", "1"));
    }
    assert_eq!(second[3].get("DTSTART"), "20261102T200000Z");
    // Back again is a change, too.
    scratch.edit(
        DOCUMENT,
        "Day-Of Checks (2026-11-02 15:00 ET)",
        "Day-Of Checks (2026-11-02 13:00 ET)",
    );
    let third = invite(&scratch);
    assert_eq!(third[3].get("SEQUENCE"), "2");
    assert_eq!(third[3].get("UID"), first[3].get("UID"));
    // Another sender is not another appointment.
    scratch.edit("packet.yaml", "desk@example.com", "office@example.com");
    assert!(invite(&scratch).is_empty());
    scratch.run(&["log", "--verify"]).exits(0);
}

#[test]
fn who_comes_later_gets_it_as_it_stands() {
    let scratch = guide();
    let first = invite(&scratch);
    scratch.edit(
        "packet.yaml",
        "contacts:",
        "contacts:\n  Press Desk: { email: press@example.com }",
    );
    let second = invite(&scratch);
    assert_eq!(second.len(), 3);
    for (added, known) in second.iter().zip([&first[0], &first[3], &first[6]]) {
        assert_eq!(added.to, "press@example.com");
        assert_eq!(added.get("UID"), known.get("UID"));
        assert_eq!(added.get("SEQUENCE"), "0");
    }
}

#[test]
fn what_is_dropped_is_cancelled_but_not_by_a_slip_of_the_pen() {
    let scratch = guide();
    let first = invite(&scratch);
    scratch.edit(
        DOCUMENT,
        "2026-11-03 09:00 ET - open",
        "2026-11-31 09:00 ET - open",
    );
    scratch
        .run(&["invite", "--yes"])
        .exits(3)
        .says("2026-11-31")
        .says("packet check");
    // A mistake elsewhere keeps what is missing from being cancelled.
    scratch.edit(
        DOCUMENT,
        "**Next Review:** 2026-11-31 09:00 ET - open or rehearse once more",
        "Later.",
    );
    scratch.edit(
        DOCUMENT,
        "spare batteries | 2026-10-30",
        "spare batteries | EOD",
    );
    assert!(invite(&scratch).is_empty());
    scratch.edit(
        DOCUMENT,
        "spare batteries | EOD",
        "spare batteries | 2026-10-30",
    );
    let second = invite(&scratch);
    assert_eq!(second.len(), 3);
    for (cancelled, known) in second.iter().zip(&first[6..]) {
        assert_eq!(cancelled.method, "CANCEL");
        assert_eq!(cancelled.get("STATUS"), "CANCELLED");
        assert_eq!(cancelled.get("UID"), known.get("UID"));
        assert_eq!(cancelled.get("SEQUENCE"), "1");
    }
    assert!(invite(&scratch).is_empty());
    // Taken up again, it is the same appointment.
    scratch.edit(
        DOCUMENT,
        "Later.",
        "**Next Review:** 2026-11-03 09:00 ET - open",
    );
    let third = invite(&scratch);
    assert_eq!(
        (third[0].get("SEQUENCE"), third[0].get("UID")),
        ("2", first[6].get("UID"))
    );
    scratch.edit(DOCUMENT, "⚠️ **TWO THINGS ARE OWED**", "❌ **CANCELLED**");
    assert_eq!(invite(&scratch).len(), 9);
}

#[test]
fn a_review_that_took_place_is_not_moved_to_the_next_one() {
    let mut scratch = guide();
    let first = invite(&scratch);
    scratch.now = Some("2026-11-04T12:00:00Z".to_owned());
    assert!(invite(&scratch).is_empty(), "all of it is over");
    scratch.edit(
        DOCUMENT,
        "2026-11-03 09:00 ET - open",
        "2026-11-10 09:00 ET - open",
    );
    let second = invite(&scratch);
    assert_eq!(second.len(), 3);
    assert_ne!(second[0].get("UID"), first[6].get("UID"));
    assert_eq!(second[0].get("SEQUENCE"), "0");
    assert!(invite(&scratch).is_empty());
}

#[test]
fn a_date_alone_is_a_whole_day() {
    let scratch = guide();
    scratch.edit(
        DOCUMENT,
        "Day-Of Checks (2026-11-02 13:00 ET)",
        "Day-Of Checks (2026-11-02)",
    );
    let all = invite(&scratch);
    let session = &all[3];
    assert_eq!(
        (session.get("DTSTART"), session.get("DTEND")),
        ("20261102", "20261103")
    );
    assert_eq!(session.get("DTSTART;VALUE"), "DATE");
}
