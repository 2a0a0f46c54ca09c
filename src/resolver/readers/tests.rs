//! Formats side by side: what is read from a file, line by line.

use super::{Reading, Record, Sink, read, source::Stop};
use crate::model::evidence::Kind;

/// Writes down what it is given: `line status duration target`.
#[derive(Default)]
struct Notes(Vec<String>);

impl Sink for Notes {
    fn record(&mut self, record: &Record<'_>) -> Result<(), Stop> {
        let facts = record.facts;
        let mut note = record.line.to_string();
        if let Some(code) = facts.high {
            note += &format!(" {}", code.code);
        }
        if let Some(timing) = &facts.timing {
            note += &format!(" {}ms", timing.ms);
        }
        for (target, _) in &facts.targets {
            note += &format!(" {target}");
        }
        if facts.failure.is_some() {
            note += " failed";
        }
        self.0.push(note);
        Ok(())
    }
}

fn reading(name: &str, text: &[u8]) -> (Reading, Vec<String>) {
    let mut notes = Notes::default();
    let reading = read(text, name, None, &mut notes);
    (reading, notes.0)
}

fn records(name: &str, text: &str) -> (Kind, Vec<String>) {
    let (reading, notes) = reading(name, text.as_bytes());
    reading.end.unwrap();
    (reading.kind.unwrap(), notes)
}

fn refusal(name: &str, text: impl AsRef<[u8]>) -> String {
    reading(name, text.as_ref()).0.end.unwrap_err().to_string()
}

#[test]
fn http_dumps() {
    let http = |text: &str| {
        let (kind, notes) = records("probe.log", text);
        assert_eq!(kind, Kind::Http, "{text}");
        notes
    };
    assert_eq!(
        http("HTTP/2 410 \r\nserver: x\r\n\r\n\r\n"),
        ["1 410 failed"]
    );
    assert_eq!(
        http("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\n"),
        ["3 201"]
    );
    assert_eq!(
        http("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 503 Busy\r\n\r\n"),
        ["3 503 failed"]
    );
    assert_eq!(
        http("HTTP/1.1 302 Found\r\nLocation: /in\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>hello</p>\n"),
        ["1 200"]
    );
    assert_eq!(
        http("HTTP/1.1 302 Found\n\nHTTP/1.1 200 OK\n"),
        ["1 302", "3 200"],
        "a redirect without a target is an answer of its own"
    );
    assert_eq!(
        http("HTTP/1.1 302 Found\nlocation: /in\n\nnext probe\nHTTP/1.1 200 OK\n"),
        ["1 302", "5 200"],
        "text between two answers parts them"
    );
    assert_eq!(http("HTTP/1.1 302 Found\nlocation: /in\n\n"), ["1 302"]);
    assert_eq!(http("curl: (28) Operation timed out\n"), ["1 failed"]);
    assert_eq!(
        http("  % Total\n  0 0 --:--:-- 0\rHTTP/2 200 \nx: y\n\ncurl: (18) cut\n"),
        ["2 200 failed"]
    );
}

#[test]
fn verbose_dumps() {
    let text = "* Connected to a.example\n> GET /app?mock=0 HTTP/1.1\n> Host: a.example\n>\n\
        < HTTP/1.1 307 Moved\n< Location: https://a.example/in\n<\n{ [12 bytes data]\n\
        * Issue another request\n> GET /in HTTP/1.1\n> Host: a.example\n>\n\
        < HTTP/1.1 200 OK\n< X: y\n<\nHTTP/1.1 200 OK\nX: y\n\nbody\n";
    let (_, notes) = records("probe.log", text);
    assert_eq!(notes, ["5 200 //a.example/app?mock=0"]);
    let apart = text.replace("> GET /in", "> GET /other");
    assert_eq!(records("probe.log", &apart).1.len(), 2);
}

#[test]
fn write_outs() {
    let http = |text: &str| records("probe.log", text).1;
    assert_eq!(http("http_code=200 time_total=0.25\n"), ["1 200 250ms"]);
    assert_eq!(
        http("url=https://a.example/x?mock=0\nhttp_code=200\ntime_total=0.5\n"),
        ["1 200 500ms https://a.example/x?mock=0"]
    );
    assert_eq!(
        http("http_code=200\ntime_total=0.5\nhttp_code=500\ntime_total=0.1\n"),
        ["1 200 500ms", "3 500 100ms failed"]
    );
    assert_eq!(
        http("HTTP/2 200 \r\nx: y\r\n\r\nbody\nhttp_code=200 time_total=0.1\nHTTP/2 204 \r\n\r\n"),
        ["1 200 100ms", "6 204"]
    );
    let page = "HTTP/2 200 \n\n<a href=x>\nvar error=1, y = 2\n";
    assert_eq!(http(page), ["1 200"], "a page is no write-out");
    let line = "2025-10-12T09:00:00Z probe status=200 duration_ms=12 url=/a\n";
    assert_eq!(http(line), ["1 200 12ms /a"]);
    assert_eq!(http("[info] http_code=204\n"), ["1 204"]);
    assert_eq!(
        http("url=/a http_code=200 url_effective=/in\n"),
        ["1 200 /a"]
    );
    assert_eq!(http("http_code=000 time_total=0.1\n"), ["1 0 100ms failed"]);
    assert_eq!(
        http("$ curl -si 'https://a.example/'\nHTTP/2 200 \n\n"),
        ["1 200 https://a.example/"]
    );
}

#[test]
fn json_documents() {
    let json = |text: &str| {
        let (kind, notes) = records("probe.json", text);
        assert_eq!(kind, Kind::Json, "{text}");
        notes
    };
    assert_eq!(json("{\"status\": 200}\n"), ["1 200"]);
    assert_eq!(
        json("\u{feff}\n[\n {\"status\": 200},\n\n {\"status\": \"error\"}]"),
        ["3 200", "5 failed"]
    );
    assert_eq!(
        json("[{\"a\": \"],{\\\"\"}, {\"b\": [1, {\"c\": \",\"}]}]"),
        ["1", "1"]
    );
    assert!(json("[]").is_empty());
    assert!(refusal("p.json", "[{\"a\":1}").contains("truncated"));
    assert!(refusal("p.json", "[{\"a\":1},").contains("truncated"));
    assert!(refusal("p.json", "[{\"a\":1},]").contains("line 1"));
    assert!(refusal("p.json", "{\"a\":\n1").contains("line 2: ends"));
    assert!(refusal("p.json", "[{\"a\":1}] x").contains("after"));
    assert!(refusal("p.json", "{\"a\":1} x").contains("after"));
    assert!(refusal("p.json", "\"fine\"").contains("a string"));
    assert!(refusal("p.json", "[1]").contains("a number"));
    assert!(refusal("p.json", "<!DOCTYPE html>").contains("HTML"));
    assert!(refusal("p.json", "{\"a\": NaN}").contains("NaN"));
    assert!(refusal("p.json", "{}").contains("without any field"));
}

#[test]
fn ndjson_lines() {
    let (kind, notes) = records("p.ndjson", "{\"status\":200}\n\n{\"status\":404}\r\n");
    assert_eq!(
        (kind, notes),
        (Kind::Ndjson, vec!["1 200".into(), "3 404 failed".into()])
    );
    assert_eq!(records("p.json", "{\"a\":1}\n{\"a\":2}\n").0, Kind::Ndjson);
    assert_eq!(records("p.ndjson", "{\"a\":1}\n").0, Kind::Ndjson);
    assert_eq!(records("p.ndjson", "{\n\"a\":1}\n").0, Kind::Json);
    assert!(refusal("p.ndjson", "{\"a\":1}\n{\"a\":\n").contains("line 2: ends"));
    assert!(
        refusal("p.ndjson", "{\"a\":1}\n\"ERROR: no table\"\n").contains("line 2: holds a string")
    );
    let dump = "{\"code\":\"42P01\",\"message\":\"no table\",\"hint\":null,\"details\":null}\n";
    assert!(refusal("p.ndjson", dump).contains("error message"));
    assert!(refusal("p.ndjson", "{\"a\":1}\n{\"a\":\"\u{0}\"}").contains("control character"));
}

#[test]
fn csv_rows() {
    let (kind, notes) = records(
        "p.csv",
        "status,Duration (ms),note\r\n200,12.5,\"a, \"\"b\"\"\nc\"\r\n500,7,\r\n",
    );
    assert_eq!(kind, Kind::Csv);
    assert_eq!(notes, ["2 200 12.5ms", "4 500 7ms failed"]);
    assert!(refusal("p.csv", "a,b\n1\n").contains("line 2: has 1 fields"));
    assert!(refusal("p.csv", "a,b\n1,\"2\n3\n").contains("truncated"));
    assert!(refusal("p.csv", "a,b\n1,\"2\"3\n").contains("after a closing"));
    assert!(refusal("p.csv", "a,a\n1,2\n").contains("twice"));
}

#[test]
fn text_and_what_is_none() {
    assert_eq!(
        records("notes.txt", "All went well.\n"),
        (Kind::Text, vec![])
    );
    assert!(refusal("notes.txt", "").contains("empty"));
    assert!(refusal("notes.txt", " \r\n").contains("blanks"));
    assert!(refusal("notes.txt", b"\xff\xfeh\0").contains("UTF-16"));
    assert!(refusal("notes.txt", "a\0b").contains("zero byte"));
    assert!(refusal("notes.txt", b"ok\n\xc3\x28\n").contains("line 2: is not UTF-8"));
    assert!(refusal("probe.log", "HTTP/1.1 2").contains("cut off"));
}
