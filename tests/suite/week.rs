//! A week of `report` and `escalate` as cron runs them, a minute of simulated time a step:
//! everything exactly once, at its minute, to whom it is for; killed at random and run again.
//!
//! The weeks are data in `tests/week/`. A short run looks at the minutes around what is expected or
//! happens and at a grid of six hours; `PACKET_WEEK_STEP=1m` looks at every minute. What is due
//! at a wrong minute is seen by either, for the ledger says when each thing went out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    thread,
    time::Duration,
};

use clap::Parser;
use jiff::{SignedDuration, Timestamp};
use packet::cli::{self, Cli, Exit};
use serde::Deserialize;

use crate::{
    random::Random,
    scratch::{Scratch, files},
};

/// One week.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Week {
    /// What it shows, in one sentence.
    #[serde(rename = "about")]
    _about: String,
    /// A folder of `tests/cli/workspaces/`, copied; empty unless given.
    workspace: Option<String>,
    /// Lines added to `packet.yaml`.
    configure: Option<String>,
    /// Files beside those.
    #[serde(default)]
    files: BTreeMap<String, String>,
    start: Timestamp,
    end: Timestamp,
    /// What people and machines do meanwhile, before the commands of that minute.
    #[serde(default)]
    happens: Vec<Happens>,
    /// `MOMENT | KIND | ITEM | WHO, WHO`, oldest first.
    expect: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Happens {
    at: Timestamp,
    #[serde(default)]
    packet: Vec<String>,
    #[serde(default)]
    edit: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    write: BTreeMap<String, String>,
}

#[test]
fn every_notice_goes_out_once_at_its_minute() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/week");
    let mut weeks = 0;
    for name in files(&folder).iter().filter(|f| f.ends_with(".yaml")) {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let week: Week = serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        live(name, &week);
        weeks += 1;
    }
    assert!(weeks > 1, "only {weeks} weeks were found");
}

fn live(name: &str, week: &Week) {
    let mut scratch = match &week.workspace {
        Some(workspace) => Scratch::of(workspace),
        None => Scratch::empty(),
    };
    for (path, text) in &week.files {
        scratch.write(path, text);
    }
    if let Some(lines) = &week.configure {
        scratch.configure(lines);
    }
    let mut random = Random::seeded();
    let mut kills = 0;
    let expected: BTreeSet<Timestamp> = week.expect.iter().map(|e| moment(e)).collect();
    let mut happened = BTreeSet::new();
    let mut runs = 0;
    for now in minutes(week, &expected) {
        for (index, one) in week.happens.iter().enumerate() {
            if one.at <= now && happened.insert(index) {
                scratch.now = Some(now.to_string());
                happen(&scratch, one);
            }
        }
        for command in ["report", "escalate"] {
            if expected.contains(&now) {
                kills += killed(&mut scratch, command, now, &mut random);
            }
            packet(&scratch, now, &[command, "--yes"]);
            runs += 1;
        }
    }
    let told = told(&scratch);
    assert_eq!(told, week.expect, "{name}: what went out");
    let mails: usize = week
        .expect
        .iter()
        .map(|e| e.matches('@').count() + e.matches("#").count())
        .sum();
    let laid = files(&scratch.root().join(".packet/outbox")).len();
    assert_eq!(laid, mails, "{name}: messages in the outbox");
    scratch.now = Some(week.end.to_string());
    scratch.run(&["log", "--verify"]).exits(0);
    println!("{name}: {runs} runs, {kills} of them killed, {mails} messages");
}

/// The minutes at which commands run.
fn minutes(week: &Week, expected: &BTreeSet<Timestamp>) -> Vec<Timestamp> {
    let step = |minutes: i64| SignedDuration::from_mins(minutes);
    let every = std::env::var("PACKET_WEEK_STEP").is_ok_and(|s| s == "1m");
    let grid = if every { 1 } else { 360 };
    let mut all = BTreeSet::new();
    let mut at = week.start;
    while at <= week.end {
        all.insert(at);
        at += step(grid);
    }
    let moments = week.happens.iter().map(|h| h.at);
    for around in expected.iter().copied().chain(moments) {
        all.extend((-1..=1).map(|minute| around + step(minute)));
    }
    all.into_iter().collect()
}

/// Starts the command and ends it at a random instant; whether it was ended before it was done.
fn killed(scratch: &mut Scratch, command: &str, now: Timestamp, random: &mut Random) -> u32 {
    scratch.now = Some(now.to_string());
    let mut child = scratch.start(&[command, "--yes", "--quiet"]);
    thread::sleep(Duration::from_micros(random.next() % 60_000));
    child.kill().unwrap();
    u32::from(child.wait().unwrap().code().is_none())
}

/// Runs a command in this process.
fn packet(scratch: &Scratch, now: Timestamp, args: &[&str]) {
    let root = scratch.root().to_str().unwrap();
    let now = now.to_string();
    let all = ["packet", "-q", "-C", root, "--now", now.as_str()];
    let cli = Cli::try_parse_from(all.iter().chain(args)).unwrap();
    let exit = cli::run(cli).unwrap_or_else(|e| panic!("{now} {args:?}: {e:#}"));
    assert_eq!(exit, Exit::Done, "{now} {args:?}");
}

fn happen(scratch: &Scratch, one: &Happens) {
    for (path, text) in &one.write {
        scratch.write(path, text);
    }
    for (path, edits) in &one.edit {
        for (old, new) in edits {
            scratch.edit(path, old, new);
        }
    }
    if !one.packet.is_empty() {
        let args: Vec<&str> = one.packet.iter().map(String::as_str).collect();
        scratch.run(&args).exits(0);
    }
}

/// What went out by the ledger: a line a notice, its receivers in alphabetical order.
fn told(scratch: &Scratch) -> Vec<String> {
    let ledgers = scratch.root().join(".packet/ledger");
    let mut told: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
    for ledger in files(&ledgers).iter().filter(|f| f.ends_with(".ndjson")) {
        let text = fs::read_to_string(ledgers.join(ledger)).unwrap();
        for line in text.lines() {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            if entry["kind"] != "notice-delivered" {
                continue;
            }
            let payload = &entry["payload"];
            assert_eq!(payload["outcome"]["state"], "sent", "{entry}");
            let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
            let notice = &payload["notice"];
            let key = text(&payload["key"]);
            let whom = key.split_once(':').unwrap().1.to_owned();
            let place = (
                text(&entry["at"]),
                text(&notice["kind"]),
                text(&notice["item"]),
            );
            told.entry(place).or_default().push(whom);
        }
    }
    told.into_iter()
        .map(|((at, kind, item), mut whom)| {
            whom.sort();
            format!("{at} | {kind} | {item} | {}", whom.join(", "))
        })
        .collect()
}

fn moment(line: &str) -> Timestamp {
    line.split(" | ").next().unwrap().parse().unwrap()
}
