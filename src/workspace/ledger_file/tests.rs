use std::fs;

use super::*;
use crate::workspace::clock::Clock;

fn ledger() -> (tempfile::TempDir, Workspace) {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let mut ledger = Ledger::read(&workspace, "docs/a.md").unwrap();
    for gate in ["One", "Two", "Three"] {
        let event = Event::Waived {
            gate: gate.into(),
            text_sha256: "0".into(),
            artifacts: vec![],
            reason: "because".into(),
        };
        ledger
            .append(&event, Some("Ann"), Clock::default())
            .unwrap();
    }
    (dir, workspace)
}

#[test]
fn appends_and_reads_back() {
    let (_dir, workspace) = ledger();
    let ledger = Ledger::read(&workspace, "docs/a.md").unwrap();
    assert_eq!(ledger.entries().len(), 4);
    assert_eq!(ledger.entries()[0].kind, "opened");
    assert_eq!(ledger.entries()[3].seq, 4);
    assert_eq!(ledger.history().words.len(), 3);
    assert!(workspace.private("ledger/docs/a.ndjson").exists());
}

#[test]
fn alteration_removal_and_reordering_are_named() {
    let (_dir, workspace) = ledger();
    let path = workspace.private("ledger/docs/a.ndjson");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let broken = |lines: &[&str]| {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        Ledger::read(&workspace, "docs/a.md")
            .unwrap_err()
            .to_string()
    };
    let altered = lines[1].replace("because", "becausf");
    assert!(broken(&[lines[0], &altered, lines[2], lines[3]]).contains("altered"));
    assert!(broken(&[lines[0], lines[2], lines[3]]).contains("entry 2 is missing"));
    assert!(broken(&[lines[0], lines[2], lines[1], lines[3]]).contains("entry 2 is missing"));
    assert!(broken(&[lines[0], lines[1], lines[1], lines[3]]).contains("stands where 3 belongs"));
    assert!(broken(&[lines[0], "{}"]).contains("line 2"));
}

#[test]
fn a_torn_line_is_replaced_by_the_next_entry() {
    let (_dir, workspace) = ledger();
    let path = workspace.private("ledger/docs/a.ndjson");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}{{\"v\":1,\"seq\":5")).unwrap();
    let mut ledger = Ledger::read(&workspace, "docs/a.md").unwrap();
    assert!(ledger.was_torn());
    assert_eq!(ledger.entries().len(), 4);
    let event = Event::Opened {
        document: "again".into(),
    };
    ledger.append(&event, None, Clock::default()).unwrap();
    let again = Ledger::read(&workspace, "docs/a.md").unwrap();
    assert!(!again.was_torn());
    assert_eq!(again.entries().len(), 5);
}

#[test]
fn several_events_go_in_together_and_chain() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let mut ledger = Ledger::read(&workspace, "docs/a.md").unwrap();
    let waived = |reason: &str| Event::Waived {
        gate: "One".into(),
        text_sha256: "0".into(),
        artifacts: vec![],
        reason: reason.into(),
    };
    let all = [waived("a"), waived("b"), waived("c")];
    ledger
        .append_all(&all, Some("Ann"), Clock::default())
        .unwrap();
    ledger.append_all(&[], None, Clock::default()).unwrap();
    ledger.append(&waived("d"), None, Clock::default()).unwrap();
    let again = Ledger::read(&workspace, "docs/a.md").unwrap();
    assert_eq!(again.entries().len(), 5, "opened comes first");
    assert_eq!(again.entries(), ledger.entries());
    assert_eq!(again.head(), ledger.head());
}

#[test]
fn entries_that_cannot_be_written_are_not_counted() {
    let (_dir, workspace) = ledger();
    let mut ledger = Ledger::read(&workspace, "docs/a.md").unwrap();
    let path = workspace.private("ledger/docs/a.ndjson");
    let text = fs::read(&path).unwrap();
    let before = ledger.head().map(str::to_owned);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let event = Event::Opened {
        document: "again".into(),
    };
    assert!(
        ledger
            .append_all(&[event.clone(), event.clone()], None, Clock::default())
            .is_err()
    );
    assert_eq!(ledger.head().map(str::to_owned), before);
    fs::remove_dir(&path).unwrap();
    fs::write(&path, text).unwrap();
    ledger.append(&event, None, Clock::default()).unwrap();
    assert_eq!(
        Ledger::read(&workspace, "docs/a.md")
            .unwrap()
            .entries()
            .len(),
        5
    );
}

/// The ledger cut to its first `bytes`, a copy of the whole in the bundle at `b`, and the whole.
fn cut(bytes: impl Fn(&str) -> usize) -> (tempfile::TempDir, Workspace, String) {
    let (dir, workspace) = ledger();
    let path = workspace.private("ledger/docs/a.ndjson");
    let text = fs::read_to_string(&path).unwrap();
    fs::create_dir(dir.path().join("b")).unwrap();
    fs::write(dir.path().join("b/ledger.ndjson"), &text).unwrap();
    fs::write(&path, &text[..bytes(&text)]).unwrap();
    (dir, workspace, text)
}

#[test]
fn a_ledger_that_lost_its_end_goes_on_from_the_copy() {
    let ends: [fn(&str) -> usize; 4] = [
        |_| 0,
        |text| text.find('\n').unwrap() + 1,
        // In the middle of a line, too.
        |text| text.len() - 1,
        |text| text.find('\n').unwrap() + 20,
    ];
    for end in ends {
        let (_dir, workspace, text) = cut(end);
        let mut ledger = Ledger::read_or_adopt(&workspace, "docs/a.md", Path::new("b")).unwrap();
        assert!(ledger.is_adopted() && !ledger.was_torn());
        assert_eq!(ledger.entries().len(), 4);
        let event = Event::Opened {
            document: "again".into(),
        };
        ledger.append(&event, None, Clock::default()).unwrap();
        let path = workspace.private("ledger/docs/a.ndjson");
        assert!(fs::read_to_string(path).unwrap().starts_with(&text));
        let again = Ledger::read_or_adopt(&workspace, "docs/a.md", Path::new("b")).unwrap();
        assert!(!again.is_adopted());
        assert_eq!(again.entries().len(), 5);
    }
}

#[test]
fn a_copy_that_tells_another_story_is_refused() {
    let (dir, workspace, text) = cut(|text| text.find('\n').unwrap() + 1);
    let mut ledger = Ledger::read(&workspace, "docs/a.md").unwrap();
    let event = Event::Opened {
        document: "again".into(),
    };
    ledger.append(&event, None, Clock::default()).unwrap();
    // Whichever is longer: each has what the other lacks.
    let read = || Ledger::read_or_adopt(&workspace, "docs/a.md", Path::new("b"));
    for lines in [2, 4] {
        let copy: Vec<&str> = text.lines().take(lines).collect();
        fs::write(dir.path().join("b/ledger.ndjson"), copy.join("\n") + "\n").unwrap();
        let error = read().unwrap_err().to_string();
        assert!(
            error.contains("each record what the other does not"),
            "{error}"
        );
    }
    // Another document's copy, a broken one and the beginning of this one are none of its business.
    for copy in [
        text.replace("docs/a.md", "docs/b.md"),
        text.replace("because", "becausf"),
        text.lines().next().unwrap().to_owned() + "\n",
        text.lines().next().unwrap().to_owned(),
    ] {
        fs::write(dir.path().join("b/ledger.ndjson"), copy).unwrap();
        assert!(!read().unwrap().is_adopted());
    }
}
