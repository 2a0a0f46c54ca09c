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
