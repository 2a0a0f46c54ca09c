//! Whatever becomes of a workspace's ledger, nobody gets the same packet a second time unasked:
//! the user's own record knows what was handed over.

use std::fs;

use crate::{
    mail::{counts, send, server, smtp},
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
