//! After the final report everything on record is archived: once, whole, whatever is killed.

use std::{fs, thread, time::Duration};

use crate::scratch::{Scratch, files};

const FOLDER: &str = "artifacts/ops/rehearsal_2026-11-02";
const FINAL: [&str; 3] = ["report", "--final", "--yes"];

/// The museum's rehearsal, the day after.
fn rehearsed() -> Scratch {
    let mut scratch = Scratch::of("guide");
    scratch.configure("from: Guide Desk <desk@example.com>");
    scratch.now = Some("2026-11-04T12:00:00Z".to_owned());
    scratch
}

/// The ferry's packet, sent, with something to judge by and a folder named for what is kept.
fn crossed() -> Scratch {
    let scratch = Scratch::clear();
    let document = scratch.read("docs/scanner_packet.md");
    let more =
        "\n## Success Metrics\n- [ ] **Queue:** nobody waits\n\n**Archive:** artifacts/ops/quay/\n";
    scratch.write("docs/scanner_packet.md", format!("{document}{more}"));
    scratch.run(&["send", "--yes"]).exits(0);
    scratch
}

/// The archives in `folder`.
fn archives(scratch: &Scratch, folder: &str) -> Vec<String> {
    let path = scratch.root().join(folder);
    let all = if path.is_dir() {
        files(&path)
    } else {
        Vec::new()
    };
    let mut all: Vec<String> = all
        .into_iter()
        .filter(|f| f.ends_with(".tar.zst"))
        .collect();
    all.sort();
    all.iter().map(|f| format!("{folder}/{f}")).collect()
}

#[test]
fn it_is_archived_once_for_each_report() {
    let scratch = rehearsed();
    scratch
        .run(&["report", "--final", "--dry-run"])
        .exits(0)
        .says(&format!("would go into {FOLDER}/"));
    assert!(archives(&scratch, FOLDER).is_empty());
    // Who is not asked is not archived.
    scratch.run(&["report", "--final"]).exits(2);
    assert!(archives(&scratch, FOLDER).is_empty());
    let ran = scratch
        .run(&FINAL)
        .exits(0)
        .says("3 messages, was written to");
    let [archive] = archives(&scratch, FOLDER).try_into().unwrap();
    assert!(ran.text().contains(&archive), "{archive} in {ran:?}");
    assert!(archive.contains("/guide_coordination-record-"), "{archive}");
    let verified = scratch.run(&["verify", &archive]).exits(0);
    verified
        .says("VERIFIED")
        .says("3 messages as recorded")
        .says("no bundle was made");
    scratch
        .run(&FINAL)
        .exits(0)
        .says("is there already")
        .says("NOTHING TO SEND");
    // What comes later and makes no other report makes no other archive.
    scratch.run(&["escalate", "--yes"]);
    let said = scratch
        .run(&["report", "--final", "--yes", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(said["archive"], archive.as_str());
    assert_eq!(archives(&scratch, FOLDER), [archive.as_str()]);
    scratch
        .run(&["attest", "Rooms Played", "--by", "Noor Haddad"])
        .exits(0);
    scratch
        .run(&FINAL)
        .exits(0)
        .says("IN THE OUTBOX 3 final reports");
    assert_eq!(archives(&scratch, FOLDER).len(), 2);
}

#[test]
fn the_bundle_is_in_it() {
    let scratch = crossed();
    scratch
        .run(&FINAL)
        .exits(0)
        .says("was written to artifacts/ops/quay/scanner_packet-revision-1-");
    let [archive] = archives(&scratch, "artifacts/ops/quay").try_into().unwrap();
    scratch
        .run(&["verify", &archive])
        .exits(0)
        .says("revision 1");
    // A bundle that is not what is on record is not passed off as that.
    let scratch = crossed();
    let probe = "artifacts/quayside/scanner_2026-03-09/evidence/probe_2026-03-01T08-00-00Z.log";
    scratch.edit(probe, "200", "201");
    let ran = scratch.run(&FINAL).exits(3);
    ran.says("No archive was written")
        .says("packet verify artifacts/quayside/scanner_2026-03-09");
    assert!(archives(&scratch, "artifacts/ops/quay").is_empty());
    scratch.edit(probe, "201", "200");
    scratch
        .run(&FINAL)
        .exits(0)
        .says("NOTHING TO SEND")
        .says("was written to");
}

#[test]
fn what_is_in_the_way_is_left_alone() {
    let scratch = crossed();
    scratch.edit(
        "docs/scanner_packet.md",
        "artifacts/ops/quay/",
        "artifacts/quayside/scanner_2026-03-09/kept/",
    );
    scratch.run(&FINAL).exits(3).says("lies in the bundle");
    // A final report of our own does not make the bundle another one.
    let scratch = crossed();
    scratch.edit(
        "docs/scanner_packet.md",
        "**Archive:** artifacts/ops/quay/",
        "",
    );
    scratch.run(&FINAL).exits(0).says("names no folder");
    let bundle = "artifacts/quayside/scanner_2026-03-09";
    assert!(
        scratch
            .root()
            .join(bundle)
            .join("final_report.md")
            .is_file()
    );
    scratch.run(&["verify", bundle]).exits(0);
    scratch.edit(&format!("{bundle}/final_report.md"), "Queue", "Quay");
    scratch
        .run(&["verify", bundle])
        .exits(3)
        .says("final_report.md");
}

#[test]
fn killed_at_any_time_it_is_made_good() {
    for pause in [3, 12, 20, 30, 45, 70] {
        let scratch = rehearsed();
        let mut child = scratch.start(&["report", "--final", "--yes", "--quiet"]);
        thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = scratch.run(&FINAL);
        // Killed on the way to the outbox, a mail may lie there without the record of it.
        assert!(matches!(ran.exit, Some(0 | 4)), "{ran:?}");
        scratch.run(&FINAL);
        let all = archives(&scratch, FOLDER);
        let [archive] = all.as_slice() else {
            panic!("after {pause} ms: {all:?}");
        };
        scratch.run(&["verify", archive]).exits(0);
        let outbox = files(&scratch.root().join(".packet/outbox"));
        assert!(outbox.len() <= 3, "{outbox:?}");
        let parts = fs::read_dir(scratch.root().join(FOLDER)).unwrap();
        let parts = parts.filter(|f| {
            f.as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with(".packet-")
        });
        assert!(parts.count() <= 1, "after {pause} ms");
    }
}
