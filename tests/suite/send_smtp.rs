//! `packet send` from end to end against a mail server: who got what, what the record says of it,
//! and what a second `send` does.

mod mime;

use std::{collections::BTreeSet, fs};

use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::{
    mail::{ANNOUNCED, PEOPLE, counts, deliveries, fault, held, send, server, smtp, workspace},
    peers::script::Point,
    scratch::Scratch,
};

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
    let after = scratch.read("notes/scanner.md");
    let added = after
        .strip_prefix(notes.as_str())
        .expect("what was written stays");
    assert_eq!(
        added.matches("<!-- packet:r1.").count(),
        1,
        "one entry for the second run: {added}"
    );
    let board = scratch.run(&["status", "--format", "json"]).exits(0).json();
    assert_eq!(board["recipients"][0]["via"], "smtp");
    send(&scratch).exits(0).says("NOTHING TO SEND");
    assert_eq!(
        scratch.read("notes/scanner.md"),
        after,
        "nothing sent, nothing written"
    );
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
