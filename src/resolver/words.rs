//! Recorded words: which attestation or waiver holds for a gate as it stands.

use sha2::{Digest, Sha256};

use crate::model::{
    document::Gate,
    evidence::{FileHash, hex},
    history::History,
    word::{Word, WordKind},
};

use super::people::same;

/// SHA-256 of a gate's words with their marks, which attestations and waivers are bound to.
pub fn text_sha256(gate: &Gate) -> String {
    let text = format!("packet-gate-2\n{}", gate.marked);
    hex(&Sha256::digest(text.as_bytes()))
}

/// Whether a word was given for the gate as it reads now. Older ledgers hold the hash of the
/// plain words; the first line of the newer form keeps the two apart.
fn given_for(word: &Word, gate: &Gate) -> bool {
    word.text_sha256 == text_sha256(gate)
        || word.text_sha256 == hex(&Sha256::digest(gate.text.as_bytes()))
}

/// SHA-256 of a gate's words together with the files that somebody looked at.
pub fn reading_sha256(gate: &Gate, files: &[FileHash]) -> String {
    let mut text = format!("packet-reading-1\n{}\n", gate.marked);
    for file in files {
        text.push_str(&format!("{}  {}\n", file.sha256, file.path));
    }
    hex(&Sha256::digest(text.as_bytes()))
}

/// The newest word of somebody who looked at `files` for the gate as it reads now; else why the
/// newest one no longer counts.
pub fn reading<'h>(
    gate: &Gate,
    files: &[FileHash],
    history: &'h History,
) -> Result<&'h Word, Option<String>> {
    let bound = reading_sha256(gate, files);
    let mut given =
        history.words.iter().rev().filter(|w| {
            matches!(w.kind, WordKind::Attestation { .. }) && same(&w.gate, &gate.name)
        });
    match given.clone().find(|w| w.text_sha256 == bound) {
        Some(word) => Ok(word),
        None => Err(given.next().map(|w| {
            format!(
                "the gate's words or the file have changed since {} looked at it on {}",
                w.by,
                day(w)
            )
        })),
    }
}

/// The newest attestation for the gate as it reads now; else why the newest one no longer counts.
pub fn attestation<'h>(gate: &Gate, history: &'h History) -> Result<&'h Word, Option<String>> {
    let mut given =
        history.words.iter().rev().filter(|w| {
            matches!(w.kind, WordKind::Attestation { .. }) && same(&w.gate, &gate.name)
        });
    match given.clone().find(|w| given_for(w, gate)) {
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
    let mut void = None;
    for (word, artifacts) in given {
        let why = if !given_for(word, gate) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::{self, Grammar};

    fn gate(item: &str) -> Gate {
        let source = format!("# T\n\n## Required Evidence\n{item}\n\n[k]: one.md\n");
        let (mut document, _) = parser::parse("a.md", &source, &Grammar::default());
        assert_eq!(document.gates.len(), 1, "{item}");
        document.gates.remove(0)
    }

    const AS_GIVEN: &str = "- [ ] **Key:** handed to `ops`, see [the list](one.md) and sign";

    #[test]
    fn white_space_emphasis_and_the_tick_void_nothing() {
        for same in [
            "- [x] **Key:** handed to `ops`, see [the list](one.md) and sign",
            "* [X]   **Key:** handed to `ops`,\n    see [the\n  list](one.md)  and\u{a0}sign",
            "1. [ ] Key: handed to ``ops``, see [the list](<one.md>) and *sign*",
            "> - [ ] **Key:** handed to `ops`,\n>   see [the list][k] and sign",
        ] {
            assert_eq!(
                text_sha256(&gate(same)),
                text_sha256(&gate(AS_GIVEN)),
                "{same}"
            );
        }
        let struck = |tick: &str| text_sha256(&gate(&format!("- ~~[{tick}] **Key:** handed~~")));
        assert_eq!(struck(" "), struck("x"));
    }

    #[test]
    fn marks_links_and_pictures_are_part_of_the_words() {
        let mut seen = vec![text_sha256(&gate(AS_GIVEN))];
        for other in [
            "- [ ] **Key:** ~~handed to~~ `ops`, see [the list](one.md) and sign",
            "- [ ] **Key:** handed to `ops`, see [the list](one.md) ~~and sign~~",
            "- [ ] **Key:** handed to `ops`, see [the list](two.md) and sign",
            "- [ ] **Key:** handed to `ops`, see the list and sign",
            "- [ ] **Key:** handed to ops, see [the list](one.md) and sign",
            "- [ ] **Key:** handed to `ops`, see ![the list](one.md) and sign",
            "- [ ] **Key:** handed to `ops`, see [![the list](x.png)](one.md) and sign",
            "- [ ] **Key:** handed to `ops`, see \\[the list\\](one.md) and sign",
            "- [ ] **Key:** handed to `ops`, see [the list](one.md) and \\~\\~sign\\~\\~",
            "- [ ] **Key:** handed to `ops`, see [the list](one.md) and <del>sign</del>",
            "- ~~[ ] **Key:** handed to `ops`, see [the list](one.md) and sign~~",
        ] {
            let hash = text_sha256(&gate(other));
            assert!(!seen.contains(&hash), "{other}");
            seen.push(hash);
        }
    }

    #[test]
    fn a_word_bound_to_the_plain_text_still_counts() {
        let word = |text_sha256: String| Word {
            gate: "Key".to_owned(),
            text_sha256,
            by: "Ann".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            seq: 1,
            kind: WordKind::Attestation {
                evidence: None,
                note: None,
            },
        };
        let old = hex(&Sha256::digest("Key: handed to `ops`".replace('`', "")));
        let gate = gate("- [ ] **Key:** handed to `ops`");
        assert!(given_for(&word(old.clone()), &gate));
        assert!(given_for(&word(text_sha256(&gate)), &gate));
        assert_ne!(text_sha256(&gate), old);
        assert!(!given_for(
            &word(old),
            &self::gate("- [ ] **Key:** handed to Ann")
        ));
    }
}
