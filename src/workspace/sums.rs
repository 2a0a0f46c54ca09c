//! `SHA256SUMS` in the form of GNU `sha256sum`: two spaces, names escaped by a leading backslash.

use std::collections::BTreeMap;

/// Path to SHA-256, from the text of the file; lines that are none are passed over.
pub fn read(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(String, String)> {
    let (escaped, rest) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (hash, path) = rest.split_once("  ").or_else(|| rest.split_once(" *"))?;
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) || path.is_empty() {
        return None;
    }
    let path = if escaped {
        unescape(path)
    } else {
        path.to_owned()
    };
    Some((path, hash.to_ascii_lowercase()))
}

fn unescape(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        plain.push(match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            (other, false) => other,
        });
    }
    plain
}

/// The text of the file, sorted by path.
pub fn write(sums: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (path, hash) in sums {
        let plain = !path.contains(['\\', '\n', '\r']);
        let mark = if plain { "" } else { "\\" };
        let shown = path
            .replace('\\', "\\\\")
            .replace('\n', "\\n")
            .replace('\r', "\\r");
        text.push_str(&format!("{mark}{hash}  {shown}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_what_it_writes(names in prop::collection::btree_set("[ -~\n\\\\é]{1,20}", 0..5)) {
            let sums: BTreeMap<String, String> =
                names.into_iter().map(|n| (n, "ab".repeat(32))).collect();
            prop_assert_eq!(read(&write(&sums)), sums);
        }
    }
}
