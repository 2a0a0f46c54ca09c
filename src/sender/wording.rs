//! Words of others made fit for a record: one line, no control characters, bounded.

/// How many characters of a server's words are kept.
const KEPT: usize = 400;

/// `text` on one line: white space single, control and format characters escaped, cut after
/// 400 characters.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut kept = 0;
    for word in text
        .split([' ', '\t', '\r', '\n'])
        .filter(|w| !w.is_empty())
    {
        if kept > 0 {
            line.push(' ');
        }
        for c in word.chars() {
            if kept >= KEPT {
                line.push('…');
                return line;
            }
            if hidden(c) {
                line.extend(c.escape_unicode());
            } else {
                line.push(c);
            }
            kept += 1;
        }
        kept += 1;
    }
    line
}

/// Characters that move the cursor, hide or turn the text around them.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The enhanced status code (RFC 3463) that opens a reply's text, if its class is that of the
/// reply `code` (RFC 2034 section 4).
pub fn enhanced_code(code: u16, text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let mut parts = word.split('.');
    let class = parts.next()?;
    let number = |part: Option<&str>| {
        part.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let shaped = number(parts.next()) && number(parts.next()) && parts.next().is_none();
    let class_agrees = matches!(class, "2" | "4" | "5") && class == (code / 100).to_string();
    (shaped && class_agrees).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_become_one_harmless_line() {
        assert_eq!(one_line("a\r\n b\tc  d\n"), "a b c d");
        assert_eq!(one_line("x\u{1b}[31mred"), "x\\u{1b}[31mred");
        assert_eq!(one_line("left\u{202e}right"), "left\\u{202e}right");
        assert_eq!(one_line(&"z".repeat(5000)).chars().count(), KEPT + 1);
    }

    #[test]
    fn enhanced_codes_are_read_only_where_they_are_codes() {
        assert_eq!(
            enhanced_code(550, "5.1.1 no such user").as_deref(),
            Some("5.1.1")
        );
        assert_eq!(enhanced_code(450, "4.2.10").as_deref(), Some("4.2.10"));
        for (code, text) in [
            (550, "4.1.1 class differs"),
            (550, "5.1 short"),
            (550, "5.1.1.1 long"),
            (550, "5.1.1234 digits"),
            (354, "3.0.0 no such class"),
            (550, "no code"),
            (550, ""),
        ] {
            assert_eq!(enhanced_code(code, text), None, "{text}");
        }
    }
}
