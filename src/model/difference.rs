//! What differs between a revision that people hold and what is sent next.

use serde::Serialize;

use super::evidence::FileHash;

/// What a revision hands out, as far as people can tell two of them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The subject sent.
    pub subject: String,
    /// The message's text; `None` where an old ledger lacks it.
    pub body: Option<String>,
    /// The materials, in order.
    pub materials: Vec<Text>,
    /// Gate and artifact, in order; the gate is empty for a placeholder without one.
    pub evidence: Vec<(String, FileHash)>,
}

/// A material with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The file, from the workspace root.
    pub file: FileHash,
    /// Its text; `None` where it is no text, is too long to compare, or is not there any more.
    pub text: Option<String>,
}

/// What differs from the revision `since`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The revision that people hold.
    pub since: u32,
    /// Subject before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<(String, String)>,
    /// The message's text, heading by heading.
    pub message: Vec<Section>,
    /// Whether its text changed although the text before is not on record.
    pub message_unknown: bool,
    /// Materials that were changed, added or removed.
    pub materials: Vec<MaterialDifference>,
    /// Evidence that was replaced, added or removed.
    pub evidence: Vec<EvidenceDifference>,
}

/// What differs from what people hold, and what the next send means for their confirmations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SinceHeld {
    /// What differs.
    #[serde(flatten)]
    pub difference: Difference,
    /// Who has confirmed and will be asked again, by name.
    pub void: Vec<String>,
    /// Who has confirmed and need not do so again, by name.
    pub stays: Vec<String>,
}

impl Difference {
    /// Whether a person would see no difference.
    pub fn is_empty(&self) -> bool {
        self.is_wording()
            && self.subject.is_none()
            && !self.message_unknown
            && self.message.is_empty()
    }

    /// Whether nothing but the message's wording differs.
    pub fn is_wording(&self) -> bool {
        self.materials.is_empty() && self.evidence.is_empty()
    }
}

/// A material that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaterialDifference {
    /// Its path, from the workspace root.
    pub path: String,
    /// What people call it: its first heading, else its file name.
    pub title: String,
    /// What happened to it.
    pub what: Fate,
    /// Heading by heading; empty where it was added or removed, or cannot be compared.
    pub sections: Vec<Section>,
}

/// What happened to a file or a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another one, or reads otherwise.
    Changed,
}

/// One heading with the text below it, as far as it differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The heading without markup; empty for what stands before the first one.
    pub heading: String,
    /// What happened to it.
    pub what: Fate,
    /// The heading before, where only that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was_called: Option<String>,
    /// Passages before and after, in order, without markup; one of the two may be empty.
    pub passages: Vec<Passage>,
}

/// A passage before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Before; empty where it was added.
    pub before: String,
    /// After; empty where it was removed.
    pub after: String,
}

/// Evidence of a gate that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceDifference {
    /// The gate; empty for a placeholder without one.
    pub gate: String,
    /// The artifact before.
    pub before: Option<Artifact>,
    /// The artifact after.
    pub after: Option<Artifact>,
}

/// An artifact and the moment in its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Artifact {
    /// Its path, from the workspace root.
    pub path: String,
    /// The moment its name states, as written there.
    pub moment: Option<String>,
}
