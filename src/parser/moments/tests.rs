use jiff::{Timestamp, civil::date};
use proptest::prelude::*;

use super::*;

fn read(text: &str) -> String {
    parse(text).map_or("-".into(), |moment| moment.to_string())
}

#[test]
fn reads_every_style() {
    for (text, expected) in [
        ("2025-10-10T07-52-05.482Z", "2025-10-10T07:52:05.482Z"),
        ("2025-10-10T07:52:05Z", "2025-10-10T07:52:05Z"),
        ("2025-10-10t07:52:05.5z", "2025-10-10T07:52:05.5Z"),
        ("2025-10-10T07-33-01-027Z", "2025-10-10T07:33:01.027Z"),
        ("2025-10-10T18-36Z", "2025-10-10T18:36:00Z"),
        ("2025-10-10T18Z", "2025-10-10T18:00:00Z"),
        ("2025-10-10T072315Z", "2025-10-10T07:23:15Z"),
        ("2025-10-10T1844Z", "2025-10-10T18:44:00Z"),
        ("20251010T194415Z", "2025-10-10T19:44:15Z"),
        ("20251010T0725Z", "2025-10-10T07:25:00Z"),
        ("2025-10-09-174559", "2025-10-09T17:45:59Z"),
        ("2025-10-09_17-45-59", "2025-10-09T17:45:59Z"),
        ("2025-10-09_17_45_59", "2025-10-09T17:45:59Z"),
        ("2025-10-09-17-45-59", "2025-10-09T17:45:59Z"),
        ("20251009_1745", "2025-10-09T17:45:00Z"),
        ("2025-10-09 17:45:59,120", "2025-10-09T17:45:59.12Z"),
        ("2025-10-09 17:45:59-05", "2025-10-09T22:45:59Z"),
        ("20251009174559", "2025-10-09T17:45:59Z"),
        ("2025-10-09", "2025-10-09"),
        ("20251009", "2025-10-09"),
        ("2025-10-09T17-45-59", "2025-10-09T17:45:59Z"),
        ("2025-10-09T17:45:59+02:00", "2025-10-09T15:45:59Z"),
        ("2025-10-09T17-45-59+0200", "2025-10-09T15:45:59Z"),
        ("2025-10-09T17-45-59+02", "2025-10-09T15:45:59Z"),
        ("2025-10-09T17-45-59-05-00", "2025-10-09T22:45:59Z"),
        ("2025-10-09T17-45-59-0500", "2025-10-09T22:45:59Z"),
        ("2025-10-09T17-45-59-027-0330", "2025-10-09T21:15:59.027Z"),
        ("2025-10-09T1745+0530", "2025-10-09T12:15:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2024-02-29", "2024-02-29"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn refuses_the_impossible_and_the_ambiguous() {
    for text in [
        "",
        "2025-02-30",
        "20250230",
        "2025-13-01",
        "2025-10-09T25-00-00Z",
        "2025-10-09T24:00:00Z",
        "2025-10-09T25",
        "2025-10-09T17-60Z",
        "2025-10-09T17-45-61",
        "2025-10-09T17-45-59-27",
        "2025-10-09T17-45-59-27Z",
        "2025-10-09-174559-27",
        "2025-10-09T17-45-59-0271",
        "2025-10-09T17-45-59-0007",
        "2025-10-09T17-45-59-1300",
        "2025-10-09-174559-0500",
        "2025-10-09T17-45-59.1234567890Z",
        "2025-10-09T17-45-59+2460",
        "2025-10-09T05-30pm",
        "2025-10-09T17-45-59EST",
        "2025-10-09T1",
        "2025-10-09-17",
        "2025-10-9",
        "2025-1009",
        "12025-10-09",
        "2025-10-091",
        "120251009",
        "30000101",
        "2025-10-09T17-45-59Z ",
        "２０２５-10-09",
    ] {
        assert_eq!(read(text), "-", "{text}");
    }
}

#[test]
fn finds_leftmost_longest() {
    let found = |text: &str| -> Vec<String> {
        let all = find(text).into_iter();
        all.map(|(span, moment)| format!("{}={moment}", &text[span]))
            .collect()
    };
    assert_eq!(
        found("probe_2025-10-10T07-52-05.482Z.json"),
        ["2025-10-10T07-52-05.482Z=2025-10-10T07:52:05.482Z"]
    );
    assert_eq!(
        found("from 2025-10-09 to 20251010T0725Z, é 2025-10-11."),
        [
            "2025-10-09=2025-10-09",
            "20251010T0725Z=2025-10-10T07:25:00Z",
            "2025-10-11=2025-10-11"
        ]
    );
    assert_eq!(
        found("2025-10-09_2025-10-11"),
        ["2025-10-09=2025-10-09", "2025-10-11=2025-10-11"]
    );
    assert_eq!(found("run_2025-10-09-2.log"), ["2025-10-09=2025-10-09"]);
    assert_eq!(found("v2025-10-11.md"), ["2025-10-11=2025-10-11"]);
    assert_eq!(
        found("a_2025-10-11T<timestamp>.log"),
        ["2025-10-11=2025-10-11"]
    );
    assert_eq!(found("on 2025-10-09 1745 files"), ["2025-10-09=2025-10-09"]);
    for none in [
        "id 7202510091 x",
        "a_2025-10-10T25-00Z.log",
        "a_2025-10-10T17-45-59-27Z.log",
        "550e8400-e29b-41d4-a716-446655440000",
        "1760083200000.json",
    ] {
        assert!(found(none).is_empty(), "{none}: {:?}", found(none));
    }
}

#[test]
fn prefixes_offer_what_a_pattern_may_mean() {
    let ends =
        |text: &str| -> Vec<usize> { moment_prefixes(text).into_iter().map(|r| r.end).collect() };
    assert_eq!(ends("2025-10-10T07-52-05.482Z.json"), [24, 23, 19]);
    assert_eq!(ends("2025-10-10T07-52-05+0200"), [24]);
    assert_eq!(ends("2025-10-10_1745.log"), [15, 10]);
    assert_eq!(ends("x2025-10-10"), [0; 0]);
    let first = clock_prefixes("09-00-00+02:00.log", false)
        .into_iter()
        .next()
        .unwrap();
    let Stamp::Clock(clock) = first.stamp else {
        panic!("{first:?}")
    };
    assert_eq!(
        clock.on(date(2025, 10, 11)).unwrap().to_string(),
        "2025-10-11T07:00:00Z"
    );
    let lone = |text: &str, after_t| clock_prefixes(text, after_t).into_iter().count();
    assert_eq!(
        (
            lone("2025-02-30", false),
            lone("0900-0500", false),
            lone("0900-0500", true)
        ),
        (0, 1, 1)
    );
    assert_eq!(date_prefix("20251010_x").map(|(end, _)| end), Some(8));
    assert_eq!(date_prefix("202510101"), None);
}

#[test]
fn drawn_and_real_names_have_one_key() {
    for (key, names) in [
        (
            "probe_*.log",
            &[
                "probe_2025-10-11T<timestamp>.log",
                "probe_2025-10-11T<timestamp>Z.log",
                "probe_<date>T<timestamp>.log",
                "probe_<date>T09-00Z.log",
                "probe_<date>_0900.log",
                "probe_<date>-<timestamp>.log",
                "probe_<timestamp>.log",
                "probe_2025-10-12T09-00-00Z.log",
                "probe_2025-10-12T09-00-05.100Z.log",
                "probe_20251012_0900.log",
                "probe_2025-10-12.log",
                "probe_09-00-00Z.log",
                "probe_0900Z.log",
                "probe_174559.log",
            ][..],
        ),
        ("guide_v*.md", &["guide_v2025-10-11.md", "guide_v<date>.md"]),
        (
            "a_*_b-*.csv",
            &["a_<region>_b-<date>.csv", "a_2025-10-11_b-174559.csv"],
        ),
        ("mock0_0725.log", &["mock0_0725.log"]),
        ("a<b.log", &["a<b.log"]),
        ("<>*.log", &["<>2025-10-11.log"]),
    ] {
        for name in names {
            assert_eq!(without_moments(name), key, "{name}");
        }
    }
}

/// Any instant between 1900 and 2999, to the nanosecond.
fn instants() -> impl Strategy<Value = Timestamp> {
    (-2_208_988_800_i64..32_503_680_000, 0..1_000_000_000)
        .prop_map(|(seconds, nanos)| Timestamp::new(seconds, nanos).unwrap())
}

proptest! {
    #[test]
    fn parse_undoes_print(at in instants(), style in 0..14_usize, offset in -48..=56_i32) {
        let utc = at.to_zoned(jiff::tz::TimeZone::UTC);
        let hours = Offset::from_seconds(offset * 900).unwrap();
        let there = hours.to_datetime(at).to_zoned(hours.to_time_zone()).unwrap();
        // Style, and how much of the second it keeps.
        let (text, kept) = match style {
            0 => (utc.strftime("%Y-%m-%dT%H-%M-%S.%9fZ").to_string(), 1),
            1 => (utc.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), 1_000_000_000),
            2 => (utc.strftime("%Y-%m-%dT%H-%M-%S-%3fZ").to_string(), 1_000_000),
            3 => (utc.strftime("%Y-%m-%dT%H-%MZ").to_string(), 60_000_000_000),
            4 => (utc.strftime("%Y-%m-%dT%H%M%SZ").to_string(), 1_000_000_000),
            5 => (utc.strftime("%Y-%m-%dT%H%MZ").to_string(), 60_000_000_000),
            6 => (utc.strftime("%Y%m%dT%H%M%SZ").to_string(), 1_000_000_000),
            7 => (utc.strftime("%Y%m%dT%H%MZ").to_string(), 60_000_000_000),
            8 => (utc.strftime("%Y-%m-%d-%H%M%S").to_string(), 1_000_000_000),
            9 => (utc.strftime("%Y-%m-%d_%H-%M-%S").to_string(), 1_000_000_000),
            10 => (utc.strftime("%Y%m%d%H%M%S").to_string(), 1_000_000_000),
            11 => (there.strftime("%Y-%m-%dT%H:%M:%S.%6f%:z").to_string(), 1_000),
            12 => (there.strftime("%Y-%m-%dT%H-%M-%S%z").to_string(), 1_000_000_000),
            _ => (there.strftime("%Y-%m-%dT%H%M%S%z").to_string(), 1_000_000_000),
        };
        let expected = at.as_nanosecond().div_euclid(kept) * kept;
        let expected = Moment::exact(Timestamp::from_nanosecond(expected).unwrap());
        prop_assert_eq!(parse(&text), Some(expected), "{}", text);
        let inside = format!("probe_{text}.json");
        prop_assert_eq!(find(&inside), vec![(6..6 + text.len(), expected)]);
        prop_assert_eq!(without_moments(&inside), "probe_*.json");
    }

    #[test]
    fn agrees_with_jiff_on_rfc_3339(text in "20[0-9]{2}-[01][0-9]-[0-3][0-9][Tt][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?([Zz]|[+-][01][0-9]:[0-5][0-9])") {
        let ours = parse(&text).map(Moment::first);
        prop_assert_eq!(ours, text.parse::<Timestamp>().ok(), "{}", text);
    }

    #[test]
    fn whatever_the_text_spans_fit(text in "([0-9T:Zz+._é<>* -]|2025-10-0|20251009|date)*") {
        let mut done = 0;
        for (span, moment) in find(&text) {
            prop_assert!(span.start >= done && span.end <= text.len());
            prop_assert_eq!(parse(&text[span.clone()]), Some(moment), "{}", text);
            done = span.end;
        }
        for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let rest = &text[at..];
            let both = moment_prefixes(rest).into_iter().chain(clock_prefixes(rest, true));
            for reading in both {
                prop_assert!(rest.is_char_boundary(reading.end) && reading.end > 0);
            }
        }
        let key = without_moments(&text);
        prop_assert!(key.len() <= text.len());
    }
}
