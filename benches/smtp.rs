//! Throughput of the mail transport to `smtp-sink`, as a ratio to `smtp-source -d` at its best,
//! side by side in one run: 2,000 messages of 20 KB. Run with `cargo bench --bench smtp`; needs
//! Postfix's tools (`.ci/need tests`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and fails loudly"
)]

use std::{
    fs::OpenOptions,
    io::Write,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use packet::{
    model::{
        config::{Security, Smtp},
        document::ChannelKind,
        plan::{DeliveryState, PlannedDelivery},
    },
    sender::{
        smtp::{Settings, SmtpTransport},
        transport::{Parcel, Transport},
    },
};

const MESSAGES: usize = 2_000;
const SIZE: usize = 20_000;
/// Each way is measured so often; the best run counts, for both sides.
const RUNS: usize = 5;

struct Sink(Child, u16);

impl Sink {
    fn start() -> Self {
        let port = {
            let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
            free.local_addr().unwrap().port()
        };
        let child = Command::new("/usr/sbin/smtp-sink")
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "512"])
            .stdout(Stdio::null())
            .spawn()
            .expect("smtp-sink is missing: run .ci/need tests");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(20));
        }
        Sink(child, port)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn reference(port: u16, sessions: usize) -> Duration {
    let started = Instant::now();
    let status = Command::new("/usr/sbin/smtp-source")
        .args(["-d", "-f", "team@example.com", "-t", "ann@example.com"])
        .args(["-l", &SIZE.to_string(), "-m", &MESSAGES.to_string()])
        .args(["-s", &sessions.to_string(), &format!("127.0.0.1:{port}")])
        .status()
        .expect("smtp-source is missing: run .ci/need tests");
    assert!(status.success());
    started.elapsed()
}

/// Sends all messages over `connections`; with `synced`, each one's intent is written to a file
/// and made durable before, and its outcome is written after (durable with the next intent).
fn ours(port: u16, connections: usize, synced: bool) -> Duration {
    let smtp = Smtp {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security: Security::None,
        ..Smtp::default()
    };
    let settings = Arc::new(Settings::new(&smtp, None, None));
    let head = "From: team@example.com\r\nSubject: clear\r\n\r\n";
    let message = head.to_owned()
        + &"All gates are clear, and here is the proof of it.\r\n".repeat(SIZE / 51);
    let next = AtomicUsize::new(0);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let started = Instant::now();
    thread::scope(|scope| {
        for n in 0..connections {
            let (settings, message, next) = (Arc::clone(&settings), &message, &next);
            let ledger = folder.path().join(format!("{n}.ndjson"));
            scope.spawn(move || {
                let mut ledger = OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(ledger)
                    .unwrap();
                let mut transport = SmtpTransport::new(settings);
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= MESSAGES {
                        break;
                    }
                    let delivery = delivery(index);
                    if synced {
                        ledger.write_all(&[b'i'; 400]).unwrap();
                        ledger.sync_data().unwrap();
                    }
                    let outcome = transport.deliver(&Parcel {
                        delivery: &delivery,
                        bytes: message.as_bytes(),
                        sender: "team@example.com",
                    });
                    assert_eq!(outcome.state, DeliveryState::Sent, "{}", outcome.detail);
                    if synced {
                        ledger.write_all(&[b'o'; 400]).unwrap();
                    }
                }
                transport.finish();
            });
        }
    });
    started.elapsed()
}

fn delivery(index: usize) -> PlannedDelivery {
    let target = format!("person{index}@example.com");
    PlannedDelivery {
        key: format!("email:{target}"),
        kind: ChannelKind::Email,
        names: vec![],
        target,
        file: None,
        sha256: None,
        size: SIZE as u64,
        message_id: None,
        token: None,
    }
}

fn best(run: impl Fn() -> Duration) -> Duration {
    (0..RUNS).map(|_| run()).min().unwrap()
}

fn per_second(time: Duration) -> f64 {
    MESSAGES as f64 / time.as_secs_f64()
}

fn main() {
    let sink = Sink::start();
    let sessions = [1, 2, 4, 8, 16];
    let (count, reference) = sessions
        .map(|s| (s, best(|| reference(sink.1, s))))
        .into_iter()
        .min_by_key(|(_, time)| *time)
        .unwrap();
    println!("smtp-source -d -s {count}: {:.0}/s", per_second(reference));
    for synced in [false, true] {
        for connections in [1, 2, 4] {
            let time = best(|| ours(sink.1, connections, synced));
            let rest = if synced { ", fsync each" } else { "" };
            println!(
                "packet, {connections} connections{rest}: {:.0}/s, ratio {:.2}",
                per_second(time),
                reference.as_secs_f64() / time.as_secs_f64()
            );
        }
    }
}
