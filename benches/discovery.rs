//! Deciding which of many evidence files is the newest, as a ratio to `ls -f` on their folder.
//!
//! `cargo bench --bench discovery [-- FILES]` makes the files in a temporary folder and runs
//! both as whole processes, turn by turn, in one go.
#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{
    error::Error,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use jiff::{Timestamp, ToSpan};
use packet::{
    model::pattern::Pattern,
    resolver::{choice::choose, source::EvidenceSource},
    workspace::discovery::DiskEvidence,
};

const PATTERN: &str = "artifacts/monitoring/probe-<timestamp>.json";
const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let first = arguments.next();
    if first.as_deref() == Some("decide") {
        return decide(Path::new(&arguments.next().unwrap_or_default()));
    }
    let files = first.map_or(Ok(100_000), |text| text.parse::<i64>())?;
    let workspace = tempfile::tempdir()?;
    let folder = workspace.path().join("artifacts/monitoring");
    std::fs::create_dir_all(&folder)?;
    let start: Timestamp = "2025-01-01T00:00:00Z".parse()?;
    for index in 0..files {
        let at = start + index.minutes();
        let name = format!("probe-{}.json", at.strftime("%Y-%m-%dT%H-%M-%SZ"));
        std::fs::write(folder.join(name), "{}")?;
    }
    let program = std::env::current_exe()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(
            Command::new(&program).arg("decide").arg(workspace.path()),
        )?);
        theirs.push(timed(Command::new("ls").arg("-f").arg(&folder))?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{files} files: decided in {ours:.1?}, ls -f {theirs:.1?}, ratio {ratio:.2}");
    Ok(())
}

fn decide(root: &Path) -> Result<(), Box<dyn Error>> {
    let pattern = Pattern::parse(PATTERN)?;
    let disk = DiskEvidence::new(root, [".packet"])?;
    let choice = choose(&pattern, disk.candidates(&pattern), Timestamp::now());
    let chosen = choice.chosen().ok_or("nothing was chosen")?;
    println!("{}", chosen.path);
    Ok(())
}

fn timed(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status()?;
    let took = start.elapsed();
    if status.success() {
        Ok(took)
    } else {
        Err(format!("{command:?} failed").into())
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
