//! The cases, each in a workspace of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{Case, Step, both, packet, put, write_files};

/// Runs `judge` over all cases, or those that `CASE` names; it lists what is wrong.
pub fn every_case(judge: fn(&Path) -> Vec<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gates");
    let only = std::env::var("CASE").ok();
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .filter(|p| {
            only.as_ref()
                .is_none_or(|o| p.to_string_lossy().contains(o.as_str()))
        })
        .collect();
    cases.sort();
    assert!(
        only.is_some() || cases.len() > 300,
        "only {} cases in {}",
        cases.len(),
        folder.display()
    );
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(path) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let wrong = judge(path);
                    if !wrong.is_empty() {
                        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                        failures
                            .lock()
                            .unwrap()
                            .push(format!("{name}\n    {}", wrong.join("\n    ")));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// A case's workspace after its steps.
pub struct Staged {
    pub(super) case: Case,
    pub(super) _dir: tempfile::TempDir,
    /// The workspace's folder.
    pub root: PathBuf,
    pub(super) printed: String,
    pub(super) wrong: Vec<String>,
}

impl Staged {
    /// Runs `packet` there at the case's moment; `DOC` stands for its document.
    pub fn packet(&self, args: &[&str]) -> Output {
        let of = |arg: &&str| match *arg {
            "DOC" => self.case.path.clone(),
            arg => arg.to_owned(),
        };
        let args: Vec<String> = args.iter().map(of).collect();
        packet(&self.root, &self.case, &args)
    }

    /// The document's file.
    pub fn document(&self) -> PathBuf {
        self.root.join(&self.case.path)
    }
}

/// Sets up a case and runs its steps.
pub fn stage(path: &Path) -> Result<Staged, Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    let case: Case = match serde_yaml::from_str(&text) {
        Ok(case) => case,
        Err(error) => return Err(vec![format!("not a case: {error}")]),
    };
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("workspace");
    fs::create_dir(&root).unwrap();
    if let Some(config) = &case.config {
        put(&root, "packet.yaml", config.as_bytes());
    }
    if let Some(document) = &case.document {
        put(&root, &case.path, document.as_bytes());
    }
    write_files(&root, &case.files);
    let mut wrong = Vec::new();
    let mut printed = String::new();
    for step in &case.run {
        let (args, exit, fails) = match step {
            Step::Write { write } => {
                write_files(&root, write);
                continue;
            }
            Step::Args(args) => (args, None, false),
            Step::Checked { args, exit, fails } => (args, *exit, *fails),
        };
        let output = packet(&root, &case, args);
        let code = output.status.code();
        if exit.is_some_and(|e| code != Some(e)) || (fails && code == Some(0)) {
            wrong.push(format!("{args:?} ended with {code:?}: {}", both(&output)));
        }
        printed.push_str(&both(&output));
    }
    Ok(Staged {
        case,
        _dir: dir,
        root,
        printed,
        wrong,
    })
}
