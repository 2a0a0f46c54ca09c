//! Markup where a log or data is expected: pages of servers, error messages, reports of test runs.

use crate::parser::sense::{Sense, Why, sense};
use std::io::BufRead;

use super::source::{Lines, Stop, text};
use crate::resolver::show::{plain, quoted};

/// The elements of a report whose attributes count failures (JUnit and its kin).
const SUITES: &[&str] = &[
    "testsuites",
    "testsuite",
    "test-run",
    "assemblies",
    "assembly",
];

/// Attributes that count them.
const COUNTS: &[&str] = &["failures", "errors", "failed"];

/// Roots of a message that something went wrong, as stores and gateways answer in XML.
const MESSAGES: &[&str] = &["error", "errors", "errorresponse", "fault", "exception"];

/// The longest tag that is read, in bytes.
const LONGEST_TAG: usize = 64 << 10;

/// Whether a file begins as an HTML page.
pub(super) fn is_page(start: &[u8]) -> bool {
    let begin: Vec<u8> = start.iter().take(16).map(u8::to_ascii_lowercase).collect();
    let tags = [
        &b"<!doctype html"[..],
        b"<html",
        b"<head",
        b"<body",
        b"<title",
    ];
    tags.iter().any(|tag| begin.starts_with(tag))
}

/// The title of an HTML page, where it is one of failure: `503 Service Unavailable`.
pub(super) fn failing_title(head: &[u8]) -> Option<String> {
    let page = String::from_utf8_lossy(head);
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let title = page.get(start..end)?.trim();
    let failing = title.split_whitespace().count() <= 6
        && sense(title) == Sense::NotDone(Why::Failed)
        || title
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .is_some_and(is_failing);
    failing.then(|| quoted(title))
}

fn is_failing(word: &str) -> bool {
    word.len() == 3 && matches!(word.parse(), Ok(400..=599_u16))
}

/// What the root of an XML text makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// A report of a test run.
    Report,
    /// A message that something went wrong.
    Message,
}

/// What a text that begins with `head` is, where it is XML that says something of failures.
pub(super) fn root(head: &[u8]) -> Option<Root> {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<!--") => rest.find("-->")? + 3,
            _ if rest.starts_with("<?") || rest.starts_with("<!") => rest.find('>')? + 1,
            _ => break,
        };
        rest = rest.get(end..)?.trim_start();
    }
    let name = name_of(rest.strip_prefix('<')?).to_ascii_lowercase();
    let envelope = name == "envelope" && text.to_ascii_lowercase().contains("fault>");
    if SUITES.contains(&name.as_str()) {
        Some(Root::Report)
    } else if MESSAGES.contains(&name.as_str()) || envelope {
        Some(Root::Message)
    } else {
        None
    }
}

/// The name of a tag without what stands before its colon.
fn name_of(tag: &str) -> &str {
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let name = tag.get(..end.unwrap_or(tag.len())).unwrap_or("");
    name.rsplit(':').next().unwrap_or(name)
}

/// Reads a report of a test run to its end: it stops where a test failed, where there is none,
/// and where it is cut off.
pub(super) fn report(reader: impl BufRead) -> Result<(), Stop> {
    let mut lines = Lines::new(reader);
    let mut state = State::default();
    let mut last = 1;
    while let Some((number, bytes)) = lines.next_line()? {
        last = number;
        state.line(number, text(number, bytes)?)?;
    }
    if state.depth > 0 || state.open.is_some() || state.until.is_some() {
        return Err(Stop::at(last, "the report is cut off; run the tests again"));
    }
    if !state.tested {
        return Err(Stop::at(0, "the report holds no test; run the tests again"));
    }
    Ok(())
}

#[derive(Default)]
struct State {
    /// A tag that is not closed yet, and the line it began on.
    open: Option<(String, u64)>,
    /// What ends a comment or a piece of text that is passed over.
    until: Option<&'static str>,
    depth: u64,
    tested: bool,
}

impl State {
    fn line(&mut self, number: u64, line: &str) -> Result<(), Stop> {
        let mut rest = line;
        loop {
            if let Some(end) = self.until {
                let Some(at) = rest.find(end) else {
                    return Ok(());
                };
                rest = &rest[at + end.len()..];
                self.until = None;
            }
            let (begun, began) = match self.open.take() {
                Some(open) => open,
                None => {
                    let Some(at) = rest.find('<') else {
                        return Ok(());
                    };
                    rest = &rest[at + 1..];
                    self.until = match rest {
                        _ if rest.starts_with("!--") => Some("-->"),
                        _ if rest.starts_with("![CDATA[") => Some("]]>"),
                        _ => None,
                    };
                    if self.until.is_some() {
                        continue;
                    }
                    (String::new(), number)
                }
            };
            let quoted_end = end_of_tag(&begun, rest);
            let piece = rest.get(..quoted_end.unwrap_or(rest.len())).unwrap_or(rest);
            let tag = if begun.is_empty() {
                piece.to_owned()
            } else {
                format!("{begun} {piece}")
            };
            if tag.len() > LONGEST_TAG {
                return Err(Stop::at(began, "holds a tag that is longer than 64 KiB"));
            }
            let Some(end) = quoted_end else {
                self.open = Some((tag, began));
                return Ok(());
            };
            self.tag(began, &tag)?;
            rest = rest.get(end + 1..).unwrap_or("");
        }
    }

    fn tag(&mut self, number: u64, tag: &str) -> Result<(), Stop> {
        if tag.starts_with(['!', '?']) {
            return Ok(());
        }
        if tag.starts_with('/') {
            self.depth = self.depth.saturating_sub(1);
            return Ok(());
        }
        self.depth += u64::from(!tag.ends_with('/'));
        let name = name_of(tag).to_ascii_lowercase();
        let failed = |what: String| {
            let message = format!("{what}: the report tells of tests that failed; run them again");
            Err(Stop::at(number, message))
        };
        if matches!(name.as_str(), "failure" | "error") {
            return failed(format!("`<{}>`", plain(&name)));
        }
        let test = matches!(name.as_str(), "testcase" | "test-case" | "test");
        self.tested |= test;
        for (attribute, value) in attributes(tag).filter(|_| test) {
            let outcome =
                ["result", "outcome", "status"].contains(&&*attribute.to_ascii_lowercase());
            if outcome && sense(value) == Sense::NotDone(Why::Failed) {
                return failed(format!("`{}` is {}", plain(attribute), quoted(value)));
            }
        }
        if !SUITES.contains(&name.as_str()) {
            return Ok(());
        }
        for (attribute, value) in attributes(tag) {
            let counts = COUNTS.contains(&attribute.to_ascii_lowercase().as_str());
            let none = value.trim().parse() == Ok(0.0) || value.trim().is_empty();
            if counts && !none {
                return failed(format!("`{}` is {}", plain(attribute), quoted(value)));
            }
        }
        Ok(())
    }
}

/// Where the tag ends whose first part is `begun`: at a `>` that stands in no quotation marks.
fn end_of_tag(begun: &str, rest: &str) -> Option<usize> {
    let mut quote = None;
    let within = begun.chars().map(|c| (None, c));
    let chars = within.chain(rest.char_indices().map(|(at, c)| (Some(at), c)));
    for (at, c) in chars {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '>' && at.is_some() => return at,
            _ => {}
        }
    }
    None
}

/// Names and values of a tag's attributes.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        let (before, after) = rest.split_once('=')?;
        let name = before.split_whitespace().next_back().unwrap_or("");
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, more) = after.get(1..)?.split_once(quote)?;
        rest = more;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        match report(text.as_bytes()) {
            Err(Stop::Unusable { line, message }) => Some(format!("{line}: {message}")),
            _ => None,
        }
    }

    #[test]
    fn reports_of_tests() {
        assert_eq!(
            root(b"<?xml version=\"1.0\"?>\n<!-- a -->\n<testsuites>"),
            Some(Root::Report)
        );
        assert_eq!(
            root(b"<Error><Code>AccessDenied</Code>"),
            Some(Root::Message)
        );
        assert_eq!(root(b"<tides><north/></tides>"), None);
        assert_eq!(root(b"plain"), None);
        let suite = |attributes: &str, inside: &str| {
            format!(
                "<testsuite {attributes}>\n<testcase name=\"a > b\">{inside}</testcase>\n</testsuite>\n"
            )
        };
        assert_eq!(told(&suite("failures=\"0\" errors='0'", "")), None);
        assert_eq!(
            told(&suite(
                "failures=\"0\"",
                "<![CDATA[ <failure> ]]><!-- <error> -->"
            )),
            None
        );
        for (text, says) in [
            (
                suite("tests=\"3\"\n failures=\"2\"", ""),
                "1: `failures` is \"2\"",
            ),
            (suite("errors='1'", ""), "`errors` is \"1\""),
            (suite("", "<failure/>"), "2: `<failure>`"),
            ("<testsuite tests=\"0\"/>".to_owned(), "no test"),
            ("<testsuite>\n<testcase/>\n".to_owned(), "cut off"),
            ("<testsuite>\n<testcase name=\"a".to_owned(), "cut off"),
        ] {
            assert!(
                told(&text).is_some_and(|t| t.contains(says)),
                "{text}: {:?}",
                told(&text)
            );
        }
    }

    #[test]
    fn titles_of_pages() {
        let title = |title: &str| failing_title(format!("<html><TITLE>{title}</title>").as_bytes());
        assert!(title("410 Gone").is_some() && title("Error").is_some());
        assert!(title("504: the upstream took far too long to answer").is_some());
        assert!(title("Tide report").is_none() && failing_title(b"<html>").is_none());
        assert!(title("How we learned to answer an error of the tide gauge").is_none());
    }
}
