//! A list of phrases, cut into words once.

use std::sync::OnceLock;

use super::tokens::Token;

/// Phrases, written as one text with `, ` between them.
#[derive(Debug)]
pub struct List {
    text: &'static str,
    phrases: OnceLock<Vec<Vec<&'static str>>>,
}

impl List {
    /// The phrases of `text`.
    pub const fn new(text: &'static str) -> Self {
        List {
            text,
            phrases: OnceLock::new(),
        }
    }

    /// The phrases, longest first.
    pub fn phrases(&self) -> &[Vec<&'static str>] {
        self.phrases.get_or_init(|| {
            let mut phrases: Vec<Vec<&str>> = self
                .text
                .split(", ")
                .map(|phrase| phrase.split(' ').collect())
                .collect();
            phrases.sort_by_key(|words| std::cmp::Reverse(words.len()));
            phrases
        })
    }

    /// Whether `word` alone is one of the phrases.
    pub fn has(&self, word: &str) -> bool {
        self.phrases()
            .iter()
            .any(|words| matches!(words.as_slice(), [one] if *one == word))
    }

    /// Where a phrase begins that ends directly before token `end`.
    pub fn before(&self, tokens: &[Token], end: usize) -> Option<usize> {
        self.phrases().iter().find_map(|words| {
            let start = end.checked_sub(words.len())?;
            says(tokens.get(start..end)?, words).then_some(start)
        })
    }

    /// Where a phrase ends that begins with token `start`.
    pub fn at(&self, tokens: &[Token], start: usize) -> Option<usize> {
        self.phrases().iter().find_map(|words| {
            let end = start + words.len();
            says(tokens.get(start..end)?, words).then_some(end)
        })
    }
}

fn says(tokens: &[Token], words: &[&str]) -> bool {
    tokens.iter().zip(words).all(|(t, word)| t.text == *word)
}
