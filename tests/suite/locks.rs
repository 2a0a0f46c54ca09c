//! Two at work in one workspace: one works, the other names the holder and changes nothing.

use std::{process::Stdio, thread, time::Duration};

use crate::{
    peers::{
        script::{Fault, Point, Then},
        smtp::{Behaviour, Server},
    },
    scratch::Scratch,
};

fn silent_server() -> Server {
    let silence = Fault {
        at: Point::Greeting,
        skip: 0,
        times: 1,
        reply: None,
        slowly: false,
        unended: false,
        then: Then::Silence,
        keep: false,
        bytes: 0,
    };
    Server::start(Behaviour {
        offers: Vec::new(),
        offers_tls: Vec::new(),
        tls: None,
        implicit: false,
        faults: vec![silence],
    })
}

#[test]
fn the_second_names_the_holder() {
    let server = silent_server();
    let scratch = Scratch::clear();
    scratch.configure(&format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none }}",
        server.port
    ));
    // The first waits for a greeting that does not come.
    let mut first = scratch.start(&["send", "--yes"]);
    while server.seen(|s| s.connections) == 0 {
        assert!(first.try_wait().unwrap().is_none(), "the first has ended");
        thread::sleep(Duration::from_millis(1));
    }
    let before = scratch.look();
    for args in [
        &["send", "--yes"][..],
        &["send", "--dry-run"],
        &["render"],
        &["attest", "Spare Battery", "--by", "Edda Lund"],
        &[
            "waive",
            "Ticket Timing",
            "--by",
            "Edda Lund",
            "--reason",
            "calm sea",
        ],
    ] {
        scratch
            .run(args)
            .exits(1)
            .says(&format!(
                "another packet is at work here: process {} of",
                first.id()
            ))
            .says("send docs/scanner_packet.md");
    }
    assert_eq!(scratch.look(), before);
    // Looking needs no lock.
    scratch.run(&["status"]).exits(0);
    scratch.run(&["log", "--verify"]).exits(0);
    first.kill().unwrap();
    first.wait().unwrap();
    // The lock went with its holder; what it had begun is over before a message was.
    scratch.run(&["send", "--yes", "--resend-unknown"]).exits(0);
    let held = server.seen(|s| s.held.len());
    assert_eq!(held, 4);
}

#[test]
fn of_two_that_start_together_each_message_comes_once() {
    let server = Server::start(Behaviour {
        offers: Vec::new(),
        offers_tls: Vec::new(),
        tls: None,
        implicit: false,
        faults: Vec::new(),
    });
    let scratch = Scratch::clear();
    scratch.configure(&format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none }}",
        server.port
    ));
    let start = || {
        let mut command = scratch.command(&["send", "--yes"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let both: Vec<_> = (0..2).map(|_| start()).collect();
    for one in both {
        let done = one.wait_with_output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        // Should the first be done before the second begins, that has nothing to send.
        match done.status.code() {
            Some(0) => {}
            code => {
                assert_eq!(code, Some(1), "{said}");
                assert!(said.contains("another packet is at work here"), "{said}");
            }
        }
    }
    assert_eq!(server.seen(|s| s.held.len()), 4);
    scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("NOTHING TO SEND");
}
