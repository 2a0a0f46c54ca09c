//! What a document comes to, given evidence, materials and the record.

use serde::{Deserialize, Serialize};

use super::{diagnostic::Diagnostic, evidence::FileHash, moment::Moment, timeline::Timeline};

/// Clear, hold or waived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Proved, or attested where nothing can be proved.
    Clear,
    /// Not proved; sending waits.
    Hold,
    /// Not proved, and a named person said to go ahead.
    Waived,
}

/// Whether a gate is proved by files or by somebody's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GateKind {
    /// With a pattern.
    Artifact,
    /// Without one.
    Manual,
}

/// An artifact that was read to its end for a gate or a placeholder.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The pattern it was chosen for.
    pub pattern: String,
    /// The file, as read.
    pub file: FileHash,
    /// The moment it states.
    pub moment: Option<Moment>,
}

/// The verdict over one gate of the document, in document order.
#[derive(Clone, Debug, PartialEq)]
pub struct GateResult {
    /// Proved by files or by word.
    pub kind: GateKind,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in words a person can act on.
    pub reason: String,
    /// What a careful reader would add.
    pub notes: Vec<String>,
    /// The artifacts that decided, one for each pattern that has one.
    pub proofs: Vec<Proof>,
    /// How the gate's words and configuration were read.
    pub requirements: Vec<String>,
    /// Every word of the gate with what it was read as.
    pub words: Vec<(String, String)>,
    /// Whether a person who looks at the artifacts can settle it: nothing in them says otherwise.
    pub attestable: bool,
    /// SHA-256 of the gate's words, which attestations and waivers are bound to.
    pub text_sha256: String,
}

/// What a placeholder becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filling {
    /// An artifact's path.
    Artifact(String),
    /// The words for a waived gate.
    Waived(String),
    /// Nothing while this gate is on hold.
    Held(String),
    /// Nothing yet, and why.
    Open(String),
}

impl Filling {
    /// Why nothing stands there yet; `None` where something does.
    pub fn reason(&self) -> Option<String> {
        match self {
            Filling::Artifact(_) | Filling::Waived(_) => None,
            Filling::Held(gate) => Some(format!("the gate `{gate}` is on hold")),
            Filling::Open(why) => Some(why.clone()),
        }
    }
}

/// What a leaf of the tree is laid from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A deciding artifact; laid under its own name.
    Evidence(FileHash),
    /// A material of the version that the leaf names.
    Material(FileHash),
    /// Written by the tool itself.
    Generated,
    /// Evidence of a waived gate: nothing is laid.
    Waived(String),
    /// Evidence of this gate, which is on hold.
    Held(String),
    /// Nothing yet, and why.
    Missing(String),
}

/// One leaf and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafResult {
    /// The leaf as drawn, below the root.
    pub leaf: String,
    /// Where it will be laid, below the root.
    pub laid: String,
    /// What from.
    pub source: Source,
    /// What a person should know, such as a differing date.
    pub notes: Vec<String>,
}

/// A file of the bundle: where it comes from and where it is laid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// Path below the bundle's root.
    pub to: String,
    /// The file in the workspace.
    pub from: FileHash,
    /// Whether it is evidence; a material otherwise.
    pub evidence: bool,
}

/// Everything that follows from document, materials, evidence, configuration and record.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// One for each gate of the document, in order.
    pub gates: Vec<GateResult>,
    /// One for each placeholder of the document, in order.
    pub placeholders: Vec<Filling>,
    /// One for each leaf of the layout, in order.
    pub layout: Vec<LeafResult>,
    /// The bundle's root, from the workspace root.
    pub root: String,
    /// The frozen files of the bundle, sorted by where they are laid.
    pub files: Vec<Laid>,
    /// Why the document is not clear; empty when it is.
    pub blockers: Vec<String>,
    /// Digest of what would be sent; `None` while on hold.
    pub digest: Option<String>,
    /// Artifacts of placeholders that no gate names.
    pub extra: Vec<Proof>,
    /// Deadlines, and where they stand.
    pub timeline: Timeline,
    /// What was noticed on the way.
    pub diagnostics: Vec<Diagnostic>,
}

impl Resolution {
    /// Whether every gate, placeholder and leaf is settled.
    pub fn is_clear(&self) -> bool {
        self.blockers.is_empty()
    }

    /// Holds the document for a reason that only the disk knows.
    pub fn hold(&mut self, why: String) {
        self.blockers.push(why);
        self.digest = None;
    }
}
