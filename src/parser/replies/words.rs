//! What new text comes to: a confirmation and nothing else, a word of assent, or a remark.

use super::{
    manners::{CLOSINGS, GREETINGS, THANKS, TURNS},
    phrases::{ASSENTS, CONFIRMS, SIGNS, TAILS},
    programs::NOTES,
    tidy::one_line,
};
use crate::model::mail::Words;

/// The longest remark that is kept, in characters.
const LONGEST: usize = 500;
/// How many words may follow a greeting or thanks: a name.
const NAME: usize = 3;
/// The longest word of a signature in a script without capitals: more of it is a sentence.
const CASELESS: usize = 8;
/// How long a signature may be: lines, and words on each.
const SIGNATURE: (usize, usize) = (5, 8);

/// What a part of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Confirms,
    Assents,
    Polite,
    Closes,
    Other,
}

/// Reads new text. `name` is the sender's, as the mail gives it.
pub(super) fn read(text: &str, name: Option<&str>) -> Words {
    let remark = one_line(text, LONGEST);
    let text = without_notes(text);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let asks = text.contains(['?', '？', '؟', '⁇', '❓']);
    if asks {
        return Words::Remark(remark);
    }
    let (mut confirms, mut assents) = (false, false);
    for (at, line) in lines.iter().enumerate() {
        let parts: Vec<Part> = parts(line).iter().map(|p| part(p, name)).collect();
        if parts.contains(&Part::Other) {
            return Words::Remark(remark);
        }
        confirms |= parts.contains(&Part::Confirms);
        assents |= parts.contains(&Part::Assents);
        let closes = parts.contains(&Part::Closes);
        if closes && (confirms || assents) && is_signature(&lines[at + 1..]) {
            break;
        }
    }
    match (confirms, assents) {
        (true, false) => Words::Confirms,
        (_, true) => Words::Assents(remark),
        // Greetings alone say as little as "ok".
        (false, false) => Words::Assents(remark),
    }
}

/// The sentences and clauses of a line; signs stand by themselves.
fn parts(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in line.to_lowercase().chars() {
        let last = parts.len() - 1;
        if SIGNS.contains(&c) {
            parts.push(c.to_string());
            parts.push(String::new());
        } else if matches!(
            c,
            '.' | ',' | '!' | ';' | ':' | '–' | '—' | '。' | '、' | '，' | '！' | '…'
        ) {
            parts.push(String::new());
        } else {
            parts[last].push(c);
        }
    }
    let trimmed = parts.iter().map(|p| {
        let marks = |c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '*' | '_' | '-' | '"' | '\'' | '“' | '”' | '«' | '»' | '(' | ')' | '>'
                )
        };
        p.trim_matches(marks)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    });
    trimmed.filter(|p| !p.is_empty()).collect()
}

fn part(text: &str, name: Option<&str>) -> Part {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next())
        && SIGNS.contains(&c)
    {
        return Part::Confirms;
    }
    let tailed = TAILS
        .iter()
        .find_map(|t| text.strip_suffix(t))
        .map(str::trim_end);
    if CONFIRMS.contains(&text) || tailed.is_some_and(|t| CONFIRMS.contains(&t)) {
        return Part::Confirms;
    }
    if is_name(text, name) || CLOSINGS.contains(&text) {
        return Part::Closes;
    }
    if ASSENTS.contains(&text) {
        return Part::Assents;
    }
    if led(text, THANKS) || led(text, GREETINGS) {
        return Part::Polite;
    }
    Part::Other
}

/// Whether `text` is one of `phrases`, perhaps with a name after it.
fn led(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| {
        let Some(rest) = text.strip_prefix(p) else {
            return false;
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        let apart = rest.is_empty() || rest.starts_with(' ');
        apart && words.len() <= NAME && !words.iter().any(|w| turns(w) || says(w))
    })
}

/// Whether `text` is the sender's name or a part of it.
fn is_name(text: &str, name: Option<&str>) -> bool {
    let Some(name) = name else { return false };
    let name = name.to_lowercase();
    let own: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    !words.is_empty()
        && words
            .iter()
            .all(|w| own.contains(w) && !turns(w) && !says(w))
}

/// The paragraphs without those that a mail server added.
fn without_notes(text: &str) -> String {
    let paragraphs = text.split("\n\n");
    let own = paragraphs.filter(|p| {
        let lower = p.to_lowercase().replace('\n', " ");
        lower.contains('?') || !NOTES.iter().any(|n| lower.contains(n))
    });
    own.collect::<Vec<_>>().join("\n\n")
}

/// Whether the lines after a closing look like a signature: few and short, of names, titles and
/// numbers, and no word that takes something back.
fn is_signature(lines: &[&str]) -> bool {
    let (most, widest) = SIGNATURE;
    let titled = |word: &str| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        let caseless = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
        if plain.chars().filter(|c| caseless(*c)).count() > CASELESS {
            return false;
        }
        plain.chars().count() < 4
            || !plain.starts_with(char::is_lowercase)
            || plain.contains(['@', '.', '/'])
    };
    lines.len() <= most
        && lines.iter().all(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.len() <= widest
                && !line.ends_with(['.', '!', ':'])
                && words.iter().all(|w| titled(w) && !turns(&w.to_lowercase()))
                // Three small words in a row are a sentence.
                && !words.windows(3).any(|w| w.iter().all(|w| w.starts_with(char::is_lowercase)))
        })
}

fn turns(word: &str) -> bool {
    TURNS.contains(&word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
}

/// Whether a word says something by itself.
fn says(word: &str) -> bool {
    CONFIRMS.contains(&word) || ASSENTS.contains(&word)
}
