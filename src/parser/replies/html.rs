//! HTML mail as text: quotes become lines that begin with `>`, so that they are known as such.

/// Elements whose text nobody sees, and struck-out text, which is taken back.
const HIDDEN: &[&str] = &[
    "style", "script", "head", "title", "template", "noscript", "s", "strike", "del",
];
/// Elements that begin and end lines.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "tr",
    "table",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "blockquote",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "body",
    "html",
    "center",
    "dl",
    "dt",
    "dd",
];
/// Elements that have no end.
const EMPTY: &[&str] = &[
    "br", "hr", "img", "meta", "link", "input", "wbr", "area", "base", "col",
];
/// Classes and ids that mail programs give to quotes without a `blockquote`.
const QUOTES: &[&str] = &[
    "yahoo_quoted",
    "ms-outlook-mobile-reference-message",
    "protonmail_quote",
    "zmail_extra",
];
/// How deep elements are followed.
const DEEPEST: usize = 512;

/// An open element.
struct Open {
    name: String,
    quotes: bool,
    hides: bool,
}

/// The text of HTML as its reader sees it; quotes begin with `>`.
pub(super) fn text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        page.words(&rest[..at]);
        rest = &rest[at..];
        rest = page.markup(rest);
    }
    page.words(rest);
    page.end_line();
    page.out
}

#[derive(Default)]
struct Page {
    out: String,
    line: String,
    open: Vec<Open>,
}

impl Page {
    /// Reads one tag, comment or declaration; returns what follows it.
    fn markup<'a>(&mut self, html: &'a str) -> &'a str {
        if let Some(comment) = html.strip_prefix("<!--") {
            return comment.find("-->").map_or("", |end| &comment[end + 3..]);
        }
        let named = html[1..]
            .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let end = tag_end(html);
        let (true, Some(end)) = (named, end) else {
            // A lone `<` is text.
            self.words("&lt;");
            return &html[1..];
        };
        let inner = &html[1..end];
        let (closing, inner) = inner
            .strip_prefix('/')
            .map_or((false, inner), |i| (true, i));
        let length = inner
            .find(|c: char| !c.is_ascii_alphanumeric() && c != ':')
            .unwrap_or(inner.len());
        let name = inner[..length].to_ascii_lowercase();
        let attributes = inner[length..].to_ascii_lowercase();
        if BLOCKS.contains(&name.as_str()) {
            self.end_line();
        }
        if closing {
            self.close(&name);
        } else if !EMPTY.contains(&name.as_str())
            && !attributes.ends_with('/')
            && self.open.len() < DEEPEST
        {
            self.open.push(Open {
                quotes: name == "blockquote" || QUOTES.iter().any(|q| attributes.contains(q)),
                hides: HIDDEN.contains(&name.as_str()) || hidden(&attributes),
                name,
            });
        } else if name == "img" {
            self.picture(&inner[length..]);
        }
        &html[end + 1..]
    }

    /// Closes the innermost element of that name, and those that were left open in it.
    fn close(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|o| o.name == name) {
            self.open.truncate(at);
        }
    }

    /// A picture that stands for a sign: its `alt` is what its reader sees.
    fn picture(&mut self, attributes: &str) {
        let lower = attributes.to_ascii_lowercase();
        let Some(at) = lower.find("alt=\"") else {
            return;
        };
        let value = &attributes[at + 5..];
        let alt = value.split('"').next().unwrap_or("");
        if alt.chars().count() <= 4 {
            self.words(alt);
        }
    }

    fn words(&mut self, text: &str) {
        if self.open.iter().any(|o| o.hides) {
            return;
        }
        let text = unescaped(text);
        for word in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let blank = word.ends_with(|c: char| c.is_ascii_whitespace());
            self.line
                .push_str(word.trim_end_matches(|c: char| c.is_ascii_whitespace()));
            if blank && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let depth = self.open.iter().filter(|o| o.quotes).count();
        for _ in 0..depth {
            self.out.push_str("> ");
        }
        self.out.push_str(line.trim());
        self.out.push('\n');
    }
}

/// Where a tag ends: a `>` outside of quoted values.
fn tag_end(html: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in html.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    // A quote that never ends: the first `>` will do.
    html.find('>')
}

fn hidden(attributes: &str) -> bool {
    let style: String = attributes.chars().filter(|c| !c.is_whitespace()).collect();
    style.contains("display:none")
        || style.contains("visibility:hidden")
        || style.contains("mso-hide:all")
}

/// Character references of HTML that mails use.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .char_indices()
            .take(12)
            .find(|(_, c)| *c == ';')
            .map(|(i, _)| i);
        let known = end.and_then(|end| Some((reference(&rest[1..end])?, end + 1)));
        let (text, length) = known.unwrap_or(('&', 1));
        out.push(text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |h| u32::from_str_radix(h, 16).ok());
        return code.and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        "oacute" => 'ó',
        "aacute" => 'á',
        "atilde" => 'ã',
        "aring" => 'å',
        "oslash" => 'ø',
        "rsquo" => '’',
        "lsquo" => '‘',
        "ldquo" => '“',
        "rdquo" => '”',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "check" => '✓',
        _ => return None,
    })
}
