//! What the book says, held against the sources: spellings, keys, fields and links.

use std::{collections::BTreeSet, fs, path::Path};

use regex::Regex;

#[test]
fn every_accepted_spelling_is_in_the_grammar() {
    let source = read("src/parser/spellings.rs");
    let (source, _) = source.split_once("#[cfg(test)]").unwrap();
    let grammar = read("docs/grammar.md");
    let table = Regex::new(r"(?s)(?:&\[&str\] = &|let other = )\[(.*?)\];").unwrap();
    let text = Regex::new(r#""([^"]+)""#).unwrap();
    let mut missing = Vec::new();
    let mut seen = 0;
    for list in table.captures_iter(source) {
        for spelling in text.captures_iter(&list[1]) {
            seen += 1;
            if !grammar.contains(&format!("`{}`", &spelling[1])) {
                missing.push(spelling[1].to_owned());
            }
        }
    }
    assert!(seen > 70, "only {seen} spellings were found");
    assert!(missing.is_empty(), "docs/grammar.md lacks {missing:?}");
}

#[test]
fn every_yes_in_the_book_confirms() {
    use packet::model::mail::{Content, Words};
    let book = read("docs/acknowledgements.md");
    let row = book
        .lines()
        .find(|l| l.starts_with("| a yes in usual words"));
    let words: Vec<&str> = row.unwrap().split('`').skip(1).step_by(2).collect();
    assert!(words.len() >= 5, "{words:?}");
    for word in words {
        let mail =
            format!("From: a@example.com\nContent-Type: text/plain; charset=utf-8\n\n{word}");
        let content = packet::parser::replies::read(mail.as_bytes()).content;
        assert!(
            matches!(content, Content::Words(Words::Confirms(_))),
            "{word}: {content:?}"
        );
    }
}

#[test]
fn every_spelling_of_coordination_is_in_the_book() {
    let book = read("docs/coordination.md");
    let table = Regex::new(r"(?s)const [A-Z_]+: &\[[^=]*\] = &\[(.*?)\];").unwrap();
    let words = Regex::new(r#""([^"]+)""#).unwrap();
    // Of a row in brackets the name comes first; what it stands for is for the code.
    let row = Regex::new(r#"(?s)\(\s*"([^"]+)"[^()]*\)"#).unwrap();
    let mut missing = Vec::new();
    let mut seen = 0;
    for (file, row) in [
        ("coordination/spellings.rs", &words),
        ("coordination/statuses.rs", &words),
        ("coordination/routes.rs", &words),
        ("deadlines/pieces.rs", &words),
        ("deadlines/zones.rs", &row),
    ] {
        let source = read(&format!("src/parser/{file}"));
        let source = source.split("#[cfg(test)]").next().unwrap().to_owned();
        for list in table
            .captures_iter(&source)
            .filter(|l| !l[0].contains("ENDS"))
        {
            for spelling in row.captures_iter(&list[1]) {
                seen += 1;
                if !book.contains(&format!("`{}`", &spelling[1])) {
                    missing.push(spelling[1].to_owned());
                }
            }
        }
    }
    assert!(seen > 180, "only {seen} spellings were found");
    assert!(missing.is_empty(), "docs/coordination.md lacks {missing:?}");
}

#[test]
fn every_diagnostic_of_coordination_is_in_the_book() {
    let book = read("docs/coordination.md");
    let code = Regex::new(r#""((?:deadline|milestone|owner|escalation|event|status)-[a-z-]+)""#);
    let code = code.unwrap();
    let mut seen = 0;
    for file in [
        "model/deadline.rs",
        "parser/coordination.rs",
        "parser/coordination/dependencies.rs",
        "parser/coordination/event.rs",
        "parser/coordination/milestones.rs",
        "parser/coordination/owners.rs",
        "resolver/coordination.rs",
    ] {
        for found in code.captures_iter(&read(&format!("src/{file}"))) {
            seen += 1;
            assert!(book.contains(&format!("`{}`", &found[1])), "{}", &found[1]);
        }
    }
    assert!(seen > 20, "only {seen} codes were found");
}

#[test]
fn every_way_to_add_a_spelling_is_in_the_grammar() {
    let grammar = read("docs/grammar.md");
    for key in fields("src/model/config.rs", "Recognise") {
        let written = ["[", "{"].map(|open| format!("\n      {key}: {open}"));
        assert!(written.iter().any(|w| grammar.contains(w)), "{key}");
    }
    let book = read("docs/coordination.md");
    for part in ["Lines", "Headings", "Columns", "Statuses"] {
        let row = format!("\n| `{}` | ", part.to_lowercase());
        let (_, row) = book.split_once(&row).unwrap();
        let (row, _) = row.split_once('\n').unwrap();
        for key in fields("src/model/recognise.rs", part) {
            let key = key.replace('_', "-");
            assert!(row.contains(&format!("`{key}`")), "{key} of {part}");
        }
    }
}

#[test]
fn every_key_of_the_configuration_is_in_the_readme() {
    let readme = read("README.md");
    for of in ["Config", "Contact", "GateRule", "Smtp"] {
        for key in fields("src/model/config.rs", of) {
            let key = key.replace('_', "-");
            assert!(readme.contains(&format!("`{key}`")), "{of}: {key}");
        }
    }
    let variable = Regex::new(r#""(PACKET_[A-Z_]+[A-Z])""#).unwrap();
    let sources = ["src/workspace/configuration.rs", "src/sender/routes.rs"].map(read);
    for name in sources.iter().flat_map(|s| variable.captures_iter(s)) {
        assert!(readme.contains(&format!("`{}`", &name[1])), "{}", &name[1]);
    }
}

#[test]
fn every_field_of_ledger_and_plan_is_described() {
    let formats = read("docs/formats.md");
    let described = |name: &str| formats.contains(&format!("`{name}`"));
    for (file, of) in [
        ("src/model/ledger.rs", "Entry"),
        ("src/model/ledger.rs", "Actor"),
        ("src/model/ledger.rs", "Pin"),
        ("src/model/snapshot.rs", "Snapshot"),
        ("src/model/snapshot.rs", "GateThen"),
        ("src/model/snapshot.rs", "DeadlineThen"),
        ("src/model/plan.rs", "Plan"),
        ("src/model/plan.rs", "PlannedDelivery"),
        ("src/model/plan.rs", "Outcome"),
        ("src/model/evidence.rs", "FileHash"),
    ] {
        for field in fields(file, of) {
            assert!(described(&field), "{of}: {field}");
        }
    }
    let source = read("src/model/ledger.rs");
    let (_, events) = source.split_once("pub enum Event {").unwrap();
    let (events, _) = events.split_once("\n}\n").unwrap();
    let kind = Regex::new(r"(?m)^    ([A-Z][A-Za-z]+) \{").unwrap();
    let field = Regex::new(r"(?m)^        ([a-z_0-9]+): ").unwrap();
    let names = kind.captures_iter(events).map(|c| kebab(&c[1]));
    for name in names.chain(field.captures_iter(events).map(|c| c[1].to_owned())) {
        assert!(described(&name), "an event's {name}");
    }
}

#[test]
fn every_field_of_the_json_contract_is_described() {
    let formats = read("docs/formats.md");
    let field = Regex::new(r#"(?m)^\s*"([a-z_0-9]+)": "#).unwrap();
    for file in ["src/report/json.rs", "src/report/timeline/json.rs"] {
        for name in field.captures_iter(&read(file)) {
            assert!(formats.contains(&format!("`{}`", &name[1])), "{}", &name[1]);
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut pages: Vec<String> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .map(str::to_owned)
        .to_vec();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    let mut wrong = Vec::new();
    for page in &pages {
        let folder = Path::new(page).parent().unwrap();
        for found in link.captures_iter(&read(page)) {
            let target = &found[1];
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() {
                Path::new(page).to_owned()
            } else {
                folder.join(path)
            };
            let there = root().join(&file).exists();
            if !there || !has_heading(&file, anchor) {
                wrong.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_is_in_the_readme() {
    let source = read("src/cli/mod.rs");
    let (_, commands) = source.split_once("enum Command {").unwrap();
    let (commands, _) = commands.split_once("\n}\n").unwrap();
    let name = Regex::new(r"(?m)^    ([A-Z][A-Za-z]+)\(").unwrap();
    let readme = read("README.md");
    for found in name.captures_iter(commands) {
        let name = kebab(&found[1]);
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}

/// Whether a page has the heading that an anchor names; no anchor is at home everywhere.
fn has_heading(file: &Path, anchor: &str) -> bool {
    if anchor.is_empty() {
        return true;
    }
    let text = read(&file.to_string_lossy());
    let headings = text.lines().filter(|l| l.starts_with('#'));
    headings
        .map(|l| l.trim_start_matches('#').trim().to_lowercase())
        .map(|l| l.replace(' ', "-"))
        .any(|slug| slug == anchor)
}

/// The public fields of a struct.
fn fields(file: &str, of: &str) -> BTreeSet<String> {
    let source = read(file);
    let (_, body) = source.split_once(&format!("pub struct {of} {{")).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let field = Regex::new(r"(?m)^    pub ([a-z_0-9]+): ").unwrap();
    let found: BTreeSet<String> = field.captures_iter(body).map(|c| c[1].to_owned()).collect();
    assert!(!found.is_empty(), "{of} has no fields");
    found
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
