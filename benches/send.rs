//! A whole `packet send`, from reading the document to the last line of the log: 2,000 people,
//! 20 KB each, to `smtp-sink`, as a ratio to `smtp-source -d` at its best, side by side in one
//! run. Run with `cargo bench --bench send`; needs Postfix's tools (`.ci/need tests`).
//!
//! One connection has an fsync for each message; with several, what is ready together shares one
//! (group commit), and as many deliveries may be unknown after a crash as there are connections.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and fails loudly"
)]

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

const PEOPLE: usize = 2_000;
const SIZE: usize = 20_000;
/// Each way is measured so often; the best run counts, for both sides.
const RUNS: usize = 3;
const NOON: &str = "2027-03-04T12:00:00Z";

struct Sink(Child, u16);

impl Sink {
    fn start() -> Self {
        let port = {
            let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
            free.local_addr().unwrap().port()
        };
        let child = Command::new("/usr/sbin/smtp-sink")
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "512"])
            .stdout(Stdio::null())
            .spawn()
            .expect("smtp-sink is missing: run .ci/need tests");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(20));
        }
        Sink(child, port)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn reference(port: u16, sessions: usize) -> Duration {
    let started = Instant::now();
    let status = Command::new("/usr/sbin/smtp-source")
        .args(["-d", "-f", "team@example.com", "-t", "ann@example.com"])
        .args(["-l", &SIZE.to_string(), "-m", &PEOPLE.to_string()])
        .args(["-s", &sessions.to_string(), &format!("127.0.0.1:{port}")])
        .status()
        .expect("smtp-source is missing: run .ci/need tests");
    assert!(status.success());
    started.elapsed()
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A workspace whose messages, alternatives and attachment together, have about 20 KB.
fn workspace(root: &Path, port: u16, connections: usize) {
    let mut people = String::new();
    let mut config = format!(
        "from: Depot <depot@example.com>\ndocuments: [docs/drill.md]\nsmtp: {{ host: 127.0.0.1, port: {port}, security: none, connections: {connections} }}\ncontacts:\n"
    );
    for n in 0..PEOPLE {
        people.push_str(&format!("- [ ] **Person {n}:** walk the yard\n"));
        config.push_str(&format!("  Person {n}: {{ email: p{n}@example.com }}\n"));
    }
    write(root, "packet.yaml", &config);
    write(
        root,
        "docs/drill.md",
        &format!(
            "---\nowner: depot\nexpires: 2027-12-31\n---\n\n# Yard drill\n\n## Required evidence\n\n\
             - [ ] **Probe:** HTTP 200 (`artifacts/probe/probe_<timestamp>.log`)\n\n\
             ## Notification\n\n### Subject: The yard drill is on\n\n```text\nHello all,\n\n\
             proof: <PLACEHOLDER - artifacts/probe/probe_<timestamp>.log>\n```\n\n\
             ## Primary recipients\n\n{people}"
        ),
    );
    let filler = "X-Note: the yard is clear and every tram stands where it should\r\n";
    write(
        root,
        "artifacts/probe/probe_2027-03-04T08-00-00Z.log",
        &format!("HTTP/1.1 200 OK\r\n{}\r\n", filler.repeat(170)),
    );
}

fn packet(root: &Path, args: &[&str]) -> Duration {
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_packet"))
        .arg("-C")
        .arg(root)
        .args(["--now", NOON, "--quiet"])
        .args(args)
        .env_clear()
        .env("HOME", root)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {text}");
    started.elapsed()
}

/// The whole of it, and that part which is spent when the plan is there already.
fn ours(port: u16, connections: usize, kept: &mut Vec<TempDir>) -> (Duration, Duration) {
    let fresh = || {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        workspace(folder.path(), port, connections);
        folder
    };
    let folder = fresh();
    let whole = packet(folder.path(), &["send", "--yes"]);
    kept.push(folder);
    let folder = fresh();
    packet(folder.path(), &["send", "--dry-run"]);
    let planned = packet(folder.path(), &["send", "--yes"]);
    kept.push(folder);
    (whole, planned)
}

fn message_size(port: u16) -> u64 {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    workspace(folder.path(), port, 1);
    packet(folder.path(), &["send", "--dry-run"]);
    let plan = fs::read_dir(folder.path().join(".packet/plans"))
        .unwrap()
        .next();
    let messages = fs::read_dir(plan.unwrap().unwrap().path()).unwrap();
    let mail = messages
        .map(|m| m.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "eml"));
    fs::metadata(mail.unwrap()).unwrap().len()
}

fn per_second(time: Duration) -> f64 {
    PEOPLE as f64 / time.as_secs_f64()
}

fn main() {
    let sink = Sink::start();
    let size = message_size(sink.1);
    assert!(
        (18_000..24_000).contains(&size),
        "messages have {size} bytes"
    );
    let best = |run: &dyn Fn() -> Duration| (0..RUNS).map(|_| run()).min().unwrap();
    let (sessions, reference) = [1, 2, 4, 8, 16]
        .map(|s| (s, best(&|| reference(sink.1, s))))
        .into_iter()
        .min_by_key(|(_, time)| *time)
        .unwrap();
    println!(
        "{PEOPLE} messages of {size} bytes; smtp-source -d -s {sessions}: {:.0}/s",
        per_second(reference)
    );
    // Thousands of files just deleted slow the file system down; that is not what is measured.
    let mut kept = Vec::new();
    for connections in [1, 2, 4, 16] {
        let times: Vec<_> = (0..RUNS)
            .map(|_| ours(sink.1, connections, &mut kept))
            .collect();
        let whole = times.iter().map(|t| t.0).min().unwrap();
        let planned = times.iter().map(|t| t.1).min().unwrap();
        let ratio = |time: Duration| reference.as_secs_f64() / time.as_secs_f64();
        let usual = if connections == 2 {
            " (the default)"
        } else {
            ""
        };
        println!(
            "packet send, {connections} connections{usual}: {:.0}/s, ratio {:.2}; from a kept plan {:.0}/s, ratio {:.2}",
            per_second(whole),
            ratio(whole),
            per_second(planned),
            ratio(planned)
        );
    }
}
