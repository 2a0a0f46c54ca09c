//! Characters that a reader does not see, or that change what is seen.

use std::fmt::Write as _;

/// What such a character does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// It ends the line.
    LineBreak,
    /// It controls something else.
    Control,
    /// It changes the direction in which text is shown.
    Bidi,
    /// It cannot be seen.
    Invisible,
}

/// What the character at `at` does unseen; `None` where it is shown as it is. A joiner between
/// emoji and the tags of a flag are part of what is shown.
pub fn unseen(chars: &[char], at: usize) -> Option<Unseen> {
    match *chars.get(at)? {
        '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(Unseen::LineBreak),
        c if c.is_control() => Some(Unseen::Control),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(Unseen::Bidi)
        }
        '\u{200d}' if joins_emoji(chars, at) => None,
        '\u{e0020}'..='\u{e007f}' if in_flag(chars, at) => None,
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2064}'
        | '\u{206a}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(Unseen::Invisible),
        _ => None,
    }
}

/// What the first such character in `text` does.
pub fn first(text: &str) -> Option<Unseen> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).find_map(|at| unseen(&chars, at))
}

/// `text` with such characters written as `\u{…}`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if unseen(&chars, at).is_some() {
            // Writing into a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

fn joins_emoji(chars: &[char], at: usize) -> bool {
    // A variation selector or a skin tone may stand between the emoji and its joiner.
    let before = chars[..at]
        .iter()
        .rev()
        .find(|c| !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'));
    let after = chars.get(at + 1);
    before.is_some_and(|&c| is_emoji(c)) && after.is_some_and(|&c| is_emoji(c))
}

/// Whether the tag character at `at` spells a flag such as that of Wales (UTS 51).
fn in_flag(chars: &[char], at: usize) -> bool {
    let before = chars[..at]
        .iter()
        .rev()
        .find(|c| !matches!(c, '\u{e0020}'..='\u{e007f}'));
    before == Some(&'\u{1f3f4}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}
