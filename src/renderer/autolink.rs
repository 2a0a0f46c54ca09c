//! Bare URLs and mail addresses in running text.

/// A piece of text, and where it leads if it is a link.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) target: Option<String>,
}

/// Splits `text` at its bare `http://`, `https://` URLs and mail addresses.
pub(super) fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    for word in words(text) {
        let Some((start, end, target)) = link(text, word) else {
            continue;
        };
        if plain < start {
            pieces.push(Piece {
                text: &text[plain..start],
                target: None,
            });
        }
        pieces.push(Piece {
            text: &text[start..end],
            target: Some(target),
        });
        plain = end;
    }
    if plain < text.len() {
        pieces.push(Piece {
            text: &text[plain..],
            target: None,
        });
    }
    pieces
}

/// Start and end of each run without spaces, quotes, angle brackets or control characters.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    let gap = |c: char| c.is_whitespace() || c.is_control() || "<>\"`|".contains(c);
    for (at, c) in text.char_indices().filter(|(_, c)| gap(*c)) {
        if start < at {
            found.push((start, at));
        }
        start = at + c.len_utf8();
    }
    if start < text.len() {
        found.push((start, text.len()));
    }
    found
}

fn link(text: &str, (start, end): (usize, usize)) -> Option<(usize, usize, String)> {
    let word = &text[start..end];
    if let Some(at) = word.find("https://").or_else(|| word.find("http://")) {
        // Inside another word, such as `xhttps://`, it is no scheme of its own.
        let own = !word[..at].ends_with(|c: char| c.is_alphanumeric());
        let url = trimmed(&word[at..]);
        let host = url.split_once("://").map_or("", |(_, rest)| rest);
        return (own && host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
            .then(|| (start + at, start + at + url.len(), url.to_owned()));
    }
    let at = word.find('@')?;
    let local_len = word[..at]
        .bytes()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b))
        .count();
    let domain_len = word[at + 1..]
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b))
        .count();
    let local = &word[at - local_len..at];
    let domain = word[at + 1..at + 1 + domain_len].trim_end_matches(['.', '-']);
    let labelled = domain.split('.').all(|label| !label.is_empty());
    if local.is_empty() || !domain.contains('.') || !labelled {
        return None;
    }
    let (from, to) = (at - local_len, at + 1 + domain.len());
    Some((
        start + from,
        start + to,
        format!("mailto:{}", &word[from..to]),
    ))
}

/// A URL without the punctuation of the sentence around it.
fn trimmed(url: &str) -> &str {
    let count = |c| url.matches(c).count();
    // Closing brackets beyond the opening ones belong to the sentence.
    let mut spare = [
        (')', count(')').saturating_sub(count('('))),
        (']', count(']').saturating_sub(count('['))),
    ];
    let mut end = url.len();
    for (at, c) in url.char_indices().rev() {
        let closes = match spare.iter_mut().find(|(bracket, _)| *bracket == c) {
            Some((_, left)) if *left > 0 => {
                *left -= 1;
                true
            }
            Some(_) => false,
            None => ".,;:!?'*_~}”’…".contains(c),
        };
        if !closes {
            break;
        }
        end = at;
    }
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(&str, String)> {
        let pieces = split(text);
        assert_eq!(pieces.iter().map(|p| p.text).collect::<String>(), text);
        pieces
            .into_iter()
            .filter_map(|p| Some((p.text, p.target?)))
            .collect()
    }

    #[test]
    fn finds_urls_without_their_punctuation() {
        for (text, url) in [
            ("see https://example.com/a.", "https://example.com/a"),
            ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
            (
                "at http://example.com/?a=1&b=2, or",
                "http://example.com/?a=1&b=2",
            ),
            ("a:https://example.com", "https://example.com"),
        ] {
            assert_eq!(links(text), [(url, url.to_owned())], "{text}");
        }
    }

    #[test]
    fn finds_mail_addresses() {
        for (text, address) in [
            ("write to help@example.com.", "help@example.com"),
            ("(a.b+c@mail.example.com)", "a.b+c@mail.example.com"),
            ("é:x@example.com", "x@example.com"),
        ] {
            assert_eq!(
                links(text),
                [(address, format!("mailto:{address}"))],
                "{text}"
            );
        }
    }

    #[test]
    fn leaves_the_rest_alone() {
        for text in [
            "",
            "a@b",
            "@team",
            "https://",
            "xhttps://a.example",
            "a@.example",
            "ftp://a.example",
            "http://?",
        ] {
            assert_eq!(links(text), [], "{text}");
        }
    }
}
