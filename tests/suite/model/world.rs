//! What is so: a real workspace, the real `packet`, a scripted server for each send.

use std::{collections::BTreeMap, path::PathBuf, thread, time::Duration};

use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use serde_json::Value;

use super::reference::{PEOPLE, Reference, State};
use crate::peers::{
    depot::{DOCUMENT, Depot},
    script::Fault,
    smtp::{Behaviour, Server},
};

/// The beginning of time.
const BEGINNING: &str = "2027-03-04T12:00:00Z";

/// The workspace and every server that ever listened.
pub struct World {
    depot: Depot,
    servers: Vec<Server>,
}

/// How a `packet` ended, and what it said.
pub struct Said {
    /// The exit code; `None` where it was killed.
    pub exit: Option<i32>,
    /// Its output.
    pub text: String,
}

fn moment(minute: i64) -> Timestamp {
    let beginning: Timestamp = BEGINNING.parse().unwrap();
    beginning + SignedDuration::from_mins(minute)
}

impl World {
    /// As `reference` begins.
    pub fn new(reference: &Reference) -> Self {
        let world = World {
            depot: Depot::new(PEOPLE, None),
            servers: Vec::new(),
        };
        std::fs::remove_dir_all(world.depot.root().join("artifacts")).unwrap();
        world.write_document(reference);
        for (minute, good) in &reference.evidence {
            world.write_evidence(*minute, *good);
        }
        world
    }

    /// Where it lies, to look at after a failure.
    pub fn root(&self) -> PathBuf {
        self.depot.root().to_owned()
    }

    /// Writes the document as the reference has it.
    pub fn write_document(&self, reference: &Reference) {
        let Reference {
            body,
            words,
            remark,
            ..
        } = reference;
        let text = crate::peers::depot::document(PEOPLE)
            .replace(
                "## Notification",
                &format!(
                    "- [ ] **Owner:** agreed to plan {words}\n\nRemark {remark}.\n\n## Notification"
                ),
            )
            .replace("Hello all,", &format!("Hello all, this is drill {body}."));
        self.depot.write(DOCUMENT, &text);
    }

    /// Lays evidence down.
    pub fn write_evidence(&self, minute: i64, good: bool) {
        let stamp = moment(minute).strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
        self.depot.evidence(&stamp, if good { 200 } else { 503 });
    }

    /// Runs `packet` at the reference's clock.
    pub fn run(&self, clock: i64, args: &[&str]) -> Said {
        let now = moment(clock).to_string();
        let all = [&["--now", &now], args].concat();
        let (text, exit) = self.depot.run(&all);
        Said {
            exit: Some(exit),
            text,
        }
    }

    /// What `status` says.
    pub fn status(&self, clock: i64) -> Value {
        let now = moment(clock).to_string();
        self.depot.json(&["--now", &now, "status"]).0
    }

    /// Starts a server with `faults` and has mail go there.
    pub fn listen(&mut self, faults: Vec<Fault>) {
        let offers = vec!["PIPELINING".to_owned()];
        let server = Server::start(Behaviour {
            offers: offers.clone(),
            offers_tls: offers,
            tls: None,
            implicit: false,
            faults,
        });
        let mut config = format!(
            "from: Depot <depot@example.com>\ndocuments: [{DOCUMENT}]\nsmtp: {{ host: 127.0.0.1, port: {}, security: none, attempts: 1, retry-seconds: 0 }}\ncontacts:\n",
            server.port
        );
        for n in 0..PEOPLE {
            config.push_str(&format!("  Person {n}: {{ email: p{n}@example.com }}\n"));
        }
        self.depot.write("packet.yaml", &config);
        self.servers.push(server);
    }

    /// Runs `packet` and kills it after a while.
    pub fn run_and_kill(&self, clock: i64, args: &[&str], after: Duration) -> Said {
        let now = moment(clock).to_string();
        let mut child = self.depot.start(&[&["--now", &now], args].concat());
        thread::sleep(after);
        child.kill().unwrap();
        let exit = child.wait().unwrap().code();
        Said {
            exit,
            text: String::new(),
        }
    }

    /// How often each person was sent each revision, by the servers' own account; the newest
    /// server's alone, or all of them.
    pub fn held(&self, newest_only: bool) -> BTreeMap<(u64, usize), usize> {
        let first = if newest_only {
            self.servers.len() - 1
        } else {
            0
        };
        let mut counts = BTreeMap::new();
        for server in &self.servers[first..] {
            server.seen(|seen| {
                for (to, message) in &seen.held {
                    let person = to.trim_start_matches('p').split('@').next().unwrap();
                    let place = (revision(message), person.parse().unwrap());
                    *counts.entry(place).or_default() += 1;
                }
            });
        }
        counts
    }

    /// Where each person's delivery stands in each revision, by the ledger alone.
    pub fn ledger(&self) -> BTreeMap<u64, [State; PEOPLE]> {
        let mut revisions = BTreeMap::new();
        let text = std::fs::read_to_string(self.depot.ledger_path()).unwrap_or_default();
        // A torn last line is no entry.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        for line in whole.lines() {
            let entry: Value = serde_json::from_str(line).unwrap();
            let payload = &entry["payload"];
            let Some(number) = payload["revision"].as_u64() else {
                continue;
            };
            let kind = entry["kind"].as_str().unwrap();
            if kind == "started" {
                revisions.insert(number, [State::Pending; PEOPLE]);
            }
            let key = payload["key"].as_str().unwrap_or_default();
            let person = key
                .strip_prefix("email:p")
                .and_then(|k| k.split('@').next());
            let Some(person) = person.and_then(|p| p.parse::<usize>().ok()) else {
                continue;
            };
            let states = revisions.get_mut(&number).expect("a revision that began");
            states[person] = match kind {
                "intended" => State::Unknown,
                "delivered" => State::read(payload["outcome"]["state"].as_str().unwrap()),
                other => panic!("{other} with a key"),
            };
        }
        revisions
    }
}

/// The revision that a message says it is of.
fn revision(message: &[u8]) -> u64 {
    let mail = MessageParser::default().parse(message).unwrap();
    let text = mail.body_text(0).unwrap();
    let (_, rest) = text.rsplit_once("Revision ").expect("a footer");
    rest.split(',').next().unwrap().parse().unwrap()
}
