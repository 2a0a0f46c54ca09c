//! `packet send` to a Slack webhook: each answer it may give, and what a second `send` does.

use serde_json::Value;

use crate::{
    peers::http::{Answer, Server},
    scratch::{BUNDLE, Ran, Scratch, files},
};

/// The `ferry` workspace, clear, with this server behind `#quay`.
fn workspace(server: &Server) -> Scratch {
    let mut scratch = Scratch::clear();
    scratch.configure(
        "slack: { \"#quay\": PACKET_SLACK_QUAY }\nbundle-url: https://files.example.com/scanner/",
    );
    let url = format!("http://127.0.0.1:{}/services/T0/B0/hush", server.port);
    scratch.env.insert("PACKET_SLACK_QUAY".into(), url);
    scratch
}

fn send(scratch: &Scratch) -> Ran {
    scratch.run(&["send", "--yes"])
}

fn state(scratch: &Scratch) -> String {
    let board = scratch.run(&["status", "--format", "json"]).exits(0).json();
    let channels = board["channels"].as_array().unwrap();
    let slack = channels.iter().find(|c| c["kind"] == "slack").unwrap();
    slack["delivery"].as_str().unwrap().to_owned()
}

#[test]
fn the_post_is_what_was_shown() {
    let server = Server::start(vec![Answer::Says(200, "", "ok")]);
    let scratch = workspace(&server);
    let plan = scratch
        .run(&["send", "--dry-run", "--format", "json"])
        .exits(0)
        .json();
    assert!(server.requests().is_empty(), "a dry run connects nowhere");
    let ran = send(&scratch)
        .exits(0)
        .says("Stayed on this machine")
        .says("no mail server");
    assert!(!ran.text().contains("#quay ("), "{ran:#?}");
    let planned = plan["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["kind"] == "slack")
        .unwrap();
    let path = format!(
        "{}/{}",
        plan["folder"].as_str().unwrap(),
        planned["file"].as_str().unwrap()
    );
    let seen = server.requests();
    assert_eq!(seen.len(), 1);
    let (head, body) = seen[0].split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /services/T0/B0/hush HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.lines()
            .any(|h| h.eq_ignore_ascii_case("content-type: application/json")),
        "{head}"
    );
    assert_eq!(body, scratch.read(&path));
    let json: Value = serde_json::from_str(body).unwrap();
    let text = json.to_string();
    assert!(
        json["blocks"].is_array() && json["text"].is_string(),
        "{json:#}"
    );
    assert!(
        text.contains("https://files.example.com/scanner/packet.html"),
        "{json:#}"
    );
    assert_eq!(state(&scratch), "sent");
    send(&scratch).exits(0).says("NOTHING TO SEND");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn asked_to_wait_it_waits_and_tries_again() {
    let server = Server::start(vec![
        Answer::Says(429, "retry-after: 1", "rate_limited"),
        Answer::Says(200, "", "ok"),
    ]);
    let scratch = workspace(&server);
    send(&scratch).exits(0);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(state(&scratch), "sent");
}

#[test]
fn a_server_error_is_tried_again() {
    let server = Server::start(vec![
        Answer::Says(500, "", "oh no"),
        Answer::Says(200, "", "ok"),
    ]);
    let scratch = workspace(&server);
    send(&scratch).exits(0);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(state(&scratch), "sent");
}

#[test]
fn a_removed_webhook_is_rejected_and_the_others_get_theirs() {
    let server = Server::start(vec![
        Answer::Says(404, "", "no_service"),
        Answer::Says(200, "", "ok"),
    ]);
    let scratch = workspace(&server);
    send(&scratch)
        .exits(4)
        .says("Did not get it: Slack #quay: no_service")
        .says("in Slack");
    assert_eq!(state(&scratch), "rejected");
    assert_eq!(scratch.mails().len(), 4);
    send(&scratch).exits(4).says("refused before");
    assert_eq!(server.requests().len(), 1);
    scratch.run(&["send", "--yes", "--to", "#quay"]).exits(0);
    assert_eq!(state(&scratch), "sent");
}

#[test]
fn a_redirect_is_not_followed() {
    let server = Server::start(vec![
        Answer::Says(302, "location: /elsewhere", ""),
        Answer::Says(200, "", "ok"),
    ]);
    let scratch = workspace(&server);
    send(&scratch).exits(4);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(state(&scratch), "rejected");
}

#[test]
fn lost_after_the_post_is_unknown() {
    let server = Server::start(vec![Answer::Reset, Answer::Says(200, "", "ok")]);
    let scratch = workspace(&server);
    send(&scratch)
        .exits(4)
        .says("may or may not have arrived")
        .says("--resend-unknown");
    assert_eq!(state(&scratch), "unknown");
    send(&scratch).exits(4).says("it is not known whether");
    assert_eq!(server.requests().len(), 1);
    scratch.run(&["send", "--yes", "--resend-unknown"]).exits(0);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(state(&scratch), "sent");
}

#[test]
fn the_address_is_shown_and_written_nowhere() {
    let server = Server::start(vec![
        Answer::ResetAtOnce,
        Answer::Says(403, "", "invalid_token"),
        Answer::Says(200, "", "ok"),
    ]);
    let scratch = workspace(&server);
    let mut said = String::new();
    for args in [
        &["-v", "status"][..],
        &["-v", "send", "--dry-run"],
        &["-v", "send", "--yes"],
        &["-v", "send", "--yes", "--resend-unknown"],
        &["-v", "send", "--yes", "--format", "json", "--to", "slack"],
        &["log", "--format", "json"],
    ] {
        said.push_str(&scratch.run(args).text());
    }
    assert!(!said.contains("hush"), "{said}");
    let written = files(scratch.root());
    assert!(written.contains(&format!("{BUNDLE}/distribution_log.md")));
    for path in written {
        let bytes = std::fs::read(scratch.root().join(&path)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("hush"), "{path}");
    }
}

#[test]
fn without_its_variable_the_post_is_kept_and_later_sent() {
    let server = Server::start(vec![Answer::Says(200, "", "ok")]);
    let mut scratch = workspace(&server);
    let url = scratch.env.remove("PACKET_SLACK_QUAY").unwrap();
    send(&scratch).exits(0).says("Nothing left this machine");
    assert!(server.requests().is_empty());
    scratch.env.insert("PACKET_SLACK_QUAY".into(), url);
    assert_eq!(state(&scratch), "pending");
    send(&scratch).exits(0);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(scratch.mails().len(), 4, "the mails are not laid again");
}

#[test]
fn an_address_that_is_not_https_is_refused_without_being_shown() {
    let server = Server::start(vec![Answer::Says(200, "", "ok")]);
    let mut scratch = workspace(&server);
    for bad in [
        "http://hooks.example.com/services/hush",
        "ftp://hush",
        "hush",
        "https://hush@hooks.example.com/x",
    ] {
        scratch.env.insert("PACKET_SLACK_QUAY".into(), bad.into());
        let ran = send(&scratch).exits(2).says("PACKET_SLACK_QUAY");
        assert!(!ran.text().contains("hush"), "{ran:#?}");
    }
    assert!(scratch.mails().is_empty());
}
