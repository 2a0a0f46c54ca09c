//! Words that are nearly another: what somebody mistyped.

/// Whether at most `most` characters have to be added, dropped or replaced to make `wanted` of
/// `word`; both in lower case.
pub(super) fn nearly(word: &str, wanted: &str, most: usize) -> bool {
    misses(word, wanted) <= most
}

/// How many characters `word` is away from `wanted`.
pub(super) fn misses(word: &str, wanted: &str) -> usize {
    let wanted: Vec<char> = wanted.chars().collect();
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    for (line, c) in word.chars().enumerate() {
        let mut corner = row[0];
        row[0] = line + 1;
        for (at, &other) in wanted.iter().enumerate() {
            let replaced = corner + usize::from(c != other);
            corner = row[at + 1];
            row[at + 1] = replaced.min(corner + 1).min(row[at] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand() {
        for (word, away) in [
            ("placeholder", 0),
            ("placeholdr", 1),
            ("plaecholder", 2),
            ("plcholder", 2),
            ("placeholders", 1),
            ("shareholder", 3),
            ("", 11),
        ] {
            assert_eq!(misses(word, "placeholder"), away, "{word}");
        }
        assert_eq!(misses("abc", ""), 3);
        assert!(nearly("timestmap", "timestamp", 2));
        assert!(!nearly("time", "timestamp", 2));
    }
}
