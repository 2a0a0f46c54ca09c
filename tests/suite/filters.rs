//! jq filters work apart: without the environment, bounded, and never longer than who asked.

use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use crate::scratch::Scratch;

const DOCUMENT: &str = "# Crane packet\n\n## Required Evidence\n\
    - [ ] **Berth Log:** rows at `artifacts/logs/rows_<timestamp>.ndjson`\n";

fn asking(filter: &str) -> Scratch {
    let scratch = Scratch::empty();
    scratch.write("packet.md", DOCUMENT);
    scratch.write(
        "artifacts/logs/rows_2026-03-01T08-00-00Z.ndjson",
        "{\"id\":1}\n",
    );
    scratch.write(
        "packet.yaml",
        format!("gates:\n  Berth Log: {{ each: '{filter}' }}\n"),
    );
    scratch
}

#[test]
fn a_filter_ends_with_the_command_that_asked() {
    let mut scratch = asking("last(range(1e15)) == 1");
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "swordfish".into());
    let mut packet = scratch.start(&["status", "packet.md"]);
    let worker = within("no worker was started", || child_of(packet.id()));
    let environment = fs::read(worker.join("environ")).unwrap();
    assert_eq!(environment, b"", "the worker has an environment");
    let limits = within("the worker is not bounded", || {
        let limits = fs::read_to_string(worker.join("limits")).ok()?;
        let bound = |name: &str| {
            let line = limits.lines().find(|line| line.starts_with(name))?;
            line[name.len()..].split_whitespace().next()?.parse().ok()
        };
        Some((
            bound("Max address space")?,
            bound("Max data size")?,
            bound("Max core file size")?,
        ))
    });
    let mib = 1_u64 << 20;
    assert_eq!(limits, (1024 * mib, 768 * mib, 0));
    packet.kill().unwrap();
    packet.wait().unwrap();
    within("the worker goes on", || {
        let stat = fs::read_to_string(worker.join("stat")).unwrap_or_default();
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    });
}

#[test]
fn a_filter_that_takes_too_much_holds_and_the_command_goes_on() {
    let scratch = asking("reduce range(60) as $n (\"crane\"; . + .) | length > 0");
    let ran = scratch.run(&["status", "packet.md"]).exits(3);
    ran.says("more than 512 MiB of memory");
}

/// What `look` finds within ten seconds.
#[track_caller]
fn within<T>(else_say: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("{else_say}");
}

/// The folder under `/proc` of a process that `parent` started.
fn child_of(parent: u32) -> Option<PathBuf> {
    let parent = parent.to_string();
    let started = |folder: &PathBuf| {
        let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
        let after = stat.rsplit(") ").next().unwrap_or_default();
        let command = fs::read(folder.join("cmdline")).unwrap_or_default();
        after.split_whitespace().nth(1) == Some(parent.as_str())
            && String::from_utf8_lossy(&command).contains("filter-worker")
    };
    let entries = fs::read_dir("/proc").ok()?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(started)
}
