//! `doc_hash`: `sha256:HEX` over the bytes after the closing line of the front matter.

use sha2::{Digest, Sha256};

use super::{
    edits::{Edit, apply},
    templates::{TemplateError, TemplateErrorKind},
};

/// The hash that belongs in the `doc_hash` of the file `source`.
pub fn doc_hash(source: &str) -> String {
    format!("sha256:{}", sha256_hex(body(source).as_bytes()))
}

/// `source` with its `doc_hash` brought up to date; unchanged where it has no such key.
pub fn with_hash(source: &str) -> String {
    let front = crate::parser::read_front_matter(source, &mut Vec::new());
    match front.entry("doc_hash") {
        Some(entry) => apply(source, vec![Edit::new(entry.span, doc_hash(source))]),
        None => source.to_owned(),
    }
}

/// A file whose front matter holds its own hash: `with` renders the template `file` with a given one.
///
/// # Errors
/// Those of `with`; the template uses the hash outside of the front matter.
pub fn sealed(
    file: &'static str,
    with: impl Fn(&str) -> Result<String, TemplateError>,
) -> Result<String, TemplateError> {
    let hash = doc_hash(&with("TBD")?);
    let text = with(&hash)?;
    if doc_hash(&text) != hash {
        return Err(TemplateError::new(
            TemplateErrorKind::BadOutput,
            file,
            "`doc_hash` may stand in the front matter alone: the text below it is what is hashed",
        ));
    }
    Ok(text)
}

/// What follows the front matter's closing line; all of it where there is none.
///
/// A byte order mark, CRLF and a closing `...` are understood.
pub fn body(source: &str) -> &str {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next() else {
        return source;
    };
    if first.trim_end() != "---" {
        return source;
    }
    let mut used = first.len();
    for line in lines {
        used += line.len();
        if matches!(line.trim_end(), "---" | "...") {
            return text.get(used..).unwrap_or("");
        }
    }
    source
}

/// SHA-256 of `bytes` in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_what_follows_the_closing_line() {
        // printf 'Text\n' | sha256sum
        let text = "sha256:533bfd360a1274c99f13658e6c774d9dc3c4518cd1d31231e6503876509157db";
        for source in [
            "Text\n",
            "---\ndoc: a\n---\nText\n",
            "\u{feff}---\r\ndoc: a\r\n...\r\nText\n",
        ] {
            assert_eq!(doc_hash(source), text, "{source:?}");
        }
        assert_ne!(doc_hash("---\nText\n"), text);
    }

    #[test]
    fn only_a_closed_block_at_the_head_counts() {
        assert_eq!(body("---\na: b\n---"), "");
        assert_eq!(body("---\nopen\n"), "---\nopen\n");
        assert_eq!(body("x\n---\na\n---\n"), "x\n---\na\n---\n");
        assert_eq!(body(""), "");
    }
}
