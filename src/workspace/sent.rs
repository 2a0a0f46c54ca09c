//! The bytes of every message that went out: `.packet/sent/<document>/<sha256>.eml` or `.json`.
//!
//! A plan is made anew after a day and then has other bytes; what went out stays here.

use std::{collections::BTreeMap, io, path::PathBuf};

use super::{
    Workspace,
    atomic::{self, Access},
    door,
    ledger_file::sha256_hex,
    private,
};
use crate::model::plan::{Plan, PlannedDelivery};

/// Keeps messages that are about to go out. Where a plan in `folder` (from the workspace root)
/// has the same bytes in a file, that file is linked, which costs next to nothing. Nothing is
/// flushed: a power failure may take what was sent just before.
pub fn keep<'k>(
    workspace: &Workspace,
    document: &str,
    folder: Option<&str>,
    messages: impl Iterator<Item = (&'k PlannedDelivery, &'k [u8])>,
) -> io::Result<()> {
    let below = below(document);
    private::ensure(workspace, &below)?;
    let sent = workspace.private(&below);
    for (delivery, bytes) in messages {
        let (Some(file), Some(sha256)) = (&delivery.file, &delivery.sha256) else {
            continue;
        };
        let target = sent.join(format!("{sha256}.{}", extension(file)));
        let link = |folder: &str| {
            let planned = workspace.root().join(folder).join(file);
            match door::hard_link(&planned, &target) {
                Err(error) => error.kind() == io::ErrorKind::AlreadyExists,
                Ok(()) => true,
            }
        };
        if !folder.is_some_and(link) {
            atomic::derive_if_changed(&target, bytes, Access::Private)?;
        }
    }
    Ok(())
}

/// Where the messages of a document are found by their hash: among the sent ones, else in a plan.
#[derive(Debug)]
pub struct Sent {
    places: BTreeMap<String, Vec<PathBuf>>,
}

impl Sent {
    /// Looks through what is kept of `document`.
    pub fn of(workspace: &Workspace, document: &str) -> Self {
        let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for path in listed(&workspace.private(&below(document))) {
            if let Some(stem) = path.file_stem().and_then(|s| s.to_str()) {
                places.entry(stem.to_owned()).or_default().push(path);
            }
        }
        for folder in listed(&workspace.private("plans")) {
            let plan = door::read(&folder.join("plan.json"), door::LEDGER);
            let text = plan.unwrap_or_default();
            let Ok(plan) = serde_json::from_slice::<Plan>(&text) else {
                continue;
            };
            for delivery in plan.deliveries {
                // A plan's file names lead nowhere else.
                let plain = delivery.file.filter(|f| !f.contains('/') && f != "..");
                if let (Some(file), Some(sha256)) = (plain, delivery.sha256) {
                    places.entry(sha256).or_default().push(folder.join(file));
                }
            }
        }
        Sent { places }
    }

    /// The message with this hash and the extension of its file; `None` where no file has it.
    pub fn find(&self, sha256: &str) -> Option<(Vec<u8>, String)> {
        self.places.get(sha256)?.iter().find_map(|path| {
            let bytes = door::read(path, door::MESSAGE).ok();
            let bytes = bytes.filter(|b| sha256_hex(b) == sha256)?;
            Some((bytes, extension(&path.to_string_lossy()).to_owned()))
        })
    }

    /// Whether a file is kept under this hash, whatever its bytes are.
    pub fn has(&self, sha256: &str) -> bool {
        self.places.contains_key(sha256)
    }
}

fn below(document: &str) -> String {
    format!("sent/{}", document.strip_suffix(".md").unwrap_or(document))
}

fn extension(file: &str) -> &str {
    file.rsplit_once('.')
        .map_or("eml", |(_, extension)| extension)
}

fn listed(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = door::list(folder).unwrap_or_default().into_iter();
    entries.map(|entry| folder.join(entry.name)).collect()
}
