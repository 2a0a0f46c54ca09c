//! What curl and wget print around an exchange.

use std::borrow::Cow;

/// What a line of wget says of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wget<'a> {
    /// `HTTP request sent, awaiting response... 410 Gone`
    Answer(u16, &'a str),
    /// `ERROR 410: Gone.`, `failed: Connection refused.` and the like.
    Failure,
    /// `--2025-10-12 09:00:00--  https://shop.example/`
    Asks(&'a str),
}

/// Reads a line of wget; `None` for any other.
pub(super) fn wget(line: &str) -> Option<Wget<'_>> {
    const AWAITING: &str = "awaiting response...";
    if let Some(rest) = line.strip_prefix("--")
        && let Some((_, url)) = rest.split_once("--  ")
        && url.starts_with("http")
    {
        return Some(Wget::Asks(url.split_whitespace().next().unwrap_or(url)));
    }
    if let Some(at) = line.find(AWAITING) {
        let rest = line.get(at + AWAITING.len()..)?.trim();
        if rest.is_empty() {
            return None;
        }
        let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        return Some(match code.parse() {
            Ok(code) if (100..=999).contains(&code) => Wget::Answer(code, reason),
            // "No data received.", "Read error (Connection reset by peer)": no answer came.
            _ => Wget::Failure,
        });
    }
    let dated = line.find("ERROR ").and_then(|at| line.get(at + 6..));
    let coded = dated.is_some_and(|rest| {
        let (code, after) = rest.split_at_checked(3).unwrap_or((rest, ""));
        code.bytes().all(|byte| byte.is_ascii_digit()) && after.starts_with(':')
    });
    let told = line.starts_with("wget: ")
        || line.starts_with("Connecting to ") && line.contains("failed: ")
        || line.starts_with("Giving up.");
    (coded || told).then_some(Wget::Failure)
}

/// A line without the escape sequences that colour it (ECMA-48) and without byte order marks.
pub(super) fn uncoloured(line: &str) -> Cow<'_, str> {
    let marked = line.starts_with(MARKS);
    if !marked && !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut kept = String::with_capacity(line.len());
    let mut chars = line.trim_start_matches(MARKS).chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            kept.push(c);
        } else if chars.next_if_eq(&'[').is_some() {
            while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
        } else if chars.next_if_eq(&']').is_some() {
            // A title or link, up to BEL or ESC \.
            while chars.next().is_some_and(|c| c != '\u{7}' && c != '\u{1b}') {}
            chars.next_if_eq(&'\\');
        } else {
            chars.next();
        }
    }
    Cow::Owned(kept)
}

/// What joined files and copied text carry before a line, unseen.
const MARKS: [char; 3] = ['\u{feff}', '\u{200b}', '\u{2060}'];

/// The URL of a shell's echo of a curl command.
pub(super) fn command(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['$', '+', '#', '>', ' ']);
    let words = line.strip_prefix("curl ")?;
    words
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .find(|word| word.starts_with("http://") || word.starts_with("https://"))
}

/// Where `HTTP/` stands in `line` for the first time, whatever the case.
pub(super) fn protocol(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'/', bytes)
        .filter_map(|slash| slash.checked_sub(4))
        .find(|&at| bytes[at..at + 4].eq_ignore_ascii_case(b"http"))
}

/// A line without the progress meter before it: `curl -v` goes on where the meter stands.
pub(super) fn unmetered(line: &str) -> &str {
    if !line.contains("--:--") {
        return line;
    }
    let mut marks = line.match_indices(['<', '>', '*']);
    let end = marks.find(|(at, _)| is_noise(&line[..*at]));
    end.map_or(line, |(at, _)| &line[at..])
}

/// curl's progress meter, and its notes on bytes sent and received.
pub(super) fn is_noise(line: &str) -> bool {
    let trimmed = line.trim_start();
    let data = (trimmed.starts_with("{ [") || trimmed.starts_with("} [")) && trimmed.ends_with(']');
    data || trimmed.starts_with("% Total")
        || trimmed.starts_with("Dload")
        || (trimmed.contains("--:--:--")
            && trimmed
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b" .:-kMGT%".contains(&byte)))
}

/// Whether a line is what curl says of its work, such as `*   Trying 192.0.2.1:443...`; other lines
/// with a `*` before them may be anybody's list.
pub(super) fn is_own_work(line: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "trying ",
        "could not resolve host",
        "connected to ",
        "connect to ",
        "failed to connect",
        "connection timed out",
        "host ",
        "closing connection",
        "shutting down connection",
    ];
    let said = line
        .strip_prefix('*')
        .map(|rest| rest.trim_start().to_lowercase());
    is_noise(line) || said.is_some_and(|said| BEGINNINGS.iter().any(|b| said.starts_with(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wget_lines() {
        assert_eq!(
            wget("HTTP request sent, awaiting response... 410 Gone"),
            Some(Wget::Answer(410, "Gone"))
        );
        assert_eq!(
            wget("--2025-10-12 09:00:00--  https://a.example/?x=1"),
            Some(Wget::Asks("https://a.example/?x=1"))
        );
        for line in [
            "2025-10-12 09:00:00 ERROR 410: Gone.",
            "ERROR 503: Busy.",
            "wget: unable to resolve host address",
            "Connecting to a.example|192.0.2.1|:443... failed: Connection refused.",
            "HTTP request sent, awaiting response... No data received.",
        ] {
            assert_eq!(wget(line), Some(Wget::Failure), "{line}");
        }
        for line in [
            "HTTP request sent, awaiting response... ",
            "ERROR 410 pages",
            "Connecting to a.example... connected.",
            "-- a comment",
        ] {
            assert_eq!(wget(line), None, "{line}");
        }
    }

    #[test]
    fn meters_are_taken_off() {
        let meter =
            "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
        assert_eq!(
            unmetered(&format!("{meter}> GET / HTTP/2")),
            "> GET / HTTP/2"
        );
        assert_eq!(unmetered(meter), meter);
        assert_eq!(unmetered("a --:-- > b"), "a --:-- > b");
    }

    #[test]
    fn colours_are_taken_off() {
        assert_eq!(uncoloured("\u{1b}[32mHTTP/2 410\u{1b}[0m"), "HTTP/2 410");
        assert_eq!(uncoloured("\u{1b}]8;;x\u{1b}\\HTTP/2 200"), "HTTP/2 200");
        assert_eq!(uncoloured("\u{feff}HTTP/2 410"), "HTTP/2 410");
        assert_eq!(uncoloured("\u{1b}["), "");
        assert_eq!(uncoloured("plain"), "plain");
    }
}
