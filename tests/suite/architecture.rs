//! The house as `docs/architecture.md` describes it, held against the sources.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use regex::Regex;

/// The modules in reading order: each imports only from those above it.
const ORDER: [&str; 8] = [
    "model",
    "parser",
    "resolver",
    "renderer",
    "workspace",
    "sender",
    "report",
    "cli",
];

/// The longest a source file may be, in lines.
const LONGEST: usize = 700;

#[test]
fn modules_import_only_from_above() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for file in files("src", "rs") {
        let Some(place) = ORDER.iter().position(|m| *m == module(&file)) else {
            continue;
        };
        looked_at += 1;
        for used in imports(&code(&file)) {
            match ORDER.iter().position(|m| *m == used) {
                Some(other) if other <= place => {}
                Some(_) => wrong.push(format!("{file} imports crate::{used}, which lies below it")),
                None => wrong.push(format!("{file} imports crate::{used}, which is no module")),
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} files were looked at");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_of_modules_is_that_of_the_library() {
    let text = read("src/lib.rs");
    let declared: BTreeSet<&str> = text
        .lines()
        .filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(declared, BTreeSet::from(ORDER));
    let listed: Vec<&str> = text
        .lines()
        .filter_map(|l| l.strip_prefix("//! - [`")?.split('`').next())
        .collect();
    assert_eq!(listed, ORDER, "the list in src/lib.rs");
}

#[test]
fn no_file_is_too_long() {
    let all = ["src", "tests", "benches"].map(|folder| files(folder, "rs"));
    let wrong: Vec<String> = all
        .iter()
        .flatten()
        .map(|file| (file, read(file).lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{file} has {lines} lines, more than {LONGEST}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_prints_nothing() {
    let print = Regex::new(r"\b(e?print(ln)?|dbg)!|\bio::std(out|err)\b|\banstream::").unwrap();
    let allowed = |file: &str| file.starts_with("src/cli/") || file == "src/main.rs";
    // How wide the terminal is can only be asked of standard output itself.
    let asks = |line: &str| line.contains("tcgetwinsize(");
    let mut wrong = Vec::new();
    for file in files("src", "rs").into_iter().filter(|f| !allowed(f)) {
        for (number, line) in code(&file).lines().enumerate() {
            if print.is_match(line) && !asks(line) {
                wrong.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_may_not_lift_the_ban_on_effects() {
    let pure = &ORDER[..4];
    let text = read("src/lib.rs");
    assert!(text.contains("#![warn(clippy::disallowed_methods)]"));
    for module in pure {
        let alone = format!("\npub mod {module};\n");
        let (before, _) = text.split_once(&alone).unwrap();
        assert!(!before.ends_with(']'), "{module} carries an attribute");
    }
    for file in files("src", "rs") {
        let lifts = code(&file).contains("clippy::disallowed_methods");
        assert!(!(lifts && pure.contains(&module(&file).as_str())), "{file}");
    }
}

#[test]
fn every_template_is_built_in_under_its_own_name() {
    let on_disk: BTreeSet<String> = list("templates").iter().map(|p| name(p)).collect();
    let pair = Regex::new(r#"\(\s*"([^"]+)",\s*include_str!\("\.\./\.\./templates/([^"]+)"\)"#);
    let source = read("src/renderer/templates.rs");
    let mut built_in = BTreeSet::new();
    for found in pair.unwrap().captures_iter(&source) {
        assert_eq!(found[1], found[2], "a template under another's name");
        built_in.insert(found[2].to_owned());
    }
    assert_eq!(built_in, on_disk);
}

#[test]
fn init_writes_the_rehearsal_whole() {
    let source = read("src/cli/init.rs");
    // What a try of the example in its own folder leaves behind is no part of it.
    let left = "examples/rehearsal/artifacts/enablement/";
    for file in under("examples/rehearsal") {
        if file.starts_with(left) {
            continue;
        }
        let written = format!("include_str!(\"../../{file}\")");
        let folded = source.split_whitespace().collect::<String>();
        let wanted = written.split_whitespace().collect::<String>();
        assert!(
            folded.contains(&wanted),
            "packet init --example leaves out {file}"
        );
    }
}

#[test]
fn imports_are_seen_in_all_their_forms() {
    let text = "use crate::{model::{a, b}, cli, sender::x};\n crate::report::style::safe(x);";
    let seen: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(seen, ["cli", "model", "report", "sender"]);
}

/// The first names of every path from the crate's root.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(word(rest));
            continue;
        };
        let mut depth = 0usize;
        let mut fresh = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && depth == 0 && !c.is_whitespace() => {
                    found.insert(word(&group[at..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// A source file without its comments.
fn code(file: &str) -> String {
    read(file)
        .lines()
        .map(|line| {
            if line.trim_start().starts_with("//") {
                ""
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// `parser` for `src/parser/gates.rs`, `lib` for `src/lib.rs`.
fn module(file: &str) -> String {
    let below = file.strip_prefix("src/").unwrap_or(file);
    let first = below.split('/').next().unwrap_or(below);
    first.trim_end_matches(".rs").to_owned()
}

fn files(folder: &str, extension: &str) -> Vec<String> {
    let ending = format!(".{extension}");
    let mut all = under(folder);
    all.retain(|f| f.ends_with(&ending));
    all
}

/// Every file below a folder of the project, from its root.
fn under(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(folder) = open.pop() {
        for path in list(&folder.to_string_lossy()) {
            let hidden = name(&path).starts_with('.');
            if path.is_dir() && !hidden {
                open.push(path.strip_prefix(root()).unwrap().to_owned());
            } else if !hidden {
                let below = path.strip_prefix(root()).unwrap();
                found.push(below.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

fn list(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(|e| e.unwrap().path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
