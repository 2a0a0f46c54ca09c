use super::{entry::Entry, *};

fn entry(document: &str, paths: &str) -> Entry {
    Entry {
        document: document.to_owned(),
        folder: format!("artifacts/{document}"),
        from: 10,
        until: 20,
        sum: 7,
        paths: paths.to_owned(),
    }
}

#[test]
fn what_is_written_is_read() {
    let rendered = Rendered {
        common: 42,
        documents: vec!["docs/b c.md".to_owned(), "docs/a.md".to_owned()],
        entries: vec![
            entry("docs/a.md", "one\ntwo three"),
            entry("docs/b c.md", "x"),
        ],
    };
    let read = form::parse(&rendered.to_string()).unwrap();
    assert_eq!(read.to_string(), rendered.to_string());
    assert_eq!(read.entries, rendered.entries);
    assert_eq!(read.documents, rendered.documents);
}

#[test]
fn what_is_no_such_file_is_forgotten() {
    let rendered = Rendered {
        entries: vec![entry("a", "x"), entry("b", "y")],
        ..Rendered::default()
    };
    let text = rendered.to_string();
    assert!(form::parse(&text).is_some());
    for broken in [
        "",
        "packet rendered 2\ncommon 1",
        &text.replace("until 20", "until soon"),
        &text.replace("document a", "document c"),
        &text[..text.len() / 2 - 8],
    ] {
        assert!(form::parse(broken).is_none(), "{broken}");
    }
}

#[test]
fn a_sum_tells_of_every_file() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::create_dir(at("folder")).unwrap();
    std::fs::write(at("folder/a"), "a").unwrap();
    let root = sum::root(&Workspace::open(dir.path()).unwrap()).unwrap();
    let sum = || sum::of_paths(&root, "folder/a\nfolder\nlater/b\n");
    let first = sum();
    assert_eq!(sum(), first);
    std::fs::create_dir(at("later")).unwrap();
    assert_eq!(sum(), first, "a folder that nobody looked at");
    std::fs::write(at("later/b"), "b").unwrap();
    let second = sum();
    assert_ne!(second, first, "made");
    std::fs::write(at("beside"), "A").unwrap();
    std::fs::rename(at("beside"), at("folder/a")).unwrap();
    let third = sum();
    assert_ne!(third, second, "replaced by one of the same size");
    std::fs::write(at("folder/new"), "").unwrap();
    assert_ne!(sum(), third, "listed");
}

#[test]
fn a_rendering_holds_for_its_time_alone() {
    let dir = tempfile::tempdir().unwrap();
    let root = sum::root(&Workspace::open(dir.path()).unwrap()).unwrap();
    let sum = sum::of_paths(&root, "none\n");
    let entry = Entry {
        sum,
        ..entry("a", "none\n")
    };
    for (second, holds) in [(9, false), (10, true), (19, true), (20, false)] {
        let now = Timestamp::from_second(second).unwrap();
        assert_eq!(entry.holds(&root, now), holds, "{second}");
    }
}
