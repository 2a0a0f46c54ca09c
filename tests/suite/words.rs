//! How a gate's words are read: `tests/words.txt`, and the book's list of every word.

use std::fs;

use packet::resolver::vocabulary::read;
use regex::Regex;

#[test]
fn words_are_read_as_the_table_says() {
    let table = text("tests/words.txt");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let (words, expected) = line.split_once(" ::").unwrap();
        let found: Vec<String> = read(words).iter().map(|(r, _)| r.to_string()).collect();
        seen += 1;
        if found.join("; ") != expected.trim() {
            wrong.push(format!("{words} :: {}", found.join("; ")));
        }
    }
    assert!(seen > 300, "only {seen} lines");
    assert!(wrong.is_empty(), "read otherwise:\n{}", wrong.join("\n"));
}

/// A sentence around a demand changes nothing about it.
#[test]
fn demands_are_read_within_sentences() {
    let table = text("tests/words.txt");
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let (words, expected) = line.split_once(" ::").unwrap();
        let demand = expected.contains("duration") && !expected.contains("not understood");
        if !demand {
            continue;
        }
        let sentence = format!("Berth desk, seen from the quay; {words}, see the night desk");
        let found: Vec<String> = read(&sentence).iter().map(|(r, _)| r.to_string()).collect();
        assert_eq!(found.join("; "), expected.trim(), "{sentence}");
    }
}

#[test]
fn every_word_that_is_read_is_in_the_book() {
    let book = text("docs/gates.md");
    let book: String = book.split_whitespace().collect::<Vec<_>>().join(" ");
    let source = text("src/resolver/vocabulary/table.rs");
    let list = Regex::new(r#"List::new\(\s*"((?:\\.|\\\n|[^"\\])*)""#).unwrap();
    let broken = Regex::new(r"\\\n\s*").unwrap();
    let mut missing = Vec::new();
    let mut seen = 0;
    for found in list.captures_iter(&source) {
        let whole = broken.replace_all(&found[1], "").replace("\\u{2c}", ",");
        for phrase in whole.split(", ") {
            seen += 1;
            let phrase = phrase.replace("\\\"", "\"");
            if phrase != "`" && !book.contains(&format!("`{phrase}`")) {
                missing.push(phrase);
            }
        }
    }
    assert!(seen > 500, "only {seen} phrases");
    assert!(missing.is_empty(), "docs/gates.md lacks {missing:?}");
}

fn text(path: &str) -> String {
    fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}
