//! What was looked at is what goes out, byte for byte.

use std::fs;

use mail_parser::MessageParser;

use crate::mail::{PEOPLE, counts, held, send, server, workspace};

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
        .says("PARTLY SENT 7 deliveries made");
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
fn what_a_killed_send_left_of_a_plan_goes_with_the_next() {
    let scratch = workspace(&server(vec![]));
    let half = scratch.root().join(".packet/plans/.packet-x1.part");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("01-edda-lund.eml"), "To: half a mess").unwrap();
    scratch.run(&["send", "--dry-run"]).exits(0);
    let plans = || fs::read_dir(scratch.root().join(".packet/plans")).unwrap();
    assert_eq!(plans().count(), 1);
    assert!(!half.exists());
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
fn a_plan_older_than_a_week_is_not_what_was_looked_at() {
    let server = server(vec![]);
    let mut scratch = workspace(&server);
    let plan = scratch
        .run(&["send", "--dry-run", "--format", "json"])
        .exits(0)
        .json();
    let id = plan["plan"].as_str().unwrap();
    scratch.now = Some("2026-03-10T12:00:00Z".to_owned());
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
    assert_eq!(date, 1_773_144_000, "that of the day it went out");
}
