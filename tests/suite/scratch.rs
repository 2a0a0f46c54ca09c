//! A workspace of a test's own, and the real `packet` run in it with nothing of the tester's
//! environment.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// The moment of commands in the `ferry` workspace.
pub const NOW: &str = "2026-03-02T12:00:00Z";

/// A workspace that goes when the test ends.
pub struct Scratch {
    dir: TempDir,
    root: PathBuf,
    /// `--now` of every command; without it the machine's clock.
    pub now: Option<String>,
    /// Variables of every command.
    pub env: BTreeMap<String, String>,
}

/// How a command ended, and what it printed.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` after a signal.
    pub exit: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Both outputs, each run of white space as one blank, for text that was wrapped.
    pub fn text(&self) -> String {
        flat(&format!("{} {}", self.out, self.err))
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {self:#?}"))
    }

    /// The same, having ended with `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, Some(code), "{self:#?}");
        self
    }

    /// The same, having said `words`.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(
            self.text().contains(&flat(words)),
            "no `{words}` in {self:#?}"
        );
        self
    }
}

/// `text` with each run of white space as one blank.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Scratch {
    /// An empty folder.
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("workspace");
        fs::create_dir(&root).unwrap();
        Scratch {
            dir,
            root,
            now: Some(NOW.to_owned()),
            env: BTreeMap::new(),
        }
    }

    /// A copy of `tests/cli/workspaces/NAME`.
    pub fn of(name: &str) -> Self {
        let scratch = Scratch::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/workspaces");
        copy(&from.join(name), &scratch.root);
        scratch
    }

    /// The `ferry` workspace with its manual gate attested: clear.
    pub fn clear() -> Self {
        let scratch = Scratch::of("ferry");
        scratch.attest();
        scratch
    }

    /// Attests the manual gate of the `ferry` workspace.
    pub fn attest(&self) {
        self.run(&["attest", "Spare Battery", "--by", "Edda Lund"])
            .exits(0);
    }

    /// The workspace's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Works in `root` from now on, such as a folder on another file system.
    pub fn move_to(&mut self, root: PathBuf) {
        copy(&self.root, &root);
        self.root = root;
    }

    /// A folder beside the workspace that goes with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        let folder = self.dir.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// The command, ready to start.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet"));
        command.env_clear();
        command.env("COLUMNS", "100").env("NO_COLOR", "1");
        command.env("XDG_STATE_HOME", self.dir.path().join("state"));
        command.envs(&self.env);
        command.current_dir(&self.root).stdin(Stdio::null());
        if let Some(now) = &self.now {
            command.args(["--now", now]);
        }
        command.args(args);
        command
    }

    /// Runs `packet` to its end.
    pub fn run(&self, args: &[&str]) -> Ran {
        let done = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        Ran {
            exit: done.status.code(),
            out: text(done.stdout),
            err: text(done.stderr),
        }
    }

    /// Starts `packet` without waiting for it; its output is dropped.
    pub fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// Writes a file, with its folders.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Adds lines to `packet.yaml`.
    pub fn configure(&self, lines: &str) {
        let text = self.read("packet.yaml");
        self.write("packet.yaml", format!("{text}{lines}\n"));
    }

    /// The text of a file.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Replaces every `old` of a file, of which there must be one.
    #[track_caller]
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "no `{old}` in {path}");
        self.write(path, text.replace(old, new));
    }

    /// Every file: inode, time of change in nanoseconds, length. What a later look tells apart.
    pub fn look(&self) -> BTreeMap<String, (u64, i128, u64)> {
        let mut found = BTreeMap::new();
        for path in files(&self.root) {
            let meta = fs::symlink_metadata(self.root.join(&path)).unwrap();
            let time = i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
            // The lock says who holds it, and a render remembers that it had nothing to do.
            if path != ".packet/lock" && path != ".packet/rendered" {
                found.insert(path, (meta.ino(), time, meta.len()));
            }
        }
        found
    }

    /// The entries of the `ferry` document's ledger.
    pub fn ledger(&self) -> Vec<Value> {
        let text = self.read(LEDGER);
        text.lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    }

    /// The messages in the outbox.
    pub fn mails(&self) -> Vec<String> {
        let folder = self.root.join(".packet/outbox/new");
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        entries
            .map(|e| fs::read_to_string(e.unwrap().path()).unwrap())
            .collect()
    }
}

/// The ledger of the `ferry` document.
pub const LEDGER: &str = ".packet/ledger/docs/scanner_packet.ndjson";
/// The bundle folder of the `ferry` document.
pub const BUNDLE: &str = "artifacts/quayside/scanner_2026-03-09";

/// Paths of all files below `root`, sorted.
pub fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = Path::new(&folder).join(name).to_str().unwrap().to_owned();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

/// Copies a folder with all in it.
pub fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(&path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&path), target).unwrap();
    }
}
