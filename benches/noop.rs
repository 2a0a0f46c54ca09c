//! `packet render` with nothing to do over many documents, as a ratio to `ninja` over as many
//! outputs of the same inputs, and over one output a document.
//!
//! `cargo bench --bench noop [-- DOCUMENTS]` runs them turn by turn, 1,000 documents unless given.
//! A document has three inputs (itself, a log, a job aid) and six outputs (the files of its
//! bundle). The first render makes them, the second proves them and remembers; timed is what
//! follows, as it is for ninja.
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
const INPUTS: usize = 3;
const OUTPUTS: usize = 6;
const NOW: &str = "2026-11-21T12:00:00Z";

fn main() -> Result<(), Box<dyn Error>> {
    let documents = std::env::args().skip(1).find(|a| a != "--bench");
    let documents = documents.map_or(Ok(1_000), |text| text.parse::<usize>())?;
    let dir = tempfile::tempdir()?;
    let [workspace, same, single] = ["workspace", "same", "single"].map(|n| dir.path().join(n));
    lay(&workspace, documents)?;
    lay_ninja(&same, documents, (INPUTS, OUTPUTS))?;
    lay_ninja(&single, documents, (1, 1))?;
    for _ in 0..2 {
        timed(&mut render(&workspace))?;
        timed(&mut build(&same))?;
        timed(&mut build(&single))?;
        // What was written within a step of the file system's clock counts as written since.
        std::thread::sleep(Duration::from_millis(50));
    }
    let made = files(&workspace.join("artifacts/out"))?;
    if made != documents * OUTPUTS {
        return Err(format!("{made} outputs, not {OUTPUTS} a document").into());
    }
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        times[0].push(timed(&mut render(&workspace))?);
        times[1].push(timed(&mut build(&same))?);
        times[2].push(timed(&mut build(&single))?);
    }
    let [ours, same, single] = times.map(|mut times| median(&mut times).as_secs_f64() * 1e3);
    println!("{documents} documents, nothing to do: packet render {ours:.1} ms");
    println!(
        "ninja, the same {} outputs of {} inputs: {same:.1} ms, ratio {:.2}",
        documents * OUTPUTS,
        documents * INPUTS,
        ours / same
    );
    println!(
        "ninja, one output a document: {single:.1} ms, ratio {:.2}",
        ours / single
    );
    Ok(())
}

fn files(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        count += match entry.file_type()?.is_dir() {
            true => files(&entry.path())?,
            false => 1,
        };
    }
    Ok(count)
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

fn lay_ninja(
    folder: &Path,
    documents: usize,
    (inputs, outputs): (usize, usize),
) -> Result<(), Box<dyn Error>> {
    let mut rules = String::from("rule make\n  command = cat $in | tee $out > /dev/null\n");
    for number in 0..documents {
        let names = |kind: &str, count: usize| {
            let one = |file| format!(" {kind}/d{number}/{file}");
            (0..count).map(one).collect::<String>()
        };
        for input in names("in", inputs).split_whitespace() {
            put(folder, input, "x\n")?;
        }
        let (made, from) = (names("out", outputs), names("in", inputs));
        writeln!(rules, "build{made}: make{from}")?;
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
