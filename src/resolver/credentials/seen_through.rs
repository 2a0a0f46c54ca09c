//! A line as its reader sees it: without the marks of Markdown and HTML, without invisible
//! characters, references resolved.

/// Tags that only shape text. Any other tag is kept, for its name may say what it holds:
/// `<password>…</password>`.
const SHAPING: &[&str] = &[
    "a", "b", "big", "br", "code", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "i",
    "kbd", "li", "mark", "p", "pre", "s", "samp", "small", "span", "strong", "sub", "sup", "td",
    "th", "tr", "tt", "u",
];

/// Longest run of `*` or `_` that is a mark of emphasis; longer ones stand for something hidden.
const EMPHASIS: usize = 3;

/// `line` with what only shapes it taken out. What separates two parts becomes a space.
pub(super) fn seen_through(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let mut seen = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\\' => escaped(rest, &mut seen),
            '&' => reference(rest, &mut seen),
            '<' => tag(rest, &mut seen),
            '[' => link(rest, &mut seen),
            '*' | '_' | '~' => emphasis(rest, c, &mut seen),
            '`' => Some(1),
            _ if is_invisible(c) => Some(c.len_utf8()),
            '：' => put(&mut seen, ':', c),
            '＝' => put(&mut seen, '=', c),
            _ => None,
        };
        let taken = taken.unwrap_or_else(|| {
            seen.push(c);
            c.len_utf8()
        });
        rest = &rest[taken..];
    }
    seen
}

fn put(seen: &mut String, shown: char, read: char) -> Option<usize> {
    seen.push(shown);
    Some(read.len_utf8())
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A backslash before punctuation (CommonMark 2.4).
fn escaped(rest: &str, seen: &mut String) -> Option<usize> {
    let next = rest[1..]
        .chars()
        .next()
        .filter(char::is_ascii_punctuation)?;
    seen.push(next);
    Some(2)
}

/// A numeric character reference, or one of the few named ones that hide a letter's neighbour.
fn reference(rest: &str, seen: &mut String) -> Option<usize> {
    let end = rest.bytes().take(12).position(|b| b == b';')?;
    let name = &rest[1..end];
    let shown = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => ' ',
            "colon" => ':',
            "equals" => '=',
            _ => return None,
        },
    };
    if !is_invisible(shown) {
        seen.push(shown);
    }
    Some(end + 1)
}

/// A tag that only shapes; a line break and a cell's edge separate.
fn tag(rest: &str, seen: &mut String) -> Option<usize> {
    let end = rest.find('>')?;
    let name = rest[1..end].trim_start_matches('/');
    let name = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !SHAPING.contains(&name.as_str()) {
        return None;
    }
    match name.as_str() {
        "td" | "th" => seen.push('|'),
        "br" | "div" | "li" | "p" | "tr" => seen.push(' '),
        _ => {}
    }
    Some(end + 1)
}

/// A link is read as its text; its target is searched as it stands in the line itself.
fn link(rest: &str, seen: &mut String) -> Option<usize> {
    let close = rest.find("](")?;
    let end = close + rest[close..].find(')')?;
    let text = &rest[1..close];
    if text.contains('[') {
        return None;
    }
    seen.push_str(&seen_through(text.as_bytes()));
    Some(end + 1)
}

/// A run of emphasis marks. Underscores inside a word are the word's own.
fn emphasis(rest: &str, mark: char, seen: &mut String) -> Option<usize> {
    let run = rest.chars().take_while(|c| *c == mark).count();
    if run > EMPHASIS {
        seen.extend(std::iter::repeat_n(mark, run));
        return Some(run);
    }
    let before = seen.chars().next_back().is_some_and(char::is_alphanumeric);
    let after = rest[run..]
        .chars()
        .next()
        .is_some_and(char::is_alphanumeric);
    if mark == '_' && before && after {
        seen.extend(std::iter::repeat_n(mark, run));
    }
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shapes_is_taken_out() {
        for (line, seen) in [
            ("**Password:** `x1`", "Password: x1"),
            ("Pass**word**: x1", "Password: x1"),
            ("__Password:__ a_b", "Password: a_b"),
            ("Pass&#119;ord\\: x1", "Password: x1"),
            ("Pass\u{200b}word：x1", "Password:x1"),
            ("<b>Password:</b><br>x1", "Password: x1"),
            ("<password>x1</password>", "<password>x1</password>"),
            ("[Password](#login): x1", "Password: x1"),
            ("Password: ********", "Password: ********"),
            ("Password: [REDACTED]", "Password: [REDACTED]"),
        ] {
            assert_eq!(seen_through(line.as_bytes()), seen, "{line}");
        }
    }
}
