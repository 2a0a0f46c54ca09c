//! Span edits: the source plus a list of replacements; every other byte is the author's.

use crate::model::span::Span;

/// Replace the bytes under `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// The edit that puts `text` in place of `span`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Edit {
            span,
            text: text.into(),
        }
    }
}

/// Applies edits in any order. Where two overlap, the one that begins first counts (the longer
/// of two that begin together); an edit that does not fit the source is left out.
pub fn apply(source: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by(|a, b| {
        a.span
            .start
            .cmp(&b.span.start)
            .then(b.span.end.cmp(&a.span.end))
    });
    let mut text = String::with_capacity(source.len() + 256);
    let mut at = 0;
    for edit in edits {
        let fits = edit.span.start >= at
            && source.is_char_boundary(edit.span.start)
            && source.is_char_boundary(edit.span.end)
            && edit.span.end <= source.len();
        if !fits {
            continue;
        }
        text.push_str(&source[at..edit.span.start]);
        text.push_str(&edit.text);
        at = edit.span.end;
    }
    text.push_str(&source[at..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn overlapping_edits_do_not_mix() {
        let edits = vec![
            Edit::new(Span::new(2, 4), "XY"),
            Edit::new(Span::new(3, 5), "no"),
            Edit::new(Span::new(2, 3), "no"),
            Edit::new(Span::new(6, 6), "+"),
            Edit::new(Span::new(9, 99), "no"),
        ];
        assert_eq!(apply("abcdefg", edits), "abXYef+g");
    }

    proptest! {
        #[test]
        fn bytes_outside_edits_survive(source in "\\PC{0,60}", cuts in prop::collection::vec((0usize..80, 0usize..80), 0..6)) {
            let edits: Vec<Edit> = cuts.iter().map(|(a, b)| Edit::new(Span::new(*a.min(b), *a.max(b)), "¤")).collect();
            let kept: String = source
                .char_indices()
                .filter(|(at, c)| !edits.iter().any(|e| e.span.overlaps(Span::new(*at, at + c.len_utf8()))))
                .map(|(_, c)| c)
                .collect();
            let result = apply(&source, edits);
            let mut rest = result.chars();
            prop_assert!(kept.chars().all(|c| rest.any(|r| r == c)), "{source:?} -> {result:?}");
        }
    }
}
