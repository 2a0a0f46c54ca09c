//! The doctor finds what would keep a send from working, and sends nothing.

use std::{fs, net::TcpListener};

use serde_json::Value;

use crate::peers::{
    certificates::{Authority, Shown},
    depot::{Depot, Mail},
    http,
    script::Fault,
    smtp::{Behaviour, Server},
};

fn server(script: &str) -> Server {
    let faults: Vec<Fault> = serde_yaml::from_str(script).unwrap();
    let offers = vec!["AUTH PLAIN".to_owned(), "SIZE 9000000".to_owned()];
    Server::start(Behaviour {
        offers: offers.clone(),
        offers_tls: offers,
        tls: None,
        implicit: false,
        faults,
    })
}

fn depot(people: usize, port: u16, keys: &'static str) -> Depot {
    Depot::new(people, Some(Mail { port, keys }))
}

/// The check called `what`: its health and its words.
fn check<'v>(report: &'v Value, what: &str) -> (&'v str, &'v str) {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|c| c["what"] == what);
    let found = found.unwrap_or_else(|| panic!("no check of {what} in {report}"));
    (
        found["health"].as_str().unwrap(),
        found["detail"].as_str().unwrap(),
    )
}

fn nothing_was_sent(server: &Server) {
    server.seen(|seen| {
        assert!(seen.held.is_empty());
        assert!(
            !seen.lines.iter().any(|l| l.starts_with("DATA")),
            "{:?}",
            seen.lines
        );
    });
}

#[test]
fn a_healthy_workspace_is_told_so_and_everybody_is_asked_about() {
    let server = server("[]");
    let depot = depot(60, server.port, "username: team");
    let (report, exit) = depot.json(&["doctor"]);
    assert_eq!(exit, 0, "{report}");
    assert_eq!(report["ok"], true);
    for what in [
        "configuration",
        "mail server",
        "login",
        "sender",
        "recipient p59@example.com",
    ] {
        assert_eq!(check(&report, what).0, "ok", "{what}");
    }
    nothing_was_sent(&server);
    let lines = server.seen(|s| s.lines.clone());
    assert_eq!(lines.iter().filter(|l| l.starts_with("RCPT")).count(), 60);
    assert_eq!(
        lines.iter().filter(|l| *l == "RSET").count(),
        2,
        "in groups of fifty"
    );
    assert!(
        !depot.root().join(".packet").exists(),
        "it leaves nothing behind"
    );
    let (text, exit) = depot.run(&["doctor"]);
    assert_eq!(exit, 0);
    assert!(text.contains("MAIL WOULD WORK"), "{text}");
}

#[test]
fn recipients_are_judged_one_by_one() {
    let server = server(
        "[{ at: rcpt, reply: '450 4.7.1 come back' }, { at: rcpt, skip: 1, reply: '550 5.1.1 nobody here' }]",
    );
    let depot = depot(3, server.port, "");
    let (report, exit) = depot.json(&["doctor"]);
    assert_eq!(exit, 3, "{report}");
    assert_eq!(check(&report, "recipient p0@example.com").0, "note");
    let (health, words) = check(&report, "recipient p1@example.com");
    assert_eq!(health, "problem");
    assert!(
        words.contains("nobody here") && words.contains("`contacts:`"),
        "{words}"
    );
    assert_eq!(check(&report, "recipient p2@example.com").0, "ok");
    nothing_was_sent(&server);
}

#[test]
fn what_is_wrong_is_named_at_its_own_step() {
    for (script, keys, step, part, exit) in [
        (
            "[{ at: auth, reply: '535 5.7.8 no' }]",
            "username: team",
            "login",
            "password",
            3,
        ),
        (
            "[{ at: greeting, times: 0, reply: '554 not today', then: close }]",
            "",
            "mail server",
            "not today",
            3,
        ),
        (
            "[{ at: mail, reply: '550 5.7.1 not you' }]",
            "",
            "sender",
            "not you",
            3,
        ),
        (
            "[{ at: rcpt, then: close }]",
            "",
            "recipient p0@example.com",
            "closed",
            3,
        ),
    ] {
        let server = server(script);
        let depot = depot(2, server.port, keys);
        let (report, code) = depot.json(&["doctor"]);
        let (health, words) = check(&report, step);
        assert_eq!((health, code), ("problem", exit), "{report}");
        assert!(words.contains(part), "{words}");
        nothing_was_sent(&server);
    }
}

#[test]
fn a_server_that_is_not_there_and_a_bad_certificate_are_told_apart() {
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        free.local_addr().unwrap().port()
    };
    let away = depot(1, port, "");
    let (report, exit) = away.json(&["doctor"]);
    assert_eq!((check(&report, "mail server").0, exit), ("problem", 3));
    let authority = Authority::new("Unknown Authority");
    let server = Server::start(Behaviour {
        offers: vec!["STARTTLS".to_owned()],
        offers_tls: vec![],
        tls: Some(authority.identity(Shown::Good).server()),
        implicit: false,
        faults: vec![],
    });
    let depot = Depot::new(1, None);
    let config = fs::read_to_string(depot.root().join("packet.yaml")).unwrap();
    depot.write(
        "packet.yaml",
        &format!(
            "{config}smtp: {{ host: localhost, port: {} }}\n",
            server.port
        ),
    );
    let (report, exit) = depot.json(&["doctor"]);
    assert_eq!(exit, 3);
    assert_eq!(check(&report, "mail server").0, "ok");
    let (health, words) = check(&report, "encryption");
    assert_eq!(health, "problem");
    assert!(words.contains("`ca-file`"), "{words}");
    depot.write("ca.pem", authority.pem());
    let mut command = depot.command(&["--format", "json", "doctor"]);
    let output = command
        .env("PACKET_CA_FILE", depot.root().join("ca.pem"))
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(check(&report, "encryption").0, "ok", "{report}");
}

#[test]
fn configuration_faults_are_usage_and_the_rest_is_still_looked_at() {
    let depot = Depot::new(2, None);
    let config = fs::read_to_string(depot.root().join("packet.yaml")).unwrap();
    let broken = config.replace("from: Depot <depot@example.com>\n", "");
    depot.write("packet.yaml", &broken);
    let (report, exit) = depot.json(&["doctor"]);
    assert_eq!(exit, 2, "{report}");
    assert!(
        check(&report, "configuration").1.contains("`from:"),
        "{report}"
    );
    assert_eq!(check(&report, "outbox").0, "ok");
    assert_eq!(check(&report, "mail server").0, "note");
    depot.write("packet.yaml", &config);
    depot.write(".packet/ledger/docs/drill.ndjson", "{}\n");
    let (report, exit) = depot.json(&["doctor"]);
    assert_eq!(exit, 3);
    assert!(
        check(&report, "document docs/drill.md")
            .1
            .contains("line 1"),
        "{report}"
    );
}

#[test]
fn webhooks_are_reached_but_not_posted_to() {
    let slack = http::Server::start(vec![http::Answer::Say("HTTP/1.1 200 OK\r\n\r\nok")]);
    let depot = Depot::new(1, None);
    let config = fs::read_to_string(depot.root().join("packet.yaml")).unwrap();
    depot.write(
        "packet.yaml",
        &format!("{config}slack: {{ '#yard': PACKET_SLACK_YARD, '#tram': PACKET_SLACK_TRAM }}\n"),
    );
    let run = |url: &str| {
        let mut command = depot.command(&["--format", "json", "doctor"]);
        let output = command.env("PACKET_SLACK_YARD", url).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (report, output.status.code())
    };
    let url = format!("http://127.0.0.1:{}/services/secret", slack.port);
    let (report, exit) = run(&url);
    assert_eq!(
        (check(&report, "webhook of #yard").0, exit),
        ("ok", Some(0))
    );
    assert_eq!(check(&report, "webhook of #tram").0, "note");
    assert!(!report.to_string().contains("secret"));
    assert!(slack.requests().is_empty());
    let (report, exit) = run("ftp://127.0.0.1/secret");
    assert_eq!(
        (check(&report, "webhook").0, exit),
        ("misconfigured", Some(2))
    );
    assert!(!report.to_string().contains("secret"));
}
