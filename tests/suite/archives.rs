//! Archives: the same for the same state, whole, and harmless to read whoever wrote them.

use std::{fs, io::Write, process::Command};

use crate::{
    scratch::Scratch,
    verify::{BUNDLE, archive, packed, sent_twice, unpacked},
};

#[test]
fn the_same_state_gives_the_same_archive_and_nothing_else_is_overwritten() {
    let scratch = sent_twice();
    let first = fs::read(archive(&scratch, "a.tar.zst")).unwrap();
    // Neither times nor another place show.
    let path = scratch.root().join(BUNDLE).join("packet.md");
    let text = fs::read(&path).unwrap();
    fs::write(&path, text).unwrap();
    assert_eq!(fs::read(archive(&scratch, "b.tar.zst")).unwrap(), first);
    scratch
        .run(&["archive", "-o", "a.tar.zst"])
        .exits(0)
        .says("UNCHANGED");
    scratch.write("a.tar.zst", "precious");
    scratch
        .run(&["archive", "-o", "a.tar.zst"])
        .exits(2)
        .says("NOT WRITTEN");
    assert_eq!(scratch.read("a.tar.zst"), "precious");
    let said = scratch
        .run(&["archive", "--format", "json"])
        .exits(0)
        .json();
    let name = said["archive"].as_str().unwrap();
    assert!(name.starts_with("scanner_packet-revision-2-"), "{name}");
    assert_eq!(
        (
            said["messages"].as_u64(),
            said["messages_on_record"].as_u64()
        ),
        (Some(10), Some(10))
    );
    // Other programs can read it.
    let tar = Command::new("tar")
        .args(["--zstd", "-tf", name])
        .current_dir(scratch.root())
        .output();
    if let Ok(tar) = tar {
        assert!(
            String::from_utf8_lossy(&tar.stdout).contains("/bundle/packet.md"),
            "{tar:?}"
        );
    }
    scratch
        .run(&["verify", name])
        .exits(0)
        .says("VERIFIED")
        .says("10 messages as recorded");
}

#[test]
fn messages_stay_when_their_plan_is_made_anew() {
    let mut scratch = Scratch::clear();
    scratch
        .run(&["send", "--yes", "--to", "Edda Lund"])
        .exits(0);
    // Two days later the same plan has another date and other tokens.
    scratch.now = Some("2026-03-04T12:00:00Z".to_owned());
    scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("IN THE OUTBOX");
    let ran = scratch.run(&["verify", BUNDLE]).exits(0);
    assert!(!ran.text().contains("not kept"), "{ran:?}");
    scratch.run(&["archive"]).exits(0).says("5 of 5 messages");
    // What is gone is said, and does not keep the rest from being archived.
    fs::remove_dir_all(scratch.root().join(".packet/sent")).unwrap();
    fs::remove_dir_all(scratch.root().join(".packet/plans")).unwrap();
    scratch
        .run(&["verify", BUNDLE])
        .exits(0)
        .says("5 of the messages on record are not kept");
    let kept = archive(&scratch, "without.tar.zst");
    let said = scratch.run(&["verify", kept.to_str().unwrap()]).exits(0);
    assert!(
        said.text()
            .contains("was not kept when the archive was made"),
        "{said:?}"
    );
}

#[test]
fn what_does_not_fit_is_not_archived_and_what_is_foreign_stays_out() {
    let scratch = sent_twice();
    scratch.write(&format!("{BUNDLE}/notes.txt"), "mine");
    scratch
        .run(&["archive", "-o", "a.tar.zst"])
        .exits(0)
        .says("notes.txt stays out");
    scratch.run(&["verify", "a.tar.zst"]).exits(0);
    scratch.write(
        &format!("{BUNDLE}/evidence/probe_2026-03-01T08-00-00Z.log"),
        "x",
    );
    let ran = scratch.run(&["archive", "-o", "b.tar.zst"]).exits(3);
    assert!(ran.text().contains("Nothing was archived"), "{ran:?}");
    assert!(!scratch.root().join("b.tar.zst").exists());
    Scratch::of("ferry")
        .run(&["archive"])
        .exits(3)
        .says("no bundle yet");
}

#[test]
fn a_head_that_somebody_holds_is_compared() {
    let scratch = sent_twice();
    let found = scratch
        .run(&["verify", BUNDLE, "--format", "json"])
        .exits(0)
        .json();
    let head = found["head"].as_str().unwrap();
    scratch
        .run(&["verify", BUNDLE, "--head", &head[..12]])
        .exits(0)
        .says("that of entry");
    scratch
        .run(&["verify", BUNDLE, "--head", "0123456789ab"])
        .exits(3)
        .says("no entry with the head");
    scratch.run(&["verify", BUNDLE, "--head", "xyz"]).exits(2);
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_is_written() {
    let scratch = sent_twice();
    let whole = fs::read(archive(&scratch, "whole.tar.zst")).unwrap();
    let entry = |kind: tar::EntryType, path: &str, link: &str| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        let name = header.as_gnu_mut().unwrap();
        name.name[..path.len()].copy_from_slice(path.as_bytes());
        name.linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, std::io::empty()).unwrap();
        zstd::encode_all(builder.into_inner().unwrap().as_slice(), 1).unwrap()
    };
    let file = tar::EntryType::Regular;
    let twice = {
        let mut builder = tar::Builder::new(Vec::new());
        for _ in 0..2 {
            let mut header = tar::Header::new_gnu();
            header.set_size(1);
            builder.append_data(&mut header, "x/a", &b"a"[..]).unwrap();
        }
        zstd::encode_all(builder.into_inner().unwrap().as_slice(), 1).unwrap()
    };
    let with_more = [whole.as_slice(), b"more"].concat();
    let newer = {
        let away = scratch.beside("newer");
        let folder = unpacked(&scratch.root().join("whole.tar.zst"), &away);
        let metadata = fs::read_to_string(folder.join("archive.json")).unwrap();
        let newer = metadata.replace("\"version\": 1", "\"version\": 2");
        fs::write(folder.join("archive.json"), newer).unwrap();
        packed(&folder, &away.join("newer.tar.zst"));
        fs::read(away.join("newer.tar.zst")).unwrap()
    };
    for (name, bytes, words) in [
        ("empty", Vec::new(), "cut off"),
        ("half", whole[..whole.len() / 2].to_vec(), "cut off"),
        ("almost", whole[..whole.len() - 3].to_vec(), "cut off"),
        ("text", b"hello".to_vec(), "no archive of packet"),
        ("more", with_more, "no archive of packet, or was damaged"),
        (
            "up",
            entry(file, "x/../../../etc/passwd", ""),
            "leads elsewhere or is no file: x/../",
        ),
        ("root", entry(file, "/etc/passwd", ""), "leads elsewhere"),
        (
            "link",
            entry(tar::EntryType::Symlink, "x/a", "/etc/passwd"),
            "is no file: x/a",
        ),
        (
            "hard link",
            entry(tar::EntryType::Link, "x/a", "x/b"),
            "is no file: x/a",
        ),
        (
            "device",
            entry(tar::EntryType::Char, "x/a", ""),
            "is no file: x/a",
        ),
        ("twice", twice, "for the second time"),
        ("other", entry(file, "x/a", ""), "archive.json is missing"),
        ("newer", newer, "written by a newer packet (format 2)"),
    ] {
        scratch.write("hostile.tar.zst", bytes);
        let before = scratch.look();
        let ran = scratch.run(&["verify", "hostile.tar.zst"]);
        assert!(
            ran.exit == Some(1) && ran.text().contains(words),
            "{name}: {ran:#?}"
        );
        assert_eq!(scratch.look(), before, "{name}");
    }
    scratch
        .run(&["verify", "nothing"])
        .exits(1)
        .says("no such file");
    scratch
        .run(&["verify", "docs"])
        .exits(1)
        .says("neither a bundle nor an unpacked archive");
}

#[test]
fn what_unpacks_beyond_measure_is_not_read_to_its_end() {
    let scratch = Scratch::of("ferry");
    let bomb = fs::File::create(scratch.root().join("bomb.tar.zst")).unwrap();
    let mut encoder = zstd::Encoder::new(bomb, 1).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(2 << 30);
    header.set_path("x/bundle/evidence/zeros.log").unwrap();
    header.set_cksum();
    encoder.write_all(header.as_bytes()).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..400 {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap();
    scratch
        .run(&["verify", "bomb.tar.zst"])
        .exits(1)
        .says("unpacks beyond measure");
}
