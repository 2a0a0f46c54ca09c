//! Reminders against a mail server: each once, whatever happens on the way.

use std::{thread, time::Duration};

use mail_parser::{HeaderValue, MessageParser};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    mail::{ANNOUNCED, PEOPLE, counts, fault, held, send, server, smtp, workspace},
    peers::{script::Point, smtp::Server},
    scratch::{LEDGER, Ran, Scratch},
};

const LATER: &str = "2026-03-05T12:00:00Z";

/// The packet is with everybody since three days.
fn sent(server: &Server) -> Scratch {
    let mut scratch = workspace(server);
    everybody(&scratch);
    send(&scratch).exits(0);
    scratch.now = Some(LATER.to_owned());
    scratch
}

/// The tracker waits for all three.
fn everybody(scratch: &Scratch) {
    let row = |name: &str| format!("| {name} | <PENDING> | <PENDING> | <PENDING> | |\n");
    let jonas = row("Jonas Brandt");
    let both = format!("{jonas}{}", row("Timetable Desk"));
    scratch.edit("docs/scanner_packet.md", &jonas, &both);
}

fn remind(scratch: &Scratch) -> Ran {
    scratch.run(&["send", "--remind", "--yes"])
}

/// Adds an entry to the ledger, as a person's word would.
fn answered(scratch: &Scratch, name: &str, said: Value) {
    let text = scratch.read(LEDGER);
    let last = text.lines().next_back().unwrap();
    let entry = json!({
        "v": 1, "seq": text.lines().count() + 1, "at": LATER,
        "actor": { "os_user": "tester" },
        "kind": "answered",
        "payload": { "revision": 1, "name": name, "said": said, "when": LATER },
        "prev": Sha256::digest(last.as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>(),
    });
    scratch.write(LEDGER, format!("{text}{entry}\n"));
    scratch.run(&["log", "--verify"]).exits(0);
}

#[test]
fn a_reminder_follows_the_mail_it_is_about() {
    let server = server(vec![]);
    let scratch = sent(&server);
    remind(&scratch).exits(0).says("SENT 3 reminders");
    assert_eq!(counts(&server), [2, 2, 2, 1], "no announcement");
    assert_eq!(held(&server, ANNOUNCED).len(), 1);
    for person in PEOPLE {
        let mails = held(&server, person);
        let [first, second] = [&mails[0], &mails[1]].map(|m| {
            let mail = MessageParser::default().parse(m).unwrap();
            let text = mail.body_text(0).unwrap().into_owned();
            let reference = text.lines().find(|l| l.starts_with("Ref: ")).unwrap();
            (mail.clone().into_owned(), reference.to_owned())
        });
        assert_eq!(first.1, second.1, "the same token");
        let id = first.0.message_id().unwrap();
        assert_eq!(second.0.in_reply_to(), &HeaderValue::Text(id.into()));
        assert_eq!(second.0.references(), &HeaderValue::Text(id.into()));
        assert_ne!(second.0.message_id(), Some(id));
    }
    let connections = server.seen(|s| s.connections);
    remind(&scratch).exits(0).says("NOTHING TO SEND");
    assert_eq!(counts(&server), [2, 2, 2, 1]);
    assert_eq!(server.seen(|s| s.connections), connections);
}

#[test]
fn who_has_confirmed_is_left_in_peace() {
    let server = server(vec![]);
    let scratch = sent(&server);
    answered(&scratch, "Jonas Brandt", json!({ "what": "acknowledged" }));
    answered(&scratch, "Edda Lund", json!({ "what": "acknowledged" }));
    answered(&scratch, "Edda Lund", json!({ "what": "withdrawn" }));
    remind(&scratch)
        .exits(0)
        .says("SENT 2 reminders")
        .says("Jonas Brandt: has confirmed");
    assert_eq!(counts(&server), [2, 1, 2, 1]);
}

#[test]
fn a_confirmation_made_void_is_asked_for_again_and_says_why() {
    let server = server(vec![]);
    let mut scratch = sent(&server);
    answered(&scratch, "Edda Lund", json!({ "what": "acknowledged" }));
    scratch.edit("docs/guides/scanner_guide.md", "Hold", "Keep");
    send(&scratch).exits(0).says("SENT");
    remind(&scratch).exits(0).says("no reminder is due");
    scratch.now = Some("2026-03-08T12:00:00Z".to_owned());
    remind(&scratch).exits(0).says("SENT 3 reminders");
    let mail = held(&server, PEOPLE[0]).pop().unwrap();
    let mail = MessageParser::default().parse(&mail).unwrap();
    let text = mail.body_text(0).unwrap();
    assert!(
        text.contains("The confirmation of Edda Lund from 2026-03-05T12:00:00Z no longer counts: revision 2 changes"),
        "{text}"
    );
}

#[test]
fn what_fails_is_told_apart() {
    // The reminders are the fifth message and later: four make the packet.
    let server = server(vec![
        fault(Point::Rcpt, 4, 1, Some("550 5.1.1 gone")),
        fault(Point::Dot, 4, 1, None),
        fault(Point::Rcpt, 6, 1, Some("450 4.2.1 busy")),
    ]);
    let mut scratch = sent(&server);
    scratch.edit(
        "packet.yaml",
        "security: none",
        "security: none, attempts: 1",
    );
    remind(&scratch)
        .exits(4)
        .says("Edda Lund edda@example.com: 5.1.1 gone")
        .says("Jonas Brandt jonas@example.com: ")
        .says("it may have arrived")
        .says("Timetable Desk timetable@example.com: 4.2.1 busy")
        .says("try again later: packet send --remind");
    assert_eq!(counts(&server), [1, 2, 1, 1]);
    // What was put off is due at once and under the same item; the rest is left alone.
    remind(&scratch)
        .exits(0)
        .says("SENT 1 reminder")
        .says("Edda Lund: the last reminder was refused")
        .says("Jonas Brandt: it is not known whether");
    assert_eq!(counts(&server), [1, 2, 2, 1]);
    let items: Vec<Value> = scratch
        .ledger()
        .into_iter()
        .filter(|e| e["kind"] == "notice-intended")
        .map(|e| e["payload"]["notice"]["item"].clone())
        .collect();
    assert_eq!(items.len(), 4);
    assert!(
        items.iter().all(|i| *i == "revision 1, reminder 1"),
        "{items:?}"
    );
    scratch.now = Some("2026-03-08T12:00:00Z".to_owned());
    remind(&scratch).exits(0).says("SENT 2 reminders");
    assert_eq!(
        counts(&server),
        [1, 3, 3, 1],
        "the address is still refused"
    );
}

#[test]
fn killed_on_the_way_nobody_is_reminded_twice() {
    let server = server(vec![fault(Point::Dot, 5, 1, None)]);
    let scratch = sent(&server);
    // The second reminder's connection is lost after the final dot; the process dies before it
    // can say so, as if its last entry had not been written.
    remind(&scratch).exits(4);
    let text = scratch.read(LEDGER);
    let lines: Vec<&str> = text.lines().collect();
    let lost = |l: &&str| l.contains("notice-delivered") && l.contains("jonas@");
    let cut = lines.iter().position(lost).unwrap();
    scratch.write(LEDGER, format!("{}\n", lines[..cut].join("\n")));
    let before = counts(&server);
    remind(&scratch).says("Jonas Brandt: it is not known whether the last reminder arrived");
    let after = counts(&server);
    assert_eq!([before[0], before[1]], [after[0], after[1]]);
}

#[test]
fn killed_at_any_time_it_goes_on_where_it_stopped() {
    for pause in [5, 15, 30, 60] {
        let server = server(vec![]);
        let scratch = sent(&server);
        let mut child = scratch.start(&["send", "--remind", "--yes"]);
        thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        remind(&scratch);
        remind(&scratch);
        let counts = counts(&server);
        for (count, person) in counts.iter().zip(PEOPLE) {
            let ledger = scratch.ledger();
            let of = |kind: &str| {
                let mine = |e: &&Value| e["payload"]["key"] == format!("email:{person}");
                ledger
                    .iter()
                    .filter(|e| e["kind"] == kind)
                    .filter(mine)
                    .count()
            };
            let known = of("notice-intended") == of("notice-delivered");
            assert!(
                *count == 2 || (*count == 1 && !known),
                "{person}: {counts:?}"
            );
        }
    }
}

#[test]
fn what_stayed_in_the_outbox_goes_out_once_there_is_a_server() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    everybody(&scratch);
    send(&scratch).exits(0);
    scratch.now = Some(LATER.to_owned());
    remind(&scratch).exits(0).says("outbox");
    scratch.configure(&smtp(&server));
    // The packet itself is pending again, and comes first.
    remind(&scratch)
        .exits(0)
        .says("does not have the packet (pending)");
    assert_eq!(counts(&server), [0, 0, 0, 0]);
    send(&scratch).exits(0);
    remind(&scratch).exits(0).says("SENT 3 reminders");
    assert_eq!(counts(&server), [2, 2, 2, 1]);
    remind(&scratch).exits(0).says("NOTHING TO SEND");
}
