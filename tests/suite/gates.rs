//! Small documents and what must be said of them: `tests/gates/*.yaml`, one case a file.

mod stage;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use base64::Engine;
use serde::Deserialize;
use serde_json::Value;

pub use stage::{Staged, every_case, stage};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "about")]
    _about: String,
    #[serde(default = "noon")]
    now: String,
    config: Option<String>,
    #[serde(default = "usual")]
    path: String,
    document: Option<String>,
    #[serde(default)]
    files: serde_yaml::Mapping,
    #[serde(default)]
    run: Vec<Step>,
    expect: Expect,
}

fn noon() -> String {
    "2025-10-12T12:00:00Z".into()
}

fn usual() -> String {
    "docs/packet.md".into()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Args(Vec<String>),
    Checked {
        args: Vec<String>,
        exit: Option<i32>,
        #[serde(default)]
        fails: bool,
    },
    Write {
        write: serde_yaml::Mapping,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    exit: Option<i32>,
    state: Option<String>,
    gates: Option<Vec<BTreeMap<String, Value>>>,
    placeholders: Option<Vec<BTreeMap<String, Value>>>,
    recipients: Option<Vec<BTreeMap<String, Value>>>,
    channels: Option<Vec<BTreeMap<String, Value>>>,
    tracker: Option<Vec<BTreeMap<String, Value>>>,
    layout: Option<Vec<BTreeMap<String, Value>>>,
    notifications: Option<Vec<BTreeMap<String, Value>>>,
    #[serde(default)]
    counts: BTreeMap<String, usize>,
    #[serde(default)]
    diagnostics: Vec<String>,
    #[serde(default)]
    output: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    mails: Option<usize>,
}

#[test]
fn every_case_is_judged_as_it_says() {
    every_case(judge);
}

fn judge(path: &Path) -> Vec<String> {
    let staged = match stage(path) {
        Ok(staged) => staged,
        Err(wrong) => return wrong,
    };
    let output = staged.packet(&["--format", "json", "status", "DOC"]);
    let Staged {
        case,
        _dir,
        root,
        mut printed,
        mut wrong,
    } = staged;
    printed.push_str(&both(&output));
    check(&case.expect, &output, &printed, &mut wrong);
    if let Some(mails) = case.expect.mails {
        let new = root.join(".packet/outbox/new");
        let found = fs::read_dir(new).map_or(0, Iterator::count);
        if found != mails {
            wrong.push(format!("{found} mails in the outbox, not {mails}"));
        }
    }
    wrong
}

fn packet(root: &Path, case: &Case, args: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet"));
    command
        .arg("-C")
        .arg(root)
        .args(["--now", &case.now])
        .args(args);
    for (name, _) in std::env::vars() {
        if name.starts_with("PACKET_") {
            command.env_remove(name);
        }
    }
    command
        .env("HOME", root.join("../home"))
        .env_remove("XDG_CONFIG_HOME");
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

fn both(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let target = root.join(path);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(target, bytes).unwrap();
}

fn write_files(root: &Path, files: &serde_yaml::Mapping) {
    for (path, content) in files {
        let path = path.as_str().unwrap();
        if let Some(text) = content.as_str() {
            put(root, path, text.as_bytes());
            continue;
        }
        let target = root.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let field = |name: &str| content.get(name);
        if let Some(text) = field("base64").and_then(|v| v.as_str()) {
            let packed: String = text.split_whitespace().collect();
            put(
                root,
                path,
                &base64::engine::general_purpose::STANDARD
                    .decode(packed)
                    .unwrap(),
            );
        } else if let Some(link) = field("link").and_then(|v| v.as_str()) {
            std::os::unix::fs::symlink(link, target).unwrap();
        } else if field("folder").is_some() {
            fs::create_dir_all(target).unwrap();
        } else if let Some(text) = field("repeat").and_then(|v| v.as_str()) {
            let times = field("times").and_then(serde_yaml::Value::as_u64).unwrap();
            put(
                root,
                path,
                text.repeat(usize::try_from(times).unwrap()).as_bytes(),
            );
        } else {
            panic!("{path}: no such kind of file");
        }
    }
}

fn check(expect: &Expect, output: &Output, printed: &str, wrong: &mut Vec<String>) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let state: Value = serde_json::from_str(&stdout).unwrap_or(Value::Null);
    if expect.exit.is_some_and(|e| output.status.code() != Some(e)) {
        wrong.push(format!(
            "status ended with {:?}: {}",
            output.status.code(),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    if let Some(wanted) = &expect.state
        && state["state"] != wanted.as_str()
    {
        wrong.push(format!(
            "state {}, blockers {}",
            state["state"], state["blockers"]
        ));
    }
    let lists = [
        ("gates", &expect.gates),
        ("placeholders", &expect.placeholders),
        ("recipients", &expect.recipients),
        ("channels", &expect.channels),
        ("tracker", &expect.tracker),
        ("layout", &expect.layout),
        ("notifications", &expect.notifications),
    ];
    for (name, list) in lists {
        let Some(list) = list else { continue };
        let empty = Vec::new();
        let found = state[name].as_array().unwrap_or(&empty);
        if found.len() != list.len() {
            wrong.push(format!(
                "{} {name}, not {}: {}",
                found.len(),
                list.len(),
                state[name]
            ));
            continue;
        }
        for (wanted, found) in list.iter().zip(found) {
            for (field, value) in wanted {
                if !agrees(field, value, found) {
                    wrong.push(format!("{name}: {field} should be {value} in {found}"));
                }
            }
        }
    }
    for (name, count) in &expect.counts {
        let found = state[name].as_array().map_or(0, Vec::len);
        if found != *count {
            wrong.push(format!("{found} {name}, not {count}"));
        }
    }
    let noticed = match &state {
        Value::Null => String::from_utf8_lossy(&output.stderr).to_lowercase(),
        state => format!(
            "{} {}",
            strings(&state["diagnostics"]),
            strings(&state["blockers"])
        ),
    };
    missing("diagnostics", &expect.diagnostics, &noticed, wrong);
    missing("output", &expect.output, &strings(&state), wrong);
    let all = format!("{printed} {}", strings(&state)).to_lowercase();
    for word in &expect.absent {
        if all.contains(&word.to_lowercase()) {
            wrong.push(format!("`{word}` is shown"));
        }
    }
}

fn missing(what: &str, words: &[String], text: &str, wrong: &mut Vec<String>) {
    for word in words.iter().filter(|w| !text.contains(&w.to_lowercase())) {
        wrong.push(format!("{what}: no `{word}` in: {text}"));
    }
}

/// All texts of a value, lower case.
fn strings(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{} ", text.to_lowercase()),
        Value::Array(list) => list.iter().map(strings).collect(),
        Value::Object(map) => map.values().map(strings).collect(),
        other => format!("{other} "),
    }
}

fn agrees(field: &str, wanted: &Value, found: &Value) -> bool {
    let words = |text: String| {
        let list = wanted.as_array().unwrap();
        list.iter().all(|w| {
            text.contains(
                &w.as_str()
                    .map_or(w.to_string(), str::to_owned)
                    .to_lowercase(),
            )
        })
    };
    match field {
        "reason" | "notes" if wanted.is_array() => words(strings(&found[field])),
        "says" => words(format!(
            "{} {}",
            strings(&found["reason"]),
            strings(&found["notes"])
        )),
        _ => found[field] == *wanted,
    }
}
