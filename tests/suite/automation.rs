//! The chapter on automation, run as it is written: each schedule's commands in a shell, in a
//! clean clone of an example.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use regex::Regex;
use serde_yaml::Value;
use tempfile::TempDir;

/// A home with the example in `launch`, the packet sent, and `packet` where the chapter has it.
struct Home {
    dir: TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Home {
            dir: tempfile::tempdir().unwrap(),
        };
        let bin = home.path(".cargo/bin");
        fs::create_dir_all(&bin).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_packet"), bin.join("packet")).unwrap();
        // The example as it is in version control; what tries of it left behind is not.
        let project = env!("CARGO_MANIFEST_DIR");
        home.done(
            "",
            &format!(
                "packet init --example made -q && git init -q --bare -b main remote.git && git init -q -b main launch && cp -r made/. launch && cp -r {project}/examples/rehearsal/docs launch && cp {project}/examples/coordination/docs/guide_coordination.md launch/docs/ && sed -i 's/^contacts:/&\\n  Noor Haddad: {{ email: noor@example.com }}/' launch/packet.yaml"
            ),
        );
        home.done(
            "launch",
            "packet attest 'Card Reader Key' --by 'Imani Osei' -q && packet send --yes -q && git config user.name a && git config user.email a@example.com && git add -A && git add -f artifacts && git commit -qm first && git remote add origin ../remote.git && git push -q -u origin main",
        );
        home
    }

    fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    /// Runs a line in a shell that knows nothing of the tester's own environment.
    fn shell(&self, folder: &str, line: &str) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.path(".cargo/bin").display());
        let mut command = Command::new("sh");
        command.args(["-ec", line]).env_clear();
        command.env("HOME", self.dir.path()).env("PATH", path);
        command.current_dir(self.path(folder)).output().unwrap()
    }

    #[track_caller]
    fn done(&self, folder: &str, line: &str) -> String {
        let output = self.shell(folder, line);
        assert!(output.status.success(), "{line}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// How many mails the workspace in `folder` has sent.
    fn mails(&self, folder: &str) -> usize {
        let outbox = self.path(folder).join(".packet/outbox/new");
        fs::read_dir(outbox).map_or(0, Iterator::count)
    }
}

fn chapter() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/automation.md");
    fs::read_to_string(path).unwrap()
}

/// The fences of a language.
fn fences(language: &str) -> Vec<String> {
    let fence = Regex::new(&format!(r"(?s)```{language}\n(.*?)```")).unwrap();
    let text = chapter();
    let found: Vec<String> = fence
        .captures_iter(&text)
        .map(|c| c[1].to_owned())
        .collect();
    assert!(!found.is_empty(), "no {language} in the chapter");
    found
}

#[test]
fn the_lines_for_cron_work_and_are_silent() {
    let home = Home::new();
    let line = Regex::new(r"^[0-9*/]+ [0-9*]+ [0-9*]+ [0-9*]+ [0-9*-]+ (.+)$").unwrap();
    let table = fences("cron").remove(0);
    let lines: Vec<&str> = table
        .lines()
        .filter(|l| !l.contains('=') || l.contains("&&"))
        .collect();
    assert_eq!(lines.len(), 5);
    let mut sent = Vec::new();
    for _ in 0..2 {
        for entry in &lines {
            let command = &line.captures(entry).unwrap_or_else(|| panic!("{entry}"))[1];
            assert!(
                !command.contains('%'),
                "cron takes % for the end of the line"
            );
            assert_eq!(home.done("", command), "", "{command}");
        }
        sent.push(home.mails("launch"));
    }
    assert_eq!(sent[0], sent[1], "something went out a second time");
}

#[test]
fn the_units_for_systemd_start_what_works() {
    let home = Home::new();
    let units = fences("ini");
    let [service, timer] = units.as_slice() else {
        panic!("{units:?}");
    };
    let of = |unit: &str, key: &str| -> Vec<String> {
        let lines = unit
            .lines()
            .filter_map(|l| l.strip_prefix(&format!("{key}=")));
        lines
            .map(|v| v.replace("%h", home.dir.path().to_str().unwrap()))
            .collect()
    };
    assert_eq!(
        of(service, "WorkingDirectory"),
        [home.path("launch").to_str().unwrap()]
    );
    let starts = of(service, "ExecStart");
    assert_eq!(starts.len(), 4);
    for line in starts {
        assert_eq!(home.done("launch", &line), "");
    }
    assert_eq!(of(timer, "WantedBy"), ["timers.target"]);
    // systemd has the last word where it is installed; the commands were tried without it.
    if let Ok(version) = Command::new("systemd-analyze").arg("--version").output() {
        assert!(version.status.success());
        let calendar = of(timer, "OnCalendar").remove(0);
        let read = Command::new("systemd-analyze")
            .args(["calendar", &calendar])
            .output();
        assert!(read.unwrap().status.success(), "{calendar}");
        for (name, unit) in [("service", service), ("timer", timer)] {
            let unit = unit.replace("%h", home.dir.path().to_str().unwrap());
            fs::write(home.path(&format!("packet-follow-up.{name}")), unit).unwrap();
        }
        let unit = home.path("packet-follow-up.timer");
        let verify = Command::new("systemd-analyze")
            .arg("verify")
            .arg(unit)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&verify.stderr).into_owned();
        assert!(!said.contains("packet-follow-up"), "{said}");
    }
}

#[test]
fn the_steps_for_github_actions_keep_the_record() {
    let home = Home::new();
    let workflow: Value = serde_yaml::from_str(&fences("yaml").remove(0)).unwrap();
    let mut ran = 0;
    for (round, folder) in ["first", "second"].into_iter().enumerate() {
        home.done("", &format!("git clone -q remote.git {folder}"));
        for job in ["check", "follow-up"] {
            for step in workflow["jobs"][job]["steps"].as_sequence().unwrap() {
                let Some(run) = step["run"].as_str() else {
                    continue;
                };
                // What is installed there is the program that is tested here.
                if run.starts_with("cargo install ") {
                    continue;
                }
                ran += 1;
                home.done(folder, run);
            }
        }
        let sent = home.mails(folder);
        assert!(round == 0 || sent == 0, "{sent} mails went out twice");
    }
    assert_eq!(ran, 14);
    let log = home.done("second", "git log --format=%s");
    assert!(log.matches("Record what was sent").count() <= 1, "{log}");
}

#[test]
fn every_other_command_of_the_chapter_works() {
    let home = Home::new();
    let text = chapter();
    let block = Regex::new(r"(?m)^    (packet .+)$").unwrap();
    let code = Regex::new(r"`(packet [^`]+)`").unwrap();
    let mut seen = 0;
    for found in block.captures_iter(&text).chain(code.captures_iter(&text)) {
        let command = &found[1];
        seen += 1;
        let output = home.shell("launch", &format!("{command} --help"));
        assert!(output.status.success(), "{command}: {output:?}");
        if command.contains("--final") {
            // Before the event it waits for it, after it nobody has said anything yet.
            let command = command.replace("packet ", "packet --now 2026-11-05T12:00:00Z ");
            let output = home.shell("launch", &command);
            assert!(output.status.success(), "{command}: {output:?}");
        }
    }
    assert!(seen > 7, "only {seen} commands were found");
}
