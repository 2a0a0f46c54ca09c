//! Requirements in a gate's own words. The spellings stand in `docs/gates.md`.
//!
//! What is not listed there is not read: a requirement that was guessed holds the wrong gate,
//! one that was overlooked is shown by `status -v`, where its absence can be seen.

mod plainly;

use std::{ops::Range, sync::LazyLock};

// The spellings are many and the words few: compiling counts, not matching.
use regex_lite::{Captures, Regex};

use crate::model::requirement::{Latency, Requirement};
use plainly::Plain;

pub use crate::model::target::target;

/// A number, with its thousands set apart or not: `1500`, `1,500`, `1 500`, `0.5`, `0,5`.
const NUMBER: &str = r"(?P<number>\d{1,3}(?:[,'’ ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+|,\d{1,2})?)";
const UNIT: &str =
    r"[ -]?(?P<unit>milliseconds?|millis|msecs?|ms|microseconds?|µs|μs|us|seconds?|secs?|s)\b";
const STRICT: &str = r"(?P<strict>\bsub[ -]*|<|\b(?:under|below|less than|lower than|faster than|quicker than|shorter than|beneath)\b)";
const INCLUSIVE: &str = r"(?P<inclusive>≤|⩽|<=|=<|\b(?:less than or equal to|at most|at the most|within|up to|no (?:more|longer|slower|higher) than|not (?:more|longer|slower|higher) than|not (?:to )?exceed(?:ing)?|does not exceed|never exceeds?|not over|not above|(?:a )?max(?:imum)?(?: of)?)\b)";

static BOUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)(?:{INCLUSIVE}|{STRICT})[ :]*(?:an? |the )?{NUMBER}{UNIT}"
    ))
});

/// `300 ms or less`, `300 ms max`.
static BOUND_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)(?:^|[^\w.,-]){NUMBER}{UNIT}[ ,]*(?P<inclusive>or (?:less|faster|better|under|below|quicker)|max(?:imum)?|at (?:the )?most|tops)\b"
    ))
});

const HTTP: &str = r"HTTP(?:S?\b)(?:/\d(?:\.\d)?)?";

static STATUSES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let spellings = [
        format!(r"(?i)\b{HTTP}[ -]*(?:(?:response|status)[ -]*)?(?:code[ -]*)?(?:of|is|=+|:)?[ -]*(?P<code>\d{{3}})\b"),
        r"(?i)\b(?:status|response)[ -]*codes?[ -]*(?:of|is|was|=+|:)?[ -]*(?P<code>\d{3})\b".to_owned(),
        r"(?i)\bstatus[ -]*(?:of|is|was|=+|:)?[ -]*(?P<code>\d{3})\b".to_owned(),
        r"(?i)\b(?:return(?:s|ed|ing)?|respond(?:s|ed|ing)? with|answer(?:s|ed|ing)?(?: with)?|yields?|gives?)[ ]+(?:an? )?(?P<code>\d{3})\b".to_owned(),
        r"(?i)\b(?P<code>\d{3})[ -]?(?:OK|Created|Accepted|No Content|Moved Permanently|Found|See Other|Not Modified|Temporary Redirect|Permanent Redirect)\b".to_owned(),
        r"(?i)\b(?P<code>\d{3}) (?:responses?|status(?:es)?|answers?|repl(?:y|ies))\b".to_owned(),
    ];
    spellings
        .iter()
        .filter_map(|spelling| regex(spelling))
        .collect()
});

static SUSTAINED: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?i)\b(?:sustained|consistent(?:ly)?|continuous(?:ly)?)\b"));

const DENIALS: &str = "not|no|never|without|nor|non|neither|cannot|(?:is|are|do|does|did|was|wo|ca|must|should)n['’]t|instead of|rather than|except|excluding|was|were|previously|formerly|unless|if|any";

/// What may stand between a denial and what it denies.
const FILLERS: &str = "an?|any|the|be|been|return|returns|returned|returning|show|shows|more|respond|responds|with|in|at|get|gets|see|only";

/// What directly before a requirement turns it into something else: a denial, or another case.
static DENIED: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"(?i)\b(?:{DENIALS})(?: (?:{FILLERS}))*[ ,-]*$")));

/// The requirements in `words`, in order, each with the bytes it was read from.
///
/// The caller blanks out paths and code spans that are targets (see [`target`]). Denied ones
/// ("not HTTP 500", "never above") are passed over: what a gate rules out is not what its
/// evidence must show, and failures hold by themselves.
///
/// ```
/// use packet::resolver::vocabulary::read;
/// let found = read("sustained HTTP 200, sub-300ms");
/// let text: Vec<String> = found.iter().map(|(what, _)| what.to_string()).collect();
/// assert_eq!(text[1..], ["HTTP status 200", "duration below 300 ms"]);
/// ```
pub fn read(words: &str) -> Vec<(Requirement, Range<usize>)> {
    let plain = Plain::new(words);
    let text = plain.text();
    let mut found: Vec<(Requirement, Range<usize>)> = Vec::new();
    let mut keep = |requirement: Requirement, range: Range<usize>| {
        let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        if !is_denied(&text[..range.start]) && !found.iter().any(|(_, other)| overlaps(other)) {
            found.push((requirement, range));
        }
    };
    let numbers = text.bytes().any(|byte| byte.is_ascii_digit());
    for spelling in STATUSES.iter().filter(|_| numbers) {
        for captures in spelling.captures_iter(text) {
            if let Some((code, range)) = status(text, &captures) {
                keep(Requirement::Status(code), range);
            }
        }
    }
    for spelling in [&BOUND, &BOUND_AFTER]
        .into_iter()
        .filter(|_| numbers)
        .flat_map(|s| &**s)
    {
        for captures in spelling.captures_iter(text) {
            if let Some((latency, range)) = bound(&captures) {
                keep(Requirement::Latency(latency), range);
            }
        }
    }
    let lower = text.to_ascii_lowercase();
    let lasting = ["sustain", "consisten", "continuous"]
        .iter()
        .any(|word| lower.contains(word));
    for word in SUSTAINED
        .iter()
        .filter(|_| lasting)
        .flat_map(|spelling| spelling.find_iter(text))
    {
        // "consistent with the plan" is agreement, not duration.
        if !text[word.end()..].trim_start().starts_with("with ") {
            keep(Requirement::Sustained, word.range());
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
        .into_iter()
        .map(|(requirement, range)| (requirement, plain.origin(range)))
        .collect()
}

fn status(text: &str, captures: &Captures<'_>) -> Option<(u16, Range<usize>)> {
    let all = captures.get(0)?;
    let digits = captures.name("code")?;
    let code: u16 = digits.as_str().parse().ok()?;
    // "HTTP 200 ms" is a duration, "HTTP 200.5" and "200-299" are other numbers.
    let after = &text[digits.end()..];
    let mut rest = after.chars();
    let joined = match (rest.next(), rest.next()) {
        (Some('.' | ',' | '-' | '/' | ':'), Some(next)) => next.is_ascii_digit(),
        (Some('%'), _) => true,
        _ => false,
    };
    let other = MEASURE.iter().any(|measure| measure.is_match(after));
    let start = text[..all.start()].chars().next_back();
    let tail = start.is_some_and(|c| "-./:,".contains(c)) && all.start() == digits.start();
    ((100..=599).contains(&code) && !joined && !other && !tail).then(|| (code, all.range()))
}

static MEASURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)^[ -]*(?:milliseconds?|ms|msecs?|s|secs?|seconds?|minutes?|hours?|days?|requests?|users?|times|records?|rows?|%|percent|kB|MB|GB|bytes?)\b",
    )
});

fn bound(captures: &Captures<'_>) -> Option<(Latency, Range<usize>)> {
    let all = captures.get(0)?;
    let number = number(captures.name("number")?.as_str())?;
    let factor = match captures.name("unit")?.as_str().to_lowercase().as_str() {
        unit if unit.starts_with("mill") || unit.starts_with("ms") => 1.0,
        unit if unit.starts_with("micro") || unit.ends_with("us") || !unit.is_ascii() => 1e-3,
        _ => 1e3,
    };
    let latency = Latency {
        bound_ms: number * factor,
        inclusive: captures.name("inclusive").is_some(),
    };
    let lead = all.as_str().len() - all.as_str().trim_start().len();
    (latency.bound_ms > 0.0).then(|| (latency, all.start() + lead..all.end()))
}

/// `1,500` and `1 500` are thousands; a comma with one or two digits behind it is a decimal.
fn number(text: &str) -> Option<f64> {
    let groups = text.split([',', '\'', '’', ' ']);
    let grouped = groups
        .skip(1)
        .all(|group| group.split('.').next().map(str::len) == Some(3));
    let bare: String = if grouped {
        text.chars().filter(|c| !",'’ ".contains(*c)).collect()
    } else {
        text.replace(',', ".")
    };
    bare.parse().ok()
}

fn is_denied(before: &str) -> bool {
    DENIED.iter().any(|denied| denied.is_match(before))
}

/// The spellings are constants; one that did not compile would fail every test of it.
fn regex(spelling: &str) -> Option<Regex> {
    Regex::new(spelling).ok()
}

#[cfg(test)]
mod tests;
