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
    "critical",
    "crash",
    "crashed",
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
    "panic",
    "traceback",
];

/// Between a failure and how many there were.
const COUNTS: &[&str] = &[
    "rate", "count", "ratio", "total", "s", "found", "seen", "is", "are",
];

/// Whether a line of text says that something failed: not `no errors`, not `errors: 0`.
pub fn complains(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let none = |word: &&str| matches!(*word, "none" | "0" | "0.0" | "0.00");
    let sign = !line.is_ascii() && line.contains(SIGNS);
    sign || (0..words.len()).any(|at| {
        let before = words[at.saturating_sub(4)..at].iter();
        let mut after = words[at + 1..].iter().skip_while(|w| COUNTS.contains(w));
        COMPLAINTS.contains(&words[at])
            && !before
                .clone()
                .any(|w| NOT.contains(w) || none(w) || *w == "nothing")
            && !after
                .next()
                .is_some_and(|w| none(w) || *w == "free" || *w == "no")
    })
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
        ] {
            assert!(complains(line), "{line}");
        }
        for line in [
            "no errors",
            "0 of 40 runs failed",
            "errors: 0",
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
