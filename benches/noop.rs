//! `packet render` with nothing to do over many documents, as a ratio to `ninja` with as many
//! outputs, each of an input of its own.
//!
//! `cargo bench --bench noop [-- DOCUMENTS]` runs both turn by turn, 1,000 documents unless given.
//! Ninja goes by file times alone; `packet render` reads and proves everything anew, for a file's
//! time is no evidence.
#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{
    error::Error,
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const ROUNDS: usize = 11;
const NOW: &str = "2026-11-21T12:00:00Z";

fn main() -> Result<(), Box<dyn Error>> {
    let documents = std::env::args().skip(1).find(|a| a != "--bench");
    let documents = documents.map_or(Ok(1_000), |text| text.parse::<usize>())?;
    let dir = tempfile::tempdir()?;
    let (workspace, ninja) = (dir.path().join("workspace"), dir.path().join("ninja"));
    lay(&workspace, documents)?;
    lay_ninja(&ninja, documents)?;
    timed(&mut render(&workspace))?;
    timed(&mut build(&ninja))?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(&mut render(&workspace))?);
        theirs.push(timed(&mut build(&ninja))?);
    }
    let (ours, theirs) = (median(&mut ours), median(&mut theirs));
    println!(
        "{documents} documents, nothing to do: packet render {:.1} ms, ninja {:.1} ms, ratio {:.2}",
        ours.as_secs_f64() * 1e3,
        theirs.as_secs_f64() * 1e3,
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
    Ok(())
}

/// Documents with a bundle each: one gate, one log, one material.
fn lay(workspace: &Path, documents: usize) -> Result<(), Box<dyn Error>> {
    let mut list = String::new();
    for number in 0..documents {
        let text = format!(
            "---\ndoc: docs/d{number}.md\nowner: bench\nexpires: 2035-12-31\n---\n# Packet {number}\n\n\
             ## Required Evidence\n- [ ] **Probe:** answers HTTP 200, log at \
             `artifacts/p{number}/probe_<timestamp>.log`\n\n## Notification\n\n### Subject: Packet {number}\n\n\
             ```\nPlease read docs/aids/aid{number}.md\n```\n\n```\nartifacts/out/d{number}/\n└── aid{number}_v2026-11-01.md\n```\n"
        );
        put(workspace, &format!("docs/d{number}.md"), &text)?;
        let aid = "---\nlast_reviewed: 2026-11-01\n---\n# Aid\n";
        put(workspace, &format!("docs/aids/aid{number}.md"), aid)?;
        let log = format!("artifacts/p{number}/probe_2026-11-20T08-00-00Z.log");
        put(workspace, &log, "http_code=200 time_total=0.09\n")?;
        write!(list, "docs/d{number}.md, ")?;
    }
    let list = list.trim_end_matches(", ");
    put(workspace, "packet.yaml", &format!("documents: [{list}]\n"))
}

fn lay_ninja(folder: &Path, outputs: usize) -> Result<(), Box<dyn Error>> {
    let mut rules = String::from("rule copy\n  command = cp $in $out\n");
    for number in 0..outputs {
        put(folder, &format!("in/{number}"), "x\n")?;
        writeln!(rules, "build out/{number}: copy in/{number}")?;
    }
    put(folder, "build.ninja", &rules)
}

fn put(root: &Path, path: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    Ok(fs::write(path, text)?)
}

fn render(workspace: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet"));
    command.arg("-C").arg(workspace);
    command.args(["--now", NOW, "-q", "render"]);
    command
}

fn build(folder: &Path) -> Command {
    let mut command = Command::new("ninja");
    command.arg("-C").arg(folder);
    command
}

fn timed(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    let done = command.stdout(Stdio::null()).status()?;
    let took = started.elapsed();
    if done.success() {
        Ok(took)
    } else {
        Err(format!("{command:?} ended with {done}").into())
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
