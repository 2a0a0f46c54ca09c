//! The command line as people use it: workspaces, commands, what is printed and what is left on
//! disk. The cases are data in `tests/cli/`; `tests/cli/README.md` says what they may hold.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde::Deserialize;

use crate::scratch::{Ran, Scratch, flat};

/// One case.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    /// What it shows, in one sentence.
    #[serde(rename = "about")]
    _about: String,
    workspace: Option<String>,
    now: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    run: Vec<Step>,
}

/// A file's content.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    /// Each character is one byte.
    Latin {
        latin1: String,
    },
    Link {
        link: String,
    },
    Folder {
        folder: bool,
    },
}

/// What happens next, or what must hold now.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Packet(Box<Call>),
    Write {
        write: BTreeMap<String, Content>,
    },
    Edit {
        edit: BTreeMap<String, BTreeMap<String, String>>,
    },
    Remove {
        remove: Vec<String>,
    },
    Remember {
        remember: bool,
    },
    Changed {
        changed: Vec<String>,
    },
    Files {
        files: BTreeMap<String, Found>,
    },
    Mails {
        mails: usize,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Call {
    packet: Vec<String>,
    #[serde(default)]
    exit: i32,
    /// Words on standard output.
    #[serde(default)]
    says: Vec<String>,
    /// Words on standard error.
    #[serde(default)]
    errs: Vec<String>,
    /// Words on neither.
    #[serde(default)]
    never: Vec<String>,
    /// JSON pointers into standard output, and what stands there.
    #[serde(default)]
    json: BTreeMap<String, serde_json::Value>,
    /// Standard output as a whole: a file in `tests/cli/screens/`.
    screen: Option<String>,
    /// Another moment than the case's.
    now: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Found {
    /// It is there, with these words.
    With(Vec<String>),
    /// Whether it is there.
    There(bool),
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli")
}

fn run(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
    let case: Case = serde_yaml::from_str(&text).map_err(|e| e.to_string())?;
    let mut scratch = match &case.workspace {
        Some(name) => Scratch::of(name),
        None => Scratch::empty(),
    };
    if case.now.is_some() {
        scratch.now.clone_from(&case.now);
    }
    scratch.env.clone_from(&case.env);
    let mut seen = None;
    for (number, step) in case.run.iter().enumerate() {
        let held = match step {
            Step::Remember { remember } => {
                seen = remember.then(|| scratch.look());
                Ok(())
            }
            Step::Changed { changed } => match &seen {
                None => Err("nothing is remembered".to_owned()),
                Some(before) => {
                    let after = scratch.look();
                    let other = |path: &&String| before.get(*path) != after.get(*path);
                    let mut found: Vec<&String> =
                        before.keys().chain(after.keys()).filter(other).collect();
                    found.sort();
                    found.dedup();
                    let wanted: Vec<&String> = changed.iter().collect();
                    check(found == wanted, || format!("changed: {found:#?}"))
                }
            },
            Step::Packet(call) => run_packet(&mut scratch, &case, call),
            step => other(&scratch, step),
        };
        held.map_err(|e| format!("step {}: {e}", number + 1))?;
    }
    Ok(())
}

fn check(fine: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if fine { Ok(()) } else { Err(what()) }
}

fn other(scratch: &Scratch, step: &Step) -> Result<(), String> {
    match step {
        Step::Write { write } => write
            .iter()
            .for_each(|(path, content)| lay(scratch, path, content)),
        Step::Edit { edit } => {
            for (path, changes) in edit {
                let text = scratch.read(path);
                for (old, new) in changes {
                    check(text.contains(old), || format!("no `{old}` in {path}"))?;
                    scratch.edit(path, old, new);
                }
            }
        }
        Step::Remove { remove } => {
            for path in remove {
                let path = scratch.root().join(path);
                let gone = match path.is_dir() {
                    true => fs::remove_dir_all(&path),
                    false => fs::remove_file(&path),
                };
                gone.map_err(|e| format!("{}: {e}", path.display()))?;
            }
        }
        Step::Files { files } => {
            for (path, found) in files {
                look(scratch, path, found)?;
            }
        }
        Step::Mails { mails } => {
            let count = scratch.mails().len();
            check(count == *mails, || {
                format!("{count} messages in the outbox")
            })?;
        }
        Step::Packet(_) | Step::Remember { .. } | Step::Changed { .. } => {}
    }
    Ok(())
}

fn lay(scratch: &Scratch, path: &str, content: &Content) {
    match content {
        Content::Text(text) => scratch.write(path, text),
        Content::Latin { latin1 } => {
            let bytes: Vec<u8> = latin1
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
            scratch.write(path, bytes);
        }
        Content::Link { link } => symlink(link, scratch.root().join(path)).unwrap(),
        Content::Folder { folder } => {
            assert!(*folder, "write `folder: true`");
            fs::create_dir_all(scratch.root().join(path)).unwrap();
        }
    }
}

fn look(scratch: &Scratch, path: &str, found: &Found) -> Result<(), String> {
    let there = scratch.root().join(path).symlink_metadata().is_ok();
    match found {
        Found::There(wanted) => check(there == *wanted, || format!("{path}: there is {there}")),
        Found::With(words) => {
            check(there, || format!("{path} is not there"))?;
            let text = scratch.read(path);
            for word in words {
                check(text.contains(word), || {
                    format!("no `{word}` in {path}:\n{text}")
                })?;
            }
            Ok(())
        }
    }
}

fn run_packet(scratch: &mut Scratch, case: &Case, call: &Call) -> Result<(), String> {
    scratch.now = call
        .now
        .clone()
        .or(case.now.clone())
        .or(Some(crate::scratch::NOW.to_owned()));
    let args: Vec<&str> = call.packet.iter().map(String::as_str).collect();
    let ran = scratch.run(&args);
    compare(call, &ran, scratch).map_err(|e| {
        format!(
            "packet {args:?}: {e}\n--- output\n{}--- errors\n{}",
            ran.out, ran.err
        )
    })
}

fn compare(call: &Call, ran: &Ran, scratch: &Scratch) -> Result<(), String> {
    check(ran.exit == Some(call.exit), || {
        format!("exit {:?}, not {}", ran.exit, call.exit)
    })?;
    let (out, err) = (flat(&ran.out), flat(&ran.err));
    for words in &call.says {
        check(out.contains(&flat(words)), || {
            format!("no `{words}` on standard output")
        })?;
    }
    for words in &call.errs {
        check(err.contains(&flat(words)), || {
            format!("no `{words}` on standard error")
        })?;
    }
    for words in &call.never {
        check(!out.contains(words) && !err.contains(words), || {
            format!("`{words}` is there")
        })?;
    }
    check(!err.contains("panicked"), || "a panic".to_owned())?;
    let raw = |c: char| c.is_control() && c != '\n' && c != '\t';
    check(!ran.out.contains(raw) && !ran.err.contains(raw), || {
        "a raw control character".to_owned()
    })?;
    if !call.json.is_empty() {
        let value: serde_json::Value = serde_json::from_str(&ran.out).map_err(|e| e.to_string())?;
        for (pointer, wanted) in &call.json {
            let found = value.pointer(pointer);
            check(found == Some(wanted), || format!("{pointer} is {found:?}"))?;
        }
    }
    if let Some(name) = &call.screen {
        let path = folder().join("screens").join(format!("{name}.txt"));
        let expected = snapbox::Data::read_from(&path, None);
        snapbox::Assert::new()
            .action_env("SNAPSHOTS")
            .try_eq(Some(name), redact(&ran.out, scratch).into(), expected)
            .map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// What differs from run to run, by name.
fn redact(text: &str, scratch: &Scratch) -> String {
    let root = scratch.root().display().to_string();
    let mut text = text.replace(&root, "[ROOT]");
    for (pattern, name) in [
        (r"\b[0-9a-f]{64}\b", "[SHA256]"),
        (r"\b[0-9a-f]{12}\b", "[ID]"),
        (r"\b[0-9a-f]{32}\.[0-9a-f]{8}\b", "[NAME]"),
        (r"(?m)(Z  )\S+ {2,}", "${1}[USER]  "),
    ] {
        let pattern = regex::Regex::new(pattern).unwrap();
        text = pattern.replace_all(&text, name).into_owned();
    }
    text
}

#[test]
fn cases() {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the cases are in the repository")
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .collect();
    paths.sort();
    assert!(
        paths.len() >= AT_LEAST,
        "only {} cases were found",
        paths.len()
    );
    let next = AtomicUsize::new(0);
    let failures: Vec<String> = thread::scope(|scope| {
        let work = || {
            let mut failed = Vec::new();
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                let name = path.file_stem().unwrap().to_string_lossy();
                failed.extend(run(path).err().map(|e| format!("## {name}: {e}")));
            }
            failed
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        paths.len(),
        failures.join("\n")
    );
}

/// So that cases which are no longer found do not pass as none that failed.
const AT_LEAST: usize = 15;
