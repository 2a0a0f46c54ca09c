//! `packet send` from end to end against a mail server: who got what, what the record says of it,
//! and what a second `send` does.

use std::{collections::BTreeSet, fs};

use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::{
    mail::{ANNOUNCED, PEOPLE, counts, deliveries, fault, held, send, server, smtp, workspace},
    peers::script::Point,
    scratch::Scratch,
};

#[test]
fn a_mime_parser_finds_each_message_well_made() {
    let server = server(vec![]);
    let scratch = workspace(&server);
    send(&scratch).exits(0);
    let mut ids = BTreeSet::new();
    for (to, name) in PEOPLE
        .iter()
        .zip(["Edda Lund", "Jonas Brandt", "Timetable Desk"])
    {
        let bytes = held(&server, to).remove(0);
        let mail = MessageParser::default().parse(&bytes).unwrap();
        well_made(&mail, to, Some(name));
        ids.insert(mail.message_id().unwrap().to_owned());
        let text = mail.body_text(0).unwrap();
        assert!(text.contains(&format!("For {name}:")), "{text}");
        for part in [0, 1] {
            let others = PEOPLE.iter().filter(|p| *p != to);
            let body = if part == 0 {
                mail.body_text(0)
            } else {
                mail.body_html(0)
            };
            let body = body.unwrap();
            assert!(others.clone().all(|o| !body.contains(o)), "{body}");
        }
        attached(
            &scratch,
            &mail,
            &[
                (
                    "scanner_guide_v2026-02-20.md",
                    "docs/guides/scanner_guide.md",
                ),
                (
                    "probe_2026-03-01T08-00-00Z.log",
                    "artifacts/gangway/2026-03-01/probe_2026-03-01T08-00-00Z.log",
                ),
                (
                    "scan-2026-03-01T09-30-00Z.ndjson",
                    "artifacts/tickets/scan-2026-03-01T09-30-00Z.ndjson",
                ),
            ],
        );
    }
    let bytes = held(&server, ANNOUNCED).remove(0);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    well_made(&mail, ANNOUNCED, None);
    ids.insert(mail.message_id().unwrap().to_owned());
    assert!(!mail.body_text(0).unwrap().contains("For "));
    attached(
        &scratch,
        &mail,
        &[(
            "scanner_guide_v2026-02-20.md",
            "docs/guides/scanner_guide.md",
        )],
    );
    assert_eq!(ids.len(), 4, "{ids:?}");
}

fn well_made(mail: &Message<'_>, to: &str, name: Option<&str>) {
    let only = |address: Option<&mail_parser::Address<'_>>| {
        let list = address.unwrap().clone().into_list();
        assert_eq!(list.len(), 1, "{list:?}");
        let first = &list[0];
        (
            first.name.as_deref().map(str::to_owned),
            first.address.as_deref().unwrap().to_owned(),
        )
    };
    assert_eq!(
        only(mail.from()),
        (
            Some("Quayside Training".into()),
            "training@example.com".into()
        )
    );
    assert_eq!(only(mail.to()), (name.map(str::to_owned), to.into()));
    assert_eq!(only(mail.reply_to()).1, "answers@example.com");
    assert!(mail.cc().is_none() && mail.bcc().is_none());
    assert_eq!(
        mail.subject(),
        Some("Ticket scanners on the quay from 9 March")
    );
    assert_eq!(
        mail.date().unwrap().to_timestamp(),
        1_772_452_800,
        "that is --now"
    );
    assert!(mail.message_id().unwrap().ends_with("@example.com"));
    let text = mail.body_text(0).unwrap();
    assert!(
        text.contains("Probe: artifacts/gangway/2026-03-01/probe_2026-03-01T08-00-00Z.log"),
        "{text}"
    );
    assert!(
        text.contains("\n.. and mind the gap."),
        "leading dots survive: {text}"
    );
    assert!(!text.contains("PLACEHOLDER"), "{text}");
    let html = mail.body_html(0).unwrap();
    assert!(
        html.contains("tickets are scanned on the gangway") && html.contains("<p"),
        "{html}"
    );
    assert!(
        !html.contains("<script") && !html.contains("<img"),
        "{html}"
    );
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
}

fn attached(scratch: &Scratch, mail: &Message<'_>, expected: &[(&str, &str)]) {
    let found: Vec<_> = mail
        .attachments()
        .map(|part| {
            (
                part.attachment_name().unwrap().to_owned(),
                part.contents().to_vec(),
            )
        })
        .collect();
    let wanted: Vec<_> = expected
        .iter()
        .map(|(name, path)| {
            (
                (*name).to_owned(),
                fs::read(scratch.root().join(path)).unwrap(),
            )
        })
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn one_refusal_does_not_stop_the_others() {
    let server = server(vec![fault(
        Point::Rcpt,
        1,
        1,
        Some("550 5.1.1 no such mailbox"),
    )]);
    let scratch = workspace(&server);
    send(&scratch)
        .exits(4)
        .says("Did not get it: Jonas Brandt jonas@example.com: ")
        .says("no such mailbox");
    assert_eq!(counts(&server), [1, 0, 1, 1]);
    assert_eq!(deliveries(&scratch), ["sent", "rejected", "sent"]);
    let entry = scratch
        .ledger()
        .into_iter()
        .rfind(|e| e["payload"]["key"] == "email:jonas@example.com");
    let outcome = &entry.unwrap()["payload"]["outcome"];
    assert_eq!(
        (&outcome["code"], &outcome["enhanced"]),
        (&550.into(), &"5.1.1".into())
    );
    // It is not tried again unasked, and goes on being named.
    send(&scratch)
        .exits(4)
        .says("Jonas Brandt")
        .says("refused before");
    assert_eq!(counts(&server), [1, 0, 1, 1]);
    scratch
        .run(&["send", "--yes", "--to", "Jonas Brandt"])
        .exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    assert_eq!(deliveries(&scratch), ["sent", "sent", "sent"]);
}

#[test]
fn lost_after_the_final_dot_is_unknown_and_not_sent_again_unasked() {
    let server = server(vec![fault(Point::Dot, 1, 1, None)]);
    let scratch = workspace(&server);
    send(&scratch)
        .exits(4)
        .says("Jonas Brandt")
        .says("--resend-unknown");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    assert_eq!(deliveries(&scratch), ["sent", "unknown", "sent"]);
    send(&scratch)
        .exits(4)
        .says("Jonas Brandt")
        .says("it is not known whether");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    scratch.run(&["send", "--yes", "--resend-unknown"]).exits(0);
    assert_eq!(counts(&server), [1, 2, 1, 1], "asked for");
    assert_eq!(
        held(&server, PEOPLE[1])[0],
        held(&server, PEOPLE[1])[1],
        "the very same message"
    );
    assert_eq!(deliveries(&scratch), ["sent", "sent", "sent"]);
    send(&scratch).exits(0).says("NOTHING TO SEND");
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = server(vec![fault(Point::Rcpt, 0, 1, Some("451 4.7.1 come back"))]);
    let scratch = workspace(&server);
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn no_server_means_deferred_and_a_later_send_finds_it() {
    let scratch = Scratch::clear();
    // A port that was free a moment ago: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    scratch.configure(&format!(
        "smtp: {{ host: 127.0.0.1, port: {free}, security: none }}"
    ));
    scratch
        .run(&["send", "--yes", "--to", "Edda Lund"])
        .exits(4)
        .says("Edda Lund")
        .says("packet send");
    assert_eq!(deliveries(&scratch), ["deferred", "pending", "pending"]);
    let server = server(vec![]);
    scratch.edit("packet.yaml", &free.to_string(), &server.port.to_string());
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn what_went_to_the_outbox_is_pending_once_there_is_a_server() {
    let server = server(vec![]);
    let scratch = Scratch::clear();
    send(&scratch).exits(0).says("Nothing left this machine");
    assert_eq!(deliveries(&scratch), ["sent", "sent", "sent"]);
    let notes = scratch.read("notes/scanner.md");
    scratch.configure(&smtp(&server));
    assert_eq!(deliveries(&scratch), ["pending", "pending", "pending"]);
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    assert_eq!(
        scratch.read("notes/scanner.md"),
        notes,
        "its entry is made once"
    );
    let board = scratch.run(&["status", "--format", "json"]).exits(0).json();
    assert_eq!(board["recipients"][0]["via"], "smtp");
    send(&scratch).exits(0).says("NOTHING TO SEND");
}

#[test]
fn a_message_per_person_even_where_two_share_an_address() {
    let server = server(vec![]);
    let scratch = workspace(&server);
    scratch.edit(
        "packet.yaml",
        "email: jonas@example.com",
        "email: EDDA@example.com",
    );
    send(&scratch).exits(0);
    let all: Vec<String> = server.seen(|s| s.held.iter().map(|(r, _)| r.to_lowercase()).collect());
    assert_eq!(
        all,
        [PEOPLE[0], PEOPLE[2], ANNOUNCED],
        "equal addresses get one"
    );
    let text = String::from_utf8(server.seen(|s| s.held[0].1.clone())).unwrap();
    assert!(
        text.contains("For Edda Lund:") && text.contains("For Jonas Brandt:"),
        "{text}"
    );
    assert_eq!(deliveries(&scratch), ["sent", "sent", "sent"]);
}
