use proptest::prelude::*;

use super::*;
use crate::{
    model::pattern::Part,
    parser::moments::{clock_prefixes, date_prefix, moment_prefixes},
};

/// The moment and notes of `path` under `pattern`; `-` where it does not match.
fn read(pattern: &str, path: &str) -> String {
    let pattern = Pattern::parse(pattern).unwrap();
    let Some(candidate) = Matcher::new(&pattern).candidate(path) else {
        return "-".into();
    };
    assert_eq!(candidate.path, path);
    let moment = candidate.moment.map_or("none".into(), |m| m.to_string());
    [vec![moment], candidate.notes].concat().join("; ")
}

#[test]
fn finds_the_moment_that_counts() {
    for (pattern, path, expected) in [
        (
            "a/p_<timestamp>.log",
            "a/p_2025-10-12T09-00-05.100Z.log",
            "2025-10-12T09:00:05.1Z",
        ),
        ("a/p_<timestamp>.log", "a/p_2025-10-12.log", "2025-10-12"),
        (
            "a/p_<timestamp>Z.log",
            "a/p_2025-10-12T0900Z.log",
            "2025-10-12T09:00:00Z",
        ),
        (
            "a/p_<timestamp>-7.log",
            "a/p_2025-10-12T09-00-00-7.log",
            "2025-10-12T09:00:00Z",
        ),
        (
            "a/p_<timestamp>.7z",
            "a/p_2025-10-12T09-00-00.7z",
            "2025-10-12T09:00:00Z",
        ),
        // The time part joins the date before it, then `<date>`, then the folder's.
        (
            "a/p_2025-10-12T<timestamp>.log",
            "a/p_2025-10-12T09-00Z.log",
            "2025-10-12T09:00:00Z",
        ),
        (
            "<date>/p_<timestamp>.log",
            "2025-10-12/p_09-00-00Z.log",
            "2025-10-12T09:00:00Z",
        ),
        (
            "p_<timestamp>_<date>.log",
            "p_174559_20251012.log",
            "2025-10-12T17:45:59Z",
        ),
        (
            "2025-10-12/p_<timestamp>.log",
            "2025-10-12/p_0725Z.log",
            "2025-10-12T07:25:00Z",
        ),
        (
            "<date>/*/p_<timestamp>.log",
            "2025-10-12/x/p_0725Z.log",
            "2025-10-12T07:25:00Z",
        ),
        (
            "<date>/<timestamp>/p.log",
            "2025-10-12/0725Z/p.log",
            "2025-10-12T07:25:00Z",
        ),
        (
            "<date>-<timestamp>.log",
            "2025-10-12-174559.log",
            "2025-10-12T17:45:59Z",
        ),
        (
            "<date>T<timestamp>.log",
            "2025-10-12T09-00-00-05-00.log",
            "2025-10-12T14:00:00Z",
        ),
        ("v1<date>.md", "v12025-10-12.md", "2025-10-12"),
        (
            "<date>/old-2025-10-01/p_<timestamp>.log",
            "2025-10-12/old-2025-10-01/p_0725Z.log",
            "2025-10-12T07:25:00Z; its folder says 2025-10-01, its name 2025-10-12",
        ),
        // A name outranks its folder, and says so where they differ.
        (
            "<date>/p_<timestamp>.log",
            "2025-10-11/p_2025-10-12T09-00Z.log",
            "2025-10-12T09:00:00Z; its folder says 2025-10-11, its name 2025-10-12",
        ),
        (
            "<date>/p_<timestamp>.log",
            "2025-10-12/p_2025-10-12T09-00Z.log",
            "2025-10-12T09:00:00Z",
        ),
        (
            "<date>_<timestamp>.log",
            "2025-10-11_2025-10-12T0900Z.log",
            "2025-10-12T09:00:00Z; its name says both 2025-10-11 and 2025-10-12T09:00:00Z",
        ),
        // Without either, the name is searched, then the folders from the innermost.
        (
            "a/*.log",
            "a/p_2025-10-12T09-00Z_x.log",
            "2025-10-12T09:00:00Z",
        ),
        ("<date>/<env>/p.log", "2025-10-12/prod/p.log", "2025-10-12"),
        (
            "a-20251011/b-20251012/p.log",
            "a-20251011/b-20251012/p.log",
            "2025-10-12",
        ),
        ("a/p.log", "a/p.log", "none"),
        (
            "*.log",
            "p_2025-10-11_2025-10-12.log",
            "none; its name states two moments, 2025-10-11 and 2025-10-12",
        ),
        (
            "*.log",
            "p_2025-10-12_x_2025-10-12T09-00Z.log",
            "2025-10-12T09:00:00Z",
        ),
        // What fails after the longest reading is tried again after a shorter one.
        (
            "a_<timestamp>-<x>b.log",
            "a_2025-10-12T09-00-00-027-b.log",
            "2025-10-12T09:00:00Z",
        ),
        // `*` before a moment takes as little as it can, and no part of a number.
        (
            "*<timestamp>*.log",
            "run-1200-2025-10-12T09-00Z-b.log",
            "2025-10-12T09:00:00Z",
        ),
    ] {
        assert_eq!(read(pattern, path), expected, "{pattern} {path}");
    }
}

#[test]
fn refuses_what_only_resembles() {
    for (pattern, path) in [
        ("a/p_<timestamp>.log", "a/p_latest.log"),
        ("a/p_<timestamp>.log", "a/p_2025-02-30.log"),
        ("a/p_<timestamp>.log", "a/p_2025-10-12T09-00Z.log.bak"),
        ("a/p_<timestamp>.log", "a/b/p_2025-10-12T09-00Z.log"),
        ("a/p_<timestamp>.log", "a/P_2025-10-12T09-00Z.log"),
        ("a/p_<timestamp>.log", "p_2025-10-12T09-00Z.log"),
        // A time without any date states no instant.
        ("a/p_<timestamp>.log", "a/p_09-00-00Z.log"),
        // Nor does an impossible date, in a dated folder.
        ("<date>/p_<timestamp>.log", "2025-10-12/p_2025-02-30.log"),
        (
            "<date>/p_<timestamp>-<x>.log",
            "2025-10-12/p_2025-02-30.log",
        ),
        // What `*` would swallow could belong to the moment.
        ("a/p_<timestamp>*.log", "a/p_2025-10-12T09-00-00-27Z.log"),
        ("a/p_<timestamp>*.log", "a/p_2025-10-12T09-00-00EST.log"),
        ("a/p_<timestamp>EST.log", "a/p_2025-10-12T09-00-00EST.log"),
        (
            "a/p_<timestamp>+02:00.log",
            "a/p_2025-10-12T09-00-00+02:00.log",
        ),
        ("a/*<date>.log", "a/12025-10-12.log"),
        ("a/p_<date>.log", "a/p_2025-10-123.log"),
        ("a/*.log", "a/.log"),
        ("a/*", "a/.hidden"),
        ("a/<name>.log", "a/.log"),
        ("*/p.log", ".git/p.log"),
        ("a/[p].log", "a/p.log"),
        ("a/p?.log", "a/px.log"),
        ("a/p<name>.log", "a/p.log"),
    ] {
        assert_eq!(read(pattern, path), "-", "{pattern} {path}");
    }
    assert_eq!(read("a/.*", "a/.hidden"), "none");
    assert_eq!(read("a/[p]{1}.log", "a/[p]{1}.log"), "none");
    assert_eq!(read("a/<name>.log", "a/é.log"), "none");
}

#[test]
fn ends_on_patterns_made_to_backtrack() {
    let pattern = format!("{}b*", "<x>*a".repeat(60));
    let timestamps = "*<timestamp>".repeat(40);
    let dates = format!("{}!", "<timestamp>-".repeat(50));
    for (pattern, name) in [
        (pattern, "a".repeat(250)),
        ("<x>*".repeat(250), "a".repeat(249)),
        (timestamps, "0900-".repeat(50)),
        (dates, "20251012-0900-".repeat(18)),
    ] {
        assert_eq!(read(&pattern, &name), "-", "{pattern}");
    }
}

/// The same rules without any care for time: every split is tried.
fn slow(parts: &[Part], name: &str, at: usize, spelled: bool, clocks: bool) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return at == name.len();
    };
    let ends = (at..=name.len()).filter(|&end| name.is_char_boundary(end));
    let number = !spelled && at > 0 && name.as_bytes()[at - 1].is_ascii_digit();
    ends.into_iter().any(|end| {
        let fits = match first {
            Part::Literal(text) => name[at..end] == **text,
            Part::Star => true,
            Part::Name(_) => end > at,
            Part::Date => !number && date_prefix(&name[at..]).is_some_and(|(n, _)| at + n == end),
            Part::Timestamp => {
                let text = &name[at..];
                let all = moment_prefixes(text).into_iter();
                let clocks = clock_prefixes(text, name[..at].ends_with('T'))
                    .into_iter()
                    .filter(|_| clocks);
                let literal = match rest.first() {
                    Some(Part::Literal(next)) => {
                        next.starts_with('Z') || !next.starts_with(char::is_alphanumeric)
                    }
                    _ => false,
                };
                let mut all = all.chain(clocks).filter(|r| at + r.end == end);
                !number && all.any(|r| literal || !r.is_open(text))
            }
        };
        fits && slow(rest, name, end, matches!(first, Part::Literal(_)), clocks)
    })
}

fn regex_of(parts: &[Part]) -> regex::Regex {
    let part = |part: &Part| match part {
        Part::Literal(text) => regex::escape(text),
        Part::Star => ".*".to_owned(),
        _ => ".+".to_owned(),
    };
    let body: String = parts.iter().map(part).collect();
    regex::Regex::new(&format!("^(?s:{body})$")).unwrap()
}

proptest! {
    #[test]
    fn agrees_with_a_regex(pattern in "([ab.é]|<x>|\\*){1,7}", name in "[ab.é]{1,9}") {
        prop_assume!(pattern != "." && pattern != "..");
        let pattern = Pattern::parse(&pattern).unwrap();
        let parts = &pattern.segments()[0];
        let hidden = name.starts_with('.') && !pattern.text().starts_with('.');
        let expected = regex_of(parts).is_match(&name) && !hidden;
        prop_assert_eq!(Segment::new(parts).read(&name, &mut Captures::new()), expected);
    }

    #[test]
    fn agrees_with_every_split(
        pattern in "([a1Z-]|<date>|<timestamp>|<x>|\\*){1,5}",
        name in "([a1Z._-]|2025-10-12|20251012|T09-00|-0725|174559){1,5}",
    ) {
        let pattern = Pattern::parse(&pattern).unwrap();
        let parts = &pattern.segments()[0];
        let hidden = name.starts_with('.');
        let mut captures = Captures::new();
        let matched = Segment::new(parts).read(&name, &mut captures);
        let expected = slow(parts, &name, 0, false, true) && !hidden;
        prop_assert_eq!(matched, expected, "{} {}", pattern, name);
        let moments = parts.iter().filter(|p| matches!(p, Part::Date | Part::Timestamp)).count();
        prop_assert_eq!(captures.len(), if matched { moments } else { 0 });
    }
}
