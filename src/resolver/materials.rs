//! Materials: documents the packet hands out, found by the names its text gives.

use std::{collections::BTreeMap, io::Read};

use super::source::{EvidenceSource, OpenError};
use crate::{
    model::{document::Document, evidence::FileHash},
    parser,
};

/// The largest material that is read, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// A file that the text names, as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// The file's hash.
    pub file: FileHash,
    /// Its `last_reviewed`, where it is a document.
    pub version: Option<String>,
}

/// Files that a text names, read once each.
pub struct Shelf<'a, S: EvidenceSource> {
    source: &'a S,
    read: BTreeMap<String, Result<Material, OpenError>>,
}

impl<'a, S: EvidenceSource> Shelf<'a, S> {
    /// An empty shelf over `source`.
    pub fn new(source: &'a S) -> Self {
        Shelf {
            source,
            read: BTreeMap::new(),
        }
    }

    /// The material at `path`, read on first asking.
    pub fn get(&mut self, path: &str) -> Result<Material, OpenError> {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        let result = self.open(path);
        self.read.insert(path.to_owned(), result.clone());
        result
    }

    fn open(&self, path: &str) -> Result<Material, OpenError> {
        let cannot = |error: std::io::Error| OpenError::CannotRead {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let mut reading = self.source.open(path)?;
        let mut head = Vec::new();
        // Front matter stands at the head; the rest only has to be hashed.
        reading
            .by_ref()
            .take(256 * 1024)
            .read_to_end(&mut head)
            .map_err(cannot)?;
        let file = reading.finish().map_err(cannot)?;
        let text = String::from_utf8_lossy(&head);
        let front = parser::read_front_matter(&text, &mut Vec::new());
        let version = front.get("last_reviewed").map(str::to_owned);
        Ok(Material { file, version })
    }
}

/// Paths that the text names whose file name is `name`, in order, each once.
pub fn named<'d>(document: &'d Document, name: &str) -> Vec<&'d str> {
    let mut found: Vec<&str> = Vec::new();
    for mention in &document.mentions {
        let file = mention.path.rsplit('/').next().unwrap_or(&mention.path);
        if file == name && mention.path != document.path && !found.contains(&mention.path.as_str())
        {
            found.push(&mention.path);
        }
    }
    found
}

/// Stem and version of a leaf `STEM_vVERSION.EXT`, with the file name that it stands for.
pub fn versioned(leaf: &str) -> Option<(String, &str)> {
    let (stem, extension) = leaf.rsplit_once('.')?;
    let at = stem.rfind("_v")?;
    let version = &stem[at + 2..];
    let plausible = version.starts_with(|c: char| c.is_ascii_digit());
    (at > 0 && plausible).then(|| (format!("{}.{extension}", &stem[..at]), version))
}
