//! A workspace's own template bodies, from its `templates/` folder.

use std::{collections::BTreeMap, io};

use thiserror::Error;

use super::{Workspace, door, open::open_regular};
use crate::{
    renderer::templates::{TemplateError, Templates, names},
    resolver::source::OpenError,
};

/// The folder.
pub const FOLDER: &str = "templates";
/// The largest template that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Why the templates are not in force.
#[derive(Debug, Error)]
pub enum LoadError {
    /// One of them is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// One of them cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// One of them is not UTF-8, or too large.
    #[error("templates/{name}: {source}")]
    Io {
        /// Its name.
        name: String,
        /// Why.
        source: io::Error,
    },
}

/// The built-in templates with those the workspace overrides.
///
/// Only files by the built-in names are read; a workspace may have other templates of its own.
pub fn load(workspace: &Workspace) -> Result<Templates, LoadError> {
    let mut overrides = BTreeMap::new();
    for name in names() {
        let path = format!("{FOLDER}/{name}");
        if door::kind(&workspace.root().join(&path)).is_none() {
            continue;
        }
        let mut text = String::new();
        let file = open_regular(workspace.root(), &path)?;
        let limited = io::Read::take(file, LARGEST);
        io::read_to_string(limited)
            .map(|read| text = read)
            .map_err(|source| LoadError::Io {
                name: name.to_owned(),
                source,
            })?;
        overrides.insert(name.to_owned(), text);
    }
    Ok(Templates::new(&overrides)?)
}
