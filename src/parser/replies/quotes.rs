//! The new text of a mail: without what it quotes, its attribution lines and signature.

use super::programs::{BLOCK, ON, WROTE};

/// A quoted line of so many characters may have been broken by a mail program, so that its end
/// stands on a line of its own that looks new.
const BREAKS: usize = 60;
/// The longest attribution ("On … wrote:"), in characters and in lines.
const ATTRIBUTION: usize = 400;
const ATTRIBUTION_LINES: usize = 4;
/// Within so many lines a header block names sender and subject.
const BLOCK_LINES: usize = 8;

/// What somebody wrote themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct New {
    /// The lines, blank ones between them.
    pub(super) text: String,
    /// All of it may be ends of quoted lines.
    pub(super) doubtful: bool,
}

/// What is new in `text`.
pub(super) fn new_text(text: &str) -> New {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut keep = vec![true; lines.len()];
    let mut end = lines.len();
    let mut at = 0;
    while at < end {
        let line = lines[at];
        if is_quoted(line) {
            keep[at] = false;
        } else if is_separator(line) || heads_block(&lines[at..]) {
            end = at;
        } else if let Some(from) = attribution(&lines, &keep, at) {
            keep[from..=at].fill(false);
            let next = lines[at + 1..].iter().find(|l| !l.is_empty());
            if !next.is_some_and(|l| is_quoted(l)) {
                // Nothing marks the quote: all that follows belongs to it.
                end = at + 1;
            }
        }
        at += 1;
    }
    let mut new = New::default();
    let (mut kept, mut glued) = (0, 0);
    for at in 0..end {
        if !keep[at] {
            continue;
        }
        let line = lines[at];
        if is_signature(line) {
            break;
        }
        if !line.is_empty() {
            kept += 1;
            let above = at.checked_sub(1).map_or("", |above| lines[above]);
            let broken = is_quoted(above) && above.chars().count() >= BREAKS;
            glued += usize::from(broken);
        }
        new.text.push_str(line);
        new.text.push('\n');
    }
    new.doubtful = kept > 0 && kept == glued;
    new
}

fn is_quoted(line: &str) -> bool {
    // Some programs quote with `|`, some with initials (`AL> `).
    line.starts_with('>')
        || line.starts_with('＞')
        || line.starts_with("| ")
        || line.split_once('>').is_some_and(|(mark, _)| {
            (1..=3).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_uppercase())
        })
}

/// `-- `, as RFC 3676 section 4.3 has it; its blank is often lost.
fn is_signature(line: &str) -> bool {
    matches!(line, "--" | "—" | "– –")
}

/// A line over a whole mail: `-----Original Message-----` in any language, or a long rule.
fn is_separator(line: &str) -> bool {
    let dashes = |c: char| matches!(c, '-' | '—' | '–' | '_' | '=');
    let inner = line.trim_matches(dashes);
    let lead = line.chars().take_while(|c| dashes(*c)).count();
    let tail = line.chars().rev().take_while(|c| dashes(*c)).count();
    if inner.is_empty() {
        return lead >= 10;
    }
    lead >= 2 && tail >= 2 && lead + tail >= 6 && inner.chars().any(char::is_alphabetic)
}

/// Whether a block of headers (From, Sent, To, Subject) begins here.
fn heads_block(lines: &[&str]) -> bool {
    if !is_label(lines[0], BLOCK[0]) {
        return false;
    }
    let near = &lines[1..lines.len().min(BLOCK_LINES)];
    let has = |labels: &[&str]| near.iter().any(|l| is_label(l, labels));
    has(BLOCK[3]) || (has(BLOCK[1]) && has(BLOCK[2]))
}

fn is_label(line: &str, labels: &[&str]) -> bool {
    let line = line.trim_start_matches(['*', '_', '|', ' ']);
    let Some((label, _)) = line.split_once([':', '：']) else {
        return false;
    };
    let label = label.trim_matches(['*', '_', ' ']).to_lowercase();
    labels.contains(&label.as_str())
}

/// The first line of the attribution that ends on line `at`; `None` where none does.
fn attribution(lines: &[&str], keep: &[bool], at: usize) -> Option<usize> {
    if !lines[at]
        .trim_end_matches(['*', '_', '>'])
        .trim_end()
        .ends_with([':', '：'])
    {
        return None;
    }
    let mut joined = String::new();
    let mut from = None;
    for back in 0..ATTRIBUTION_LINES {
        let Some(here) = at.checked_sub(back) else {
            break;
        };
        let line = lines[here];
        if line.is_empty() || !keep[here] || is_quoted(line) {
            break;
        }
        // A line that was broken between its date and the name goes on where the date stands.
        let dates = is_dated(line) && !is_dated(&joined);
        joined = if joined.is_empty() {
            line.to_owned()
        } else {
            format!("{line} {joined}")
        };
        if joined.chars().count() > ATTRIBUTION {
            break;
        }
        // The whole of it where it begins as such lines do, else as little as will do.
        if attributes(&joined) && (from.is_none() || begins(line) || dates) {
            from = Some(here);
        }
    }
    from
}

/// Whether a day and a time stand in it.
fn is_dated(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (digits >= 3 && text.contains(':')) || digits >= 6
}

fn attributes(text: &str) -> bool {
    let lower = text.to_lowercase();
    let address = lower.contains('@');
    let verb = WROTE.iter().any(|v| has_phrase(&lower, v));
    let dated = is_dated(&lower);
    (verb && (address || dated)) || (address && dated && lower.contains('<'))
}

fn begins(line: &str) -> bool {
    let lower = line.to_lowercase();
    lower.starts_with(|c: char| c.is_ascii_digit())
        || ON.iter().any(|w| {
            let rest = lower.strip_prefix(w);
            rest.is_some_and(|r| r.starts_with([' ', ',', '.']))
        })
}

/// Whether `phrase` stands in `text` as words of its own; a phrase without letters that are
/// written apart stands anywhere.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let together = phrase.chars().any(|c| u32::from(c) > 0x2fff);
    text.match_indices(phrase).any(|(at, found)| {
        let edge = |c: Option<char>| !c.is_some_and(char::is_alphabetic);
        together
            || (edge(text[..at].chars().next_back())
                && edge(text[at + found.len()..].chars().next()))
    })
}
