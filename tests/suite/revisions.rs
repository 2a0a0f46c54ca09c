//! What people read when a revision follows another.

use std::collections::BTreeMap;

use mail_parser::MessageParser;

use crate::scratch::{Scratch, flat};

const GUIDE: &str = "docs/guides/scanner_guide.md";
const DOCUMENT: &str = "docs/scanner_packet.md";
const CHANGED: &str = "Changed since the last revision";

/// The plain texts of a dry run's mails by address, white space as one blank.
fn letters(scratch: &Scratch) -> BTreeMap<String, String> {
    let plan = scratch
        .run(&["send", "--dry-run", "--format", "json"])
        .exits(0)
        .json();
    let folder = plan["folder"].as_str().unwrap();
    let mails = plan["deliveries"].as_array().unwrap().iter();
    mails
        .filter(|d| d["kind"] == "email")
        .map(|d| {
            let path = format!("{folder}/{}", d["file"].as_str().unwrap());
            let mail = scratch.read(&path);
            let message = MessageParser::new().parse(mail.as_bytes()).unwrap();
            let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
            assert_eq!(text.contains(CHANGED), html.contains(CHANGED), "{path}");
            (d["target"].as_str().unwrap().to_owned(), flat(&text))
        })
        .collect()
}

fn send(scratch: &Scratch) {
    scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("IN THE OUTBOX");
}

#[test]
fn the_next_mail_opens_with_what_changed_for_those_who_hold_the_last() {
    let scratch = Scratch::clear();
    assert!(letters(&scratch).values().all(|t| !t.contains(CHANGED)));
    send(&scratch);
    scratch.edit(GUIDE, "green", "blue");
    scratch.edit(
        DOCUMENT,
        "- [ ] **Quay Master",
        "- [ ] **Second Purser (Ove Berg):** read it\n- [ ] **Quay Master",
    );
    scratch.configure("  Ove Berg: { email: ove@example.com }");
    let letters = letters(&scratch);
    let opening = "Changed since the last revision: - The beginning of Scanner guide: was “Hold the ticket flat. A green light means aboard.”, now “Hold the ticket flat. A blue light means aboard.” Please confirm this revision. Hello,";
    assert!(
        letters["edda@example.com"].starts_with(opening),
        "{letters:#?}"
    );
    // An announcement is nobody's to confirm; who joins later has nothing to compare with.
    let announcement = &letters["quay-all@example.com"];
    assert!(announcement.contains(CHANGED) && !announcement.contains("confirm"));
    assert!(
        letters["ove@example.com"].starts_with("Hello,"),
        "{letters:#?}"
    );
    let post = scratch
        .run(&["send", "--dry-run", "--format", "json"])
        .json();
    let folder = post["folder"].as_str().unwrap();
    let file = post["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["kind"] == "slack");
    let json = scratch.read(&format!(
        "{folder}/{}",
        file.unwrap()["file"].as_str().unwrap()
    ));
    assert!(json.contains("*Changed since the last revision*\\n• The beginning of Scanner guide"));
}

#[test]
fn everybody_hears_whether_their_confirmation_still_counts() {
    let scratch = Scratch::clear();
    send(&scratch);
    scratch.run(&["ack", "Edda Lund"]).exits(0);
    // Other words of the message void nothing.
    scratch.edit(DOCUMENT, "Hello,", "Good morning,");
    let read = letters(&scratch);
    let stays = "You need not confirm again: your confirmation of revision 1 still counts.";
    assert!(read["edda@example.com"].contains(stays), "{read:#?}");
    assert!(read["jonas@example.com"].contains("Please confirm this revision."));
    let says = |words: &str| {
        for command in [&["render"][..], &["status"], &["send", "--dry-run"]] {
            scratch.run(command).exits(0).says(words);
        }
    };
    says("Confirmed, and need not confirm again: Edda Lund");
    assert!(
        !read["timetable@example.com"].contains("confirm"),
        "{read:#?}"
    );
    // A material does, for everybody …
    scratch.edit(GUIDE, "green", "blue");
    says("Confirmed, and will be asked again: Edda Lund");
    let again = "Please confirm again: your confirmation of revision 1 no longer counts.";
    assert!(letters(&scratch)["edda@example.com"].contains(again));
    // … unless it concerns somebody else.
    scratch.configure("materials: { docs/guides/scanner_guide.md: [Jonas Brandt] }");
    says("Confirmed, and need not confirm again: Edda Lund");
    assert!(letters(&scratch)["edda@example.com"].contains(stays));
    // Once it is sent, those who are left hear the same.
    scratch
        .run(&["send", "--yes", "--skip", "Edda Lund"])
        .says("IN THE OUTBOX");
    assert!(letters(&scratch)["edda@example.com"].contains(stays));
}

#[test]
fn who_missed_a_revision_hears_about_both() {
    let scratch = Scratch::clear();
    send(&scratch);
    scratch.edit(GUIDE, "green", "blue");
    scratch
        .run(&["send", "--yes", "--skip", "Jonas Brandt"])
        .says("IN THE OUTBOX");
    scratch.edit(DOCUMENT, "Hello,", "Good morning,");
    let letters = letters(&scratch);
    assert!(
        letters["jonas@example.com"].contains("A blue light"),
        "{letters:#?}"
    );
    assert!(
        !letters["edda@example.com"].contains("A blue light"),
        "{letters:#?}"
    );
    assert!(letters["edda@example.com"].contains("was “Hello,”, now “Good morning,”"));
}

#[test]
fn the_plan_is_that_of_what_it_says_about_changes() {
    let scratch = Scratch::clear();
    send(&scratch);
    scratch.edit(GUIDE, "green", "blue");
    let plan = |scratch: &Scratch| {
        let run = scratch
            .run(&["send", "--dry-run", "--format", "json"])
            .exits(0);
        run.json()["plan"].as_str().unwrap().to_owned()
    };
    let id = plan(&scratch);
    assert_eq!(plan(&scratch), id);
    scratch
        .run(&["send", "--yes", "--to", "Edda Lund"])
        .says("IN THE OUTBOX");
    // Those who are left are still told the same, under the same plan.
    assert_eq!(plan(&scratch), id);
    send(&scratch);
    scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("NOTHING TO SEND");
}

#[test]
fn a_ledger_without_the_text_says_what_it_can() {
    let scratch = Scratch::clear();
    send(&scratch);
    let ledger = scratch.read(crate::scratch::LEDGER);
    let old: Vec<String> = ledger.lines().map(without_body).collect();
    let mut chained = String::new();
    let mut head = String::new();
    for line in old {
        let mut entry: serde_json::Value = serde_json::from_str(&line).unwrap();
        entry["prev"] = head.clone().into();
        let line = entry.to_string();
        head = packet::workspace::ledger_file::sha256_hex(line.as_bytes());
        chained.push_str(&format!("{line}\n"));
    }
    scratch.write(crate::scratch::LEDGER, &chained);
    scratch.write(
        "artifacts/quayside/scanner_2026-03-09/ledger.ndjson",
        &chained,
    );
    scratch.edit(DOCUMENT, "Hello,", "Good morning,");
    scratch
        .run(&["status"])
        .exits(0)
        .says("Changed since revision 1")
        .says("The message reads otherwise");
}

/// An entry as it was written before revisions had their text on record.
fn without_body(line: &str) -> String {
    let mut entry: serde_json::Value = serde_json::from_str(line).unwrap();
    if let Some(payload) = entry["payload"].as_object_mut() {
        payload.remove("body");
    }
    entry.to_string()
}
