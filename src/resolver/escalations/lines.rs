//! Escalation lines that stand for themselves: what they are called, and a person's word for them.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::{
    model::{
        coordination::Escalation,
        document::Document,
        evidence::hex,
        word::{Word, WordKind},
    },
    resolver::{
        decision::is_denied,
        people::{fold, same},
    },
};

/// So many characters of a line make its name.
const NAME: usize = 40;

/// What each line is called at the prompt: its first words, with its line number where another one
/// begins with the same.
pub fn names(document: &Document) -> Vec<String> {
    let lines = &document.coordination.escalations;
    let short: Vec<String> = lines.iter().map(|l| first_words(&l.text)).collect();
    let mut often: HashMap<String, usize> = HashMap::new();
    for words in &short {
        *often.entry(fold(words)).or_default() += 1;
    }
    let pairs = lines.iter().zip(short);
    pairs
        .map(|(line, words)| match often.get(&fold(&words)) {
            Some(1) if !words.is_empty() => words,
            _ => format!("{words} @{}", document.line(line.span)),
        })
        .collect()
}

/// The line called `name`, ignoring case, with what it is called.
pub fn find<'d>(document: &'d Document, name: &str) -> Option<(String, &'d Escalation)> {
    let lines = &document.coordination.escalations;
    let mut all = names(document).into_iter().zip(lines);
    all.find(|(own, _)| same(own, name))
}

/// The first words of a line.
pub fn first_words(text: &str) -> String {
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

/// Whether no other line of the document reads the same, so that a word for one is none for another.
pub fn is_alone(document: &Document, line: &Escalation) -> bool {
    let lines = document.coordination.escalations.iter();
    lines.filter(|other| other.text == line.text).count() < 2
}

/// The last word for a line as it reads now, unless it says that it is not done.
pub fn word<'w>(document: &Document, line: &Escalation, words: &'w [Word]) -> Option<&'w Word> {
    if !is_alone(document, line) {
        return None;
    }
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

/// The command that records somebody's word for the line called `name`.
pub fn ask(name: &str) -> String {
    format!("packet attest \"{name}\" --by NAME")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::{Grammar, parse};

    #[test]
    fn lines_of_one_beginning_have_their_numbers() {
        let text = "# 2026-05-04 Show\n\n**Escalation:** If the tent is late by 2026-05-03 10:00 UTC, tell a@example.com\n\n**Escalation:** if the TENT is late by 2026-05-03 10:00 UTC, tell b@example.com\n\n**Escalation:** Else tell c@example.com by 2026-05-03 10:00 UTC\n";
        let (document, _) = parse("docs/a.md", text, &Grammar::default());
        assert_eq!(
            names(&document),
            [
                "If the tent is late by 2026-05-03 10:00 @3",
                "if the TENT is late by 2026-05-03 10:00 @5",
                "Else tell c@example.com by 2026-05-03",
            ]
        );
        let found = |name| find(&document, name).map(|(_, line)| document.line(line.span));
        assert_eq!(found("IF the tent is late by 2026-05-03 10:00 @5"), Some(5));
        assert_eq!(found("If the tent is late by 2026-05-03 10:00"), None);
    }

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
