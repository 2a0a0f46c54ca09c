//! The message as it goes over the wire (RFC 5321 sections 2.3.8 and 4.5.2).

use std::borrow::Cow;

/// `message` with every line ending as CRLF, lone CR and LF included, without the last one:
/// the terminator `CRLF . CRLF` brings it.
pub fn normalised(message: &[u8]) -> Cow<'_, [u8]> {
    let body = message.strip_suffix(b"\r\n").unwrap_or(message);
    if body_is_clean(body) {
        return Cow::Borrowed(body);
    }
    let mut out = Vec::with_capacity(message.len() + message.len() / 32);
    let mut rest = message;
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(b"\r\n");
        let pair = rest[at..].starts_with(b"\r\n");
        rest = &rest[at + 1 + usize::from(pair)..];
    }
    out.extend_from_slice(rest);
    if out.ends_with(b"\r\n") {
        out.truncate(out.len() - 2);
    }
    Cow::Owned(out)
}

/// Whether every CR stands before an LF and every LF after a CR.
fn body_is_clean(body: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'\r', b'\n', &body[at..]) {
        if !body[at + found..].starts_with(b"\r\n") {
            return false;
        }
        at += found + 2;
    }
    true
}

/// How many bytes the server counts for a normalised message: its final CRLF included.
pub fn wire_size(normalised: &[u8]) -> usize {
    normalised.len() + 2
}

/// A normalised text with dots doubled at the start of lines and the terminator behind it, so
/// that it leaves in one write.
pub struct Terminated<'a>(pub &'a str);

impl std::fmt::Display for Terminated<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.0;
        if text.starts_with('.') {
            f.write_str(".")?;
        }
        let mut from = 0;
        for at in memchr::memmem::find_iter(text.as_bytes(), b"\r\n.") {
            // A match ends behind an ASCII dot, so the cut is at a character boundary.
            f.write_str(&text[from..at + 3])?;
            f.write_str(".")?;
            from = at + 3;
        }
        f.write_str(&text[from..])?;
        f.write_str("\r\n.\r\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_endings_become_crlf() {
        for (given, expected) in [
            ("a\r\nb\r\n", "a\r\nb"),
            ("a\nb\n", "a\r\nb"),
            ("a\rb\r", "a\r\nb"),
            ("a\r\r\nb", "a\r\n\r\nb"),
            ("a\n\r\n", "a\r\n"),
            ("", ""),
            ("\r\n", ""),
            ("\n", ""),
            ("no end", "no end"),
            ("a\r\n\r\n", "a\r\n"),
        ] {
            let out = normalised(given.as_bytes());
            assert_eq!(String::from_utf8_lossy(&out), expected, "{given:?}");
        }
        assert!(matches!(normalised(b"a\r\nb\r\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn dots_are_doubled_where_a_line_begins() {
        for (given, expected) in [
            (".", "..\r\n.\r\n"),
            ("a.b", "a.b\r\n.\r\n"),
            ("a\r\n.b\r\n..", "a\r\n..b\r\n...\r\n.\r\n"),
            (
                "a\r\n.\r\n.\r\nMAIL FROM:<x>",
                "a\r\n..\r\n..\r\nMAIL FROM:<x>\r\n.\r\n",
            ),
            ("é\r\n.ü", "é\r\n..ü\r\n.\r\n"),
            ("", "\r\n.\r\n"),
        ] {
            assert_eq!(Terminated(given).to_string(), expected, "{given:?}");
        }
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    /// What a server makes of the wire text: lines to the lone dot, doubled dots undone.
    fn received(wire: &str) -> Option<String> {
        let mut out = String::new();
        let mut lines = wire.split_inclusive("\r\n");
        for line in lines.by_ref() {
            if line == ".\r\n" {
                return lines.next().is_none().then_some(out);
            }
            out.push_str(line.strip_prefix('.').unwrap_or(line));
        }
        None
    }

    proptest! {
        #[test]
        fn nothing_ends_the_message_but_its_end(text in "[.a\r\né]{0,40}") {
            let body = normalised(text.as_bytes());
            let body = std::str::from_utf8(&body).unwrap();
            let wire = Terminated(body).to_string();
            prop_assert_eq!(received(&wire), Some(format!("{body}\r\n")));
        }
    }
}
