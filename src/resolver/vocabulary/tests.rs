use proptest::prelude::*;

use super::*;
use crate::model::requirement::Latency;

/// What was read.
fn texts(words: &str) -> Vec<String> {
    read(words)
        .iter()
        .filter(|(requirement, _)| {
            !matches!(
                requirement,
                Requirement::Unread(_) | Requirement::Unlooked(_)
            )
        })
        .map(|(requirement, _)| requirement.to_string())
        .collect()
}

#[test]
fn statuses() {
    for words in [
        "HTTP 200",
        "HTTP/2 200",
        "HTTP/1.1 200 OK",
        "an HTTP **200** answer",
        "`HTTP 200`",
        "HTTP\u{a0}200",
        "HTTP-200",
        "HTTP status 200",
        "HTTP status code: 200",
        "status 200",
        "status code 200",
        "status: 200",
        "Status = 200.",
        "response code 200",
        "returns 200",
        "returned a 200, always",
        "returns HTTP 200",
        "responds with 200",
        "200 OK",
        "only 200 responses",
        "http 200;",
    ] {
        assert_eq!(texts(words), ["HTTP status 200"], "{words}");
    }
}

#[test]
fn numbers_that_are_no_statuses() {
    for words in [
        "HTTP 200ms",
        "HTTP 200 ms",
        "HTTP 700",
        "HTTP 2000",
        "HTTP 200.5",
        "status 2025-10-12",
        "returns 200 rows",
        "returned 404 records",
        "by 2025-10-200 OK",
        "status 200%",
        "port 443",
        "instead of HTTP 410",
        "was HTTP 410",
    ] {
        assert_eq!(texts(words), [""; 0], "{words}");
    }
}

#[test]
fn strict_bounds() {
    for words in [
        "sub-300ms",
        "Sub 300 ms",
        "sub\u{2011}300\u{202f}ms",
        "sub–300ms",
        "<300ms",
        "< 300 ms",
        "<300\u{a0}ms",
        "&lt;300ms",
        "&lt; 300&nbsp;ms",
        "\\<300ms",
        "under 300 ms",
        "below 300ms",
        "less than 300 milliseconds",
        "under **300 ms**",
        "<0.3s",
        "under 0.3 seconds",
        "under 0,3 s",
        "under 300,000 µs",
    ] {
        assert_eq!(texts(words), ["duration below 300 ms"], "{words}");
    }
    assert_eq!(texts("under 2 seconds"), ["duration below 2000 ms"]);
    assert_eq!(texts("< 1,500 ms"), ["duration below 1500 ms"]);
    assert_eq!(texts("< 1\u{202f}500 ms"), ["duration below 1500 ms"]);
    assert_eq!(texts("< 1,234,500.5 ms"), ["duration below 1234500.5 ms"]);
}

#[test]
fn inclusive_bounds() {
    for words in [
        "≤300ms",
        "<= 300 ms",
        "&le;300ms",
        "at most 300 ms",
        "within 300 ms",
        "no more than 300 ms",
        "not more than 300 ms",
        "not exceeding 300 ms",
        "does not exceed 300 ms",
        "less than or equal to 300 ms",
        "up to 300 ms",
        "max 300 ms",
        "300 ms or less",
        "answers in 300ms max",
    ] {
        assert_eq!(texts(words), ["duration at most 300 ms"], "{words}");
    }
}

#[test]
fn numbers_that_are_no_bounds() {
    for words in [
        "> 300 ms",
        "300 ms",
        "<3 months",
        "under 300 users",
        "by 2025-10-12",
        "within 24 hours",
        "not under 300 ms",
        "never below 300 ms",
        "under 300msx",
        "< 0 ms",
        "subs 300 ms",
        "the subway, 300 ms",
    ] {
        assert_eq!(texts(words), [""; 0], "{words}");
    }
}

#[test]
fn several_in_order_with_their_places() {
    let words = "Mock answers with consistent HTTP\u{a0}200 and <300ms response time";
    let found = read(words);
    let places: Vec<&str> = found.iter().map(|(_, at)| &words[at.clone()]).collect();
    assert_eq!(places, ["consistent", "HTTP\u{a0}200", "<300ms"]);
    assert!(texts("consistent with the plan").is_empty());
    assert_eq!(texts("sustained").len(), 1);
    assert_eq!(&"a &lt;9ms"[read("a &lt;9ms")[0].1.clone()], "&lt;9ms");
}

proptest! {
    #[test]
    fn places_lie_in_the_words(words in "(sub|<|&lt;|HTTP|not|\u{a0}|-|300|200|ms|s|é|‑|≤| |,|\\*){0,24}") {
        for (_, range) in read(&words) {
            prop_assert!(words.get(range).is_some_and(|text| !text.is_empty()));
        }
    }

    #[test]
    fn any_text_is_read(words in ".{0,200}") {
        for (_, range) in read(&words) {
            prop_assert!(words.get(range).is_some());
        }
    }

    #[test]
    fn stated_bounds_are_read_back(bound in 1u32..100_000, inclusive: bool) {
        let words = format!("latency {} {bound} ms", if inclusive { "at most" } else { "under" });
        let expected = Requirement::Latency(Latency { bound_ms: f64::from(bound), inclusive });
        prop_assert_eq!(&read(&words)[0].0, &expected);
    }
}
