//! Recorded words: which attestation or waiver holds for a gate as it stands.

use sha2::{Digest, Sha256};

use crate::model::{
    document::Gate,
    evidence::{FileHash, hex},
    history::{History, Word, WordKind},
};

use super::people::same;

/// SHA-256 of a gate's words, which attestations and waivers are bound to.
pub fn text_sha256(gate: &Gate) -> String {
    hex(&Sha256::digest(gate.text.as_bytes()))
}

/// The newest attestation for the gate as it reads now; else why the newest one no longer counts.
pub fn attestation<'h>(gate: &Gate, history: &'h History) -> Result<&'h Word, Option<String>> {
    let mut given =
        history.words.iter().rev().filter(|w| {
            matches!(w.kind, WordKind::Attestation { .. }) && same(&w.gate, &gate.name)
        });
    let text = text_sha256(gate);
    match given.clone().find(|w| w.text_sha256 == text) {
        Some(word) => Ok(word),
        None => Err(given.next().map(|w| {
            format!(
                "the gate's words have changed since {} attested it on {}",
                w.by,
                day(w)
            )
        })),
    }
}

/// The newest waiver for the gate as it reads now and these artifacts; else why none counts.
pub fn waiver<'h>(
    gate: &Gate,
    held: &[FileHash],
    history: &'h History,
) -> Result<&'h Word, Option<String>> {
    let given = history.words.iter().rev().filter_map(|w| match &w.kind {
        WordKind::Waiver { artifacts, .. } if same(&w.gate, &gate.name) => Some((w, artifacts)),
        _ => None,
    });
    let text = text_sha256(gate);
    let mut void = None;
    for (word, artifacts) in given {
        let why = if word.text_sha256 != text {
            "the gate's words have changed"
        } else if artifacts.as_slice() != held {
            "the evidence has changed"
        } else {
            return Ok(word);
        };
        void.get_or_insert_with(|| format!("{why} since {} waived it on {}", word.by, day(word)));
    }
    Err(void)
}

/// The UTC date of a word.
pub fn day(word: &Word) -> String {
    word.at.strftime("%Y-%m-%d").to_string()
}
