//! `render --watch`, driven by real edits of files. Every wait ends with a line or fails.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::scratch::{Scratch, flat};

/// No line takes so long, however busy the machine is.
const LONGEST: Duration = Duration::from_secs(90);
/// A look and a rendering that did not come by now, on a machine that has just shown how quick
/// it is, will not come.
const QUIET: Duration = Duration::from_millis(1500);

struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    /// Starts it and waits until everything is rendered; returns the lines so far, too.
    fn start(scratch: &Scratch) -> (Self, Vec<String>) {
        let mut command = scratch.command(&["render", "--watch"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let out = child.stdout.take().unwrap();
        let err = child.stderr.take().unwrap();
        let other = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                let _ = other.send(line);
            }
        });
        let watch = Watch { child, lines };
        let first = watch.until("WATCHING");
        (watch, first)
    }

    /// The lines up to the first one with these words.
    #[track_caller]
    fn until(&self, words: &str) -> Vec<String> {
        let end = Instant::now() + LONGEST;
        let mut found = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let hit = flat(&line).contains(words);
                    found.push(line);
                    if hit {
                        return found;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("no `{words}` in {found:#?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended after {found:#?}"),
            }
        }
    }

    /// Nothing more is said.
    #[track_caller]
    fn is_quiet(&self) {
        if let Ok(line) = self.lines.recv_timeout(QUIET) {
            panic!("it said {line}");
        }
    }

    /// Ctrl-C; it ends by itself.
    fn end(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        self.until("Watching has ended");
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn live(mut scratch: Scratch) -> Scratch {
    scratch.now = None;
    scratch.edit(
        "docs/scanner_packet.md",
        "expires: 2026-03-31",
        "expires: 2099-03-31",
    );
    // What is written in the moment before it starts is taken for a change.
    std::thread::sleep(Duration::from_millis(50));
    scratch
}

#[test]
fn each_change_is_rendered_once_and_said_why() {
    let scratch = live(Scratch::of("ferry"));
    let (watch, first) = Watch::start(&scratch);
    assert!(flat(&first.join(" ")).contains("draft of scanner_packet.md: 2 files, on hold:"));
    watch.is_quiet();
    // Somebody vouches elsewhere: the ledger is an input, what is written here is not.
    scratch.attest();
    watch.until("scanner_packet.ndjson changed → bundle of scanner_packet.md: 7 files");
    watch.is_quiet();
    // An editor that writes beside and renames.
    let guide = "docs/guides/scanner_guide.md";
    let text = scratch.read(guide).replace("Hold", "Keep");
    scratch.write("docs/guides/.guide.swp", &text);
    fs::rename(
        scratch.root().join("docs/guides/.guide.swp"),
        scratch.root().join(guide),
    )
    .unwrap();
    watch.until("scanner_guide.md changed → bundle of scanner_packet.md:");
    // A burst is one change.
    for word in ["one", "two", "three", "four"] {
        scratch.write(guide, format!("{text}{word}\n"));
    }
    watch.until("scanner_guide.md changed → bundle of scanner_packet.md:");
    watch.is_quiet();
    let bundle = "artifacts/quayside/scanner_2026-03-09/guides/scanner_guide_v2026-02-20.md";
    assert!(scratch.read(bundle).ends_with("four\n"));
    // A folder of evidence made later, and a file that is no evidence.
    scratch.write("artifacts/gangway/notes.txt", "no log");
    watch.is_quiet();
    scratch.write(
        "artifacts/gangway/2026-03-03/probe_2026-03-03T08-00-00Z.log",
        "http_code=410 time_total=0.09\n",
    );
    watch.until("probe_2026-03-03T08-00-00Z.log changed → draft of scanner_packet.md:");
    fs::remove_dir_all(scratch.root().join("artifacts/gangway/2026-03-03")).unwrap();
    watch.until("probe_2026-03-03T08-00-00Z.log changed → bundle of scanner_packet.md:");
    watch.end();
}

#[test]
fn errors_are_said_and_it_goes_on() {
    let scratch = live(Scratch::clear());
    let (watch, _) = Watch::start(&scratch);
    let document = "docs/scanner_packet.md";
    let text = scratch.read(document);
    fs::remove_file(scratch.root().join(document)).unwrap();
    watch.until("error: `docs/scanner_packet.md` does not exist");
    scratch.write(document, b"\xff\xfe");
    watch.until(
        "scanner_packet.md changed error: docs/scanner_packet.md:1: the document is not UTF-8",
    );
    scratch.write(document, &text);
    watch.until("scanner_packet.md changed → bundle of scanner_packet.md: nothing to write");
    let config = scratch.read("packet.yaml");
    scratch.write("packet.yaml", format!("{config}nonsense: 1\n"));
    watch.until("packet.yaml changed error:");
    scratch.write("docs/second.md", "# Second\n");
    let two = config.replace(
        "[docs/scanner_packet.md]",
        "[docs/scanner_packet.md, docs/second.md]",
    );
    scratch.write("packet.yaml", two);
    watch.until("packet.yaml changed → draft of second.md: 2 files");
    scratch.write("docs/second.md", "# Second, again\n");
    watch.until("second.md changed → draft of second.md: 2 files");
    scratch.write("templates/packet.css", "body { color: black }\n");
    watch.until("packet.css changed → draft of second.md: 1 file");
    scratch.write("templates/packet.html.tera", "{{ nobody }}");
    watch.until("error: templates/packet.html.tera:1:");
    fs::remove_file(scratch.root().join("templates/packet.html.tera")).unwrap();
    watch.until("→ draft of second.md:");
    watch.is_quiet();
    watch.end();
}

#[test]
fn of_a_thousand_documents_those_are_rendered_that_a_change_concerns() {
    const DOCUMENTS: usize = 1000;
    let mut scratch = Scratch::empty();
    scratch.now = None;
    scratch.write("docs/aids/shared.md", "# Aid\n");
    let mut list = String::new();
    for number in 0..DOCUMENTS {
        // Every hundredth names the same job aid.
        let aid = if number % 100 == 7 {
            "docs/aids/shared.md".to_owned()
        } else {
            format!("docs/aids/{number}.md")
        };
        let path = format!("docs/d{number}.md");
        scratch.write(
            &path,
            format!("# Packet {number}\n\n## Required Evidence\n- [ ] **Key:** in the safe\n\nRead {aid}.\n"),
        );
        list.push_str(&format!("{path}, "));
    }
    scratch.write(
        "packet.yaml",
        format!("documents: [{}]\n", list.trim_end_matches(", ")),
    );
    let (watch, first) = Watch::start(&scratch);
    let rendered = |lines: &[String]| lines.iter().filter(|l| l.contains("draft of")).count();
    assert_eq!(rendered(&first), DOCUMENTS);
    watch.is_quiet();
    scratch.write("docs/aids/shared.md", "# Aid, in other words\n");
    let mut lines = watch.until("shared.md changed → draft of");
    while let Ok(line) = watch.lines.recv_timeout(QUIET) {
        lines.push(line);
    }
    assert_eq!(rendered(&lines), DOCUMENTS / 100, "{lines:#?}");
    scratch.write("docs/d12.md", "# Packet 12, by hand\n");
    assert_eq!(watch.until("d12.md changed → draft of d12.md").len(), 1);
    watch.is_quiet();
    watch.end();
}
