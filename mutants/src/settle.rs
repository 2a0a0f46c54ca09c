//! Builds the woven crate, leaving out what does not compile.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{list::Mutant, prepare::write, sites, weave};

/// The files of the crate as they were, by their path below its folder.
pub type Sources = BTreeMap<String, String>;

/// Reads what `mutants` would change.
///
/// # Errors
/// A file cannot be read.
pub fn sources(krate: &Path, mutants: &[Mutant]) -> Result<Sources, Box<dyn Error>> {
    let files: BTreeSet<&str> = mutants.iter().map(|m| &*m.file).collect();
    let read = |file: &str| Ok((file.to_owned(), fs::read_to_string(krate.join(file))?));
    files.into_iter().map(read).collect()
}

/// Writes the crate in `copy` with all mutants that compile; returns those that do not, with why.
/// They are kept in `kept`, so that a second run need not find them again.
///
/// # Errors
/// A file cannot be read or written, or what does not compile is no mutant.
pub fn settle(
    copy: &Path,
    kept: &Path,
    sources: &Sources,
    mutants: &[Mutant],
) -> Result<BTreeMap<usize, String>, Box<dyn Error>> {
    let known = fs::read_to_string(kept).unwrap_or_default();
    let mut dropped: BTreeMap<usize, String> = known
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(id, why)| Some((id.parse().ok()?, why.to_owned())))
        .collect();
    loop {
        let mut woven: BTreeMap<&str, String> = BTreeMap::new();
        for (file, text) in sources {
            let here: Vec<&Mutant> = mutants.iter().filter(|m| m.file == *file).collect();
            let (mut sites, lost) = sites::find(text, &here)?;
            for id in lost {
                let why = "in a constant, or joined to a `let`".to_owned();
                dropped.entry(id).or_insert(why);
            }
            sites.retain_mut(|s| s.way.without(&|id| dropped.contains_key(&id)));
            let text = weave::weave(text, &sites);
            write(&copy.join(file), text.as_bytes())?;
            woven.insert(file, text);
        }
        let errors = check(copy)?;
        if errors.is_empty() {
            let lines = dropped.iter().map(|(id, why)| format!("{id}\t{why}\n"));
            fs::write(kept, lines.collect::<String>())?;
            return Ok(dropped);
        }
        let before = dropped.len();
        for error in &errors {
            blame(error, &woven, &mut dropped);
        }
        eprintln!(
            "{} errors, {} mutants left out",
            errors.len(),
            dropped.len()
        );
        if dropped.len() == before {
            let shown: Vec<&str> = errors
                .iter()
                .filter_map(|e| e["rendered"].as_str())
                .collect();
            return Err(format!("no mutant is to blame:\n{}", shown.join("\n")).into());
        }
    }
}

/// The errors of the compiler.
fn check(copy: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let output = Command::new("cargo")
        .args(["check", "--lib", "--offline", "--message-format=json"])
        .current_dir(copy)
        .stderr(Stdio::inherit())
        .output()?;
    let mut errors = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let value: Value = serde_json::from_str(line)?;
        let message = &value["message"];
        let placed = message["spans"].as_array().is_some_and(|s| !s.is_empty());
        if message["level"] == "error" && placed {
            errors.push(message.clone());
        }
    }
    if errors.is_empty() && !output.status.success() {
        return Err("cargo check failed without saying where".into());
    }
    Ok(errors)
}

/// Leaves out the mutants that an error is about: the innermost around its place, else around
/// any place it mentions.
fn blame(error: &Value, woven: &BTreeMap<&str, String>, dropped: &mut BTreeMap<usize, String>) {
    let spans = error["spans"].as_array().into_iter().flatten();
    let mut spans: Vec<&Value> = spans.collect();
    spans.sort_by_key(|s| s["is_primary"] != true);
    for span in &spans {
        let byte = |name: &str| usize::try_from(span[name].as_u64()?).ok();
        let (Some(text), Some(start), Some(end)) = (
            span["file_name"].as_str().and_then(|f| woven.get(f)),
            byte("byte_start"),
            byte("byte_end"),
        ) else {
            continue;
        };
        let ids = weave::enclosing(text, &(start..end));
        if ids.is_empty() {
            continue;
        }
        let why = error["message"].as_str().unwrap_or_default();
        for id in ids {
            dropped.entry(id).or_insert_with(|| why.to_owned());
        }
        return;
    }
    // A match that lacks an arm is found at its head: an arm that may be gone comes after it.
    let Some((text, start)) = spans.iter().find_map(|s| {
        let text = s["file_name"].as_str().and_then(|f| woven.get(f))?;
        Some((text, usize::try_from(s["byte_start"].as_u64()?).ok()?))
    }) else {
        return;
    };
    if let Some(id) = weave::arm_after(text, start) {
        dropped
            .entry(id)
            .or_insert_with(|| "a match would lack an arm".to_owned());
    }
}
