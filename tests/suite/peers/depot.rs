//! A small workspace of an invented tram depot, with one gate and as many people as asked for, and
//! the `packet` that works in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// The moment all its evidence fits.
pub const NOON: &str = "2027-03-04T12:00:00Z";
/// Its document.
pub const DOCUMENT: &str = "docs/drill.md";

/// A workspace in a folder of its own.
pub struct Depot {
    folder: TempDir,
    /// Variables that its `packet` finds, beside the mail password.
    pub env: BTreeMap<String, String>,
}

/// What the mail server is like.
pub struct Mail {
    /// Its port on loopback.
    pub port: u16,
    /// Further keys of `smtp:`, such as `connections: 4`; unless told otherwise there is one, so
    /// that a script knows who is next.
    pub keys: &'static str,
}

impl Depot {
    /// With people `p0` to `pN` at example.com, whose mail goes to `mail`, or to the outbox.
    pub fn new(people: usize, mail: Option<Mail>) -> Self {
        let depot = Depot {
            folder: TempDir::new().unwrap(),
            env: BTreeMap::new(),
        };
        depot.write(DOCUMENT, &document(people));
        depot.write("feedback/drill.md", "# Feedback\n");
        let mut config = format!("from: Depot <depot@example.com>\ndocuments: [{DOCUMENT}]\n");
        if let Some(Mail { port, keys }) = mail {
            let one = match keys.contains("connections:") {
                true => "",
                false => ", connections: 1",
            };
            config.push_str(&format!(
                "smtp: {{ host: 127.0.0.1, port: {port}, security: none{one}, {keys} }}\n"
            ));
        }
        config.push_str("contacts:\n");
        for n in 0..people {
            config.push_str(&format!("  Person {n}: {{ email: p{n}@example.com }}\n"));
        }
        depot.write("packet.yaml", &config);
        depot.evidence("2027-03-04T08-00-00Z", 200);
        depot
    }

    /// Where it lies.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the root.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Lays down a probe of that moment which answered `status`.
    pub fn evidence(&self, moment: &str, status: u16) {
        let text = format!("HTTP/1.1 {status} Answer\r\nServer: tram\r\n\r\n");
        self.write(&format!("artifacts/probe/probe_{moment}.log"), &text);
    }

    /// `packet` with these arguments at noon.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet"));
        command.arg("-C").arg(self.root());
        if !args.contains(&"--now") {
            command.args(["--now", NOON]);
        }
        command
            .args(args)
            .env_clear()
            .env("HOME", self.root())
            .env("PACKET_SMTP_PASSWORD", "open sesame")
            .envs(&self.env)
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end; standard output and the exit code.
    pub fn run(&self, args: &[&str]) -> (String, i32) {
        let output = self.command(args).output().unwrap();
        (text(&output), output.status.code().unwrap_or(-1))
    }

    /// Runs it and reads the JSON it prints.
    pub fn json(&self, args: &[&str]) -> (Value, i32) {
        let mut all = vec!["--format", "json"];
        all.extend(args);
        let output = self.command(&all).output().unwrap();
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{args:?}: {e}: {}", text(&output)));
        (value, output.status.code().unwrap_or(-1))
    }

    /// Starts it, its output thrown away.
    pub fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// The ledger's file.
    pub fn ledger_path(&self) -> PathBuf {
        self.root().join(".packet/ledger/docs/drill.ndjson")
    }

    /// The ledger's entries; none where it is not there yet.
    pub fn ledger(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.ledger_path()).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Both outputs of a process.
pub fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// The document, with its people in order.
pub fn document(people: usize) -> String {
    let mut list = String::new();
    for n in 0..people {
        list.push_str(&format!("- [ ] **Person {n}:** walk the yard\n"));
    }
    format!(
        "---\ndoc: Yard drill\nowner: depot\nexpires: 2027-12-31\n---\n\n# Yard drill\n\n\
         ## Required evidence\n\n\
         - [ ] **Probe:** HTTP 200 (`artifacts/probe/probe_<timestamp>.log`)\n\n\
         ## Notification\n\n### Subject: The yard drill is on\n\n\
         ```text\nHello all,\n\nproof: <PLACEHOLDER - artifacts/probe/probe_<timestamp>.log>\n```\n\n\
         ## Primary recipients\n\n{list}\n\
         ## Channels\n\n- [ ] Documentation: `feedback/drill.md`\n"
    )
}
