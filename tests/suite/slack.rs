//! The Slack transport before a scripted webhook.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use packet::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, Outcome, PlannedDelivery},
    },
    sender::{
        credentials::Webhook,
        slack::{Patience, Slack},
        transport::{Parcel, Transport},
    },
};

use crate::peers::http::{Answer, Server};

const OK: Answer = Answer::Say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
const SLOW_DOWN: Answer =
    Answer::Say("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
const SLOW_DOWN_LONG: Answer = Answer::Say(
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n",
);
const SLOW_DOWN_ODD: Answer =
    Answer::Say("HTTP/1.1 429 Too Many Requests\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n");
const PATH: &str = "services/T00/B00/s3cr3t";

fn deliver(port: u16) -> (Outcome, Vec<u64>) {
    let url = format!("http://127.0.0.1:{port}/{PATH}");
    let webhook = Webhook::new("PACKET_SLACK_LAUNCH", Some(&url)).unwrap();
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&pauses);
    let mut slack = Slack::with_patience(
        BTreeMap::from([("#launch".to_owned(), webhook)]),
        Patience {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(1),
            retries: 2,
            longest_pause: Duration::from_secs(30),
        },
        Box::new(move |pause| log.lock().unwrap().push(pause.as_secs())),
    );
    let delivery = PlannedDelivery {
        key: "slack:#launch".to_owned(),
        kind: ChannelKind::Slack,
        names: vec![],
        target: "#launch".to_owned(),
        file: None,
        sha256: None,
        size: 0,
        message_id: None,
        token: None,
    };
    let outcome = slack.deliver(&Parcel {
        delivery: &delivery,
        bytes: br#"{"text":"All gates are clear"}"#,
        sender: "team@example.com",
    });
    let pauses = pauses.lock().unwrap().clone();
    (outcome, pauses)
}

#[test]
fn every_answer_is_recorded_for_what_it_is() {
    use DeliveryState::{Deferred, Rejected, Sent, Unknown};
    let moved =
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n";
    let gone = "HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nno_service";
    let bad = "HTTP/1.1 400 Bad Request\r\nContent-Length: 22\r\n\r\ninvalid_\x1b[1m\r\nblocks__";
    let broken = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    for (name, answers, state, code, pauses, requests) in [
        ("accepted", vec![OK], Sent, Some(200), vec![], 1),
        (
            "redirected",
            vec![Answer::Say(moved)],
            Rejected,
            Some(302),
            vec![],
            1,
        ),
        (
            "gone",
            vec![Answer::Say(gone)],
            Rejected,
            Some(404),
            vec![],
            1,
        ),
        (
            "bad",
            vec![Answer::Say(bad)],
            Rejected,
            Some(400),
            vec![],
            1,
        ),
        (
            "broken",
            vec![Answer::Say(broken)],
            Deferred,
            Some(503),
            vec![],
            1,
        ),
        (
            "slow down once",
            vec![SLOW_DOWN, OK],
            Sent,
            Some(200),
            vec![7],
            2,
        ),
        (
            "slow down for a day",
            vec![SLOW_DOWN_LONG, OK],
            Sent,
            Some(200),
            vec![30],
            2,
        ),
        (
            "slow down oddly",
            vec![SLOW_DOWN_ODD, OK],
            Sent,
            Some(200),
            vec![1],
            2,
        ),
        (
            "slow down for ever",
            vec![SLOW_DOWN],
            Deferred,
            Some(429),
            vec![7, 7],
            3,
        ),
        ("closed", vec![Answer::Close], Unknown, None, vec![], 1),
        ("silence", vec![Answer::Silence], Unknown, None, vec![], 1),
        (
            "half a head",
            vec![Answer::Say("HTTP/1.1 200 O")],
            Unknown,
            None,
            vec![],
            1,
        ),
        (
            "garbage",
            vec![Answer::Say("what?\r\n\r\n")],
            Unknown,
            None,
            vec![],
            1,
        ),
    ] {
        let server = Server::start(answers);
        let (outcome, slept) = deliver(server.port);
        assert_eq!(
            (outcome.state, outcome.code, slept),
            (state, code, pauses),
            "{name}: {}",
            outcome.detail
        );
        let seen = server.requests();
        assert_eq!(seen.len(), requests, "{name}");
        assert!(
            seen.iter()
                .all(|r| r.starts_with(&format!("POST /{PATH} "))),
            "{name}"
        );
        assert!(
            seen.iter()
                .all(|r| r.ends_with(r#"{"text":"All gates are clear"}"#)),
            "{name}"
        );
        assert!(
            !outcome.detail.contains("s3cr3t"),
            "{name}: {}",
            outcome.detail
        );
        assert!(!outcome.detail.chars().any(char::is_control), "{name}");
    }
}

#[test]
fn what_cannot_be_reached_is_deferred() {
    // Bound and let go: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (outcome, _) = deliver(port);
    assert_eq!(outcome.state, DeliveryState::Deferred, "{}", outcome.detail);
    assert!(!outcome.detail.contains("s3cr3t"));
}
