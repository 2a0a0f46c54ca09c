//! `packet render` as a whole process, as a ratio to the shell script that people clear a packet
//! with (bash, as their documents have it): newest files by a glob, `sed` over the placeholders, `cp` into the folder.
//!
//! `cargo bench --bench render [-- FILES]` runs both turn by turn on the rehearsal example, first
//! as it is, then with FILES (100,000) more results of the synthetic check beside the newest.
#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{
    error::Error,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use jiff::{Timestamp, ToSpan};

const BUNDLE: &str = "artifacts/enablement/rehearsal_2026-12-03";
const ROUNDS: usize = 21;
const NOW: &str = "2026-11-21T12:00:00Z";

/// What the team did by hand, written as kindly to the script as it can be.
const SCRIPT: &str = r#"
set -e
b=artifacts/enablement/rehearsal_2026-12-03
mkdir -p $b/evidence $b/guides $b/agenda
probe=$(printf '%s\n' artifacts/kiosk/*/probe_*.log | tail -n 1)
check=$(printf '%s\n' artifacts/synthetic/checkout-*.json | tail -n 1)
loans=$(printf '%s\n' artifacts/exports/loans_*.ndjson | tail -n 1)
cp docs/enablement/kiosk_rehearsal_packet.md $b/packet.md
sed -i 's/<PLACEHOLDER - //' $b/packet.md
sed -i "s|artifacts/kiosk/<date>/probe_<timestamp>.log|$probe|" $b/packet.md
sed -i "s|artifacts/synthetic/checkout-<timestamp>.json|$check|" $b/packet.md
sed -i "s|artifacts/exports/loans_<timestamp>.ndjson|$loans|" $b/packet.md
cp "$probe" "$check" "$loans" $b/evidence/
cp docs/enablement/guides/*.md $b/guides/
cp docs/enablement/rehearsal_agenda.md $b/agenda/
(cd $b && sha256sum evidence/* guides/* agenda/* > SHA256SUMS)
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let files = std::env::args().skip(1).find(|a| a != "--bench");
    let files = files.map_or(Ok(100_000), |text| text.parse::<i64>())?;
    let dir = tempfile::tempdir()?;
    let workspace = dir.path().join("workspace");
    packet(&workspace, &["init", "--example"])?;
    packet(&workspace, &["attest", "Card Reader Key", "--by", "Bench"])?;
    compare("as it is", &workspace)?;
    let folder = workspace.join("artifacts/synthetic");
    let newest: Timestamp = "2026-11-20T00:00:00Z".parse()?;
    for index in 0..files {
        let at = newest - (index * 5).minutes();
        fs::write(
            folder.join(format!(
                "checkout-{}.json",
                at.strftime("%Y-%m-%dT%H-%M-%SZ")
            )),
            "{}",
        )?;
    }
    compare(&format!("with {files} more evidence files"), &workspace)
}

fn compare(what: &str, workspace: &Path) -> Result<(), Box<dyn Error>> {
    let (mut ours, mut theirs, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        clean(workspace)?;
        ours.push(timed(&mut render(workspace))?);
        again.push(timed(&mut render(workspace))?);
        clean(workspace)?;
        theirs.push(timed(
            Command::new("bash")
                .arg("-c")
                .arg(SCRIPT)
                .current_dir(workspace),
        )?);
    }
    let (ours, theirs, again) = (median(ours), median(theirs), median(again));
    println!(
        "{what}: packet render {ours:.1?} (unchanged {again:.1?}), script {theirs:.1?}, ratio {:.2}",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
    Ok(())
}

fn clean(workspace: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(workspace.join(BUNDLE)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn render(workspace: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet"));
    command
        .arg("-C")
        .arg(workspace)
        .args(["--now", NOW, "render"]);
    command
}

fn packet(workspace: &Path, args: &[&str]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(workspace)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet"));
    timed(
        command
            .arg("-C")
            .arg(workspace)
            .args(["--now", NOW])
            .args(args),
    )
    .map(|_| ())
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
