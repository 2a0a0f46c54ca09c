//! Names given at the prompt: the gate that is meant, or the list of those there are.

use super::context::Misuse;
use crate::{model::document::Gate, resolver::people::same, workspace::situation::Situation};

/// The gate called `name`, ignoring case; its index.
///
/// # Errors
/// With the names there are.
pub fn gate<'s>(situation: &'s Situation, name: &str) -> Result<(usize, &'s Gate), Misuse> {
    let gates = &situation.document.gates;
    let found = gates.iter().enumerate().find(|(_, g)| same(&g.name, name));
    found.ok_or_else(|| {
        let known: Vec<String> = gates.iter().map(|g| format!("\"{}\"", g.name)).collect();
        let known = if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        };
        Misuse(format!(
            "no gate is called \"{name}\"; the gates of {} are: {known}",
            situation.document.path
        ))
    })
}

/// A person's name for the record.
///
/// # Errors
/// It is blank or has characters that could deceive a reader.
pub fn person(what: &str, name: &str) -> Result<String, Misuse> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Misuse(format!("{what} is empty; give a name")));
    }
    crate::renderer::safety::check_line(what, name).map_err(|error| Misuse(error.to_string()))?;
    Ok(name.to_owned())
}

/// Words for the record: one line, nothing that could deceive a reader.
///
/// # Errors
/// They are blank or have such characters.
pub fn words(what: &str, text: &str) -> Result<String, Misuse> {
    person(what, text)
}
