//! A copy of the crate that may be rewritten.

use std::{error::Error, fs, path::Path, process::Command};

use crate::list::Mutant;

/// What the processes have to be told that are started with no environment.
const TOLD: &str =
    "std::env::vars_os().filter(|(k, _)| k.to_string_lossy().starts_with(\"MUTANT\"))";

/// Copies what git knows of `krate` to `copy`, made ready: no lints, optimised a little, the
/// switch in the library, and every process told which mutant is on. What is the same already is
/// left alone, so that little is built again; files with mutants are written later.
///
/// # Errors
/// Git does not answer, or a file cannot be read or written.
pub fn prepare(krate: &Path, copy: &Path, mutants: &[Mutant]) -> Result<(), Box<dyn Error>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others"])
        .arg("--exclude-standard")
        .current_dir(krate)
        .output()?;
    for file in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        let (from, to) = (krate.join(file), copy.join(file));
        let woven = to.is_file() && mutants.iter().any(|m| m.file == file);
        // What git lists may have been removed since.
        if woven || !from.is_file() {
            continue;
        }
        let bytes = match String::from_utf8(fs::read(&from)?) {
            Ok(text) => ready(file, &text).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        write(&to, &bytes)?;
        fs::set_permissions(&to, fs::metadata(&from)?.permissions())?;
    }
    let switch = include_str!("switch.rs.in");
    let switch = format!("{switch}\nconst MUTANTS: usize = {};\n", mutants.len());
    write(&copy.join("src/mutant.rs"), switch.as_bytes())
}

/// Writes `path` unless it is so already.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()).into())
}

/// The text of `file` as the copy has it.
fn ready(file: &str, text: &str) -> String {
    match file {
        "Cargo.toml" => {
            let lints = text.find("\n[lints").unwrap_or(text.len());
            let fast = "debug = false\nopt-level = 1";
            text[..lints].replace("debug = \"line-tables-only\"", fast) + "\n"
        }
        // Some mutants are sure to go wrong, which the compiler would refuse.
        "src/lib.rs" => text
            .replace(
                "#![warn(clippy::disallowed_methods)]",
                "#![allow(warnings, arithmetic_overflow, unconditional_panic)]",
            )
            .replace("pub mod model;", "pub mod model;\npub mod mutant;"),
        _ => text.replace(".env_clear()", &format!(".env_clear().envs({TOLD})")),
    }
}
