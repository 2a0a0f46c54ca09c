use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt, os::unix::fs::symlink};

use tempfile::TempDir;

use super::*;
use crate::resolver::source::Refusal;

const OWN: [&str; 2] = ["artifacts/bundle", ".packet"];

/// A workspace with these files; a name that ends in `/` is a folder.
fn workspace(names: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for name in names {
        let at = root.path().join(name);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        if name.ends_with('/') {
            fs::create_dir_all(at).unwrap();
        } else {
            fs::write(at, "x").unwrap();
        }
    }
    root
}

fn search(root: &TempDir, pattern: &str) -> Result<Found, SearchError> {
    let disk = DiskEvidence::new(root.path(), OWN).unwrap();
    disk.candidates(&Pattern::parse(pattern).unwrap())
}

fn found(root: &TempDir, pattern: &str) -> Found {
    let mut found = search(root, pattern).unwrap();
    found.candidates.sort_by(|a, b| a.path.cmp(&b.path));
    found
        .refused
        .sort_by(|a, b| a.candidate.path.cmp(&b.candidate.path));
    found
}

fn paths(root: &TempDir, pattern: &str) -> Vec<String> {
    found(root, pattern)
        .candidates
        .into_iter()
        .map(|c| c.path)
        .collect()
}

fn refusals(root: &TempDir, pattern: &str) -> Vec<(String, Refusal)> {
    let refused = found(root, pattern).refused.into_iter();
    refused.map(|r| (r.candidate.path, r.why)).collect()
}

fn near(root: &TempDir, pattern: &str) -> Vec<String> {
    found(root, pattern)
        .near
        .shown
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn walks_what_the_pattern_reaches() {
    let root = workspace(&[
        "artifacts/shop/2025-10-11/p_09-00-00Z.log",
        "artifacts/shop/2025-10-12/p_2025-10-12T10-00Z.log",
        "artifacts/shop/2025-10-12/deeper/p_2025-10-12T11-00Z.log",
        "artifacts/shop/2025-10-12/.p_2025-10-12T11-00Z.log",
        "artifacts/shop/notes/p_2025-10-12T12-00Z.log",
        "artifacts/shop/.gitignore",
        ".gitignore",
    ]);
    fs::write(root.path().join(".gitignore"), "artifacts/\n").unwrap();
    let found = found(&root, "artifacts/shop/<date>/p_<timestamp>.log");
    let seen: Vec<_> = found
        .candidates
        .iter()
        .map(|c| (c.path.as_str(), c.moment.unwrap().to_string()))
        .collect();
    assert_eq!(
        seen,
        [
            (
                "artifacts/shop/2025-10-11/p_09-00-00Z.log",
                "2025-10-11T09:00:00Z".to_owned()
            ),
            (
                "artifacts/shop/2025-10-12/p_2025-10-12T10-00Z.log",
                "2025-10-12T10:00:00Z".to_owned()
            ),
        ]
    );
    assert_eq!(
        paths(&root, "./artifacts//shop/notes/*"),
        ["artifacts/shop/notes/p_2025-10-12T12-00Z.log"]
    );
    assert_eq!(
        paths(&root, "artifacts/shop/notes/p_2025-10-12T12-00Z.log"),
        ["artifacts/shop/notes/p_2025-10-12T12-00Z.log"]
    );
    assert!(paths(&root, "artifacts/none/<date>/*").is_empty());
    assert!(paths(&root, "artifacts/shop/.gitignore/*").is_empty());
    assert_eq!(
        paths(&root, "artifacts/shop/.*"),
        ["artifacts/shop/.gitignore"]
    );
    assert!(refusals(&root, "artifacts/shop/.*").is_empty());
    assert_eq!(
        paths(&root, "artifacts/shop/.gitignore"),
        ["artifacts/shop/.gitignore"]
    );
}

#[test]
fn links_are_followed_inside_and_refused_outside() {
    let outside = workspace(&["p_2025-10-12T09-00Z.log"]);
    let root = workspace(&["artifacts/real/p_2025-10-11T09-00Z.log", "artifacts/a/"]);
    let at = |name: &str| root.path().join(name);
    symlink(
        "../real/p_2025-10-11T09-00Z.log",
        at("artifacts/a/p_2025-10-11.log"),
    )
    .unwrap();
    symlink(
        outside.path().join("p_2025-10-12T09-00Z.log"),
        at("artifacts/a/p_2025-10-12.log"),
    )
    .unwrap();
    symlink("none", at("artifacts/a/p_2025-10-10.log")).unwrap();
    symlink("p_2025-10-09.log", at("artifacts/a/p_2025-10-09.log")).unwrap();
    symlink("real", at("artifacts/inner")).unwrap();
    symlink(outside.path(), at("artifacts/outer")).unwrap();
    symlink(".", at("artifacts/self")).unwrap();
    assert_eq!(
        paths(&root, "artifacts/a/p_<timestamp>.log"),
        ["artifacts/a/p_2025-10-11.log"]
    );
    assert_eq!(
        refusals(&root, "artifacts/a/p_<timestamp>.log"),
        [
            (
                "artifacts/a/p_2025-10-09.log".to_owned(),
                Refusal::BrokenLink
            ),
            (
                "artifacts/a/p_2025-10-10.log".to_owned(),
                Refusal::BrokenLink
            ),
            ("artifacts/a/p_2025-10-12.log".to_owned(), Refusal::LeadsOut),
        ]
    );
    let file = "artifacts/inner/p_2025-10-11T09-00Z.log";
    assert_eq!(paths(&root, "artifacts/inner/p_<timestamp>.log"), [file]);
    assert_eq!(paths(&root, file), [file]);
    // Both a literal and a listed folder that lead out are named.
    let out = [("artifacts/outer".to_owned(), Refusal::LeadsOut)];
    assert_eq!(refusals(&root, "artifacts/outer/p_<timestamp>.log"), out);
    assert_eq!(refusals(&root, "artifacts/o<x>/p_<timestamp>.log"), out);
    // A loop ends where the pattern does.
    let loops = "artifacts/self/self/self/real/p_<timestamp>.log";
    assert_eq!(
        paths(&root, loops),
        ["artifacts/self/self/self/real/p_2025-10-11T09-00Z.log"]
    );
    assert_eq!(paths(&root, "artifacts/*/*/*/*/*").len(), 3);
}

#[test]
fn own_folders_are_no_evidence() {
    let root = workspace(&[
        "artifacts/bundle/evidence/p_2025-10-12.log",
        "artifacts/other/evidence/p_2025-10-11.log",
        ".packet/outbox/p_2025-10-12.log",
    ]);
    symlink(
        "../bundle/evidence/p_2025-10-12.log",
        root.path().join("artifacts/other/l_2025-10-13.log"),
    )
    .unwrap();
    let other = "artifacts/other/evidence/p_2025-10-11.log";
    assert_eq!(
        paths(&root, "artifacts/<x>/evidence/p_<timestamp>.log"),
        [other]
    );
    assert!(refusals(&root, "artifacts/<x>/evidence/p_<timestamp>.log").is_empty());
    let own = |pattern: &str| refusals(&root, pattern)[0].1;
    assert_eq!(
        own("artifacts/bundle/evidence/p_<timestamp>.log"),
        Refusal::Own
    );
    assert_eq!(
        own("artifacts/bundle/evidence/p_2025-10-12.log"),
        Refusal::Own
    );
    assert_eq!(own(".packet/outbox/p_<timestamp>.log"), Refusal::Own);
    assert_eq!(own("artifacts/other/l_<timestamp>.log"), Refusal::Own);
}

#[test]
fn what_is_no_file_is_said_and_never_opened() {
    let root = workspace(&["artifacts/p_2025-10-11.log/", "artifacts/p_2025-10-10.log"]);
    let pipe = root.path().join("artifacts/p_2025-10-12.log");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    let refused = [
        ("artifacts/p_2025-10-11.log".to_owned(), Refusal::Folder),
        ("artifacts/p_2025-10-12.log".to_owned(), Refusal::Special),
    ];
    assert_eq!(refusals(&root, "artifacts/p_<timestamp>.log"), refused);
    assert_eq!(
        paths(&root, "artifacts/p_<timestamp>.log"),
        ["artifacts/p_2025-10-10.log"]
    );
    assert_eq!(
        refusals(&root, "artifacts/p_2025-10-12.log")[0].1,
        Refusal::Special
    );
    assert_eq!(
        refusals(&root, "artifacts/p_2025-10-11.log")[0].1,
        Refusal::Folder
    );
}

#[test]
fn names_that_are_not_utf8_are_counted_where_they_would_matter() {
    let root = workspace(&["artifacts/p_2025-10-12.log"]);
    for name in [&b"p_\xff.log"[..], b"other_\xff.log"] {
        fs::write(
            root.path().join("artifacts").join(OsStr::from_bytes(name)),
            "x",
        )
        .unwrap();
    }
    let found = found(&root, "artifacts/p_<timestamp>.log");
    assert_eq!((found.candidates.len(), found.not_utf8), (1, 1));
}

#[test]
fn limits_are_errors_that_name_them() {
    let root = workspace(&["artifacts/a.log", "artifacts/b.log", "artifacts/c.txt"]);
    let within = |names, matches| {
        let disk = DiskEvidence::new(root.path(), [])
            .unwrap()
            .limits(Limits { names, matches });
        disk.candidates(&Pattern::parse("artifacts/*.log").unwrap())
            .map(|f| f.candidates.len())
    };
    assert_eq!(within(3, 2), Ok(2));
    assert!(
        within(2, 2)
            .unwrap_err()
            .to_string()
            .contains("more than 2 names")
    );
    assert!(
        within(3, 1)
            .unwrap_err()
            .to_string()
            .contains("more than 1 files match `artifacts/*.log`")
    );
}

#[test]
fn near_misses_are_named() {
    let root = workspace(&[
        "artifacts/mon/probe-latest.json",
        "artifacts/mon/probe-2025-10-12T09-00Z.json.bak",
        "artifacts/mon/probe-2025-10-12T09-00Z.log",
        "artifacts/mon/Probe-2025-10-12T09-00Z.json",
        "artifacts/mon/probe-09-00Z.json",
        "artifacts/mon/other.json",
        "artifacts/shop/p_2025-10-12T09-00Z.log",
        "artifacts/shop/2025-13-01/",
    ]);
    assert_eq!(
        near(&root, "artifacts/mon/probe-<timestamp>.json"),
        [
            "`artifacts/mon/Probe-2025-10-12T09-00Z.json` differs in upper and lower case",
            "`artifacts/mon/probe-09-00Z.json` states a time, but no date",
            "`artifacts/mon/probe-2025-10-12T09-00Z.json.bak` has `.bak` after `.json`",
            "`artifacts/mon/probe-2025-10-12T09-00Z.log` ends in `.log`, not `.json`",
            "`artifacts/mon/probe-latest.json` has no moment where the pattern wants one",
        ]
    );
    assert_eq!(
        near(&root, "artifacts/shop/<date>/p_<timestamp>.log"),
        [
            "`artifacts/shop/2025-13-01` has no moment where the pattern wants one",
            "`artifacts/shop/p_2025-10-12T09-00Z.log` lies a folder higher than the pattern says",
        ]
    );
    assert_eq!(
        near(&root, "artifacts/Mon/probe-<timestamp>.json"),
        ["`artifacts/mon` differs in upper and lower case"]
    );
    assert_eq!(
        near(&root, "artifacts/mon/probe-latest.ndjson"),
        ["`artifacts/mon/probe-latest.json` ends in `.json`, not `.ndjson`"]
    );
}

#[test]
fn a_folder_that_cannot_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let root = workspace(&["artifacts/a/p.log"]);
    let folder = root.path().join("artifacts/a");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read all the same; then there is nothing to see here.
    if fs::read_dir(&folder).is_err() {
        let said = search(&root, "artifacts/a/*.log").unwrap_err().to_string();
        assert!(
            said.starts_with("cannot read `artifacts/a/`: permission denied"),
            "{said}"
        );
        assert!(search(&root, "artifacts/a/p.log").is_err());
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let long = format!("artifacts/{}/*.log", "a".repeat(300));
    let said = search(&root, &long).unwrap_err().to_string();
    assert!(said.contains("aaa`: file name too long"), "{said}");
    assert_eq!(paths(&root, "artifacts/a/*.log"), ["artifacts/a/p.log"]);
}

#[test]
fn opens_what_it_found() {
    let root = workspace(&["artifacts/p.log"]);
    let disk = DiskEvidence::new(root.path(), OWN).unwrap();
    let hash = disk.open("artifacts/p.log").unwrap().finish().unwrap();
    assert_eq!((hash.path.as_str(), hash.size), ("artifacts/p.log", 1));
    assert!(disk.open("artifacts/none.log").is_err());
}
