//! What checking a bundle or an archive came to.

use serde::Serialize;

/// What was checked, and what does not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The path that was named.
    pub path: String,
    /// A bundle folder or an archive.
    pub sort: Sort,
    /// The document, as its ledger says.
    pub document: Option<String>,
    /// The revision that the bundle holds.
    pub revision: Option<u32>,
    /// Its digest.
    pub digest: Option<String>,
    /// How many entries the ledger has.
    pub entries: usize,
    /// Hash of the ledger's last entry.
    pub head: Option<String>,
    /// How many files have the bytes that checksums or ledger state.
    pub files: usize,
    /// How many messages have the bytes that the ledger states.
    pub messages: usize,
    /// What does not fit.
    pub findings: Vec<Finding>,
    /// What a careful reader would add.
    pub notes: Vec<String>,
}

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// A bundle folder.
    #[default]
    Bundle,
    /// An archive, packed or unpacked.
    Archive,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// In what way.
    pub what: Misfit,
    /// The file, below what was checked.
    pub path: String,
    /// Why, in words a person can act on.
    pub why: String,
}

/// In what way something does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Misfit {
    /// Its bytes are not those on record.
    Altered,
    /// It is on record and not there.
    Missing,
    /// It is there and not on record.
    Unexpected,
    /// The ledger does not hold together, or does not say what others say of it.
    Ledger,
}

impl Verification {
    /// Whether everything fits.
    pub fn is_fine(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds something that does not fit.
    pub fn find(&mut self, what: Misfit, path: impl Into<String>, why: impl Into<String>) {
        self.findings.push(Finding {
            what,
            path: path.into(),
            why: why.into(),
        });
    }
}
