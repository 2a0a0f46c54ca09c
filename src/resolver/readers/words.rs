//! Lines of a text that speak of a failure, and those that say that there was none.

use crate::parser::sense::{self, Sense, sense};

/// Signs of failure that are no words.
const SIGNS: &[char] = &['❌', '✗', '✘', '⛔', '🔴', '🛑'];

/// Words that turn the word after them into its opposite.
const NOT: &[&str] = &["not", "no", "non", "never", "without", "zero", "0", "un"];

/// Words that a line of prose or a log uses of failures alone.
const COMPLAINTS: &[&str] = &[
    "aborted",
    "crash",
    "crashed",
    "crashes",
    "critical",
    "err",
    "error",
    "errors",
    "errno",
    "exception",
    "exceptions",
    "fail",
    "failed",
    "failing",
    "fails",
    "failure",
    "failures",
    "fatal",
    "fault",
    "faults",
    "outage",
    "outages",
    "panic",
    "refused",
    "timeout",
    "timeouts",
    "traceback",
    "unable",
    "unreachable",
];

/// Between a failure and how many there were.
const COUNTS: &[&str] = &[
    "rate", "count", "ratio", "total", "s", "found", "seen", "is", "are",
];

/// Whether a line of text says that something failed: not `no errors`, not `errors: 0`.
pub fn complains(line: &str) -> bool {
    let lower = sense::visible(line).to_lowercase();
    let words = clauses(&lower);
    let is_failure = |at: usize| {
        let (word, before) = (words[at].0, at.checked_sub(1).map(|at| words[at].0));
        let cannot = word == "not" && matches!(before, Some("could" | "can" | "did"))
            || matches!(word, "cannot" | "couldn");
        COMPLAINTS.contains(&word) || cannot || word == "ok" && before == Some("not")
    };
    let sign = !line.is_ascii() && line.contains(SIGNS);
    sign || (0..words.len()).any(|at| is_failure(at) && !denied(&words, at))
}

/// Whether a line says how many failed, and that none did (`0 failed`, `errors: 0`), or states its
/// outcome in a few words (`result: ok`, `all tests passed`).
pub fn tells_success(line: &str) -> bool {
    if complains(line) {
        return false;
    }
    let lower = sense::visible(line).to_lowercase();
    let words = clauses(&lower);
    let none = |at: usize| COMPLAINTS.contains(&words[at].0) && denied(&words, at);
    (0..words.len()).any(none) || words.len() <= 6 && sense(line) == Sense::Done
}

/// Whether a line says that what it stands in is not there yet.
pub fn is_provisional(line: &str) -> bool {
    let lower = sense::visible(line).to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let denied = |at: usize| at > 0 && matches!(words[at - 1], "no" | "not" | "without");
    (0..words.len()).any(|at| match words[at] {
        "draft" | "placeholder" | "awaiting" => !denied(at),
        "progress" => at > 0 && words[at - 1] == "in",
        _ => false,
    })
}

/// The words of a line, each with whether a mark parts it from the one before.
fn clauses(line: &str) -> Vec<(&str, bool)> {
    let mut words = Vec::new();
    let mut apart = false;
    for piece in line.split_inclusive(|c: char| !c.is_alphanumeric() && c != '.') {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
        let bare = word.trim_matches('.');
        if !bare.is_empty() {
            words.push((bare, apart));
            apart = word.ends_with('.');
        }
        apart |= piece.ends_with([',', ';', ':']);
    }
    words
}

/// Whether the clause around the failure at `at` says that there was none.
fn denied(words: &[(&str, bool)], at: usize) -> bool {
    let none = |word: &str| matches!(word, "none" | "0" | "0.0" | "0.00");
    let mut after = words[at + 1..]
        .iter()
        .skip_while(|(w, _)| COUNTS.contains(w));
    if after.next().is_some_and(|(w, _)| none(w) || *w == "free") {
        return true;
    }
    for back in (at.saturating_sub(4)..at).rev() {
        let word = words[back].0;
        if words[back + 1].1 {
            return false;
        }
        if NOT.contains(&word) || none(word) || word == "nothing" {
            return word != "not" || words[at].0 != "ok";
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            // `0 of 40 runs failed`: what counts is how many of them.
            return back >= 2 && words[back - 1].0 == "of" && none(words[back - 2].0);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_speak_of_a_failure() {
        for line in [
            "ERROR: gangway sensor silent",
            "3 of 40 runs failed",
            "Error rate 0.1 %",
            "08:00 tide gauge: FAIL",
            "one failure, repaired",
            "❌ berth 4",
            "0 warnings, 3 errors",
            "ERROR: no route to host",
            "retry 0: ERROR gauge silent",
            "2 jobs, 0 skipped, 1 failed",
            "not ok 1 - gangway",
            "gauge refused",
            "no reply. Error",
        ] {
            assert!(complains(line), "{line}");
        }
        for line in [
            "no errors",
            "0 of 40 runs failed",
            "errors: 0",
            "ok 1 - gangway",
            "40 runs, no errors",
            "Error rate: 0 %",
            "error count is 0",
            "error-free night",
            "without any further failures",
            "Quiet night, two crossings.",
            "terrors of the sea",
            "",
        ] {
            assert!(!complains(line), "{line}");
        }
    }
}
