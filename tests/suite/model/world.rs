//! What is so: a real workspace, the real `packet`, scripted servers for each send.

use std::{collections::BTreeMap, path::PathBuf, thread, time::Duration};

use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use serde_json::Value;

use super::{
    reference::{ALL, CHANNEL, Heard, PEOPLE, Reference, State},
    reminders::{EVERY, Reminder, Which},
};
use crate::peers::{
    depot::{DOCUMENT, Depot},
    http::{self, Answer},
    script::Fault,
    smtp::{Behaviour, Server},
};

/// The beginning of time.
const BEGINNING: &str = "2027-03-04T12:00:00Z";

/// What the document says beyond the depot's own.
const CHANNELS: &str = "- [ ] Slack: #yard\n";
/// The folder that it names.
pub const BUNDLE: &str = "artifacts/depot/drill";
const LAYOUT: &str = "\n## Kept\n\nEveryone reads docs/yard_guide.md.\n\n```\nartifacts/depot/drill/\n└── guides/\n    └── yard_guide_v2027-03-01.md\n```\n";

/// The workspace and every server that ever listened.
pub struct World {
    depot: Depot,
    servers: Vec<Peers>,
}

/// What listens during one send.
struct Peers {
    mail: Server,
    webhook: http::Server,
    /// Whether the webhook takes what is posted to it.
    takes_posts: bool,
}

/// What a send meets.
pub struct Meets {
    /// Connections to the mail server.
    pub connections: usize,
    /// Departures of the mail server from good behaviour.
    pub faults: Vec<Fault>,
    /// What the webhook says to the post.
    pub answer: Answer,
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
        world.write_material(reference);
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
        let text = (crate::peers::depot::document(PEOPLE) + CHANNELS + LAYOUT)
            .replace(
                "## Notification",
                &format!(
                    "- [ ] **Owner:** agreed to plan {words}\n\nRemark {remark}.\n\n## Notification"
                ),
            )
            .replace("Hello all,", &format!("Hello all, this is drill {body}."));
        self.depot.write(DOCUMENT, &text);
    }

    /// Writes the material as the reference has it.
    pub fn write_material(&self, reference: &Reference) {
        let day = if reference.outdated { 2 } else { 1 };
        let text = reference.material;
        self.depot.write(
            "docs/yard_guide.md",
            &format!("---\nlast_reviewed: 2027-03-0{day}\n---\n\n# Yard guide\n\nStep {text}.\n"),
        );
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

    /// Starts servers for one send and has mail and posts go there.
    pub fn listen(&mut self, meets: Meets) {
        let Meets {
            connections,
            faults,
            answer,
        } = meets;
        let offers = vec!["PIPELINING".to_owned()];
        let mail = Server::start(Behaviour {
            offers: offers.clone(),
            offers_tls: offers,
            tls: None,
            implicit: false,
            faults,
        });
        let webhook = http::Server::start(vec![answer]);
        let mut config = format!(
            "from: Depot <depot@example.com>\ndocuments: [{DOCUMENT}]\nsmtp: {{ host: 127.0.0.1, port: {}, security: none, connections: {connections}, attempts: 1, retry-seconds: 0 }}\nremind-every: {EVERY}m\nslack: {{ \"#yard\": PACKET_SLACK_YARD }}\ncontacts:\n",
            mail.port
        );
        for n in 0..PEOPLE {
            config.push_str(&format!("  Person {n}: {{ email: p{n}@example.com }}\n"));
        }
        self.depot.write("packet.yaml", &config);
        let url = format!("http://127.0.0.1:{}/yard", webhook.port);
        self.depot.env.insert("PACKET_SLACK_YARD".into(), url);
        self.servers.push(Peers {
            mail,
            webhook,
            takes_posts: !matches!(answer, Answer::Says(400.., ..)),
        });
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

    /// How often each reminder was made, by the servers' own account.
    pub fn reminded(&self, newest_only: bool) -> BTreeMap<Which, usize> {
        let mut counts = BTreeMap::new();
        for Peers { mail, .. } in &self.servers[self.first(newest_only)..] {
            mail.seen(|seen| {
                for (to, message) in &seen.held {
                    let Some(number) = reminder(message) else {
                        continue;
                    };
                    let which = (revision(message), person(to), number);
                    *counts.entry(which).or_default() += 1;
                }
            });
        }
        counts
    }

    /// Where each reminder stands, by the ledger alone.
    pub fn reminders(&self) -> BTreeMap<Which, Reminder> {
        let mut found = BTreeMap::new();
        let entries = self.entries();
        for entry in entries
            .iter()
            .filter(|e| e["payload"]["notice"]["kind"] == "reminder")
        {
            let payload = &entry["payload"];
            let item = payload["notice"]["item"].as_str().unwrap();
            let numbers = item.split(|c: char| !c.is_ascii_digit());
            let numbers: Vec<&str> = numbers.filter(|n| !n.is_empty()).collect();
            let key = payload["key"].as_str().unwrap();
            let which = (
                numbers[0].parse().unwrap(),
                place(key).unwrap(),
                numbers[1].parse().unwrap(),
            );
            let at: Timestamp = entry["at"].as_str().unwrap().parse().unwrap();
            let state = match entry["kind"].as_str().unwrap() {
                "notice-intended" => State::Unknown,
                _ => State::read(payload["outcome"]["state"].as_str().unwrap()),
            };
            let at = at.duration_since(moment(0)).as_mins();
            found.insert(which, Reminder { state, at });
        }
        found
    }

    fn first(&self, newest_only: bool) -> usize {
        match newest_only {
            true => self.servers.len() - 1,
            false => 0,
        }
    }

    /// How often each delivery of each revision was made, by the servers' own account; the newest
    /// servers' alone, or all of them.
    pub fn held(&self, newest_only: bool) -> BTreeMap<(u64, usize), usize> {
        let mut counts = BTreeMap::new();
        for Peers {
            mail,
            webhook,
            takes_posts,
        } in &self.servers[self.first(newest_only)..]
        {
            mail.seen(|seen| {
                let packets = seen.held.iter().filter(|(_, m)| reminder(m).is_none());
                for (to, message) in packets {
                    *counts.entry((revision(message), person(to))).or_default() += 1;
                }
            });
            for post in webhook.requests().iter().filter(|_| *takes_posts) {
                let (_, rest) = post.split_once("· revision ").expect("its context");
                let number = rest.split(' ').next().unwrap().parse().unwrap();
                *counts.entry((number, CHANNEL)).or_default() += 1;
            }
        }
        counts
    }

    /// Lays a confirmation of the newest mail of `revision` to `person` into the inbox, now and
    /// then twice.
    pub fn lay_letter(&self, clock: i64, id: &str, person: usize, revision: u64) {
        let key = format!("email:p{person}@example.com");
        let ledger = self.entries();
        let intent = ledger.iter().rev().find(|e| {
            let of = &e["payload"];
            e["kind"] == "intended" && of["key"] == key && of["revision"] == revision
        });
        let answered = intent.unwrap()["payload"]["message_id"].as_str().unwrap();
        let date = moment(clock).strftime("%a, %d %b %Y %H:%M:%S +0000");
        let text = format!(
            "From: p{person}@example.com\nTo: depot@example.com\nSubject: Re: drill\nDate: {date}\nMessage-ID: <{id}>\nIn-Reply-To: {answered}\nContent-Type: text/plain; charset=utf-8\n\n✅\n"
        );
        self.depot.write(&format!("inbox/{id}.eml"), &text);
        if clock % 3 == 0 {
            let again = format!("Received: from elsewhere\n{text}");
            self.depot.write(&format!("inbox/again-{id}.eml"), &again);
        }
    }

    /// What people said, by the ledger alone.
    pub fn heard(&self) -> Vec<Heard> {
        let entries = self.entries();
        let answered = entries.iter().filter(|e| e["kind"] == "answered");
        answered
            .map(|entry| {
                let of = &entry["payload"];
                let name = of["name"].as_str().unwrap();
                let when: Timestamp = of["when"].as_str().unwrap().parse().unwrap();
                let letter = of["reply"]["message_id"].as_str();
                Heard {
                    person: name.strip_prefix("Person ").unwrap().parse().unwrap(),
                    revision: of["revision"].as_u64().unwrap(),
                    withdrawn: of["said"]["what"] == "withdrawn",
                    when: when.as_second(),
                    letter: letter.map(|id| id.trim_matches(['<', '>']).to_owned()),
                }
            })
            .collect()
    }

    /// The ledger's entries; a torn last line is none.
    fn entries(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.depot.ledger_path()).unwrap_or_default();
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines = whole.lines();
        lines.map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    /// Where each delivery stands in each revision, by the ledger alone.
    pub fn ledger(&self) -> BTreeMap<u64, [State; ALL]> {
        let mut revisions = BTreeMap::new();
        for entry in self.entries() {
            let payload = &entry["payload"];
            let Some(number) = payload["revision"].as_u64() else {
                continue;
            };
            let kind = entry["kind"].as_str().unwrap();
            if kind == "started" {
                revisions.insert(number, [State::Pending; ALL]);
            }
            let key = payload["key"].as_str().unwrap_or_default();
            let Some(place) = place(key) else {
                continue;
            };
            let states = revisions.get_mut(&number).expect("a revision that began");
            states[place] = match kind {
                "intended" => State::Unknown,
                "delivered" => State::read(payload["outcome"]["state"].as_str().unwrap()),
                other => panic!("{other} with a key"),
            };
        }
        revisions
    }
}

/// The place of a delivery, by its key; `None` for the workspace's own.
fn place(key: &str) -> Option<usize> {
    match key.split_once(':')? {
        ("slack", _) => Some(CHANNEL),
        ("email", address) => address.strip_prefix('p')?.split('@').next()?.parse().ok(),
        _ => None,
    }
}

/// The person at an address.
fn person(address: &str) -> usize {
    let name = address.trim_start_matches('p').split('@').next().unwrap();
    name.parse().unwrap()
}

/// Which reminder a message is; `None` for a packet.
fn reminder(message: &[u8]) -> Option<usize> {
    let mail = MessageParser::default().parse(message).unwrap();
    let text = mail.body_text(0).unwrap();
    let (_, rest) = text.split_once("This is ")?;
    let (which, _) = rest.split_once(':')?;
    match which.strip_prefix("reminder ") {
        Some(number) => number.parse().ok(),
        None => (which == "a reminder").then_some(1),
    }
}

/// The revision that a message says it is of.
fn revision(message: &[u8]) -> u64 {
    let mail = MessageParser::default().parse(message).unwrap();
    let text = mail.body_text(0).unwrap();
    let (_, rest) = text.rsplit_once("Revision ").expect("a footer");
    rest.split(',').next().unwrap().parse().unwrap()
}
