//! What `render` did.

use std::fmt::Write;

use serde_json::{Value, json};

use super::revisions;
use super::style::{BOLD, DIM, GOOD, WAIT, count, paint, safe, width, wrap};
use crate::{
    model::{difference::SinceHeld, resolution::Resolution},
    workspace::bundle::Changes,
};

/// One document's rendering.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// The document.
    pub document: String,
    /// The folder written to, from the workspace root.
    pub folder: String,
    /// Why it is a draft; empty for a bundle.
    pub blockers: Vec<String>,
    /// The frozen files that changed.
    pub frozen: Changes,
    /// The living files that changed.
    pub living: Vec<&'static str>,
    /// What differs from what people hold.
    pub since_held: Option<SinceHeld>,
}

impl Rendering {
    /// Whether nothing was written.
    pub fn is_unchanged(&self) -> bool {
        self.frozen.is_empty() && self.living.is_empty()
    }

    /// Whether the same again would do and say the same.
    pub fn leaves_nothing_to_do(&self) -> bool {
        self.blockers.is_empty() && self.is_unchanged() && self.since_held.is_none()
    }
}

/// What became of the source document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InPlace {
    /// It says already what it should.
    Unchanged,
    /// It was written.
    Written {
        /// Where the copy of what it was lies.
        backup: String,
        /// The lines that are new, each with its number from 1.
        lines: Vec<(usize, String)>,
    },
}

/// What became of the source document, for a person.
pub fn in_place(document: &str, done: &InPlace) -> String {
    /// So many lines are shown; a person can compare the copy for all.
    const SHOWN: usize = 12;
    let InPlace::Written { backup, lines } = done else {
        return format!(
            "{}  {} says already what the record says\n",
            paint(GOOD.bold(), "UNCHANGED"),
            paint(BOLD, document)
        );
    };
    let mut out = format!(
        "{}  {} in place: {}; what it was is in {}\n",
        paint(GOOD.bold(), "WROTE"),
        paint(BOLD, document),
        count(lines.len(), "line"),
        paint(BOLD, backup)
    );
    for (number, line) in lines.iter().take(SHOWN) {
        let shown: String = safe(line.trim()).chars().take(88).collect();
        let _ = writeln!(out, "  {number:>4}  {}", paint(DIM, shown));
    }
    if lines.len() > SHOWN {
        let _ = writeln!(out, "        and {} more", lines.len() - SHOWN);
    }
    out
}

/// For a script.
pub fn in_place_json(done: &InPlace) -> Value {
    match done {
        InPlace::Unchanged => json!({ "written": false, "backup": null, "lines": [] }),
        InPlace::Written { backup, lines } => json!({
            "written": true,
            "backup": backup,
            "lines": lines.iter().map(|(number, _)| number).collect::<Vec<_>>(),
        }),
    }
}

/// What a render would write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staleness {
    /// The document.
    pub document: String,
    /// Why it is on hold; empty where it is clear.
    pub blockers: Vec<String>,
    /// Outputs by path, each with what is wrong with it.
    pub stale: Vec<(String, String)>,
}

impl Staleness {
    /// Whether it is clear and nothing would be written.
    pub fn is_fresh(&self) -> bool {
        self.blockers.is_empty() && self.stale.is_empty()
    }
}

/// What is said of a document that `--in-place` would write.
pub fn pending(lines: usize) -> String {
    format!("would change in place: {}", count(lines, "line"))
}

/// What a render would write, for a person.
pub fn staleness(found: &Staleness) -> String {
    let document = paint(BOLD, &found.document);
    if found.is_fresh() {
        return format!(
            "{}  {document} is up to date\n",
            paint(GOOD.bold(), "FRESH")
        );
    }
    let mut out = String::new();
    if !found.blockers.is_empty() {
        let _ = writeln!(
            out,
            "{}  {document} is not clear",
            paint(WAIT.bold(), "ON HOLD")
        );
        for blocker in &found.blockers {
            let _ = writeln!(out, "  ✘ {}", wrap(blocker, 4, width()));
        }
    }
    if !found.stale.is_empty() {
        let _ = writeln!(
            out,
            "{}  {document}: {} out of date; packet render writes them",
            paint(WAIT.bold(), "STALE"),
            count(found.stale.len(), "file"),
        );
        for (path, why) in &found.stale {
            let _ = writeln!(out, "  ~ {} {}", safe(path), safe(why));
        }
    }
    out
}

/// The same for a script.
pub fn staleness_json(found: &Staleness) -> Value {
    let stale = found.stale.iter();
    json!({
        "document": found.document,
        "fresh": found.is_fresh(),
        "blockers": found.blockers,
        "stale": stale.map(|(path, why)| json!({ "path": path, "why": why })).collect::<Vec<_>>(),
    })
}

/// For a person.
pub fn text(rendering: &Rendering, resolution: &Resolution) -> String {
    let mut out = String::new();
    if !rendering.blockers.is_empty() {
        let word = if rendering.is_unchanged() {
            "nothing changed in"
        } else {
            "wrote"
        };
        let _ = writeln!(
            out,
            "{}  {} is not clear: {word} a draft in {}, no bundle",
            paint(WAIT.bold(), "ON HOLD"),
            paint(BOLD, &rendering.document),
            paint(BOLD, format!("{}/", rendering.folder)),
        );
        for blocker in &rendering.blockers {
            let _ = writeln!(out, "  ✘ {}", wrap(blocker, 4, width()));
        }
        return out;
    }
    if rendering.is_unchanged() {
        out = unchanged(rendering);
        held(&mut out, rendering);
        return out;
    }
    let _ = writeln!(
        out,
        "{}  {} is clear: bundle in {}",
        paint(GOOD.bold(), "RENDERED"),
        paint(BOLD, &rendering.document),
        paint(BOLD, format!("{}/", rendering.folder)),
    );
    for (mark, style, list) in [
        ("+ new    ", GOOD, &rendering.frozen.added),
        ("~ changed", WAIT, &rendering.frozen.changed),
        ("- removed", WAIT, &rendering.frozen.removed),
    ] {
        for path in list {
            let from = resolution
                .files
                .iter()
                .find(|f| f.to == *path)
                .map_or("", |f| f.from.path.as_str());
            let from = if from.is_empty() {
                String::new()
            } else {
                format!("  {}", paint(DIM, format!("from {from}")))
            };
            let _ = writeln!(out, "  {}  {}{from}", paint(style, mark), safe(path));
        }
    }
    for name in &rendering.living {
        let _ = writeln!(out, "  {}  {name}", paint(DIM, "= written"));
    }
    if let Some(kept) = rendering.frozen.kept {
        let _ = writeln!(
            out,
            "  what revision {kept} sent is kept in revisions/{kept}/"
        );
    }
    held(&mut out, rendering);
    let files = resolution.files.len();
    let _ = writeln!(
        out,
        "\n{} under SHA256SUMS. Next: packet send --dry-run",
        count(files, "file")
    );
    out
}

/// For a person, where a bundle is as it was.
pub fn unchanged(rendering: &Rendering) -> String {
    format!(
        "{}  {}/ is up to date, nothing was written\n",
        paint(GOOD.bold(), "UNCHANGED"),
        rendering.folder
    )
}

/// What people hold otherwise.
fn held(out: &mut String, rendering: &Rendering) {
    if let Some(difference) = &rendering.since_held {
        let _ = write!(out, "\n{}", revisions::text(difference));
    }
}

/// For a script.
pub fn json(rendering: &Rendering) -> Value {
    json!({
        "document": rendering.document,
        "folder": rendering.folder,
        "draft": !rendering.blockers.is_empty(),
        "blockers": rendering.blockers,
        "unchanged": rendering.is_unchanged(),
        "added": rendering.frozen.added,
        "changed": rendering.frozen.changed,
        "removed": rendering.frozen.removed,
        "living": rendering.living,
        "kept_revision": rendering.frozen.kept,
        "changes": rendering.since_held,
    })
}
