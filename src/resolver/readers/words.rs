//! Words of success and of failure in a status.

/// What a status word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// It went well.
    Success,
    /// It did not.
    Failure,
    /// It cannot be told.
    Neither,
}

const SUCCESS: &[&str] = &[
    "available",
    "clear",
    "complete",
    "completed",
    "done",
    "finished",
    "good",
    "green",
    "healthy",
    "ok",
    "okay",
    "online",
    "operational",
    "pass",
    "passed",
    "passing",
    "ready",
    "succeeded",
    "success",
    "successful",
    "successfully",
    "up",
    "info",
    "debug",
    "notice",
    "log",
];

const COMMON: &[&str] = &["success", "ok", "passed", "completed"];

const FAILURE: &[&str] = &[
    "abort",
    "aborted",
    "bad",
    "blocked",
    "broken",
    "canceled",
    "cancelled",
    "crash",
    "crashed",
    "critical",
    "danger",
    "dead",
    "degraded",
    "denied",
    "down",
    "emergency",
    "err",
    "error",
    "errored",
    "errors",
    "exception",
    "expired",
    "fail",
    "failed",
    "failing",
    "fails",
    "failure",
    "failures",
    "fatal",
    "forbidden",
    "gone",
    "incomplete",
    "invalid",
    "ko",
    "killed",
    "missing",
    "nok",
    "offline",
    "outage",
    "panic",
    "red",
    "refused",
    "reject",
    "rejected",
    "reset",
    "stopped",
    "terminated",
    "timedout",
    "timeout",
    "timeouts",
    "unauthorized",
    "unavailable",
    "unhealthy",
    "unreachable",
    "unsuccessful",
    "unsuccessfully",
];

/// Signs of failure that are no words.
const SIGNS: &[char] = &['❌', '✗', '✘', '⛔', '🔴', '🛑'];

/// Words that turn the word after them into its opposite.
const NOT: &[&str] = &["not", "no", "non", "never", "without", "zero", "0", "un"];

/// What `text` says: a word of failure outweighs one of success. `not` before a word of
/// success is failure; before a word of failure it says nothing.
pub fn sense(text: &str) -> Sense {
    // What nearly every record of a good file says, without the ceremony.
    if COMMON.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Sense::Success;
    }
    if !text.is_ascii() && text.contains(SIGNS) {
        return Sense::Failure;
    }
    // "HTTP 410": a code among a few words is a code all the same.
    let short = || text.split_whitespace().count() <= 3;
    let failing = |w: &str| w.len() == 3 && matches!(w.parse(), Ok(400u16..=599));
    if text.split(|c: char| !c.is_alphanumeric()).any(failing) && short() {
        return Sense::Failure;
    }
    let lower = text.to_lowercase();
    let mut found = Sense::Neither;
    let mut negated = false;
    let mut before = "";
    for word in lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        let timed_out = before == "timed" && word == "out";
        if FAILURE.contains(&word) || timed_out {
            if !negated {
                return Sense::Failure;
            }
        } else if SUCCESS.contains(&word) {
            if negated {
                return Sense::Failure;
            }
            found = Sense::Success;
        }
        negated = NOT.contains(&word);
        before = word;
    }
    if before == "found" && negated_found(&lower) {
        return Sense::Failure;
    }
    found
}

fn negated_found(lower: &str) -> bool {
    lower.contains("not found") || lower.contains("not_found") || lower.contains("not-found")
}

/// Of [`FAILURE`], those that a line of prose or a log uses of nothing else.
const COMPLAINTS: &[&str] = &[
    "aborted",
    "crash",
    "crashed",
    "crashes",
    "critical",
    "err",
    "error",
    "errors",
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
    "unreachable",
];

/// Between a failure and how many there were.
const COUNTS: &[&str] = &[
    "rate", "count", "ratio", "total", "s", "found", "seen", "is", "are",
];

/// Whether a line of text says that something failed: not `no errors`, not `errors: 0`.
pub fn complains(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words = clauses(&lower);
    let is_failure = |at: usize| {
        let (word, before) = (words[at].0, at.checked_sub(1).map(|at| words[at].0));
        COMPLAINTS.contains(&word) || word == "ok" && before == Some("not")
    };
    let sign = !line.is_ascii() && line.contains(SIGNS);
    sign || (0..words.len()).any(|at| is_failure(at) && !denied(&words, at))
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

    #[test]
    fn words_are_sorted() {
        for word in [
            "error",
            "FAILED",
            "Failure",
            "timeout",
            "TIMED_OUT",
            "timed out",
            "not ok",
        ] {
            assert_eq!(sense(word), Sense::Failure, "{word}");
        }
        for word in [
            "FAILED: no answer",
            "NOT_FOUND",
            "ok, then error",
            "connection-refused",
            "❌",
            "incomplete",
        ] {
            assert_eq!(sense(word), Sense::Failure, "{word}");
        }
        for word in ["success", "OK", "passed", "no errors, ok"] {
            assert_eq!(sense(word), Sense::Success, "{word}");
        }
        for word in ["pending", "", "wobbly", "no errors", "terrors"] {
            assert_eq!(sense(word), Sense::Neither, "{word}");
        }
    }
}
