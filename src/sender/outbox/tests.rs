use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use std::{fs, path::Path};

use super::*;

fn delivery(kind: ChannelKind, key: &str) -> PlannedDelivery {
    PlannedDelivery {
        key: key.to_owned(),
        kind,
        names: vec![],
        target: key.to_owned(),
        file: None,
        sha256: None,
        size: 0,
        message_id: None,
        token: None,
    }
}

fn deliver(root: &Path, kind: ChannelKind, key: &str, bytes: &[u8]) -> Outcome {
    let delivery = delivery(kind, key);
    Outbox::new(root).deliver(&Parcel {
        delivery: &delivery,
        bytes,
        sender: "team@example.com",
    })
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![];
    };
    let mut names: Vec<_> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn mail_lands_whole_private_and_once() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("outbox");
    let message = b"Subject: hello\r\n\r\n.\r\n";
    for _ in 0..2 {
        let outcome = deliver(&root, ChannelKind::Email, "email:ann@example.com", message);
        assert_eq!(
            (outcome.state, outcome.via),
            (DeliveryState::Sent, Via::Outbox)
        );
    }
    let found = names(&root.join("new"));
    assert_eq!(found.len(), 1);
    assert!(names(&root.join("tmp")).is_empty());
    let file = root.join("new").join(&found[0]);
    assert_eq!(fs::read(&file).unwrap(), message);
    assert_eq!(
        (mode(&file), mode(&root), mode(&root.join("new"))),
        (0o600, 0o700, 0o700)
    );
}

#[test]
fn equal_bytes_to_two_people_are_two_messages() {
    let dir = TempDir::new().unwrap();
    for key in ["email:ann@example.com", "email:ben@example.com"] {
        deliver(dir.path(), ChannelKind::Email, key, b"x");
    }
    assert_eq!(names(&dir.path().join("new")).len(), 2);
}

#[test]
fn mail_that_was_read_is_not_written_again() {
    let dir = TempDir::new().unwrap();
    let key = "email:ann@example.com";
    deliver(dir.path(), ChannelKind::Email, key, b"x");
    let name = names(&dir.path().join("new")).remove(0);
    let read = dir.path().join("cur").join(format!("{name}:2,S"));
    fs::rename(dir.path().join("new").join(&name), read).unwrap();
    let outcome = deliver(dir.path(), ChannelKind::Email, key, b"x");
    assert_eq!(outcome.state, DeliveryState::Sent);
    assert!(names(&dir.path().join("new")).is_empty());
}

#[test]
fn a_torn_leftover_is_replaced() {
    let dir = TempDir::new().unwrap();
    let key = "email:ann@example.com";
    deliver(dir.path(), ChannelKind::Email, key, b"whole");
    let name = names(&dir.path().join("new")).remove(0);
    fs::rename(
        dir.path().join("new").join(&name),
        dir.path().join("tmp").join(&name),
    )
    .unwrap();
    fs::write(dir.path().join("tmp").join(&name), b"who").unwrap();
    deliver(dir.path(), ChannelKind::Email, key, b"whole");
    assert_eq!(
        fs::read(dir.path().join("new").join(&name)).unwrap(),
        b"whole"
    );
    assert!(names(&dir.path().join("tmp")).is_empty());
}

#[test]
fn slack_messages_are_json_files() {
    let dir = TempDir::new().unwrap();
    for _ in 0..2 {
        let outcome = deliver(dir.path(), ChannelKind::Slack, "slack:#launch", b"{}");
        assert_eq!(outcome.state, DeliveryState::Sent);
    }
    let found = names(&dir.path().join("slack"));
    assert!(found.len() == 1 && found[0].ends_with(".json"), "{found:?}");
}

#[test]
fn links_are_refused() {
    let dir = TempDir::new().unwrap();
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("new")).unwrap();
    let linked = dir.path().join("linked");
    symlink(&elsewhere, &linked).unwrap();
    let inner = dir.path().join("inner");
    fs::create_dir(&inner).unwrap();
    symlink(elsewhere.join("new"), inner.join("new")).unwrap();
    for root in [linked, inner] {
        let outcome = deliver(&root, ChannelKind::Email, "email:ann@example.com", b"x");
        assert_eq!(outcome.state, DeliveryState::Deferred);
        let why = &outcome.detail;
        assert!(
            why.contains("in the way") || why.contains("a link"),
            "{why}"
        );
    }
    assert!(names(&elsewhere.join("new")).is_empty());
}

#[test]
fn what_cannot_be_written_is_deferred() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, b"in the way").unwrap();
    let outcome = deliver(&file, ChannelKind::Email, "email:ann@example.com", b"x");
    assert_eq!(outcome.state, DeliveryState::Deferred);
    let outcome = deliver(dir.path(), ChannelKind::Folder, "folder:x", b"x");
    assert_eq!(outcome.state, DeliveryState::Rejected);
}
