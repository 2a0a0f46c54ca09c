//! The tests as single steps: which mutants each one reaches, and how long it takes.

use std::{
    collections::BTreeSet,
    error::Error,
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// What of the suite judges the resolver's work; the rest is about servers, disks and terminals.
const JUDGES: [&str; 10] = [
    "cli::",
    "deadlines::",
    "filters::",
    "formats::",
    "replies::",
    "revisions::",
    "settled::",
    "story::",
    "timeline::",
    "verify::",
];

/// The test that runs the cases of a folder, of which the variable `CASE` names one.
const CASES: (&str, &str) = ("gates::every_case_is_judged_as_it_says", "tests/gates");

/// The least and the most that a step may take, in seconds.
const LIMITS: (u64, u64) = (3, 60);

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A test beside the code.
    Unit,
    /// A case of a verdict.
    Case,
    /// A test of the suite.
    Suite,
}

/// One test, or one case of one.
pub struct Step {
    /// What it is.
    pub kind: Kind,
    name: String,
    program: PathBuf,
    case: Option<String>,
    /// How long it took with no mutant on.
    pub took: Duration,
    /// The mutants it asks for.
    pub reached: BTreeSet<usize>,
}

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It held.
    Passed,
    /// It did not.
    Failed,
    /// It was ended.
    Late,
}

/// All steps of the crate in `copy`. What each reaches is asked with `reach` as scratch file. One
/// that fails with no mutant on is said and left out.
///
/// # Errors
/// The crate does not build, or a folder cannot be read.
pub fn steps(copy: &Path, reach: &Path) -> Result<Vec<Step>, Box<dyn Error>> {
    let mut held = Vec::new();
    for mut step in listed(copy)? {
        // It is only there if something was reached.
        let _ = fs::remove_file(reach);
        let start = Instant::now();
        let ended = step.start(copy, "MUTANT_REACH", reach.as_os_str());
        step.took = start.elapsed();
        if ended == Ended::Passed {
            let text = fs::read_to_string(reach).unwrap_or_default();
            step.reached = text.lines().filter_map(|l| l.parse().ok()).collect();
            held.push(step);
        } else {
            eprintln!("fails with no mutant on: {}", step.label());
        }
    }
    Ok(held)
}

fn listed(copy: &Path) -> Result<Vec<Step>, Box<dyn Error>> {
    let mut steps = Vec::new();
    for (kind, args) in [
        (Kind::Unit, &["--lib"][..]),
        (Kind::Suite, &["--test", "suite"]),
    ] {
        let program = program(copy, args)?;
        let step = |kind, name: &str, case| Step {
            kind,
            name: name.to_owned(),
            program: program.clone(),
            case,
            took: Duration::ZERO,
            reached: BTreeSet::new(),
        };
        let text = Command::new(&program)
            .arg("--list")
            .current_dir(copy)
            .output()?;
        let text = String::from_utf8(text.stdout)?;
        for name in text.lines().filter_map(|l| l.strip_suffix(": test")) {
            // The table of words needs no process, and is quick.
            let kind = if name.starts_with("words::") {
                Kind::Unit
            } else {
                kind
            };
            if kind == Kind::Unit || JUDGES.iter().any(|j| name.starts_with(j)) {
                steps.push(step(kind, name, None));
            } else if name == CASES.0 {
                let cases = cases(&copy.join(CASES.1))?;
                steps.extend(cases.into_iter().map(|c| step(Kind::Case, name, Some(c))));
            }
        }
    }
    Ok(steps)
}

fn cases(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        names.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|n| n.ends_with(".yaml"));
    Ok(names.into_iter().collect())
}

/// The test program that cargo builds with `args`.
fn program(copy: &Path, args: &[&str]) -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new("cargo")
        .args(["test", "--no-run", "--message-format=json"])
        .args(args)
        .current_dir(copy)
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut built = text.lines().filter_map(|line| {
        let value: Value = line.parse().ok()?;
        let program = value["executable"].as_str().map(PathBuf::from);
        program.filter(|_| value["profile"]["test"] == true)
    });
    built
        .next_back()
        .ok_or_else(|| "the copy does not build".into())
}

impl Step {
    /// Its kind and name.
    pub fn label(&self) -> String {
        let name = self.case.as_ref().unwrap_or(&self.name);
        format!("{:?} {name}", self.kind)
    }

    /// All cases at once, where this is one of them.
    pub fn with_all_cases(&self) -> Step {
        Step {
            kind: self.kind,
            name: self.name.clone(),
            program: self.program.clone(),
            case: None,
            took: Duration::from_secs(LIMITS.1),
            reached: BTreeSet::new(),
        }
    }

    /// Runs it with a mutant on.
    pub fn run(&self, copy: &Path, mutant: usize) -> Ended {
        let number = mutant.to_string();
        let ended = self.start(copy, "MUTANT", number.as_ref());
        // A test with servers may fail for another reason on a busy machine.
        if self.kind == Kind::Suite && ended != Ended::Passed {
            return self.start(copy, "MUTANT", number.as_ref());
        }
        ended
    }

    fn start(&self, copy: &Path, variable: &str, value: &std::ffi::OsStr) -> Ended {
        let limit = match self.took.as_secs() * 10 {
            _ if self.took.is_zero() => LIMITS.1,
            limit => limit.clamp(LIMITS.0, LIMITS.1),
        };
        // Some mutants never end, and some eat all memory.
        let bounds = format!("ulimit -v 6000000; ulimit -t {limit}; exec \"$@\"");
        let limit = Duration::from_secs(limit);
        let mut command = Command::new("sh");
        command
            .args(["-c", &bounds, "sh"])
            .arg(&self.program)
            .args(["--exact", &self.name, "--test-threads=1"])
            .current_dir(copy)
            .env_remove("MUTANT")
            .env_remove("MUTANT_REACH")
            .env_remove("CASE")
            .env(variable, value)
            .envs(self.case.as_ref().map(|c| ("CASE", format!("/{c}"))))
            .env("PROPTEST_FAILURE_PERSISTENCE", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        let Ok(mut child) = command.spawn() else {
            return Ended::Failed;
        };
        let start = Instant::now();
        loop {
            if let Ok(Some(status)) = child.try_wait() {
                return match status.success() {
                    true => Ended::Passed,
                    false if start.elapsed() >= limit.mul_f64(0.9) => Ended::Late,
                    false => Ended::Failed,
                };
            }
            // Waiting costs no processor time; a busy machine makes it last.
            if start.elapsed() > limit * 3 {
                let group = format!("-{}", child.id());
                let _ = Command::new("kill").args(["-9", "--", &group]).status();
                let _ = child.wait();
                return Ended::Late;
            }
            thread::sleep(Duration::from_millis(3));
        }
    }
}
