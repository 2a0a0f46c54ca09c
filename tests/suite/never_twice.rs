//! Whatever becomes of a workspace's ledger, nobody gets the same packet a second time unasked:
//! the user's own record knows what was handed over.

use std::{fs, path::Path};

use crate::{
    mail::{counts, fault, send, server, smtp},
    peers::script::Point,
    scratch::{BUNDLE, Scratch},
};

/// Sent over SMTP once; what follows may do to the workspace what it likes.
fn sent() -> (crate::peers::smtp::Server, Scratch) {
    let server = server(vec![]);
    let scratch = Scratch::clear();
    scratch.configure(&smtp(&server));
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    (server, scratch)
}

fn forget(scratch: &Scratch) {
    fs::remove_dir_all(scratch.root().join(".packet")).unwrap();
    fs::remove_dir_all(scratch.root().join(BUNDLE)).unwrap();
    scratch
        .run(&["attest", "Spare Battery", "--by", "Edda Lund"])
        .exits(0);
}

#[test]
fn a_cleaned_workspace_mails_nobody_again() {
    let (server, scratch) = sent();
    forget(&scratch);
    send(&scratch)
        .exits(3)
        .says("Edda Lund has exactly this already")
        .says("packet send --again \"Edda Lund\"");
    scratch.run(&["send", "--dry-run"]).exits(3);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    // Asked for by name it goes out once more, to that person alone.
    scratch
        .run(&["send", "--yes", "--again", "Edda Lund"])
        .exits(0);
    assert_eq!(counts(&server), [2, 1, 1, 1]);
}

#[test]
fn somebody_who_has_it_gets_it_again_by_name_alone() {
    let (server, scratch) = sent();
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    scratch
        .run(&["send", "--yes", "--again", "Jonas Brandt"])
        .exits(0);
    assert_eq!(counts(&server), [1, 2, 1, 1]);
}

#[test]
fn another_packet_goes_out_all_the_same() {
    let (server, scratch) = sent();
    forget(&scratch);
    scratch.edit(
        "docs/scanner_packet.md",
        "expires: 2026-03-31",
        "expires: 2026-03-30",
    );
    // Front matter is not part of what is sent; a word of the message is.
    send(&scratch).exits(3);
    let path = scratch.root().join("docs/scanner_packet.md");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find("### Subject").unwrap();
    let fence = at + text[at..].find("```").unwrap();
    let line = fence + text[fence..].find('\n').unwrap() + 1;
    fs::write(
        &path,
        format!("{}One more thing.\n{}", &text[..line], &text[line..]),
    )
    .unwrap();
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [2, 2, 2, 2]);
}

#[test]
fn a_subfolder_is_part_of_the_workspace_above_it() {
    let (server, scratch) = sent();
    let mut command = scratch.command(&["send", "scanner_packet.md", "--yes"]);
    let done = command
        .current_dir(scratch.root().join("docs"))
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    assert!(!scratch.root().join("docs/.packet").exists());
}

/// All of a workspace, as `cp -r` copies it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn a_copy_whose_ledger_knows_of_a_failure_mails_nobody_again() {
    // Nobody can be reached at first: everybody is put off, and that is on record.
    let later = "451 4.3.0 later";
    let server = server(vec![fault(Point::Rcpt, 0, 4, Some(later))]);
    let scratch = Scratch::clear();
    let once = smtp(&server).replace(" }", ", attempts: 1 }");
    scratch.configure(&once);
    send(&scratch).exits(4);
    assert_eq!(counts(&server), [0, 0, 0, 0]);
    let before = scratch.beside("copy");
    copy(scratch.root(), &before);
    // A later send of the same workspace goes on where it stopped.
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    let done = scratch
        .command(&["send", "--yes"])
        .current_dir(&before)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(3), "{done:?}");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn a_copy_that_has_it_in_its_outbox_mails_nobody_again() {
    let scratch = Scratch::clear();
    send(&scratch).exits(0);
    let before = scratch.beside("copy");
    copy(scratch.root(), &before);
    let server = server(vec![]);
    scratch.configure(&smtp(&server));
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    fs::copy(
        scratch.root().join("packet.yaml"),
        before.join("packet.yaml"),
    )
    .unwrap();
    let done = scratch
        .command(&["send", "--yes"])
        .current_dir(&before)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(3), "{done:?}");
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn somebody_whose_mail_was_on_its_way_when_all_was_lost_is_not_mailed_again() {
    let server = server(vec![fault(Point::Dot, 0, 1, None)]);
    let scratch = Scratch::clear();
    scratch.configure(&smtp(&server));
    let place = scratch.beside("state").join("packet/handed-over.ndjson");
    send(&scratch).exits(4);
    // As a killed process leaves it: begun, and nothing said of what came of it.
    let text = fs::read_to_string(&place).unwrap();
    let begun: String = text
        .lines()
        .filter(|line| line.contains("\"begun\""))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(begun.lines().count() >= 4, "{text}");
    fs::write(&place, begun).unwrap();
    let had = counts(&server);
    forget(&scratch);
    send(&scratch)
        .exits(3)
        .says("may have exactly this already");
    assert_eq!(counts(&server), had);
}
