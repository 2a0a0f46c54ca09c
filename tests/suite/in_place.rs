//! `render --in-place` over every case of a verdict: it changes the document and nothing that the
//! document comes to.

use std::{fs, path::Path};

use serde_json::Value;

use crate::gates::{Staged, every_case, stage};

/// Whether a case is among the quarter that is run unless `CASE` names some; `CASE=` runs all.
fn is_drawn(path: &Path) -> bool {
    let name = path.file_stem().unwrap().as_encoded_bytes();
    let sum: u32 = name.iter().map(|b| u32::from(*b)).sum();
    std::env::var("CASE").is_ok() || sum.is_multiple_of(4)
}

#[test]
fn no_verdict_digest_or_word_depends_on_what_it_writes() {
    every_case(|path| {
        if !is_drawn(path) {
            return Vec::new();
        }
        let Ok(staged) = stage(path) else {
            return Vec::new();
        };
        let Some(before) = board(&staged) else {
            return Vec::new();
        };
        if fs::symlink_metadata(staged.document()).is_ok_and(|m| m.is_symlink()) {
            return Vec::new();
        }
        let mut wrong = written(&staged, &before, false);
        // While something is on hold, what is resolved and what is not differs from before.
        if before["state"] != "hold" {
            wrong.extend(written(&staged, &before, true));
        }
        wrong
    });
}

/// Writes the document in place, twice; lists what is not as `before`.
fn written(staged: &Staged, before: &Value, resolve: bool) -> Vec<String> {
    let args = ["render", "DOC", "--in-place", "--resolve"];
    let args = if resolve { &args[..] } else { &args[..3] };
    let mut wrong = Vec::new();
    let said = staged.packet(args).stderr;
    let said = String::from_utf8_lossy(&said);
    if said.contains("cannot write") || said.contains("panicked") {
        wrong.push(said.into_owned());
    }
    let Some(after) = board(staged) else {
        return vec!["it cannot be read any more".to_owned()];
    };
    let (before, after) = (essence(before, resolve), essence(&after, resolve));
    if before != after {
        wrong.push(format!("{before:#} became {after:#}"));
    }
    let text = fs::read(staged.document()).unwrap();
    staged.packet(args);
    if fs::read(staged.document()).unwrap() != text {
        wrong.push("the second time it was written again".to_owned());
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
                for field in ["pattern", "reason", "notes", "evidence", "line", "words"] {
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
