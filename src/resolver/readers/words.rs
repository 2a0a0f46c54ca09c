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

#[cfg(test)]
mod tests {
    use super::*;

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
