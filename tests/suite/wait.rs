//! `send --when-clear`: what it waits for, and that it stands in nobody's way meanwhile.

use std::{fs, process::Stdio, thread, time::Duration};

use crate::peers::depot::{Depot, text};

/// A depot whose only evidence shows an HTTP 503.
fn held() -> Depot {
    let depot = Depot::new(2, None);
    depot.evidence("2027-03-04T09-00-00Z", 503);
    depot
}

fn outbox(depot: &Depot) -> usize {
    let folder = depot.root().join(".packet/outbox/new");
    fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn it_sends_once_the_evidence_is_there_and_whole() {
    let depot = held();
    let mut command = depot.command(&["send", "--when-clear", "--yes"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Others work meanwhile: the lock is free.
    for _ in 0..20 {
        let (said, exit) = depot.run(&["render"]);
        assert_eq!(exit, 3, "{said}");
    }
    // A file that is still being written: at first nothing that could be read as an answer.
    let path = "artifacts/probe/probe_2027-03-04T10-00-00Z.log";
    depot.write(path, "");
    thread::sleep(Duration::from_millis(300));
    depot.write(path, "HTTP/1.1 20");
    thread::sleep(Duration::from_millis(300));
    assert_eq!(outbox(&depot), 0);
    depot.evidence("2027-03-04T10-00-00Z", 200);
    let output = child.wait_with_output().unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("WAITING") && said.contains("503"), "{said}");
    assert!(said.contains("no longer:"), "{said}");
    assert_eq!(outbox(&depot), 2);
    assert_eq!(depot.run(&["log", "--verify"]).1, 0);
}

#[test]
fn what_is_clear_already_is_sent_at_once() {
    let depot = Depot::new(2, None);
    let long_ago = ["send", "--when-clear", "--until", "2027-01-01", "--yes"];
    let (said, exit) = depot.run(&long_ago);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(outbox(&depot), 2);
}

#[test]
fn time_that_is_up_names_what_was_missing() {
    let depot = held();
    let args = [
        "send",
        "--when-clear",
        "--yes",
        "--until",
        "2027-03-04T12:00:01Z",
    ];
    let (said, exit) = depot.run(&args);
    assert_eq!(exit, 3, "{said}");
    assert!(
        said.contains("TIME IS UP") && said.contains("503"),
        "{said}"
    );
    assert_eq!(outbox(&depot), 0);
    let (report, exit) = depot.json(&args);
    assert_eq!(exit, 3);
    assert!(
        report["blockers"][0].as_str().unwrap().contains("503"),
        "{report}"
    );
}

#[test]
fn a_document_half_saved_is_waited_for() {
    let depot = Depot::new(2, None);
    let whole = fs::read(depot.root().join("docs/drill.md")).unwrap();
    fs::write(depot.root().join("docs/drill.md"), b"# Yard \xff").unwrap();
    let mut command = depot.command(&["send", "--when-clear", "--yes"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(500));
    fs::write(depot.root().join("docs/drill.md"), whole).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert_eq!(outbox(&depot), 2);
}

#[test]
fn nobody_to_ask_and_nothing_to_show_are_usage() {
    let depot = held();
    for args in [
        &["send", "--when-clear"][..],
        &["send", "--when-clear", "--dry-run"],
        &["send", "--until", "2027-03-04", "--yes"],
        &["send", "--when-clear", "--until", "soon", "--yes"],
    ] {
        let (said, exit) = depot.run(args);
        assert_eq!(exit, 2, "{args:?}: {said}");
    }
}
