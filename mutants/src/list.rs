//! What cargo-mutants would change, from `cargo mutants --list --json`.

use std::{
    error::Error,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// One change.
pub struct Mutant {
    /// Its place in the list; the number that switches it on.
    pub id: usize,
    /// The file, below the crate's folder.
    pub file: String,
    /// Line and column of its first character, from 1; columns count characters.
    pub start: (usize, usize),
    /// What kind of change.
    pub genre: String,
    /// What stands there instead.
    pub replacement: String,
    /// The function it is in; empty outside any.
    pub function: String,
    /// The whole in words, with its place.
    pub name: String,
}

/// All of them.
pub struct Listed {
    /// In the order of the list.
    pub mutants: Vec<Mutant>,
    /// Whether the list is another than the last time.
    pub changed: bool,
}

/// Lists the mutants of the resolver of `krate`, and keeps the list in `kept`.
///
/// # Errors
/// cargo-mutants is not installed, or the list cannot be read or written.
pub fn of(krate: &Path, kept: &Path) -> Result<Listed, Box<dyn Error>> {
    let output = Command::new("cargo")
        .args(["mutants", "--list", "--json", "-f", "src/resolver/**"])
        .current_dir(krate)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("cargo mutants lists nothing; install it: cargo install cargo-mutants".into());
    }
    let place = kept.join("list.json");
    let changed = fs::read(&place).ok().as_ref() != Some(&output.stdout);
    fs::write(place, &output.stdout)?;
    let list: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    let mutants: Option<Vec<Mutant>> = list
        .iter()
        .enumerate()
        .map(|(id, m)| mutant(id, m))
        .collect();
    Ok(Listed {
        mutants: mutants.ok_or("cargo mutants writes its list in a form that is new here")?,
        changed,
    })
}

fn mutant(id: usize, value: &Value) -> Option<Mutant> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let place = |name: &str| {
        let number = value["span"]["start"][name].as_u64()?;
        usize::try_from(number).ok()
    };
    Some(Mutant {
        id,
        file: text("file")?,
        start: (place("line")?, place("column")?),
        genre: text("genre")?,
        replacement: text("replacement")?,
        function: value["function"]["function_name"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        name: text("name")?,
    })
}
