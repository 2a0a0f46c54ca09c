//! Sums over what the file system says.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use crate::{
    renderer::templates,
    workspace::{Workspace, configuration, stamp},
};

/// Everything that concerns all documents: this program, configuration and templates. Of variables
/// that hold a secret only the name counts: whether it is set decides how a message would go.
pub fn common(workspace: &Workspace, environment: &BTreeMap<String, String>) -> u64 {
    let mut sum = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut sum);
    if let Ok(program) = std::env::current_exe() {
        stamp::add(&program, &mut sum);
    }
    let root = workspace.root();
    stamp::add(&root.join(configuration::FILE), &mut sum);
    if let Some(own) = configuration::user_file(environment) {
        own.hash(&mut sum);
        stamp::add(&own, &mut sum);
    }
    let folder = root.join("templates");
    stamp::add(&folder, &mut sum);
    if folder.exists() {
        templates::names().for_each(|name| stamp::add(&folder.join(name), &mut sum));
    }
    let secret = |name: &str| name.contains("PASSWORD") || name.contains("SLACK");
    for (name, value) in environment {
        name.hash(&mut sum);
        if !secret(name) {
            value.hash(&mut sum);
        }
    }
    sum.finish()
}

/// The sum over `paths`, one a line, from `root`.
pub(super) fn of_paths(root: &Path, paths: &str) -> u64 {
    let mut sum = DefaultHasher::new();
    let mut full = root.to_path_buf();
    let depth = full.components().count();
    for path in paths.lines() {
        full.push(path);
        stamp::add(&full, &mut sum);
        while full.components().count() > depth {
            full.pop();
        }
    }
    sum.finish()
}
