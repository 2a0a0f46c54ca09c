use super::*;
use crate::{
    model::requirement::{Origin, Requirement, Stated},
    resolver::{examine::examine, readers::Record},
};

/// Threads in place of processes.
struct Threads;

impl Workers for Threads {
    fn start(&self) -> io::Result<Worker> {
        let (input, output) = (io::pipe()?, io::pipe()?);
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || serve(io::BufReader::new(input.0), output.1))?;
        Ok(Worker {
            input: Box::new(input.1),
            output: Box::new(output.0),
            end: Box::new(|| ()),
        })
    }
}

fn holds(name: &str, text: &str, requirement: Requirement) -> Vec<String> {
    let demands = [Stated {
        requirement,
        origin: Origin::Configuration,
    }];
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    examine(text.as_bytes(), name, &demands, now, None, &Threads)
        .unwrap()
        .holds
}

fn each(name: &str, text: &str, filter: &str) -> Vec<String> {
    holds(name, text, Requirement::Each(filter.into()))
}

fn all(text: &str, filter: &str) -> Vec<String> {
    holds("a.ndjson", text, Requirement::All(filter.into()))
}

const ROWS: &str = "{\"durationMs\":10,\"n\":\"x\"}\n{\"durationMs\":20,\"n\":\"y\"}\n";

#[test]
fn each_must_be_true_for_every_record() {
    assert!(each("a.ndjson", ROWS, ".durationMs < 30").is_empty());
    assert!(each("a.ndjson", ROWS, ".duration_ms < 30 and (.n | length) == 1").is_empty());
    assert_eq!(
        each("a.ndjson", ROWS, ".durationMs < 20"),
        ["line 2: `each: .durationMs < 20` is false, must be true"]
    );
    for untrue in [
        ".durationMs",
        "empty",
        "true, true",
        "\"true\"",
        "null",
        "error(\"x\")",
    ] {
        assert_eq!(each("a.ndjson", ROWS, untrue).len(), 1, "{untrue}");
    }
}

#[test]
fn facts_have_names_in_every_format() {
    let log = "url=https://a.example/?mock=0\nhttp_code=200\ntime_total=0.25\n";
    let filter = ".status == 200 and .duration_ms == 250 and (.target | endswith(\"mock=0\"))";
    assert!(each("a.log", log, filter).is_empty());
    assert!(
        each(
            "a.csv",
            "id,time_total\n\"a\"\"b\",0.25\n",
            ".duration_ms == 250 and .id == \"a\\\"b\""
        )
        .is_empty()
    );
    let own = "{\"status\":\"SUCCESS\",\"http_code\":200}";
    assert!(each("a.json", own, ".status == \"SUCCESS\"").is_empty());
}

#[test]
fn comparisons_are_never_true_by_accident() {
    for untrue in [
        ".missing < 30",
        ".durationMs > .missing",
        ".n > 3",
        "[] | max < 300",
        "if .missing <= 1 then true else true end",
        "[.missing < 1] | all",
        "def f: .missing < 1; f",
        ".x // .missing < 1",
    ] {
        assert!(
            each("a.ndjson", ROWS, untrue)[0].contains("compares"),
            "{untrue}"
        );
    }
    assert!(each("a.ndjson", ROWS, ".missing == null and .n >= \"x\"").is_empty());
}

#[test]
fn all_sees_the_list() {
    assert!(
        all(
            ROWS,
            "length == 2 and (map(.durationMs) | add / length) == 15"
        )
        .is_empty()
    );
    assert!(all(ROWS, "map(.duration_ms) | max < 20")[0].contains("is false"));
    assert!(all(ROWS, "all(.n == \"x\")")[0].starts_with("`all: "));
}

#[test]
fn large_lists_are_refused() {
    let row = format!("{{\"a\":\"{}\"}}\n", "x".repeat(1 << 19));
    assert!(all(&row.repeat(33), "true")[0].contains("16 MiB"));
    assert!(all(&row.repeat(3), "true").is_empty());
}

#[test]
fn nothing_outside_is_reached() {
    for outside in [
        "env",
        "$ENV",
        "now",
        "input",
        "halt",
        "debug",
        "include \"x\"; .",
        "import \"x\" as x; .",
        "$__prog_args",
    ] {
        assert!(check(outside).is_err(), "{outside}");
    }
    for broken in [
        "",
        "(",
        ".a ==",
        "nope",
        ". |",
        "@",
        "\"\\(",
        "def f: f; f",
        "def f: def g: f; g; f",
    ] {
        assert!(check(broken).is_err(), "{broken}");
    }
    assert!(check("def f: 1; f == 1").is_ok());
    assert!(each("a.ndjson", ROWS, "nope")[0].contains("nope"));
}

#[test]
fn an_endless_filter_holds() {
    let filters = [(Quantifier::Each, "last(repeat(1)) == 1".to_owned())];
    let mut run = Run::patient(&filters, &Threads, Duration::from_millis(50)).unwrap();
    run.record(&Record {
        line: 1,
        facts: &super::super::readers::facts::Facts::default(),
        body: super::super::readers::Body::Json("{\"a\":1}"),
    });
    assert!(run.finish(true)[0].contains("took longer than 0.05 s"));
}

#[test]
fn batches_keep_lines_and_the_first_one_wins() {
    let rows: String = (1..=20_000)
        .map(|row| format!("{{\"row\":{row},\"text\":\"some more text to fill it\"}}\n"))
        .collect();
    assert!(each("a.ndjson", &rows, ".row > 0").is_empty());
    let broken = each("a.ndjson", &rows, ".row % 9000 != 0");
    assert!(broken[0].starts_with("line 9000: "), "{broken:?}");
}

/// A process that ends at once.
struct Gone;

impl Workers for Gone {
    fn start(&self) -> io::Result<Worker> {
        let (input, output) = (io::pipe()?, io::pipe()?);
        Ok(Worker {
            input: Box::new(input.1),
            output: Box::new(output.0),
            end: Box::new(|| ()),
        })
    }
}

fn held(rows: &str, filter: &str, workers: &dyn Workers) -> String {
    let demands = [Stated {
        requirement: Requirement::Each(filter.into()),
        origin: Origin::Configuration,
    }];
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let findings = examine(rows.as_bytes(), "a.ndjson", &demands, now, None, workers);
    findings.unwrap().holds.join(" ")
}

#[test]
fn a_process_that_ends_holds() {
    let filter = "[true] == [true]";
    assert!(held(ROWS, filter, &Gone).contains("more than 512 MiB of memory"));
    assert!(held(ROWS, filter, &Nobody).contains("no process could be started"));
    assert_eq!(held(ROWS, filter, &Threads), "");
}

#[test]
fn harmless_filters_need_no_process_for_few_records() {
    assert_eq!(held(ROWS, ".durationMs < 30", &Nobody), "");
    assert!(held(ROWS, ".durationMs < 20", &Nobody).starts_with("line 2: "));
    let many = ROWS.repeat(9_000);
    assert!(held(&many, ".durationMs < 30", &Nobody).contains("no process could be started"));
    assert!(held(&many, ".durationMs < 20", &Threads).starts_with("line 2: "));
}
