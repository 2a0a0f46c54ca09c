//! Any text: moments are found on character boundaries, left to right, and read alike alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::parser::moments;

fuzz_target!(|text: &str| {
    let mut at = 0;
    for (range, moment) in moments::find(text) {
        assert!(range.start >= at && range.start < range.end);
        assert!(text.get(range.clone()).is_some());
        assert!(moment.first() <= moment.last());
        at = range.end;
    }
    if let Some(moment) = moments::parse(text) {
        let printed = moment.to_string();
        assert_eq!(moments::parse(&printed), Some(moment), "{text:?} as {printed}");
    }
    let _ = moments::without_moments(text);
});
