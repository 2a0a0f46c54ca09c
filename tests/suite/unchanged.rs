//! A render that remembers the last one: it may never miss a change.

use std::{fs, thread, time::Duration};

use crate::scratch::{BUNDLE, LEDGER, Ran, Scratch};

const MEMORY: &str = ".packet/rendered";
const DOCUMENT: &str = "docs/scanner_packet.md";
const PROBE: &str = "artifacts/gangway/2026-03-01/probe_2026-03-01T08-00-00Z.log";
const SCAN: &str = "artifacts/tickets/scan-2026-03-01T09-30-00Z.ndjson";

/// Longer than a step of the file system's clock.
fn settle() {
    thread::sleep(Duration::from_millis(25));
}

/// A workspace whose last rendering is remembered under another folder's name, which the next
/// render says if, and only if, it goes by its memory.
fn remember(mut scratch: Scratch) -> Scratch {
    scratch.env.insert("HOME".into(), "home".into());
    scratch.attest();
    scratch.run(&["render"]).exits(0).says("RENDERED");
    settle();
    scratch.run(&["render"]).exits(0).says("UNCHANGED");
    mark(&scratch);
    scratch
}

fn mark(scratch: &Scratch) {
    scratch.edit(MEMORY, &format!("folder {BUNDLE}"), "folder from-memory");
}

fn goes_by_memory(ran: &Ran) -> bool {
    ran.text().contains("from-memory")
}

#[test]
fn nothing_changed_is_known_without_reading() {
    let scratch = remember(Scratch::of("ferry"));
    let ran = scratch.run(&["render"]).exits(0);
    assert_eq!(
        ran.out,
        "UNCHANGED  from-memory/ is up to date, nothing was written\n"
    );
    assert!(goes_by_memory(&scratch.run(&["render", DOCUMENT]).exits(0)));
    let json = scratch.run(&["render", "--format", "json"]).exits(0).json();
    assert_eq!(
        (&json["folder"], &json["unchanged"]),
        (&"from-memory".into(), &true.into())
    );
    assert_eq!(scratch.run(&["-q", "render"]).exits(0).out, "");
    // Asked for by name or not, what else it does is done anew.
    for other in [
        &["render", "--check"][..],
        &["render", "--in-place"],
        &["status"],
    ] {
        assert!(!goes_by_memory(&scratch.run(other)), "{other:?}");
    }
}

/// What is done to a workspace, and what the next render must say of it.
type Change = (&'static str, fn(&Scratch), &'static str);

const CHANGES: &[Change] = &[
    (
        "the document",
        |s| s.edit(DOCUMENT, "mind the gap", "mind the step"),
        "= written packet.md",
    ),
    (
        "evidence, in place",
        |s| s.write(PROBE, "HTTP/2 410\n"),
        "status 410",
    ),
    (
        "evidence, replaced by as many bytes",
        |s| {
            let text = s.read(SCAN).replacen('1', "9", 1);
            s.write("beside", text);
            fs::rename(s.root().join("beside"), s.root().join(SCAN)).unwrap();
        },
        "scan-2026-03-01T09-30-00Z.ndjson",
    ),
    (
        "newer evidence",
        |s| {
            s.write(
                "artifacts/gangway/2026-03-02/probe_2026-03-02T08-00-00Z.log",
                "HTTP/2 503\n",
            )
        },
        "status 503",
    ),
    (
        "newer evidence beside the last",
        |s| s.write("artifacts/tickets/scan-2026-03-02T09-30-00Z.ndjson", ""),
        "is empty",
    ),
    (
        "evidence removed",
        |s| fs::remove_file(s.root().join(PROBE)).unwrap(),
        "ON HOLD",
    ),
    (
        "a material",
        |s| s.edit("docs/guides/scanner_guide.md", "green", "blue"),
        "~ changed guides/scanner_guide_v2026-02-20.md",
    ),
    (
        "a frozen file",
        |s| {
            s.write(
                &format!("{BUNDLE}/guides/scanner_guide_v2026-02-20.md"),
                "x",
            )
        },
        "in the way",
    ),
    (
        "a living file",
        |s| s.write(&format!("{BUNDLE}/packet.html"), "x"),
        "= written packet.html",
    ),
    (
        "a file of the bundle gone",
        |s| fs::remove_file(s.root().join(BUNDLE).join("SHA256SUMS")).unwrap(),
        "RENDERED",
    ),
    (
        "the bundle gone",
        |s| fs::remove_dir_all(s.root().join(BUNDLE)).unwrap(),
        "RENDERED",
    ),
    (
        "configuration",
        |s| s.configure("gates: { Gangway Probe: { min-records: 7 } }"),
        "must hold at least 7",
    ),
    (
        "configuration that is wrong",
        |s| s.configure("nonsense: 1"),
        "unknown key",
    ),
    (
        "the user's own configuration",
        |s| s.write("home/.config/packet/config.yaml", "nonsense: 1\n"),
        "unknown key",
    ),
    (
        "a template",
        |s| s.write("templates/packet.css", "body { margin: 1em }\n"),
        "= written packet.html",
    ),
    (
        "the record",
        |s| fs::remove_file(s.root().join(LEDGER)).unwrap(),
        "UNCHANGED",
    ),
    (
        "somebody's word",
        |s| {
            s.run(&["attest", "Spare Battery", "--by", "Somebody Else"])
                .exits(0);
        },
        "= written distribution_log.md",
    ),
];

#[test]
fn a_folder_that_became_a_link_is_seen() {
    for folder in ["artifacts", "artifacts/gangway", "docs"] {
        let scratch = remember(Scratch::of("ferry"));
        let (at, away) = (
            scratch.root().join(folder),
            scratch.beside("away").join("it"),
        );
        fs::rename(&at, &away).unwrap();
        std::os::unix::fs::symlink(&away, &at).unwrap();
        let ran = scratch.run(&["render"]);
        assert!(!goes_by_memory(&ran), "{folder}: {ran:#?}");
    }
}

#[test]
fn a_pattern_from_the_root_is_remembered_like_others() {
    let scratch = Scratch::of("ferry");
    scratch.configure("evidence-roots: [artifacts/, probes/]");
    scratch.edit(
        DOCUMENT,
        "artifacts/gangway/<date>/probe",
        "probes/<date>/probe",
    );
    let to = "probes/2026-03-01/probe_2026-03-01T08-00-00Z.log";
    scratch.write(to, scratch.read(PROBE));
    goes_by_memory(&remember(scratch).run(&["render"]).exits(0))
        .then_some(())
        .unwrap();
}

#[test]
fn every_change_is_seen() {
    for (what, change, says) in CHANGES {
        let scratch = remember(Scratch::of("ferry"));
        change(&scratch);
        let ran = scratch.run(&["render"]);
        assert!(!goes_by_memory(&ran), "{what}: {ran:#?}");
        assert!(ran.text().contains(says), "{what}: no `{says}` in {ran:#?}");
    }
}

#[test]
fn the_clock_is_a_change_too() {
    // The probe is of 08:00 on the day before: 28 hours old at noon.
    for limit in ["1710m", "in words"] {
        for (now, by_memory, exit) in [
            ("2026-03-02T12:00:00Z", true, 0),
            ("2026-03-02T12:29:59Z", true, 0),
            ("2026-03-02T12:30:01Z", false, 3),
            ("2026-03-02T11:59:59Z", false, 0),
        ] {
            let scratch = Scratch::of("ferry");
            match limit {
                "in words" => scratch.edit(DOCUMENT, "HTTP 200,", "HTTP 200, no older than 1710m,"),
                period => scratch.configure(&format!(
                    "gates: {{ Gangway Probe: {{ max-age: {period} }} }}"
                )),
            }
            let mut scratch = remember(scratch);
            scratch.now = Some(now.to_owned());
            let ran = scratch.run(&["render"]).exits(exit);
            assert_eq!(goes_by_memory(&ran), by_memory, "{limit}, {now}: {ran:#?}");
        }
    }
    let mut scratch = remember(Scratch::of("ferry"));
    scratch.now = Some("2026-03-02T13:00:01Z".to_owned());
    assert!(
        !goes_by_memory(&scratch.run(&["render"]).exits(0)),
        "an hour at most"
    );
}

#[test]
fn only_what_is_clear_and_settled_is_remembered() {
    let scratch = Scratch::of("ferry");
    for _ in 0..2 {
        scratch.run(&["render"]).exits(3);
        settle();
    }
    assert!(!scratch.read(MEMORY).contains(BUNDLE), "on hold");
    let scratch = Scratch::clear();
    scratch.run(&["render"]).exits(0);
    assert!(!scratch.read(MEMORY).contains(BUNDLE), "just written");
    // What people hold differs: that is said again and again.
    scratch.run(&["send", "--yes"]).exits(0);
    scratch.edit("docs/guides/scanner_guide.md", "green", "blue");
    for _ in 0..3 {
        scratch.run(&["render"]).exits(0).says("blue");
        settle();
    }
    assert!(!scratch.read(MEMORY).contains(BUNDLE), "told anew");
}

#[test]
fn one_changed_document_is_read_alone() {
    let scratch = remember(Scratch::of("ferry"));
    let text = scratch
        .read(DOCUMENT)
        .replace("scanner_2026-03-09", "other_2026-03-09");
    scratch.write("docs/other.md", text);
    let listed = scratch
        .read("packet.yaml")
        .replace("[docs", "[docs/other.md, docs");
    scratch.write("packet.yaml", listed);
    let attest = ["attest", "Spare Battery", "--by", "Edda Lund"];
    let other = ["--document", "docs/other.md"];
    scratch.run(&[&attest[..], &other].concat()).exits(0);
    scratch.run(&["render"]);
    settle();
    scratch.run(&["render"]);
    mark(&scratch);
    scratch.edit("docs/other.md", "mind the gap", "mind the step");
    let ran = scratch.run(&["render"]);
    assert!(goes_by_memory(&ran), "{ran:#?}");
    assert!(ran.text().contains("other_2026-03-09"), "{ran:#?}");
}
