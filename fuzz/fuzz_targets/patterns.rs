//! Any two lines as pattern and path: reading and matching end, and what matches stays inside.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::{model::pattern::Pattern, resolver::matching::Matcher};

fuzz_target!(|text: &str| {
    let (pattern, path) = text.split_once('\n').unwrap_or((text, text));
    let Ok(pattern) = Pattern::parse(pattern) else { return };
    // Paths come from a listing: no part is empty, none is `..`.
    if path.split('/').any(|part| part.is_empty() || part == "..") {
        return;
    }
    let prefix = pattern.literal_prefix();
    if let Some(candidate) = Matcher::new(&pattern).candidate(path) {
        assert!(candidate.path.starts_with(&prefix), "{candidate:?}");
    }
    if let Some(literal) = pattern.literal_path() {
        assert!(Matcher::new(&pattern).candidate(&literal).is_some(), "{literal:?}");
    }
});
