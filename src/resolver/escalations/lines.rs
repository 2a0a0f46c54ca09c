//! Escalation lines that stand for themselves: what they are called, and a person's word for them.

use sha2::{Digest, Sha256};

use crate::{
    model::{
        coordination::Escalation,
        document::Document,
        evidence::hex,
        word::{Word, WordKind},
    },
    resolver::{decision::is_denied, people::same},
};

/// So many characters of a line make its name.
const NAME: usize = 40;

/// What the line at `index` is called at the prompt: its first words, with its line number where
/// another one begins with the same.
pub fn name(document: &Document, index: usize) -> Option<String> {
    let lines = &document.coordination.escalations;
    let line = lines.get(index)?;
    let own = first_words(&line.text);
    let mut others = lines.iter().enumerate().filter(|(at, _)| *at != index);
    let twice = others.any(|(_, other)| same(&first_words(&other.text), &own));
    Some(match twice {
        true => format!("{own} @{}", document.line(line.span)),
        false => own,
    })
}

/// The line called `name`, ignoring case: its index.
pub fn find(document: &Document, name: &str) -> Option<usize> {
    let mut all = 0..document.coordination.escalations.len();
    all.find(|index| self::name(document, *index).is_some_and(|own| same(&own, name)))
}

fn first_words(text: &str) -> String {
    let plain = text.replace(['"', '$', '`', '\\', '!', '*'], "");
    let mut words = String::new();
    for word in plain.split_whitespace() {
        if !words.is_empty() && words.chars().count() + 1 + word.chars().count() > NAME {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    let end = |c: char| !c.is_alphanumeric();
    let cut: String = words.chars().take(2 * NAME).collect();
    cut.trim_matches(end).to_owned()
}

/// SHA-256 of a line's words, which a person's word for it is bound to: a new time or other words
/// make that void.
pub fn text_sha256(line: &Escalation) -> String {
    let text = format!("packet-escalation-1\n{}", line.text);
    hex(&Sha256::digest(text.as_bytes()))
}

/// The last word for a line as it reads now, unless it says that it is not done.
pub fn word<'w>(line: &Escalation, words: &'w [Word]) -> Option<&'w Word> {
    let wanted = text_sha256(line);
    let mut words = words.iter().rev();
    let word = words.find(|w| w.text_sha256 == wanted)?;
    match &word.kind {
        WordKind::Attestation { note, .. } => {
            (!is_denied(note.as_deref().unwrap_or(""))).then_some(word)
        }
        WordKind::Waiver { .. } => Some(word),
    }
}

/// The command that records somebody's word for the line at `index`.
pub fn ask(document: &Document, index: usize) -> Option<String> {
    Some(format!(
        "packet attest \"{}\" --by NAME",
        name(document, index)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_first_words() {
        for (text, words) in [
            (
                "If `the` bus is late, call the depot",
                "If the bus is late, call the depot",
            ),
            (
                "If the projector is not in the hall by noon, tell somebody",
                "If the projector is not in the hall by",
            ),
            ("\"Ropes\": $(rm) by noon", "Ropes: (rm) by noon"),
            ("—", ""),
        ] {
            assert_eq!(first_words(text), words, "{text}");
        }
    }
}
