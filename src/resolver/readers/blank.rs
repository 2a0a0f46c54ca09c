//! Text that nobody can see.

/// Whether `text` shows nothing: white space of any kind, control characters, and characters
/// without width.
#[inline]
pub fn is_blank(text: &str) -> bool {
    // Nearly every text begins with something to see.
    if text.as_bytes().first().is_some_and(u8::is_ascii_graphic) {
        return false;
    }
    text.chars().all(is_unseen)
}

fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            // Fillers, joiners, marks of direction, byte order marks, variation selectors, tags.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn what_shows_nothing() {
        for text in [
            "",
            " \t\r",
            "\u{a0}\u{2003}",
            "\u{200b}\u{feff}",
            "\u{1}\u{1b}\u{7f}",
            "\u{2028}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", "\u{a0}.", "é", "—", "✓"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
