//! What `packet verify` finds: cases as data in `tests/verify/`.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use packet::workspace::{ledger_file::sha256_hex, sums};
use serde_json::Value;

use crate::scratch::{LEDGER, Ran, Scratch, copy, files};

/// The bundle of the `ferry` workspace.
pub const BUNDLE: &str = "artifacts/quayside/scanner_2026-03-09";

/// One step or one case, as the file has it.
type Yaml = serde_yaml::Value;

/// A packet that was sent twice.
pub fn sent_twice() -> Scratch {
    let scratch = Scratch::clear();
    scratch.run(&["send", "--yes"]).exits(0);
    scratch.edit("docs/guides/scanner_guide.md", "green", "blue");
    scratch.run(&["send", "--yes"]).exits(0);
    scratch
}

/// Its archive.
pub fn archive(scratch: &Scratch, name: &str) -> PathBuf {
    scratch.run(&["archive", "-o", name]).exits(0);
    scratch.root().join(name)
}

/// Unpacks an archive; its one folder.
pub fn unpacked(archive: &Path, into: &Path) -> PathBuf {
    let packed = zstd::decode_all(fs::File::open(archive).unwrap()).unwrap();
    tar::Archive::new(packed.as_slice()).unpack(into).unwrap();
    let folders = fs::read_dir(into).unwrap();
    folders
        .map(|e| e.unwrap().path())
        .find(|p| p.is_dir())
        .unwrap()
}

/// Packs a folder as another program would.
pub fn packed(folder: &Path, archive: &Path) {
    let mut builder = tar::Builder::new(Vec::new());
    for path in files(folder) {
        let bytes = fs::read(folder.join(&path)).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        let path = format!("x/{path}");
        builder
            .append_data(&mut header, path, bytes.as_slice())
            .unwrap();
    }
    let bytes = zstd::encode_all(builder.into_inner().unwrap().as_slice(), 1).unwrap();
    fs::write(archive, bytes).unwrap();
}

fn text(value: &Yaml) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value:?}"))
}

/// Does one step below `at`.
fn step(at: &Path, own: &Path, key: &str, value: &Yaml) {
    let arguments: Vec<&Yaml> = match value {
        Yaml::Sequence(list) => list.iter().collect(),
        one => vec![one],
    };
    let place = |index: usize| match arguments[index].as_str() {
        Some("OWN") => own.join(LEDGER),
        Some("SENT") => {
            let folder = own.join(".packet/sent/docs/scanner_packet");
            folder.join(&files(&folder)[0])
        }
        Some("MESSAGE") => {
            let messages = files(at).into_iter();
            let first = messages.filter(|f| f.starts_with("messages/1/")).min();
            at.join(first.unwrap())
        }
        Some(path) => at.join(path),
        None => at.to_owned(),
    };
    let path = place(0);
    let read = || fs::read_to_string(&path).unwrap();
    let lines = || -> Vec<String> { read().lines().map(str::to_owned).collect() };
    let write = |lines: &[String]| fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
    let number = |index: usize| arguments[index].as_i64().unwrap();
    match key {
        "append" => {
            let mut bytes = fs::read(&path).unwrap();
            bytes.extend(text(arguments[1]).bytes());
            // What is kept elsewhere under the same bytes stays as it is.
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes).unwrap();
        }
        "replace" => {
            assert!(read().contains(text(arguments[1])));
            fs::write(
                &path,
                read().replace(text(arguments[1]), text(arguments[2])),
            )
            .unwrap();
        }
        "replace-last" => {
            let mut lines = lines();
            let last = lines.last_mut().unwrap();
            assert!(last.contains(text(arguments[1])), "{last}");
            *last = last.replace(text(arguments[1]), text(arguments[2]));
            write(&lines);
        }
        "remove" if path.is_dir() => fs::remove_dir_all(&path).unwrap(),
        "remove" => fs::remove_file(&path).unwrap(),
        "add" => {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "HTTP/1.1 200 OK\n").unwrap();
        }
        "rename" => fs::rename(&path, place(1)).unwrap(),
        "link" => symlink("/etc/hostname", &path).unwrap(),
        "cut" => {
            let bytes = fs::read(&path).unwrap();
            let left = bytes.len() - usize::try_from(number(1)).unwrap();
            fs::write(&path, &bytes[..left]).unwrap();
        }
        "drop-line" => {
            let mut lines = lines();
            let at = match number(1) {
                -1 => lines.len(),
                n => usize::try_from(n).unwrap(),
            };
            lines.remove(at - 1);
            write(&lines);
        }
        "swap-lines" => {
            let mut lines = lines();
            let at = usize::try_from(number(1)).unwrap();
            lines.swap(at - 1, at);
            write(&lines);
        }
        "keep-lines" => {
            let mut lines = lines();
            lines.truncate(usize::try_from(number(1)).unwrap());
            write(&lines);
        }
        "rechain" => {
            let (mut head, mut chained) = (String::new(), Vec::new());
            for line in lines() {
                let line = line.replace(text(arguments[1]), text(arguments[2]));
                let mut entry: Value = serde_json::from_str(&line).unwrap();
                entry["prev"] = head.into();
                head = sha256_hex(entry.to_string().as_bytes());
                chained.push(entry.to_string());
            }
            write(&chained);
        }
        "relog" => {
            let lines = lines();
            let head = sha256_hex(lines.last().unwrap().as_bytes());
            let log = path.with_file_name("distribution_log.md");
            let old = fs::read_to_string(&log).unwrap();
            let new = old.lines().map(|line| match line {
                l if l.starts_with("| Ledger head") => format!("| Ledger head | `{head}` |"),
                l if l.starts_with("| Ledger entries") => {
                    format!("| Ledger entries | {} |", lines.len())
                }
                l => l.to_owned(),
            });
            fs::write(&log, new.collect::<Vec<_>>().join("\n")).unwrap();
        }
        "sum" => {
            let (folder, below) = match arguments.as_slice() {
                [one] => (at.to_owned(), text(one)),
                [folder, below] => (at.join(text(folder)), text(below)),
                other => panic!("{other:?}"),
            };
            let list = folder.join("SHA256SUMS");
            let mut sums = sums::read(&fs::read_to_string(&list).unwrap());
            sums.insert(
                below.to_owned(),
                sha256_hex(&fs::read(folder.join(below)).unwrap()),
            );
            fs::write(list, sums::write(&sums)).unwrap();
        }
        "list" => {
            let all: BTreeMap<String, String> = files(at)
                .into_iter()
                .filter(|f| f != "SHA256SUMS")
                .map(|f| (f.clone(), sha256_hex(&fs::read(at.join(f)).unwrap())))
                .collect();
            fs::write(at.join("SHA256SUMS"), sums::write(&all)).unwrap();
        }
        other => panic!("no such step: {other}"),
    }
}

fn judge(about: &str, case: &Yaml, ran: Ran) -> Vec<String> {
    let (exit, found) = (ran.exit, ran.json());
    let findings = found["findings"].as_array().unwrap();
    let mut wrong = Vec::new();
    let none = Vec::new();
    let expected = case["finds"].as_sequence().unwrap_or(&none);
    for wanted in expected {
        let [what, path, words] = [0, 1, 2].map(|n| text(&wanted[n]).to_owned());
        let hit = findings.iter().any(|f| {
            f["what"] == what.as_str()
                && f["path"].as_str().unwrap().starts_with(&path)
                && f["why"].as_str().unwrap().contains(&words)
        });
        if !hit {
            wrong.push(format!(
                "{about}: no {what} {path}: {words} in {findings:#?}"
            ));
        }
    }
    if case["only"].as_bool() == Some(true) && findings.len() != expected.len() {
        wrong.push(format!("{about}: more than expected: {findings:#?}"));
    }
    if exit != Some(if findings.is_empty() { 0 } else { 3 }) {
        wrong.push(format!("{about}: exit {exit:?}"));
    }
    wrong
}

#[test]
fn what_somebody_did_is_named() {
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify/cases.yaml"));
    let cases: Vec<Yaml> = serde_yaml::from_str(&source.unwrap()).unwrap();
    let scratch = sent_twice();
    let archive = archive(&scratch, "whole.tar.zst");
    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let about = format!("{} ({})", text(&case["about"]), text(&case["on"]));
        let away = scratch.beside(&format!("case-{index}"));
        let own = away.join("own");
        let at = match text(&case["on"]) {
            "bundle" => {
                copy(&scratch.root().join(BUNDLE), &away.join("bundle"));
                away.join("bundle")
            }
            "inside" => {
                copy(scratch.root(), &own);
                own.join(BUNDLE)
            }
            "archive" => unpacked(&archive, &away),
            other => panic!("{other}"),
        };
        for done in case["do"].as_sequence().unwrap() {
            for (key, value) in done.as_mapping().unwrap() {
                step(&at, &own, text(key), value);
            }
        }
        let work = if own.exists() { &own } else { &away };
        let work = work.to_str().unwrap();
        let run = |path: &Path| {
            scratch.run(&[
                "-C",
                work,
                "verify",
                path.to_str().unwrap(),
                "--format",
                "json",
            ])
        };
        wrong.extend(judge(&about, case, run(&at)));
        if text(&case["on"]) == "archive" {
            let again = away.join("again.tar.zst");
            packed(&at, &again);
            wrong.extend(judge(&about, case, run(&again)));
        }
    }
    assert!(cases.len() > 30);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
