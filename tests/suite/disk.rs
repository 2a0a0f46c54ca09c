//! A disk that is full at any write, and one that cannot be written to. Whatever is sent is on
//! record, and once there is space a second `send` completes: everyone has exactly one message.
//!
//! Both need a file system of their own, which is mounted for the test: run it as root.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    peers::smtp::{Behaviour, Server},
    scratch::{BUNDLE, LEDGER, Scratch, files},
};

/// A small file system in memory, gone with the test.
struct Small {
    at: PathBuf,
}

impl Small {
    fn mount(at: PathBuf) -> Self {
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(&at)
            .status()
            .expect("the program mount");
        assert!(
            status.success(),
            "mounting a tmpfs needs root; this test cannot be run without"
        );
        Small { at }
    }

    fn remount(&self, how: &str) {
        let mut command = Command::new("mount");
        command.args(["-o", how]).arg(&self.at);
        assert!(command.status().unwrap().success(), "remount {how}");
    }

    /// Leaves `pages` of 4096 bytes free.
    fn fill(&self, pages: u64) {
        self.make_room();
        let stat = rustix::fs::statvfs(&self.at).unwrap();
        let free = stat.f_bavail * stat.f_frsize;
        let ballast = free
            .checked_sub(pages * 4096)
            .expect("room for the workspace");
        fs::write(
            self.at.join("ballast"),
            vec![b'x'; usize::try_from(ballast).unwrap()],
        )
        .unwrap();
    }

    fn make_room(&self) {
        let _ = fs::remove_file(self.at.join("ballast"));
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // What cannot be unmounted now goes with its last user.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

fn server() -> Server {
    Server::start(Behaviour {
        offers: vec!["PIPELINING".to_owned(), "8BITMIME".to_owned()],
        offers_tls: Vec::new(),
        tls: None,
        implicit: false,
        faults: Vec::new(),
    })
}

/// The `ferry` workspace on the small disk; `sent` tells who has how many messages.
fn on(disk: &Small, prepare: impl Fn(&Scratch)) -> Scratch {
    let mut scratch = Scratch::of("ferry");
    prepare(&scratch);
    let root = disk.at.join("workspace");
    let _ = fs::remove_dir_all(&root);
    scratch.move_to(root);
    scratch.attest();
    scratch
}

/// The keys of mail deliveries whose intent is on record.
fn intended(scratch: &Scratch) -> Vec<String> {
    let text = scratch.read(LEDGER);
    // A last line without its end was never on record.
    let lines = text.split_inclusive('\n').filter(|l| l.ends_with('\n'));
    lines
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|entry| entry["kind"] == "intended")
        .map(|entry| entry["payload"]["key"].as_str().unwrap().to_owned())
        .collect()
}

fn sums_hold(scratch: &Scratch) {
    let folder = scratch.root().join(BUNDLE);
    let mut command = Command::new("sha256sum");
    command
        .args(["-c", "--quiet", "--strict", "SHA256SUMS"])
        .current_dir(&folder);
    assert!(command.status().unwrap().success(), "{}", folder.display());
}

/// No half-written file is left under a name that counts.
fn no_leftovers(scratch: &Scratch) {
    let left: Vec<String> = files(scratch.root())
        .into_iter()
        .filter(|p| p.ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

const EVERYONE: [&str; 4] = [
    "edda@example.com",
    "jonas@example.com",
    "timetable@example.com",
    "quay-all@example.com",
];

/// Fills the disk so that one write later than before fails each time, until none does.
fn at_any_write(prepare: impl Fn(&Scratch), received: impl Fn(&Scratch) -> Vec<String>) {
    let place = tempfile::tempdir().unwrap();
    let disk = Small::mount(place.path().to_owned());
    let (mut failed, mut through) = (0, false);
    for pages in 0..200 {
        let scratch = on(&disk, &prepare);
        let before = received(&scratch).len();
        disk.fill(pages);
        let rendered = scratch.run(&["render"]);
        let sent = scratch.run(&["send", "--yes"]);
        for ran in [&rendered, &sent] {
            assert!(!ran.err.contains("panicked"), "{pages} pages: {ran:#?}");
            let full = ran.text().contains("No space left on device");
            assert!(ran.exit == Some(0) || full, "{pages} pages: {ran:#?}");
        }
        let got = received(&scratch)[before..].to_vec();
        let known = intended(&scratch);
        for to in &got {
            assert!(
                known.contains(&format!("email:{to}")),
                "{pages} pages: {to} is not on record"
            );
        }
        through = sent.exit == Some(0) && rendered.exit == Some(0);
        failed += usize::from(sent.exit != Some(0));
        disk.make_room();
        let again = scratch.run(&["send", "--yes"]);
        assert_eq!(
            again.exit,
            Some(0),
            "{pages} pages: {sent:#?}\nthen {again:#?}"
        );
        for to in EVERYONE {
            let copies = received(&scratch)[before..]
                .iter()
                .filter(|r| *r == to)
                .count();
            assert_eq!(copies, 1, "{pages} pages: {to}: {sent:#?}\nthen {again:#?}");
        }
        scratch.run(&["log", "--verify"]).exits(0);
        scratch.run(&["render"]).exits(0);
        sums_hold(&scratch);
        no_leftovers(&scratch);
        if through {
            break;
        }
    }
    assert!(through, "even with the most space it did not go through");
    assert!(failed >= 15, "the disk was full for {failed} sends only");
}

#[test]
fn full_while_mail_goes_to_a_server() {
    let server = server();
    at_any_write(
        |scratch| {
            scratch.configure(&format!(
                "smtp: {{ host: 127.0.0.1, port: {}, security: none }}",
                server.port
            ));
        },
        |_| server.seen(|seen| seen.held.iter().map(|(to, _)| to.clone()).collect()),
    );
}

/// Everything but the ledger is written before; then the ledger's last page fills up, at another
/// entry each time: between an intent and its outcome, too.
#[test]
fn full_at_any_entry_of_the_ledger() {
    let server = server();
    let place = tempfile::tempdir().unwrap();
    let disk = Small::mount(place.path().to_owned());
    let mut stopped_after = std::collections::BTreeSet::new();
    for (number, length) in (1..4000).step_by(90).enumerate() {
        let scratch = on(&disk, |scratch| {
            scratch.configure(&format!(
                "smtp: {{ host: 127.0.0.1, port: {}, security: none, connections: 1 }}",
                server.port
            ));
        });
        let note = "x".repeat(length);
        scratch
            .run(&[
                "attest",
                "Spare Battery",
                "--by",
                "Edda Lund",
                "--note",
                &note,
            ])
            .exits(0);
        scratch.run(&["render"]).exits(0);
        scratch.run(&["send", "--dry-run"]).exits(0);
        let before = server.seen(|s| s.held.len());
        disk.fill(number as u64 % 4);
        let full = scratch.run(&["send", "--yes"]);
        assert!(
            full.exit == Some(0) || full.text().contains("No space left"),
            "{full:#?}"
        );
        let got = server.seen(|s| s.held.len()) - before;
        stopped_after.insert(got);
        assert!(intended(&scratch).len() >= got);
        disk.make_room();
        let again = scratch.run(&["send", "--yes"]);
        assert_eq!(again.exit, Some(0), "note of {length}: {again:#?}");
        for to in EVERYONE {
            let copies = server.seen(|s| s.held[before..].iter().filter(|(r, _)| r == to).count());
            assert_eq!(copies, 1, "note of {length}: {to} after {got}: {again:#?}");
        }
        scratch.run(&["log", "--verify"]).exits(0);
    }
    assert!(
        stopped_after.len() >= 3,
        "it stopped after {stopped_after:?} messages only"
    );
}

#[test]
fn full_while_mail_goes_to_the_outbox() {
    at_any_write(
        |_| {},
        |scratch| {
            let to = |mail: &String| {
                let line = mail.lines().find(|l| l.starts_with("To: ")).unwrap();
                line.trim_start_matches("To: ")
                    .rsplit(['<', ' '])
                    .next()
                    .unwrap()
                    .trim_end_matches('>')
                    .to_owned()
            };
            scratch.mails().iter().map(to).collect()
        },
    );
}

#[test]
fn a_disk_that_cannot_be_written_to_is_said_and_nothing_is_sent() {
    let server = server();
    let place = tempfile::tempdir().unwrap();
    let disk = Small::mount(place.path().to_owned());
    let scratch = on(&disk, |scratch| {
        scratch.configure(&format!(
            "smtp: {{ host: 127.0.0.1, port: {}, security: none }}",
            server.port
        ));
    });
    disk.remount("remount,ro");
    scratch.run(&["status"]).exits(0).says("CLEAR");
    scratch.run(&["check"]).exits(0);
    scratch.run(&["log", "--verify"]).exits(0);
    for args in [
        &["render"][..],
        &["send", "--yes"],
        &["send", "--dry-run"],
        &["attest", "Spare Battery", "--by", "Edda Lund"],
    ] {
        scratch.run(args).exits(1).says("Read-only file system");
    }
    assert_eq!(server.seen(|s| s.connections), 0);
    disk.remount("remount,rw");
    scratch.run(&["send", "--yes"]).exits(0);
    assert_eq!(server.seen(|s| s.held.len()), 4);
}

#[test]
fn a_bundle_folder_that_cannot_be_written_to_is_named_before_anything_is_sent() {
    let server = server();
    let scratch = Scratch::clear();
    scratch.configure(&format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none }}",
        server.port
    ));
    let folder = scratch.root().join("artifacts/quayside");
    fs::create_dir_all(&folder).unwrap();
    let disk = Small::mount(folder);
    disk.remount("remount,ro");
    scratch
        .run(&["send", "--yes"])
        .exits(1)
        .says("artifacts/quayside")
        .says("Read-only file system");
    assert_eq!(server.seen(|s| s.connections), 0);
    assert!(!Path::new(&disk.at).join("scanner_2026-03-09").exists());
}
