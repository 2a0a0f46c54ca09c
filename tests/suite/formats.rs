//! What earlier versions wrote stays readable: `tests/formats/`.

use std::{fs, path::PathBuf};

use packet::{
    model::{
        history::History,
        ledger::LEDGER_VERSION,
        plan::{DeliveryState, PLAN_VERSION, Plan},
    },
    workspace::{archive::ARCHIVE_VERSION, ledger_file},
};

use crate::scratch::{LEDGER, Scratch, copy};

const HEAD: &str = "1e70a9450a1c530d2978fe2ff62677c45e6cdd8bd0d82b3fa677f9764a1ff976";
const BUNDLE: &str = "artifacts/quayside/scanner_2026-03-09";

fn fixture(version: u32) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/v{version}"));
    assert!(
        folder.is_dir(),
        "format {version} has no fixture in tests/formats/"
    );
    folder
}

#[test]
fn every_version_has_its_fixture() {
    for newest in [LEDGER_VERSION, PLAN_VERSION, ARCHIVE_VERSION] {
        for version in 1..=newest {
            fixture(version);
        }
    }
}

#[test]
fn bundles_and_archives_of_version_1_hold_together() {
    let scratch = Scratch::empty();
    for name in ["bundle", "archive.tar.zst"] {
        let path = fixture(1).join(name);
        let found = scratch.run(&["verify", path.to_str().unwrap(), "--format", "json"]);
        let found = found.exits(0).json();
        assert_eq!(found["head"], HEAD, "{found:#}");
        assert_eq!(
            (found["entries"].as_u64(), found["revision"].as_u64()),
            (Some(34), Some(2))
        );
    }
}

#[test]
fn a_ledger_of_version_1_says_what_it_said() {
    let text = fs::read_to_string(fixture(1).join("bundle/ledger.ndjson")).unwrap();
    let (entries, hashes) = ledger_file::check(&text).unwrap();
    assert!(entries.iter().all(|e| e.event().is_some()));
    assert_eq!(hashes.last().unwrap(), HEAD);
    let history = History::of(&entries);
    assert_eq!(history.words[0].by, "Edda Lund");
    let of = |number: u32| history.revision(number).unwrap();
    assert!(of(1).body.as_deref().unwrap().starts_with("Hello,"));
    let sent = of(2)
        .deliveries
        .values()
        .filter(|d| d.state == DeliveryState::Sent);
    assert_eq!((of(2).deliveries.len(), sent.count()), (7, 7));
}

#[test]
fn a_plan_of_version_1_is_a_plan() {
    let text = fs::read(fixture(1).join("plan.json")).unwrap();
    let plan: Plan = serde_json::from_slice(&text).unwrap();
    assert_eq!(
        (plan.version, plan.revision, plan.deliveries.len()),
        (1, 2, 7)
    );
    assert!(plan.deliveries[1].sha256.is_some() && plan.deliveries[1].token.is_some());
}

/// Digest, keys and pins mean the same as then: nothing is sent a second time.
#[test]
fn what_version_1_sent_is_not_sent_again() {
    let scratch = Scratch::of("ferry");
    scratch.edit("docs/guides/scanner_guide.md", "green", "blue");
    copy(&fixture(1).join("bundle"), &scratch.root().join(BUNDLE));
    scratch.write(
        LEDGER,
        fs::read(fixture(1).join("bundle/ledger.ndjson")).unwrap(),
    );
    scratch.run(&["status"]).exits(0).says("IN THE OUTBOX");
    scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("NOTHING TO SEND");
    assert!(scratch.mails().is_empty());
    scratch.run(&["log", "--verify"]).exits(0).says("VERIFIED");
}
