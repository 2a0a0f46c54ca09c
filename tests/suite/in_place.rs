//! `render --in-place` over every case of a verdict: it changes the document and nothing that the
//! document comes to.

use std::{fs, path::Path};

use serde_json::Value;

use crate::gates::{Staged, every_case, stage};

#[test]
fn no_verdict_digest_or_word_depends_on_what_it_writes() {
    every_case(|path| changes(path, &["render", "DOC", "--in-place"]));
}

#[test]
fn resolving_keeps_what_is_clear() {
    every_case(|path| changes(path, &["render", "DOC", "--in-place", "--resolve"]));
}

fn changes(path: &Path, args: &[&str]) -> Vec<String> {
    let Ok(staged) = stage(path) else {
        return Vec::new();
    };
    let Some(before) = board(&staged) else {
        return Vec::new();
    };
    let state = before["state"].as_str().unwrap().to_owned();
    let resolve = args.contains(&"--resolve");
    if resolve && state == "hold" {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let written = staged.packet(args);
    let said = String::from_utf8_lossy(&written.stderr).into_owned();
    if fs::symlink_metadata(staged.document()).is_ok_and(|m| m.is_symlink()) {
        return wrong;
    }
    if said.contains("cannot write") || said.contains("panicked") {
        wrong.push(format!("{state}: {said}"));
    }
    let Some(after) = board(&staged) else {
        return vec![format!("{state}: it cannot be read any more")];
    };
    let (before, after) = (essence(&before, resolve), essence(&after, resolve));
    if before != after {
        wrong.push(format!("{state}: {before:#} became {after:#}"));
    }
    let text = fs::read(staged.document()).unwrap();
    staged.packet(args);
    if fs::read(staged.document()).unwrap() != text {
        wrong.push(format!("{state}: the second time it was written again"));
    }
    wrong
}

fn board(staged: &Staged) -> Option<Value> {
    let output = staged.packet(&["--format", "json", "status", "DOC"]);
    serde_json::from_slice(&output.stdout).ok()
}

/// What a document comes to: all of the board but ticks, lines and what they are written in.
fn essence(board: &Value, resolved: bool) -> Value {
    let mut kept = serde_json::json!({});
    for field in ["state", "revision", "digest", "blockers"] {
        kept[field] = board[field].clone();
    }
    let gates = board["gates"].as_array().unwrap().iter();
    kept["gates"] = gates
        .map(|gate| {
            let mut gate = gate.clone();
            let fields = gate.as_object_mut().unwrap();
            if resolved {
                // A literal path is its own pattern, and is read in other words.
                for field in ["pattern", "reason", "notes", "evidence", "line"] {
                    fields.remove(field);
                }
            }
            fields.remove("line");
            if let Some(notes) = fields.get_mut("notes").and_then(Value::as_array_mut) {
                notes.retain(|n| !n.as_str().unwrap().contains("box is ticked"));
            }
            gate
        })
        .collect();
    kept
}
