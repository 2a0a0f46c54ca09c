//! What `render --watch` says: what changed, and what was rendered for it.

use super::{
    rendering::Rendering,
    style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, safe},
};

/// Said when somebody ends it.
pub const ENDS: &str = "Watching has ended.\n";

/// Said after the first rendering.
pub fn begins(documents: usize) -> String {
    format!(
        "{}  {}, what they name, their evidence, templates and packet.yaml; Ctrl-C ends it\n",
        paint(BOLD, "WATCHING"),
        count(documents, "document")
    )
}

/// One rendering, and the files it was done for.
pub fn line(rendering: &Rendering, changed: &[String]) -> String {
    let files = [
        rendering.frozen.added.len(),
        rendering.frozen.changed.len(),
        rendering.frozen.removed.len(),
        rendering.living.len(),
    ];
    let files: usize = files.iter().sum();
    let name = last(&rendering.document);
    let held = !rendering.blockers.is_empty();
    let what = if held { "draft" } else { "bundle" };
    let done = match files {
        0 => format!("{what} of {}: nothing to write", safe(name)),
        n => format!("{what} of {}: {}", safe(name), count(n, "file")),
    };
    let state = match rendering.blockers.as_slice() {
        [] => String::new(),
        [only] => format!(", {} {}", paint(WAIT, "on hold:"), safe(only)),
        [first, rest @ ..] => format!(
            ", {} {} (and {} more)",
            paint(WAIT, "on hold:"),
            safe(first),
            rest.len()
        ),
    };
    let mark = if held { WAIT } else { GOOD };
    format!("{}{} {done}{state}\n", cause(changed), paint(mark, "→"))
}

/// An error, and the files that led to it.
pub fn error(changed: &str, error: &str) -> String {
    format!("{changed}{} {}", paint(BAD, "error:"), safe(error))
}

/// The files that changed: `sales_pulse.md changed `; empty for none.
pub fn cause(changed: &[String]) -> String {
    /// So many are named.
    const NAMED: usize = 3;
    let mut names: Vec<String> = changed.iter().take(NAMED).map(|p| safe(last(p))).collect();
    match changed.len() {
        0 => return String::new(),
        n if n > NAMED => names.push(format!("{} more", n - NAMED)),
        _ => {}
    }
    paint(DIM, format!("{} changed", names.join(", "))) + " "
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
