//! Any words: no panic, and every requirement lies within them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::resolver::vocabulary;

fuzz_target!(|words: &str| {
    for (_, range) in vocabulary::read(words) {
        assert!(words.get(range).is_some_and(|text| !text.is_empty()));
    }
    let _ = vocabulary::target(words);
});
