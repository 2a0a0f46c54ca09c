//! Names that must tell things apart.

use std::collections::HashSet;

/// Gives a repeated name its line: the second `Probe` on line 9 becomes `Probe@9`.
#[derive(Debug, Default)]
pub(super) struct Names {
    seen: HashSet<String>,
}

impl Names {
    /// `name`, or `name@line` where it was given before (ignoring case).
    pub fn unique(&mut self, name: String, line: usize) -> String {
        let name = if self.seen.contains(&name.to_lowercase()) {
            format!("{name}@{line}")
        } else {
            name
        };
        self.seen.insert(name.to_lowercase());
        name
    }
}

/// Words that led to a path and lead nowhere once it is gone.
const LEADING: &[&str] = &[
    "at", "in", "into", "on", "under", "via", "as", "to", "by", "from", "with", "is", "are", "see",
    "and", "or", "the",
];

/// Words before those.
const KEPT: &[&str] = &[
    "logged",
    "stored",
    "saved",
    "captured",
    "recorded",
    "filed",
    "kept",
    "written",
    "found",
    "archived",
    "attached",
    "documented",
    "exported",
    "collected",
    "is",
    "are",
    "be",
    "was",
];

/// What is behind the path, where it stands apart from the rest.
const WHAT: &[&str] = &["evidence", "result", "results", "log", "output", "proof"];

/// `text` without what its end says of a path that stood behind it: `Export logged at` is `Export`.
pub(super) fn closed(text: &str) -> &str {
    let mut rest = text;
    let mut led = false;
    loop {
        for empty in ["()", "( )", "->", "=>"] {
            rest = rest.trim_end().trim_end_matches(empty);
        }
        rest = rest.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '：' | ',' | ';' | '(' | '-' | '–' | '—' | '→')
        });
        let blank = rest.char_indices().rev().find(|(_, c)| c.is_whitespace());
        let start = blank.map_or(0, |(at, c)| at + c.len_utf8());
        let last = rest.get(start..).unwrap_or(rest).to_lowercase();
        let before = rest[..start].trim_end();
        let apart = before.ends_with([',', ';', '.', '—', '–', ':']);
        let leads = LEADING.contains(&last.as_str());
        let kept = KEPT.contains(&last.as_str()) || apart && WHAT.contains(&last.as_str());
        if !(leads || led && kept) {
            break;
        }
        led = true;
        rest = &rest[..start];
    }
    // Nothing but such words is a name all the same.
    if rest.is_empty() { text } else { rest }
}

#[cfg(test)]
mod tests {
    use super::closed;

    #[test]
    fn what_led_to_a_path_is_no_part_of_a_name() {
        for (text, name) in [
            ("Evidence logged at", "Evidence"),
            ("The desk answers; evidence logged at", "The desk answers"),
            (
                "The desk answers, with a log",
                "The desk answers, with a log",
            ),
            ("Berth desk answers, see", "Berth desk answers"),
            ("Night tide (", "Night tide"),
            ("Night tide → ", "Night tide"),
            ("Night tide ()", "Night tide"),
            ("Night tide ->", "Night tide"),
            ("Export is kept under", "Export"),
            ("Crossing check –", "Crossing check"),
            ("Export was logged", "Export was logged"),
            ("Night-ferry sign-in", "Night-ferry sign-in"),
            ("see", "see"),
            ("", ""),
            ("Überfahrt\u{a0}in", "Überfahrt"),
        ] {
            assert_eq!(closed(text), name, "{text}");
        }
    }
}
