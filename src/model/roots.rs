//! The folders that evidence lies in.

use std::collections::BTreeSet;

/// The evidence roots a document is read with, each with a final `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRoots(BTreeSet<String>);

impl EvidenceRoots {
    /// From configured folders; empty means `artifacts/`.
    pub fn new<'a>(roots: impl IntoIterator<Item = &'a str>) -> Self {
        let mut set: BTreeSet<String> = roots
            .into_iter()
            .map(|root| {
                format!(
                    "{}/",
                    root.trim().trim_start_matches("./").trim_matches('/')
                )
            })
            .filter(|root| root != "/")
            .collect();
        if set.is_empty() {
            set.insert("artifacts/".to_owned());
        }
        EvidenceRoots(set)
    }

    /// Whether `path` lies below one of them.
    pub fn hold(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./");
        self.0.iter().any(|root| path.starts_with(root.as_str()))
    }

    /// The roots, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Default for EvidenceRoots {
    fn default() -> Self {
        EvidenceRoots::new([])
    }
}
