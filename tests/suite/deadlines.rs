//! Deadlines: a table of texts and what they come to, and what holds for any text.

use std::{fs, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use packet::parser::deadlines::{self, Frame};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    text: String,
    due: Option<Timestamp>,
    problem: Option<String>,
    zone: Option<String>,
    used: Option<String>,
    event: Option<String>,
}

fn frame(row: &Row) -> Frame {
    let zone = |name: &Option<String>| name.as_ref().map(|n| deadlines::zone(n).unwrap().unwrap());
    let mut frame = Frame {
        stated: zone(&row.zone),
        used: zone(&row.used),
        event: None,
    };
    frame.event = row
        .event
        .as_ref()
        .map(|text| deadlines::whole(text, &frame).read.unwrap());
    frame
}

#[test]
fn every_time_of_the_table_is_read_as_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deadlines/times.yaml");
    let rows: Vec<Row> = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(rows.len() > 100, "only {} rows were found", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let read = deadlines::one(&row.text, &frame(row)).map(|found| found.read);
        let due = read
            .as_ref()
            .and_then(|r| r.as_ref().ok())
            .map(|due| due.at);
        let problem = read
            .as_ref()
            .and_then(|r| r.as_ref().err())
            .map(|p| p.code().to_owned());
        if due != row.due || problem != row.problem {
            wrong.push(format!("{row:?}\n    is {read:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_cell_without_a_time_is_a_problem() {
    let read = deadlines::whole("when it suits", &Frame::default()).read;
    assert_eq!(read.unwrap_err().code(), "deadline-unreadable");
}

#[test]
fn a_problem_says_what_to_write() {
    let twice = deadlines::whole("01:30 ET on 2025-11-02", &Frame::default())
        .read
        .unwrap_err();
    assert!(
        twice
            .help()
            .contains("`2025-11-02T05:30:00Z` or `2025-11-02T06:30:00Z`"),
        "{}",
        twice.help()
    );
    let season = deadlines::whole("2025-07-15 12:00 EST", &Frame::default())
        .read
        .unwrap_err();
    assert!(season.help().contains("`EDT`"), "{}", season.help());
}

/// Pieces that deadlines are made of, and some that only look like it.
const WORDS: &[&str] = &[
    "2025-03-09",
    "2025-11-02",
    "2025-02-30",
    "2025-10-15T",
    "T12:00",
    "02:30",
    "01:30",
    "25:00",
    "6pm",
    "12 PM",
    "noon",
    "midnight",
    "EOD",
    "ET",
    "EST",
    "IST",
    "UTC+2",
    "Europe/Berlin",
    "Z",
    "+02:00",
    "-04:00",
    "Oct",
    "15,",
    "2025",
    "15th of",
    "Friday",
    "Sun",
    "T-48h",
    "T+",
    "2 days",
    "before the",
    "rehearsal",
    "on",
    "at",
    "by",
    "(",
    ")",
    ",",
    ":",
    "-",
    "–",
    "/",
    "×",
    "é",
    "\u{a0}",
    "\n",
    "1/2/2025",
    "ÅT",
    "T−",
    "９",
    ".",
    "10/11/12",
];

fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let gap = proptest::sample::select(vec!["", " ", " ", " ", ", "]);
    proptest::collection::vec((word, gap), 0..8)
        .prop_map(|parts| parts.into_iter().map(|(word, gap)| word + gap).collect())
}

proptest! {
    /// Whatever the text, the reader ends, and its places lie in the text.
    #[test]
    fn any_text_is_read(text in texts(), with_event in any::<bool>()) {
        let event = with_event.then(|| {
            deadlines::whole("2025-03-16 02:30 ET", &Frame::default()).read.unwrap()
        });
        let stated = deadlines::zone("ET").and_then(Result::ok);
        let frame = Frame { stated, used: None, event };
        for found in deadlines::find(&text, &frame) {
            prop_assert!(text.get(found.range.clone()).is_some(), "{:?} in {text:?}", found.range);
        }
        let _ = deadlines::one(&text, &frame);
        let _ = deadlines::daily(&text, &frame);
        let _ = deadlines::zones_used(&text);
        let _ = deadlines::zone(&text);
    }

    /// A local time is a moment only if clocks show it exactly once, and then that moment.
    #[test]
    fn no_moment_for_a_time_that_is_skipped_or_repeated(
        day in 0i64..20_000,
        minute in 0i64..1_440,
        near in any::<bool>(),
        place in proptest::sample::select(vec!["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"]),
    ) {
        let rules = jiff::tz::TimeZoneDatabase::bundled().get(place).unwrap();
        let start = Timestamp::from_second(day * 86_400).unwrap();
        // Half of the cases lie in the hours around a change of clocks.
        let around = rules.following(start).next().map(|t| t.timestamp()).filter(|_| near);
        let base = around.unwrap_or(start).to_zoned(rules.clone()).datetime();
        let shift = if near { minute / 8 - 90 } else { minute };
        let local = base.checked_add(jiff::Span::new().minutes(shift)).unwrap();
        let text = format!("{} {} {place}", local.date(), local.strftime("%H:%M:%S"));
        let read = deadlines::whole(&text, &Frame::default()).read;
        let all: Vec<Timestamp> = (-30..=30)
            .map(|half| TimeZone::UTC.to_timestamp(local).unwrap() + jiff::Span::new().minutes(half * 30))
            .filter(|at| at.to_zoned(rules.clone()).datetime() == local)
            .collect();
        match (all.as_slice(), &read) {
            ([only], Ok(due)) => prop_assert_eq!(due.at, *only, "{}", text),
            ([], Err(problem)) => prop_assert_eq!(problem.code(), "deadline-skipped", "{}", text),
            ([_, _], Err(problem)) => prop_assert_eq!(problem.code(), "deadline-twice", "{}", text),
            _ => prop_assert!(false, "{text}: {all:?} is read as {read:?}"),
        }
    }
}
