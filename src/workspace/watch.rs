//! What a document depends on, and whether any of it changed since the last look.
//!
//! A look compares what the file system says of each file; it opens none. So it makes no
//! difference how an editor saves: over a copy, by a rename, in pieces, in a folder made later.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{Workspace, situation::Situation, stamp::Stamp};
use crate::{
    model::{config::Config, pattern::Pattern},
    resolver::matching::Matcher,
};

/// How many folders deep evidence is looked at, so that links in a circle end.
const DEEPEST: usize = 24;

/// The files of one look that are there, by path from the workspace root.
pub type Look = BTreeMap<String, Stamp>;

/// What one document depends on.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Files by path, there or not.
    files: BTreeSet<String>,
    /// Evidence patterns, each with whether an artifact was found for it.
    patterns: Vec<(Pattern, bool)>,
    /// The folder that is written to, whose files are no input.
    root: String,
}

impl Inputs {
    /// The inputs of a document that cannot be read: itself.
    pub fn unread(document: &str) -> Self {
        Inputs {
            files: BTreeSet::from([document.to_owned()]),
            ..Inputs::default()
        }
    }

    /// The inputs of a document: itself, its ledger, what it names, and its evidence.
    pub fn of(situation: &Situation, config: &Config) -> Self {
        let (document, resolution) = (&situation.document, &situation.resolution);
        let mut files = BTreeSet::from([document.path.clone(), ledger(&document.path)]);
        files.extend(document.mentions.iter().map(|m| m.path.clone()));
        files.extend(resolution.files.iter().map(|f| f.from.path.clone()));
        let mut patterns: Vec<Pattern> = Vec::new();
        for gate in &document.gates {
            let asked = gate.paths.iter().filter_map(|p| p.pattern.clone().ok());
            patterns.extend(asked);
            let rule = config
                .gates
                .get(&gate.name)
                .and_then(|r| r.pattern.as_deref());
            patterns.extend(rule.and_then(|p| Pattern::parse(p).ok()));
        }
        let asked = document.placeholders.iter();
        patterns.extend(asked.filter_map(|p| p.asks.clone().ok()));
        let proofs = || resolution.gates.iter().flat_map(|g| &g.proofs);
        let found = |pattern: &Pattern| {
            let mut all = proofs().chain(&resolution.extra);
            all.any(|p| p.pattern == pattern.text())
        };
        Inputs {
            files,
            patterns: patterns
                .into_iter()
                .map(|pattern| {
                    let found = found(&pattern);
                    (pattern, found)
                })
                .collect(),
            root: resolution.root.clone(),
        }
    }

    /// Whether a change of the file at `path` may change what the document comes to.
    pub fn concern(&self, path: &str) -> bool {
        self.files.contains(path)
            || self.patterns.iter().any(|(pattern, found)| {
                let inside = is_below(path, &pattern.literal_prefix());
                // Without an artifact, a file of nearly the right name is worth a word, too.
                inside && (!found || Matcher::new(pattern).candidate(path).is_some())
            })
    }
}

/// Everything that is looked at: the inputs of all documents, and what concerns every one.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
    skipped: BTreeSet<String>,
}

impl Reach {
    /// The reach of these documents, and of `common` files, which concern all of them.
    pub fn over<'i>(
        inputs: impl IntoIterator<Item = &'i Inputs>,
        common: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut reach = Reach {
            files: common.into_iter().collect(),
            ..Reach::default()
        };
        for input in inputs {
            reach.files.extend(input.files.iter().cloned());
            let prefixes = input.patterns.iter().map(|(p, _)| p.literal_prefix());
            reach.folders.extend(prefixes.filter(|p| !p.is_empty()));
            if !input.root.is_empty() {
                reach.skipped.insert(input.root.clone());
            }
        }
        // A folder inside another one is looked at with it.
        let all = reach.folders.clone();
        let nested = |f: &String| all.iter().any(|other| other != f && is_below(f, other));
        reach.folders.retain(|f| !nested(f));
        reach
    }

    /// Whether a file at `path` is looked at.
    pub fn covers(&self, path: &str) -> bool {
        self.files.contains(path) || self.folders.iter().any(|f| is_below(path, f))
    }

    /// Looks.
    pub fn look(&self, workspace: &Workspace) -> Look {
        let mut look = Look::new();
        for path in &self.files {
            if let Some(stamp) = Stamp::at(&workspace.root().join(path)) {
                look.insert(path.clone(), stamp);
            }
        }
        for folder in &self.folders {
            self.walk(workspace.root(), folder, DEEPEST, &mut look);
        }
        look
    }

    fn walk(&self, root: &Path, folder: &str, depth: usize, look: &mut Look) {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            return;
        };
        for entry in entries.flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let path = format!("{folder}/{name}");
            let Ok(meta) = fs::metadata(entry.path()) else {
                continue;
            };
            if meta.is_file() {
                look.insert(path, Stamp::of(&meta));
            } else if meta.is_dir() && depth > 0 && !self.skipped.contains(&path) {
                self.walk(root, &path, depth - 1, look);
            }
        }
    }
}

/// The paths that were made, written or removed between two looks, sorted.
pub fn changed(before: &Look, after: &Look) -> Vec<String> {
    let written = after
        .iter()
        .filter(|(path, stamp)| before.get(*path) != Some(stamp));
    let gone = before.iter().filter(|(path, _)| !after.contains_key(*path));
    let all: BTreeSet<&String> = written.chain(gone).map(|(path, _)| path).collect();
    all.into_iter().cloned().collect()
}

/// Where the ledger of a document lies, from the workspace root.
pub fn ledger(document: &str) -> String {
    let stem = document.strip_suffix(".md").unwrap_or(document);
    format!(".packet/ledger/{stem}.ndjson")
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|r| r.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(files: &[&str]) -> (tempfile::TempDir, Workspace) {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        let workspace = Workspace::open(dir.path()).unwrap();
        (dir, workspace)
    }

    fn inputs(files: &[&str], patterns: &[(&str, bool)], root: &str) -> Inputs {
        let pattern = |(text, found): &(&str, bool)| (Pattern::parse(text).unwrap(), *found);
        Inputs {
            files: files.iter().map(|f| (*f).to_owned()).collect(),
            patterns: patterns.iter().map(pattern).collect(),
            root: root.to_owned(),
        }
    }

    #[test]
    fn a_document_is_concerned_by_what_it_names_alone() {
        let known = inputs(
            &["docs/a.md", "docs/aid.md"],
            &[("artifacts/a/x_<timestamp>.log", true)],
            "",
        );
        for (path, concerned) in [
            ("docs/aid.md", true),
            ("docs/other.md", false),
            ("artifacts/a/x_2025-01-01T00-00-00Z.log", true),
            ("artifacts/a/y_2025-01-01T00-00-00Z.log", false),
            ("artifacts/ab/x_2025-01-01T00-00-00Z.log", false),
        ] {
            assert_eq!(known.concern(path), concerned, "{path}");
        }
        let open = inputs(&[], &[("artifacts/a/x_<timestamp>.log", false)], "");
        assert!(
            open.concern("artifacts/a/x_2025.log"),
            "nearly the right name"
        );
    }

    #[test]
    fn looks_see_files_made_renamed_over_and_removed() {
        let (dir, workspace) = place(&["docs/a.md", "artifacts/e/1.log", "artifacts/own/x.log"]);
        let inputs = inputs(
            &["docs/a.md", "docs/later/b.md"],
            &[
                ("artifacts/e/<timestamp>.log", true),
                ("artifacts/<name>.log", true),
            ],
            "artifacts/own",
        );
        let reach = Reach::over([&inputs], ["packet.yaml".to_owned()]);
        let look = || reach.look(&workspace);
        let before = look();
        assert_eq!(
            before.keys().collect::<Vec<_>>(),
            ["artifacts/e/1.log", "docs/a.md"]
        );
        assert_eq!(changed(&before, &look()), Vec::<String>::new());
        fs::create_dir(dir.path().join("docs/later")).unwrap();
        fs::write(dir.path().join("docs/later/b.md"), "b").unwrap();
        fs::write(dir.path().join("docs/.a.md.swp"), "docs/a.md").unwrap();
        fs::rename(
            dir.path().join("docs/.a.md.swp"),
            dir.path().join("docs/a.md"),
        )
        .unwrap();
        fs::remove_file(dir.path().join("artifacts/e/1.log")).unwrap();
        fs::write(dir.path().join("artifacts/own/x.log"), "own").unwrap();
        assert_eq!(
            changed(&before, &look()),
            ["artifacts/e/1.log", "docs/a.md", "docs/later/b.md"]
        );
    }

    #[test]
    fn folders_that_link_in_a_circle_end() {
        let (dir, workspace) = place(&["artifacts/e/1.log"]);
        std::os::unix::fs::symlink("..", dir.path().join("artifacts/e/up")).unwrap();
        let inputs = inputs(&[], &[("artifacts/<name>.log", true)], "");
        assert!(!Reach::over([&inputs], []).look(&workspace).is_empty());
    }
}
