//! What somebody wrote, without what devices, gateways and firms' mail servers add to it.

use super::{
    lexicon::{Class, Word, class, is, sentences},
    programs::{DEVICES, MAILS, NOTES, OUTSIDE},
};

/// How many words the footer of a device has.
const FOOTER: usize = 9;

/// What somebody wrote, and what stands below their closing or their name.
pub(super) fn sign_off(text: &str, name: Option<&str>) -> (String, String) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut said = false;
    for (at, line) in lines.iter().enumerate() {
        let plain = line
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let closes = is(&plain, Class::Closing) || is_name(&plain, name);
        if closes && said {
            return (lines[..at].join("\n"), lines[at + 1..].join("\n"));
        }
        said |= !plain.is_empty() || !line.is_empty();
    }
    (lines.join("\n"), String::new())
}

/// Whether a line is the sender's name, perhaps with what they are behind a bar or a comma.
fn is_name(line: &str, name: Option<&str>) -> bool {
    let Some(name) = name else { return false };
    let name = name.to_lowercase();
    let own = |c: char| !c.is_alphanumeric();
    let names: Vec<&str> = name.split(own).filter(|w| !w.is_empty()).collect();
    let head = line.split(['|', ',', '·', '/']).next().unwrap_or(line);
    let mut words = head.split(own).filter(|w| !w.is_empty()).peekable();
    words.peek().is_some() && words.all(|w| names.contains(&w) && class(w).is_none())
}

/// The paragraphs without those that a gateway or a firm's mail server added. Nothing that speaks
/// in the first person, asks or says yes is taken for one.
pub(super) fn without_notes(text: &str, to: &[String]) -> String {
    let mut said = false;
    let paragraphs = text.split("\n\n").filter(|paragraph| {
        let lower = paragraph.to_lowercase().replace('\n', " ");
        let sentences = sentences(&lower);
        let mut words = sentences.iter().flat_map(|s| &s.words);
        let own = sentences.iter().any(|s| s.asks)
            || words.any(|w| {
                matches!(w.class, Class::Sign | Class::Yes | Class::Verb) || speaks_of_oneself(w)
            });
        let names_us = !said && to.iter().any(|a| lower.contains(&a.to_lowercase()));
        let has = |roots: &[&str]| roots.iter().any(|n| lower.contains(n));
        let warns = has(OUTSIDE) && has(MAILS);
        let added = !own && (names_us || warns || has(NOTES));
        said |= !added && !lower.trim().is_empty();
        !added
    });
    let lines = paragraphs.collect::<Vec<_>>().join("\n\n");
    let own = lines.lines().map(str::trim).filter(|l| !is_footer(l));
    own.map(without_mark).collect::<Vec<_>>().join("\n")
}

/// "I", "we" and the like; of letters that are words elsewhere, too, only those that stand for it.
fn speaks_of_oneself(word: &Word) -> bool {
    word.class == Class::Me && !matches!(word.text.as_str(), "on" | "ja" | "my" | "je")
}

/// A line that a device adds: short, it names the device, and says nothing of its own.
fn is_footer(line: &str) -> bool {
    let lower = line.to_lowercase();
    if lower.split_whitespace().count() > FOOTER || !DEVICES.iter().any(|d| lower.contains(d)) {
        return false;
    }
    let sentences = sentences(&lower);
    let own = |w: &Word| {
        w.class.assents()
            || w.class.denies()
            || matches!(
                w.class,
                Class::Issue | Class::But | Class::If | Class::Refuse | Class::Wait
            )
            || speaks_of_oneself(w)
    };
    !sentences.iter().any(|s| s.asks || s.words.iter().any(own))
}

/// A line without the picture of a signature or the mark of a gateway at its beginning.
fn without_mark(line: &str) -> &str {
    let Some((mark, rest)) = line.strip_prefix('[').and_then(|l| l.split_once(']')) else {
        return line;
    };
    let mark = mark.to_lowercase();
    let picture = mark.starts_with("cid:") || mark.starts_with("image");
    if picture || OUTSIDE.iter().any(|o| mark.starts_with(o)) {
        rest
    } else {
        line
    }
}
