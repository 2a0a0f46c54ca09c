//! A million NDJSON records against a latency bound: `packet` and `jq -e` in one run.
//!
//!     cargo bench --bench evidence [-- RECORDS]
//!
//! Prints both times, best of five, and their ratio; with a jq filter as well.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use packet::{
    model::requirement::{Latency, Origin, Requirement, Stated},
    resolver::examine::examine,
    workspace::apart::Apart,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let records = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok());
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("decisions.ndjson");
    let size = write(&path, records.unwrap_or(1_000_000))?;
    let bound = Requirement::Latency(Latency {
        bound_ms: 300.0,
        inclusive: false,
    });
    let filter = ".duration_ms < 300 and (.status | ascii_downcase) == \"success\"";
    let mut out = std::io::stdout().lock();
    writeln!(out, "{size} bytes")?;
    for (what, requirement, jq) in [
        ("latency bound", bound, ".durationMs < 300"),
        (
            "jq filter",
            Requirement::Each(filter.to_owned()),
            ".durationMs < 300 and (.status | ascii_downcase) == \"success\"",
        ),
    ] {
        let ours = best(|| examined(&path, requirement.clone()))?;
        let theirs = best(|| asked_jq(&path, jq))?;
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        let speed = size as f64 / 1e6 / ours.as_secs_f64();
        writeln!(
            out,
            "{what}: packet {ours:.0?} ({speed:.0} MB/s), jq {theirs:.0?}, ratio {ratio:.3}"
        )?;
    }
    Ok(())
}

fn best(mut work: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn examined(path: &Path, requirement: Requirement) -> Outcome<()> {
    let demands = [Stated {
        requirement,
        origin: Origin::Configuration,
    }];
    let reader = BufReader::with_capacity(128 << 10, File::open(path)?);
    let now = "2026-01-01T00:00:00Z".parse()?;
    let workers = Apart::running(env!("CARGO_BIN_EXE_packet"));
    let findings = examine(reader, "decisions.ndjson", &demands, now, None, &workers)?;
    match findings.holds.first() {
        None => Ok(()),
        Some(hold) => Err(hold.clone().into()),
    }
}

/// What a person would type: true for every record, or exit 1.
fn asked_jq(path: &Path, filter: &str) -> Outcome<()> {
    let status = Command::new("jq")
        .args(["-e", "-n", &format!("all(inputs; {filter})")])
        .arg(path)
        .stdout(Stdio::null())
        .status()?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| "jq said no".into())
}

fn write(path: &Path, records: u64) -> Outcome<u64> {
    let mut file = BufWriter::new(File::create(path)?);
    for record in 0..records {
        writeln!(
            file,
            "{{\"decisionId\":{},\"status\":\"SUCCESS\",\"durationMs\":{}.{:02},\"scope\":\"orders\",\"actor\":\"agent-{}\",\"timestamp\":\"2025-10-12T08:{:02}:{:02}Z\"}}",
            100_000 + record,
            20 + record % 270,
            record % 100,
            record % 7_000,
            record / 60 % 60,
            record % 60
        )?;
    }
    file.flush()?;
    Ok(path.metadata()?.len())
}
