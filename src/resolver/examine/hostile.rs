//! Whatever bytes come: no panic, and what a general JSON parser refuses is never clear.

use proptest::prelude::*;

use super::examine;
use crate::{
    model::{
        evidence::Findings,
        requirement::{Latency, Origin, Requirement, Stated},
    },
    resolver::filter::Nobody,
};

const NAMES: &[&str] = &["a.json", "a.ndjson", "a.csv", "a.log", "a.txt", "a"];

const GOOD: &[&str] = &[
    "{\"status\":200,\"durationMs\":212.5,\"timestamp\":\"2025-10-12T09:00:00Z\",\"url\":\"/a?b=0\"}",
    "{\"status\":\"ok\",\"durationMs\":1}\n{\"status\":\"ok\",\"durationMs\":2}\n",
    "[{\"status\":200,\"x\":[1,{\"y\":\"\\u00e9\\\"\"}]},\n{\"status\":201}]",
    "HTTP/1.1 302 Found\r\nLocation: /in\r\n\r\nHTTP/1.1 200 OK\r\nDate: Sun, 12 Oct 2025 09:00:00 GMT\r\n\r\nhi\n",
    "> GET /a?b=0 HTTP/2\n> Host: a.example\n< HTTP/2 200 \n< x: y\n<\ntime_total=0.2\n",
    "url=https://a.example/a?b=0\nhttp_code=200\ntime_total=0.17\n",
    "status,time_total,note\n200,0.2,\"a, \"\"b\"\"\nc\"\n",
];

fn judged(name: &str, bytes: &[u8]) -> Findings {
    let demands = [
        Requirement::Status(200),
        Requirement::Latency(Latency {
            bound_ms: 300.0,
            inclusive: false,
        }),
        Requirement::Target("?b=0".into()),
        Requirement::Sustained,
    ];
    let demands = demands.map(|requirement| Stated {
        requirement,
        origin: Origin::Configuration,
    });
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let moment = crate::model::moment::Moment::day(jiff::civil::date(2025, 10, 12));
    let findings = examine(bytes, name, &demands, now, moment, &Nobody).unwrap();
    for message in findings.holds.iter().chain(&findings.notes) {
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(message.chars().count() < 700, "{message}");
    }
    findings
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES)
}

proptest! {
    #[test]
    fn arbitrary_bytes(name in name(), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        judged(name, &bytes);
    }

    #[test]
    fn evidence_gone_wrong(
        name in name(),
        good in prop::sample::select(GOOD),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![
            any::<u8>(), prop::sample::select(&b"{}[]\",:\\\r\n0-.eE<> "[..])
        ], 0..3), 0..6),
    ) {
        let mut bytes = good.as_bytes().to_vec();
        for (index, byte, what) in edits {
            let at = index.index(bytes.len().max(1)).min(bytes.len());
            match what {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                _ => bytes.truncate(at),
            }
        }
        judged(name, &bytes);
    }

    #[test]
    fn json_is_read_exactly_where_it_is_json(
        good in prop::sample::select(&GOOD[..1]),
        index in any::<prop::sample::Index>(),
        byte in prop::sample::select(&b"{}[]\",:\\\r\n0-.eE<> \x00\x1ftfn19"[..]),
        insert: bool,
    ) {
        let mut bytes = good.as_bytes().to_vec();
        let at = index.index(bytes.len());
        if insert { bytes.insert(at, byte) } else { bytes[at] = byte }
        let valid = serde_json::from_slice::<serde_json::Map<_, serde_json::Value>>(&bytes).is_ok();
        let findings = judged("a.json", &bytes);
        let flawed = |hold: &String| {
            ["JSON", "control", "escape", "surrogate", "list", "zero byte"].iter().any(|word| hold.contains(word))
        };
        prop_assert_eq!(valid, !findings.holds.iter().any(flawed), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_cut_file_is_never_clear(good in prop::sample::select(vec![GOOD[0], GOOD[2]]), index in any::<prop::sample::Index>()) {
        let cut = &good.as_bytes()[..index.index(good.len())];
        let findings = judged("a.json", cut);
        prop_assert!(!findings.holds.is_empty());
    }
}
