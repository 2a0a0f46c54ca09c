use super::*;
use crate::{
    model::requirement::{Latency, Origin},
    resolver::filter::Nobody,
};

const NOW: &str = "2025-10-12T12:00:00Z";

fn judged(name: &str, text: &[u8], demands: &[Requirement], moment: Option<&str>) -> Findings {
    let demands: Vec<Stated> = demands
        .iter()
        .map(|requirement| Stated {
            requirement: requirement.clone(),
            origin: Origin::Configuration,
        })
        .collect();
    let moment = moment.map(|text| Moment::exact(text.parse().unwrap()));
    examine(text, name, &demands, NOW.parse().unwrap(), moment, &Nobody).unwrap()
}

fn clear(name: &str, text: &str, demands: &[Requirement]) -> Vec<String> {
    let findings = judged(name, text.as_bytes(), demands, None);
    assert!(findings.holds.is_empty(), "{text}: {:?}", findings.holds);
    findings.notes
}

fn hold(name: &str, text: &str, demands: &[Requirement]) -> String {
    let findings = judged(name, text.as_bytes(), demands, None);
    assert!(!findings.holds.is_empty(), "must hold: {text}");
    findings.holds[0].clone()
}

fn below(bound_ms: f64) -> Requirement {
    Requirement::Latency(Latency {
        bound_ms,
        inclusive: false,
    })
}

fn target(text: &str) -> Requirement {
    Requirement::Target(text.into())
}

const OK: Requirement = Requirement::Status(200);

#[test]
fn good_evidence_is_clear() {
    let curl = "url=https://a.example/app?mock=0\nhttp_code=200\ntime_total=0.173607\n";
    clear("probe.log", curl, &[OK, below(300.0), target("?mock=0")]);
    clear("probe.log", "HTTP/2 200 \r\nserver: x\r\n\r\n", &[OK]);
    let check = r#"{"timestamp":"2025-10-12T09:00:05.100Z","target":"https://a.example/app?mock=0",
        "durationMs":212.5,"status":200,"ok":true,"budgetMs":10,"error":null}"#;
    clear("check.json", check, &[OK, below(300.0), target("?mock=0")]);
    clear(
        "rows.ndjson",
        "{\"id\":1,\"status\":\"SUCCESS\"}\n{\"id\":2,\"status\":\"ok\"}\n",
        &[],
    );
    clear(
        "rows.csv",
        "id,status,time_total\n1,200,0.2\n",
        &[OK, below(300.0)],
    );
    clear("notes.txt", "Seen and approved.", &[]);
}

#[test]
fn broken_requirements_name_line_and_value() {
    let slow = "{\"durationMs\": 10}\n{\"durationMs\": 20}\n{\"durationMs\": 1500.55}\n";
    assert_eq!(
        hold("a.ndjson", slow, &[below(300.0)]),
        "line 3: `durationMs` 1500.55, must be below 300"
    );
    assert_eq!(
        hold("a.log", "http_code=200\ntime_total=0.3\n", &[below(300.0)]),
        "line 2: `time_total` 0.3 seconds, that is 300 ms, must be below 300 ms"
    );
    assert_eq!(
        hold("a.log", "HTTP/2 410 \r\n\r\n", &[]),
        "failed: line 1: HTTP status 410"
    );
    assert_eq!(
        hold("a.log", "\nHTTP/2 204 \r\n\r\n", &[OK]),
        "line 2: HTTP status 204, must be 200"
    );
    assert_eq!(
        hold("a.json", "[\n{\"status\":200},\n{\n\"status\":201}]", &[OK]),
        "line 4: `status` 201, must be 200"
    );
    assert!(
        hold("a.json", "{\"status\":200}", &[Requirement::Status(204)])
            .contains("200, must be 204")
    );
    assert!(hold("a.json", "{\"status\":\"ok\"}", &[OK]).contains("no HTTP status"));
    assert!(
        hold("a.json", "{\"url\":\"/app?mock=1\"}", &[target("?mock=0")])
            .contains("must be ?mock=0")
    );
}

#[test]
fn bounds_are_strict_unless_they_say_otherwise() {
    let exact = "{\"durationMs\":300}";
    hold("a.json", exact, &[below(300.0)]);
    let most = Requirement::Latency(Latency {
        bound_ms: 300.0,
        inclusive: true,
    });
    clear("a.json", exact, std::slice::from_ref(&most));
    hold("a.json", "{\"durationMs\":300.001}", &[most]);
}

#[test]
fn what_the_evidence_cannot_answer_holds() {
    assert!(hold("a.json", "{\"status\":200}", &[below(300.0)]).contains("no duration"));
    assert!(hold("a.json", "{\"duration\":12}", &[below(300.0)]).contains("does not say its unit"));
    assert!(
        hold(
            "a.ndjson",
            "{\"durationMs\":1}\n{\"id\":1}\n",
            &[below(300.0)]
        )
        .starts_with("line 2")
    );
    hold(
        "a.ndjson",
        "{\"error\":\"x\",\"id\":1}\n{\"status\":\"ok\"}\n",
        &[below(300.0)],
    );
    assert!(hold("a.txt", "fine", &[OK]).contains("no HTTP status"));
    assert!(hold("a.txt", "fine", &[below(3.0)]).contains("its record must be timed"));
    assert!(clear("a.txt", "fine", &[target("?mock=0")])[0].contains("does not record"));
    hold("a.ndjson", "{\"status\":200}\n{\"id\":1}\n", &[OK]);
    hold("a.ndjson", "{\"status\":200}\n{\"status\":null}\n", &[OK]);
}

#[test]
fn failures() {
    for failed in [
        "{\"status\":null}",
        "{\"status\":500}",
        "{\"status\":\"FAILURE\"}",
        "{\"status\":\"ok\",\"error\":\"boom\"}",
        "{\"status\":200,\"ok\":false}",
        "[{\"status\":500},{\"status\":\"timeout\"}]",
    ] {
        hold("a.json", failed, &[]);
    }
    let some = clear(
        "a.json",
        "[{\"status\":\"error\"},{\"status\":\"ok\"}]",
        &[],
    );
    assert_eq!(
        some,
        ["1 of 2 records failed: line 1: `status` is \"error\""]
    );
    let log = "HTTP/2 200 \r\n\r\nnext\nHTTP/2 503 \r\n\r\n";
    assert_eq!(
        hold("a.log", log, &[]),
        "1 of 2 responses failed: line 4: HTTP status 503"
    );
    assert!(clear("a.json", "{\"status\":\"wobbly\"}", &[])[0].contains("neither"));
}

#[test]
fn whatever_is_asked() {
    for (name, text) in [
        ("a.json", ""),
        ("a.log", " \n"),
        ("a.json", "{\"a\":1"),
        ("a.json", "{\"a\":1,\"a\":1}"),
        ("a.json", "{\"durationMs\":0}"),
        ("a.json", "{\"durationMs\":-3}"),
        ("a.json", "{\"durationMs\":\"12\"}"),
        ("a.json", "{\"durationMs\":NaN}"),
        ("a.json", "{\"durationMs\":1e999}"),
        ("a.json", "[]"),
        ("a.json", "<html>"),
        ("a.ndjson", "\"ERROR: no such table\"\n"),
        (
            "a.ndjson",
            "{\"message\":\"no such table\",\"code\":\"42P01\"}\n",
        ),
        ("a.json", "{\"timestamp\":\"2025-10-12T12:00:01Z\"}"),
        ("a.csv", "a,b\n"),
        ("a.csv", "a,b\n1\n"),
    ] {
        hold(name, text, &[]);
    }
}

#[test]
fn moments() {
    let at = |moment: &str, text: &str| judged("a.json", text.as_bytes(), &[], Some(moment));
    assert!(at("2025-10-12T12:00:01Z", "{\"a\":1}").holds[0].contains("future"));
    assert!(at("2025-10-12T12:00:00Z", "{\"a\":1}").holds.is_empty());
    let apart = "{\"timestamp\":\"2025-10-10T11:59:59Z\"}";
    assert!(at("2025-10-11T12:00:00Z", apart).notes[0].contains("more than a day apart"));
    let near = "{\"timestamp\":\"2025-10-10T12:00:00Z\"}";
    assert!(at("2025-10-11T12:00:00Z", near).notes.is_empty());
    assert!(at("2025-09-01T12:00:00Z", "{\"a\":1}").notes[0].contains("41 days old"));
    let loose = "{\"timestamp\":\"2025-10-12 12:00:01\"}";
    assert!(at("2025-10-12T11:00:00Z", loose).holds[0].contains("future"));
    let limit = Requirement::MaxAge(crate::model::period::Period::parse("1d").unwrap());
    let aged = |moment| judged("a.json", b"{\"a\":1}", std::slice::from_ref(&limit), moment);
    assert!(aged(Some("2025-10-11T12:00:00Z")).holds.is_empty());
    assert!(aged(Some("2025-10-11T11:59:59Z")).holds[0].contains("24 hours old"));
    assert!(aged(None).holds[0].contains("states no moment"));
}

#[test]
fn counts_and_kinds() {
    assert!(hold("a.json", "{\"a\":1}", &[Requirement::MinRecords(2)]).contains("1 record"));
    clear(
        "a.json",
        "[{\"a\":1},{\"a\":2}]",
        &[Requirement::MinRecords(2)],
    );
    assert!(clear("a.log", "HTTP/2 200 \n", &[Requirement::Sustained])[0].contains("too few"));
    let two = "HTTP/2 200 \n\nnext\nHTTP/2 200 \n";
    assert!(clear("a.log", two, &[Requirement::Sustained])[0].contains("2 responses"));
    hold(
        "a.json",
        "{\"a\":1}\n{\"a\":2}\n",
        &[Requirement::Kind(Kind::Json)],
    );
    hold("a.log", "fine\n", &[Requirement::Kind(Kind::Http)]);
    clear("a.log", "HTTP/2 500 \n", &[Requirement::Kind(Kind::Text)]);
    clear("rows", "a,b\n1,2\n", &[Requirement::Kind(Kind::Csv)]);
    hold(
        "a.json",
        "<!doctype html>",
        &[Requirement::Kind(Kind::Json)],
    );
}

#[test]
fn messages_never_carry_control_characters() {
    let findings = judged(
        "a.json",
        b"{\"status\":\"fail\\u001b[31m\\u202e\",\"url\":\"\\u0007\"}",
        &[target("?mock=0"), OK],
        None,
    );
    for message in findings.holds.iter().chain(&findings.notes) {
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(!message.contains('\u{202e}'));
    }
}
