//! Any bytes: no panic, and every leak lies on a line that is there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::resolver::credentials;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
    for leak in credentials::scan(bytes) {
        assert!((1..=lines).contains(&leak.line));
    }
});
