//! `packet send` from end to end against a mail server: who got what, what the record says of it,
//! and what a second `send` does.

use std::{collections::BTreeSet, fs};

use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::{
    peers::{
        script::{Fault, Point, Then},
        smtp::{Behaviour, Server},
    },
    scratch::{BUNDLE, LEDGER, Ran, Scratch, files},
};

const PEOPLE: [&str; 3] = [
    "edda@example.com",
    "jonas@example.com",
    "timetable@example.com",
];
const ANNOUNCED: &str = "quay-all@example.com";

fn server(faults: Vec<Fault>) -> Server {
    let offers = ["PIPELINING", "8BITMIME", "SIZE 9000000", "AUTH PLAIN"];
    Server::start(Behaviour {
        offers: offers.map(str::to_owned).to_vec(),
        offers_tls: Vec::new(),
        tls: None,
        implicit: false,
        faults,
    })
}

/// A fault at `point` for the one after `skip` others; without a `reply` the connection ends.
fn fault(at: Point, skip: u32, times: u32, reply: Option<&str>) -> Fault {
    Fault {
        at,
        skip,
        times,
        reply: reply.map(str::to_owned),
        slowly: false,
        unended: false,
        then: if reply.is_some() {
            Then::GoOn
        } else {
            Then::Close
        },
        keep: reply.is_none(),
        bytes: 0,
    }
}

/// The `ferry` workspace, clear, with this server.
fn workspace(server: &Server) -> Scratch {
    let scratch = Scratch::clear();
    scratch.configure(&smtp(server));
    scratch
}

fn smtp(server: &Server) -> String {
    format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none }}",
        server.port
    )
}

/// What the server holds for `to`, in order.
fn held(server: &Server, to: &str) -> Vec<Vec<u8>> {
    server.seen(|seen| {
        let mine = seen.held.iter().filter(|(r, _)| r == to);
        mine.map(|(_, bytes)| bytes.clone()).collect()
    })
}

fn counts(server: &Server) -> [usize; 4] {
    [PEOPLE[0], PEOPLE[1], PEOPLE[2], ANNOUNCED].map(|to| held(server, to).len())
}

fn deliveries(scratch: &Scratch) -> Vec<String> {
    let board = scratch.run(&["status", "--format", "json"]).exits(0).json();
    let people = board["recipients"].as_array().unwrap();
    people
        .iter()
        .map(|r| r["delivery"].as_str().unwrap().to_owned())
        .collect()
}

fn send(scratch: &Scratch) -> Ran {
    scratch.run(&["send", "--yes"])
}

#[test]
fn what_was_shown_is_what_everyone_gets_once() {
    let server = server(vec![]);
    let scratch = workspace(&server);
    let plan = scratch
        .run(&["send", "--dry-run", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(
        server.seen(|s| s.connections),
        0,
        "a dry run connects nowhere"
    );
    scratch
        .run(&["send", "--yes", "--plan", plan["plan"].as_str().unwrap()])
        .exits(0)
        .says("SENT 7 deliveries made");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    let folder = scratch.root().join(plan["folder"].as_str().unwrap());
    let mut compared = 0;
    for delivery in plan["deliveries"].as_array().unwrap() {
        if delivery["kind"] == "email" {
            let shown = fs::read(folder.join(delivery["file"].as_str().unwrap())).unwrap();
            let got = held(&server, delivery["target"].as_str().unwrap());
            assert_eq!(got, [shown], "{delivery}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4);
    send(&scratch).exits(0).says("NOTHING TO SEND");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

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
fn a_password_goes_only_where_the_user_says() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    // 0.0.0.0 leads to this machine, but is not one of its loopback names.
    scratch.configure(&format!(
        "smtp: {{ host: 0.0.0.0, port: {}, security: none, username: team }}",
        server.port
    ));
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open sesame".into());
    let ran = send(&scratch).exits(2).says("0.0.0.0");
    assert!(!ran.text().contains("sesame"), "{ran:#?}");
    scratch.now = None;
    scratch.edit(
        "docs/scanner_packet.md",
        "expires: 2026-03-31",
        "expires: 9999-12-31",
    );
    send(&scratch).exits(2).says("PACKET_SMTP_HOST");
    assert_eq!(server.seen(|s| s.connections), 0);
    // Named by the user, it is trusted, but never without encryption.
    scratch
        .env
        .insert("PACKET_SMTP_HOST".into(), "0.0.0.0".into());
    let ran = send(&scratch);
    assert_ne!(ran.exit, Some(0), "{ran:#?}");
    assert!(server.seen(|s| s.lines.iter().all(|l| !l.starts_with("AUTH"))));
    assert_eq!(server.seen(|s| s.held.len()), 0);
}

#[test]
fn secrets_are_written_nowhere() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    scratch.configure(&smtp(&server).replace(" }", ", username: team }"));
    let ran = send(&scratch).exits(2).says("PACKET_SMTP_PASSWORD");
    assert_eq!(server.seen(|s| s.connections), 0, "{ran:#?}");
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open sesame".into());
    let mut said = String::new();
    for args in [
        &["-v", "send", "--dry-run"][..],
        &["-v", "send", "--yes"],
        &["-v", "status"],
        &["log", "--format", "json"],
        &["check", "-v"],
    ] {
        said.push_str(&scratch.run(args).exits(0).text());
    }
    assert!(
        server.seen(|s| s.lines.iter().any(|l| l.starts_with("AUTH PLAIN"))),
        "it logged in"
    );
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    let secrets = ["open sesame", "AHRlYW0Ab3BlbiBzZXNhbWU", "b3BlbiBzZXNhbWU"];
    assert!(secrets.iter().all(|s| !said.contains(s)));
    let written = files(scratch.root());
    assert!(
        written.contains(&LEDGER.to_owned()) && written.contains(&format!("{BUNDLE}/packet.html"))
    );
    for path in written {
        let text =
            String::from_utf8_lossy(&fs::read(scratch.root().join(&path)).unwrap()).into_owned();
        assert!(secrets.iter().all(|s| !text.contains(s)), "{path}");
    }
}

#[test]
fn a_wrong_password_is_said_once_and_costs_nobody_anything() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    scratch.configure(&smtp(&server).replace(" }", ", username: team }"));
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open barley".into());
    let ran = send(&scratch).exits(4).says("password");
    assert!(!ran.text().contains("barley"), "{ran:#?}");
    assert_eq!(deliveries(&scratch), ["deferred", "deferred", "deferred"]);
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open sesame".into());
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
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

#[test]
fn the_users_own_file_may_name_server_and_password_command() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    let own = scratch.beside("config");
    fs::create_dir(own.join("packet")).unwrap();
    let text = format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none, username: team }}\n\
         password-command: [/bin/echo, open sesame]\n",
        server.port
    );
    fs::write(own.join("packet/config.yaml"), text).unwrap();
    let own = own.to_str().unwrap().to_owned();
    scratch.env.insert("XDG_CONFIG_HOME".into(), own);
    let ran = send(&scratch).exits(0);
    assert!(!ran.text().contains("sesame"), "{ran:#?}");
    assert!(server.seen(|s| s.lines.iter().any(|l| l.starts_with("AUTH PLAIN"))));
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn a_plan_that_somebody_changed_is_not_sent() {
    let server = server(vec![]);
    let scratch = workspace(&server);
    let plan = || {
        scratch
            .run(&["send", "--dry-run", "--format", "json"])
            .exits(0)
            .json()
    };
    let first = plan();
    let id = first["plan"].as_str().unwrap();
    let mail = first["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["kind"] == "email")
        .unwrap();
    let path = format!(
        "{}/{}",
        first["folder"].as_str().unwrap(),
        mail["file"].as_str().unwrap()
    );
    scratch.edit(&path, "tickets are scanned", "tickets are burned");
    for args in [&["send", "--yes"][..], &["send", "--yes", "--plan", id]] {
        scratch
            .run(args)
            .exits(1)
            .says("was changed on disk")
            .says("packet send --dry-run");
    }
    assert_eq!(server.seen(|s| s.connections), 0);
    let second = plan();
    assert_eq!(second["plan"], first["plan"]);
    assert!(!scratch.read(&path).contains("burned"));
    scratch.run(&["send", "--yes", "--plan", id]).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn a_plan_older_than_a_day_is_not_what_was_looked_at() {
    let server = server(vec![]);
    let mut scratch = workspace(&server);
    let plan = scratch
        .run(&["send", "--dry-run", "--format", "json"])
        .exits(0)
        .json();
    let id = plan["plan"].as_str().unwrap();
    scratch.now = Some("2026-03-03T12:00:00Z".to_owned());
    scratch
        .run(&["send", "--yes", "--plan", id])
        .exits(2)
        .says("is not kept")
        .says("packet send --dry-run");
    assert_eq!(server.seen(|s| s.connections), 0);
    send(&scratch).exits(0);
    let mail = held(&server, PEOPLE[0]).remove(0);
    let date = MessageParser::default()
        .parse(&mail)
        .unwrap()
        .date()
        .unwrap()
        .to_timestamp();
    assert_eq!(date, 1_772_539_200, "that of the day it went out");
}
