//! Names given at the prompt: the gate that is meant, or the list of those there are.

use std::path::PathBuf;

use super::context::{Context, Misuse};
use crate::{
    model::document::Gate,
    resolver::people::same,
    workspace::{documents, situation::Situation},
};

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

/// The document that has the gate called `name`: the one given, else the only configured one
/// that has it, else the only one of the workspace.
///
/// # Errors
/// None has it, or several have.
pub fn document_with_gate(
    context: &Context,
    given: Option<&PathBuf>,
    name: &str,
) -> anyhow::Result<Situation> {
    if given.is_some() {
        return context.situation(&context.document(given)?, false);
    }
    let configured = &context.settings.config.documents;
    let paths = if configured.is_empty() {
        documents::find(&context.workspace)?
    } else {
        context.documents(&[])?
    };
    let mut hits: Vec<Situation> = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for path in paths {
        let situation = match context.situation(&path, false) {
            Ok(situation) => situation,
            // A Markdown file nobody named may be anything.
            Err(_) if configured.is_empty() => continue,
            Err(error) => return Err(error),
        };
        known.extend(
            situation
                .document
                .gates
                .iter()
                .map(|g| format!("\"{}\"", g.name)),
        );
        if situation.document.gates.iter().any(|g| same(&g.name, name)) {
            hits.push(situation);
        }
    }
    match (hits.pop(), hits.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            let mut paths: Vec<&str> = hits.iter().map(|s| s.document.path.as_str()).collect();
            paths.push(&last.document.path);
            Err(Misuse(format!(
                "several documents have a gate \"{name}\": {}; say which with --document",
                paths.join(", ")
            ))
            .into())
        }
        (None, _) => {
            let list = if known.is_empty() {
                "there are none here".to_owned()
            } else {
                format!("there are: {}", known.join(", "))
            };
            Err(Misuse(format!("no gate is called \"{name}\"; {list}")).into())
        }
    }
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
