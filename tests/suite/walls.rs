//! A stranger's folder is harmless: whatever stands where packet's own files belong, no command
//! changes a file outside, hangs or takes much memory.

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    time::{Duration, Instant},
};

use crate::scratch::{BUNDLE, Scratch};

/// What is put in a file's or a folder's place.
#[derive(Clone, Copy, Debug)]
enum Trap {
    LinkToFile,
    LinkToFolder,
    Pipe,
    Endless,
    Sparse,
}

const TRAPS: [Trap; 5] = [
    Trap::LinkToFile,
    Trap::LinkToFolder,
    Trap::Pipe,
    Trap::Endless,
    Trap::Sparse,
];

/// Where: below `.packet/`, in the bundle, configuration, templates, document, material, evidence.
const PLACES: [&str; 20] = [
    ".packet",
    ".packet/.gitignore",
    ".packet/lock",
    ".packet/ledger",
    ".packet/ledger/docs",
    ".packet/ledger/docs/scanner_packet.ndjson",
    ".packet/plans",
    ".packet/outbox",
    ".packet/outbox/new",
    ".packet/sent",
    ".packet/drafts",
    ".packet/backups",
    ".packet/rendered",
    "packet.yaml",
    "templates",
    "docs/scanner_packet.md",
    "BUNDLE",
    "BUNDLE/SHA256SUMS",
    "BUNDLE/ledger.ndjson",
    "BUNDLE/revisions",
];

const COMMANDS: [&[&str]; 9] = [
    &["status"],
    &["check"],
    &["render"],
    &["render", "--in-place"],
    &["send", "--dry-run"],
    &["send", "--yes"],
    &["attest", "Spare Battery", "--by", "Edda Lund"],
    &["log", "--verify"],
    &["report", "--dry-run"],
];

/// Far more than any of these takes on a busy machine; a pipe would be waited for without end.
const PATIENCE: Duration = Duration::from_secs(60);

fn set(trap: Trap, at: &Path, outside: &Path) {
    let _ = fs::remove_file(at);
    let _ = fs::remove_dir_all(at);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    match trap {
        Trap::LinkToFile => symlink(outside.join("precious"), at).unwrap(),
        Trap::LinkToFolder => symlink(outside, at).unwrap(),
        Trap::Pipe => rustix::fs::mknodat(
            rustix::fs::CWD,
            at,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap(),
        Trap::Endless => symlink("/dev/zero", at).unwrap(),
        Trap::Sparse => fs::File::create(at).unwrap().set_len(1 << 40).unwrap(),
    }
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.display().to_string(), fs::read(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn whatever_stands_in_a_files_place_nothing_outside_changes() {
    let mut wrong = Vec::new();
    for place in PLACES {
        for trap in TRAPS {
            let scratch = Scratch::clear();
            let outside = scratch.beside("outside");
            fs::create_dir_all(&outside).unwrap();
            fs::write(outside.join("precious"), "only key").unwrap();
            let before = contents(&outside);
            set(
                trap,
                &scratch.root().join(place.replace("BUNDLE", BUNDLE)),
                &outside,
            );
            for command in COMMANDS {
                let began = Instant::now();
                let ran = scratch.run(command);
                let label = format!("{place} {trap:?} {command:?}");
                if began.elapsed() > PATIENCE {
                    wrong.push(format!("{label}: took {:?}", began.elapsed()));
                }
                if ran.exit.is_none() || ran.text().contains("panicked") {
                    wrong.push(format!("{label}: {ran:?}"));
                }
                if contents(&outside) != before {
                    wrong.push(format!("{label}: a file outside changed"));
                    break;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
