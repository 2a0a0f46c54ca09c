//! Any bytes under any kind of name: no panic, no control character in a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::{
    model::requirement::{Latency, Origin, Requirement, Stated},
    resolver::{examine::examine, filter::Nobody},
};

const NAMES: [&str; 6] = ["a.json", "a.ndjson", "a.csv", "a.log", "a.txt", "a"];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let demands = [
        Requirement::Status(200),
        Requirement::Latency(Latency {
            bound_ms: 300.0,
            inclusive: false,
        }),
        Requirement::Target("?mock=0".into()),
    ];
    let demands = demands.map(|requirement| Stated {
        requirement,
        origin: Origin::Configuration,
    });
    let now = jiff::Timestamp::from_second(1_760_000_000).expect("a moment");
    let name = NAMES[usize::from(choice) % NAMES.len()];
    let findings = examine(bytes, name, &demands, now, None, &Nobody).expect("memory is readable");
    for message in findings.holds.iter().chain(&findings.notes) {
        assert!(!message.chars().any(char::is_control), "{message:?}");
    }
});
