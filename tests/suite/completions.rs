//! Names completed by a real bash with the script that `packet completions` prints.

use std::process::Command;

use crate::scratch::Scratch;

/// What bash offers for the last of `words`, typed so in the workspace.
fn offered(scratch: &Scratch, words: &[&str]) -> Vec<String> {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_packet"));
    let script = r#"
        PATH=$1:$PATH; shift
        source <(packet completions bash)
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
        _clap_complete_packet packet "${COMP_WORDS[COMP_CWORD]#[\"\']}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let done = Command::new("bash")
        .args(["--norc", "-c", script, "bash"])
        .arg(program.parent().unwrap())
        .arg("packet")
        .args(words)
        .current_dir(scratch.root())
        .output()
        .unwrap();
    assert!(done.stderr.is_empty(), "{done:?}");
    let text = String::from_utf8(done.stdout).unwrap();
    text.lines()
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn bash_knows_the_names_at_hand() {
    let scratch = Scratch::of("ferry");
    for (words, offers) in [
        (&["ack", "ed"][..], &[r"Edda\ Lund"][..]),
        (&["ack", "\"Ed"], &["Edda Lund"]),
        (&["ack", r"Timetable\ D"], &[r"Timetable\ Desk"]),
        (&["attest", "S"], &[r"Spare\ Battery"]),
        (&["waive", "t"], &[r"Ticket\ Timing"]),
        (&["send", "--skip", "J"], &[r"Jonas\ Brandt"]),
        (&["ack", "Nobody"], &[]),
        (&["stat"], &["status"]),
    ] {
        assert_eq!(offered(&scratch, words), offers, "{words:?}");
    }
    // A workspace that cannot be read offers nothing, and says nothing.
    scratch.configure("nonsense: 1");
    assert_eq!(offered(&scratch, &["ack", "Ed"]), [""; 0]);
}
