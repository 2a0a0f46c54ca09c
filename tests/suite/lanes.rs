//! Several connections, one ledger: who gets what, in which order it is told, and what happens
//! when the server or the settings fail.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::peers::{
    depot::{Depot, Mail},
    script::Fault,
    smtp::{Behaviour, Server},
};

fn server(script: &str) -> Server {
    let faults: Vec<Fault> = serde_yaml::from_str(script).unwrap();
    let offers = vec!["PIPELINING".to_owned(), "AUTH PLAIN".to_owned()];
    Server::start(Behaviour {
        offers: offers.clone(),
        offers_tls: offers,
        tls: None,
        implicit: false,
        faults,
    })
}

fn depot(people: usize, server: &Server, keys: &'static str) -> Depot {
    let port = server.port;
    Depot::new(people, Some(Mail { port, keys }))
}

/// How often the server holds a message for each address.
fn held(server: &Server) -> BTreeMap<String, usize> {
    let mut held = BTreeMap::new();
    server.seen(|seen| {
        for (to, _) in &seen.held {
            *held.entry(to.clone()).or_default() += 1;
        }
    });
    held
}

fn states(done: &Value) -> Vec<(String, String)> {
    let tried = done["tried"].as_array().unwrap();
    tried
        .iter()
        .map(|t| {
            let key = t["key"].as_str().unwrap().to_owned();
            (key, t["outcome"]["state"].as_str().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn many_connections_deliver_once_each_and_are_told_in_order() {
    let server = server("[]");
    let depot = depot(60, &server, "connections: 8");
    let (text, exit) = depot.run(&["send", "--yes"]);
    assert_eq!(exit, 0, "{text}");
    let told: Vec<&str> = text
        .lines()
        .filter_map(|l| l.split_whitespace().find(|w| w.ends_with("@example.com")))
        .collect();
    let expected: Vec<String> = (0..60).map(|n| format!("p{n}@example.com")).collect();
    assert_eq!(told, expected);
    let held = held(&server);
    assert_eq!(held.len(), 60);
    assert!(held.values().all(|n| *n == 1), "{held:?}");
    assert!(server.seen(|s| s.connections) > 1);
    assert_eq!(depot.run(&["log", "--verify"]).1, 0);
}

#[test]
fn every_intent_stands_before_its_outcome_and_no_more_than_the_connections_are_open() {
    let server = server("[]");
    let depot = depot(40, &server, "connections: 4");
    assert_eq!(depot.run(&["send", "--yes"]).1, 0);
    let mut open = Vec::new();
    for entry in depot.ledger() {
        let key = entry["payload"]["key"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        match entry["kind"].as_str().unwrap() {
            "intended" => open.push(key),
            "delivered" => {
                let place = open.iter().position(|k| *k == key);
                open.remove(place.expect("an outcome without an intent"));
            }
            _ => {}
        }
        assert!(open.len() <= 4, "{open:?}");
    }
    assert!(open.is_empty());
}

#[test]
fn a_refusal_for_now_waits_while_the_others_go_and_is_met_in_the_same_run() {
    let server = server("[{ at: rcpt, skip: 2, reply: '450 4.2.0 later' }]");
    let depot = depot(6, &server, "retry-seconds: 1");
    let (done, exit) = depot.json(&["send", "--yes"]);
    assert_eq!(exit, 0, "{done}");
    let order = server.seen(|s| s.held.iter().map(|(to, _)| to.clone()).collect::<Vec<_>>());
    assert_eq!(held(&server).len(), 6);
    assert!(
        order.iter().position(|a| a == "p2@example.com") > Some(2),
        "{order:?}"
    );
    assert!(states(&done).iter().all(|(_, state)| state == "sent"));
}

#[test]
fn a_wrong_password_is_tried_once_and_leaves_everybody_else_pending() {
    let server = server("[{ at: auth, times: 0, reply: '535 5.7.8 wrong' }]");
    let depot = depot(12, &server, "username: team, connections: 8");
    let (done, exit) = depot.json(&["send", "--yes"]);
    assert_eq!(exit, 4);
    assert_eq!(done["untried"].as_array().unwrap().len(), 11, "{done}");
    assert_eq!(done["given_up"][0]["via"], "smtp");
    let tries = server.seen(|s| s.lines.iter().filter(|l| l.starts_with("AUTH")).count());
    assert_eq!(tries, 1);
    let (status, _) = depot.json(&["status"]);
    let pending = status["recipients"].as_array().unwrap().iter();
    assert_eq!(pending.filter(|r| r["delivery"] == "pending").count(), 11);
    let (text, _) = depot.run(&["send", "--yes"]);
    assert!(
        text.contains("Not tried yet") && text.contains("password"),
        "{text}"
    );
}

#[test]
fn a_server_that_dies_before_it_answers_is_not_fed_everybody() {
    let server = server("[{ at: dot, times: 0, keep: true, then: close }]");
    let depot = depot(20, &server, "connections: 4, retry-seconds: 0");
    let (done, exit) = depot.json(&["send", "--yes"]);
    assert_eq!(exit, 4);
    assert_eq!(held(&server).len(), 3, "{done}");
    assert_eq!(done["untried"].as_array().unwrap().len(), 17);
    let (done, _) = depot.json(&["send", "--yes"]);
    assert_eq!(done["unknown"].as_array().unwrap().len(), 3, "{done}");
    assert_eq!(held(&server).len(), 6, "the unknown are left alone");
    assert!(held(&server).values().all(|n| *n == 1));
}

#[test]
fn an_interrupt_finishes_what_is_in_flight_and_leaves_the_rest_to_the_next_send() {
    let server =
        server("[{ at: dot, skip: 5, times: 1, reply: '250 2.0.0 at last', slowly: true }]");
    let depot = depot(80, &server, "rate-per-minute: 6000");
    let mut child = depot.start(&["send", "--yes"]);
    while held(&server).len() < 5 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(2));
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let first = held(&server).len();
    assert!((5..80).contains(&first), "{first}");
    let mut open = 0i64;
    for entry in depot.ledger() {
        match entry["kind"].as_str().unwrap() {
            "intended" => open += 1,
            "delivered" => open -= 1,
            _ => {}
        }
    }
    assert_eq!(open, 0, "what was in flight is on record");
    let (done, exit) = depot.json(&["send", "--yes", "--to", "email", "--to", "document"]);
    assert_eq!(exit, 0, "{done}");
    let held = held(&server);
    assert_eq!(held.len(), 80);
    assert!(held.values().all(|n| *n == 1));
}

#[test]
fn the_rate_holds_over_all_connections() {
    const MAILS: u32 = 21;
    let server = server("[{ at: rcpt, skip: 3, reply: '450 4.2.0 later' }]");
    let keys = "connections: 4, rate-per-minute: 1200, retry-seconds: 0";
    let depot = depot(MAILS as usize - 1, &server, keys);
    let started = Instant::now();
    let (text, exit) = depot.run(&["send", "--yes"]);
    assert_eq!(exit, 0, "{text}");
    let mails = server.seen(|s| s.mails.clone());
    assert_eq!(mails.len(), MAILS as usize, "one is tried twice");
    // Only too early is wrong: a busy machine may be as late as it likes.
    for (n, at) in (0..).zip(mails) {
        let due = started + n * Duration::from_millis(50);
        assert!(at >= due, "message {n} came {:?} early", due - at);
    }
}

#[test]
fn the_feedback_document_tells_of_what_was_delivered_later() {
    let server = server("[{ at: rcpt, reply: '450 4.2.0 later' }]");
    let depot = depot(3, &server, "attempts: 1");
    assert_eq!(depot.run(&["send", "--yes"]).1, 4);
    let read = || std::fs::read_to_string(depot.root().join("feedback/drill.md")).unwrap();
    assert_eq!(read().matches("<!-- packet:").count(), 1, "{}", read());
    assert!(read().contains("deferred"));
    assert_eq!(depot.run(&["send", "--yes"]).1, 0);
    let text = read();
    let (_, second) = text.rsplit_once("<!-- packet:").unwrap();
    assert_eq!(text.matches("<!-- packet:").count(), 2, "{text}");
    assert!(
        second.contains("(delivered later)") && second.contains("p0@example.com"),
        "{second}"
    );
    assert!(!second.contains("p1@example.com"), "{second}");
    assert_eq!(depot.run(&["send", "--yes"]).1, 0);
    assert_eq!(read(), text, "a third run has nothing to add");
}

#[test]
fn the_export_is_one_event_a_line_with_address_and_time() {
    let server = server("[{ at: rcpt, reply: '550 5.1.1 nobody' }]");
    let depot = depot(2, &server, "");
    assert_eq!(depot.run(&["send", "--yes"]).1, 4);
    let later = "2027-03-05T12:00:00Z";
    let args = ["send", "--yes", "--to", "Person 0", "--now", later];
    assert_eq!(depot.run(&args).1, 0);
    let export = |extra: &[&str]| -> Vec<Value> {
        let args = [&["log", "--export"], extra].concat();
        let (text, exit) = depot.run(&args);
        assert_eq!(exit, 0, "{text}");
        text.lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    };
    let all = export(&[]);
    assert_eq!(all.len(), depot.ledger().len());
    let about = all.iter().filter(|e| e["email"] == "p0@example.com");
    let kinds: Vec<_> = about.clone().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["intended", "delivered", "intended", "delivered"]);
    assert!(
        about
            .clone()
            .all(|e| e["timestamp"].is_string() && e["payload"].is_object())
    );
    let since = export(&["--since", later]);
    let until = export(&["--until", "2027-03-04"]);
    assert!(!since.is_empty() && !until.is_empty());
    assert_eq!(since.len() + until.len(), all.len());
    assert!(since.iter().all(|e| e["timestamp"] == later));
    assert_eq!(export(&["--since", "2030-01-01"]).len(), 0);
    assert_eq!(depot.run(&["log", "--export", "--since", "soon"]).1, 2);
}

/// A plain server that looks into the ledger at the very moment it hears a recipient's name.
struct Witness {
    port: u16,
    without_intent: Arc<Mutex<Vec<String>>>,
    heard: Arc<Mutex<usize>>,
}

impl Witness {
    fn start(ledger: Arc<Mutex<PathBuf>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let witness = Witness {
            port: listener.local_addr().unwrap().port(),
            without_intent: Arc::default(),
            heard: Arc::default(),
        };
        let (wrong, heard) = (
            Arc::clone(&witness.without_intent),
            Arc::clone(&witness.heard),
        );
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (ledger, wrong, heard) =
                    (Arc::clone(&ledger), Arc::clone(&wrong), Arc::clone(&heard));
                thread::spawn(move || {
                    let look = |address: &str| {
                        *heard.lock().unwrap() += 1;
                        if !intended(&ledger.lock().unwrap(), address) {
                            wrong.lock().unwrap().push(address.to_owned());
                        }
                    };
                    converse(client, look);
                });
            }
        });
        witness
    }
}

fn intended(ledger: &Path, address: &str) -> bool {
    let text = fs::read_to_string(ledger).unwrap_or_default();
    let key = format!("\"key\":\"email:{address}\"");
    text.lines()
        .any(|l| l.contains("\"kind\":\"intended\"") && l.contains(&key))
}

/// A dialogue that accepts everything and tells `look` of each recipient before it answers.
fn converse(client: TcpStream, look: impl Fn(&str)) {
    let mut out = client.try_clone().unwrap();
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes());
    let _ = say("220 localhost");
    let mut in_message = false;
    for line in BufReader::new(client).lines() {
        let Ok(line) = line else { return };
        let answer = match line.as_str() {
            "." => "250 queued",
            _ if in_message => continue,
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            other => {
                if let Some(rest) = other.strip_prefix("RCPT TO:<") {
                    look(rest.trim_end_matches('>'));
                }
                "250 ok"
            }
        };
        in_message = answer.starts_with("354");
        if say(answer).is_err() {
            return;
        }
    }
}

#[test]
fn nothing_is_on_the_wire_before_its_intent_is_on_disk() {
    let ledger = Arc::new(Mutex::new(PathBuf::new()));
    let witness = Witness::start(Arc::clone(&ledger));
    let port = witness.port;
    let keys = "connections: 8";
    let depot = Depot::new(120, Some(Mail { port, keys }));
    *ledger.lock().unwrap() = depot.ledger_path();
    let (text, exit) = depot.run(&["send", "--yes"]);
    assert_eq!(exit, 0, "{text}");
    assert_eq!(*witness.heard.lock().unwrap(), 120);
    assert_eq!(
        *witness.without_intent.lock().unwrap(),
        Vec::<String>::new()
    );
}
