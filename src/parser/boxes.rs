//! What people write for the box of a task item.

use super::inline::Run;

/// Signs that are drawn as a box or a tick.
const SIGNS: &[char] = &[
    '☐', '☑', '☒', '□', '■', '▢', '▣', '◻', '◼', '◽', '◾', '⬜', '⬛', '🔲', '🔳', '✅', '✔',
    '✓', '❌', '✗', '✘', '❎', '🗹', '🗸',
];
/// What may stand between brackets, blanks aside.
const INSIDE: &[&str] = &[
    "", "x", "X", "-", "–", "~", "*", "✓", "✔", "✅", "☑", "✗", "✘", "v", "V", "y", "Y", "o", "/",
    ".", "_", "?", "!", ">", "+", "×", "х", "Х",
];

/// Which sort of box it nearly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Box {
    /// Brackets, with something before, in or behind them that does not belong.
    Brackets,
    /// A sign that is drawn as a box.
    Sign,
    /// `<input type="checkbox">`.
    Html,
    /// A box with nothing behind it.
    Empty,
}

/// The box that a line nearly begins with; where it is `bare`, a bullet may stand before it.
pub(super) fn nearly(line: &[Run], bare: bool) -> Option<Box> {
    let first = line.iter().find(|r| !r.text.trim().is_empty())?;
    if first.style.code {
        return None;
    }
    let text: String = line.iter().map(|r| r.text.as_str()).collect();
    let lower = text.to_lowercase();
    if lower.contains("<input") && lower.contains("checkbox") {
        return Some(Box::Html);
    }
    let blank =
        |c: char| c.is_whitespace() || "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".contains(c);
    let mut rest = text.trim_start_matches(blank);
    if bare {
        let bullet = |c: char| "-*+•‣◦▪·–—−".contains(c) || blank(c);
        rest = rest.trim_start_matches(bullet);
    }
    if rest.starts_with(SIGNS) {
        return Some(Box::Sign);
    }
    let pairs = [
        ('[', ']'),
        ('［', '］'),
        ('(', ')'),
        ('（', '）'),
        ('【', '】'),
    ];
    let (open, close) = *pairs.iter().find(|(open, _)| rest.starts_with(*open))?;
    let (inside, behind) = rest[open.len_utf8()..].split_once(close)?;
    let inside = inside.trim_matches(blank);
    // Round brackets hold all kinds of remarks.
    let fits = match open {
        '(' | '（' => matches!(inside, "" | "x" | "X"),
        _ => INSIDE.contains(&inside),
    };
    if !fits || behind.starts_with(['(', '[']) {
        return None;
    }
    Some(if behind.trim_matches(blank).is_empty() {
        Box::Empty
    } else {
        Box::Brackets
    })
}

/// `text` without HTML tags.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>') else {
            break;
        };
        out.push_str(&rest[..open]);
        out.push(' ');
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    super::inline::fold(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, bare: bool) -> Option<Box> {
        let mut run = Run::gap(0);
        run.text = text.to_owned();
        nearly(&[run], bare)
    }

    #[test]
    fn boxes_and_what_only_has_brackets() {
        for text in [
            "[] Key",
            "[-] Key",
            "[ x ] Key",
            "[  ] Key",
            "[\u{a0}] Key",
            "[✓] Key",
            "[ ]Key",
            "( ) Key",
            "［ ］ Key",
            "\u{200b}[ ] Key",
            "[х] Key",
        ] {
            assert_eq!(of(text, false), Some(Box::Brackets), "{text}");
        }
        for text in ["-[ ] Key", "• [ ] Key", "– [x] Key", "[ ] Key"] {
            assert_eq!(of(text, true), Some(Box::Brackets), "{text}");
        }
        assert_eq!(of("☐ Key", false), Some(Box::Sign));
        assert_eq!(of("[ ]", false), Some(Box::Empty));
        assert_eq!(of("<input type=\"checkbox\"> Key", false), Some(Box::Html));
        for text in [
            "[1] note",
            "[Key](a.md)",
            "[x](a.md)",
            "(optional) Key",
            "a [ ] b",
            "Key",
            "",
        ] {
            assert_eq!(of(text, true), None, "{text}");
        }
    }

    #[test]
    fn tags_go() {
        assert_eq!(
            without_tags("<h2 id=a>Required <b>Evidence</b></h2>"),
            "Required Evidence"
        );
        assert_eq!(without_tags("2 < 3"), "2 < 3");
    }
}
