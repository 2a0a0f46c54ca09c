//! Bits of files in messages: shortened, and without control characters.

/// The longest piece of a file that a message repeats, in characters.
const LONGEST: usize = 80;

/// `text` shortened and with control, bidirectional and zero-width characters escaped.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST * 2));
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if is_hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// [`plain`] text between quotation marks.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_shortens() {
        assert_eq!(plain("a\u{1b}[31m\u{202e}"), "a\\u{1b}[31m\\u{202e}");
        assert_eq!(plain(&"x".repeat(80)).chars().count(), 80);
        assert_eq!(plain(&"é".repeat(900)).chars().count(), 81);
        assert_eq!(quoted("GONE"), "\"GONE\"");
    }
}
