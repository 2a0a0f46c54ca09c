//! `packet send` on a terminal: the question, the bar, and the state the terminal is left in.

use std::{
    fs::File,
    io::{Read, Write},
    os::{fd::OwnedFd, unix::fs::OpenOptionsExt, unix::process::ExitStatusExt},
    process::{Child, ExitStatus},
};

use rustix::{
    fs::OFlags,
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};

use crate::{
    mail::{fault, server},
    peers::{
        depot::{Depot, Mail},
        script::Point,
        smtp::Server,
    },
};

const QUESTION: &str = "now? [y/N] ";
const CURSOR_HIDDEN: &str = "\u{1b}[?25l";

/// A `packet` on a terminal of its own, a hundred columns wide.
struct Seat {
    screen: File,
    child: Child,
    seen: String,
}

impl Seat {
    fn take(depot: &Depot, args: &[&str]) -> Self {
        let screen: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let size = Winsize {
            ws_row: 30,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&screen, size).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap();
        let line = File::options()
            .read(true)
            .write(true)
            .custom_flags(OFlags::NOCTTY.bits() as i32)
            .open(name.to_str().unwrap())
            .unwrap();
        let mut command = depot.command(args);
        command
            .env("TERM", "xterm")
            .stdin(line.try_clone().unwrap())
            .stdout(line.try_clone().unwrap())
            .stderr(line);
        let child = command.spawn().unwrap();
        // The command holds the line; the screen ends when the last holder has gone.
        drop(command);
        Seat {
            screen: screen.into(),
            child,
            seen: String::new(),
        }
    }

    /// Reads on; `false` at the end.
    fn read(&mut self) -> bool {
        let mut block = [0; 4096];
        // A terminal whose other side is gone gives an error, not an end.
        let count = self.screen.read(&mut block).unwrap_or(0);
        self.seen
            .push_str(&String::from_utf8_lossy(&block[..count]));
        count > 0
    }

    fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            assert!(self.read(), "never saw `{text}`: {}", self.seen);
        }
    }

    fn types(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }

    fn interrupt(&self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
    }

    /// All that was seen, and how it ended.
    fn end(mut self) -> (String, ExitStatus) {
        while self.read() {}
        (self.seen, self.child.wait().unwrap())
    }
}

fn depot(people: usize, server: &Server, keys: &'static str) -> Depot {
    let port = server.port;
    Depot::new(people, Some(Mail { port, keys }))
}

fn held(server: &Server) -> usize {
    server.seen(|s| s.held.len())
}

#[test]
fn only_yes_means_yes() {
    let server = server(vec![]);
    let depot = depot(3, &server, "");
    for answer in ["\n", "n\n", "yep\n", "q\n", "\u{1b}\n", "\u{4}"] {
        let mut seat = Seat::take(&depot, &["send"]);
        seat.wait_for(QUESTION);
        seat.types(answer);
        let (seen, status) = seat.end();
        assert_eq!(status.code(), Some(2), "{answer:?}: {seen}");
        assert!(seen.contains("Nothing was sent.\r\n"), "{answer:?}: {seen}");
        assert_eq!(held(&server), 0, "{answer:?}");
    }
    let mut seat = Seat::take(&depot, &["send"]);
    seat.wait_for(QUESTION);
    seat.types("Yes\n");
    let (seen, status) = seat.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert_eq!(held(&server), 3, "{seen}");
}

#[test]
fn an_interrupt_at_the_question_sends_nothing_and_leaves_the_cursor() {
    let server = server(vec![]);
    let depot = depot(3, &server, "");
    let mut seat = Seat::take(&depot, &["send"]);
    seat.wait_for(QUESTION);
    seat.interrupt();
    let (seen, status) = seat.end();
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{seen}");
    assert!(!seen.contains(CURSOR_HIDDEN), "{seen:?}");
    assert_eq!(held(&server), 0);
}

#[test]
fn many_get_a_bar_that_goes_away_and_failures_a_line() {
    let refusal = Some("550 5.1.1 nobody");
    let server = server(vec![fault(Point::Rcpt, 4, 1, refusal)]);
    let depot = depot(30, &server, "");
    let seat = Seat::take(&depot, &["send", "--yes"]);
    let (seen, status) = seat.end();
    assert_eq!(status.code(), Some(4), "{seen}");
    assert!(seen.contains(" 1 sent, 1 of 31"), "{seen:?}");
    // What a person has before their eyes at the end: lines without what was wiped again.
    let left: Vec<&str> = seen
        .split("\r\n")
        .map(|line| line.rsplit("\u{1b}[2K").next().unwrap())
        .collect();
    let about = |name: &str| left.iter().filter(|l| l.contains(name)).count();
    assert_eq!(
        about("nobody"),
        2,
        "as it happens, and in the summary: {left:#?}"
    );
    assert_eq!(about("p3@example.com"), 0, "{left:#?}");
    assert_eq!(about(" of 31"), 0, "{left:#?}");
}

#[test]
fn an_interrupt_on_the_way_says_what_is_left() {
    let server = server(vec![]);
    let depot = depot(40, &server, "rate-per-minute: 1200");
    let mut seat = Seat::take(&depot, &["send", "--yes"]);
    seat.wait_for(" 5 sent");
    seat.interrupt();
    let (seen, status) = seat.end();
    assert_eq!(status.code(), Some(4), "{seen}");
    assert!(seen.contains("Stopped half way"), "{seen}");
    let (_, told) = seen.split_once("Stopped half way").unwrap();
    assert!(
        told.split("\r\n").all(|line| line.chars().count() <= 100),
        "{told}"
    );
    assert!((5..40).contains(&held(&server)));
}
