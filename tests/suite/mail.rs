//! The `ferry` workspace and a mail server, and what to ask of both.

use crate::{
    peers::{
        script::{Fault, Point, Then},
        smtp::{Behaviour, Server},
    },
    scratch::{Ran, Scratch},
};

/// The people of the `ferry` document, by address.
pub const PEOPLE: [&str; 3] = [
    "edda@example.com",
    "jonas@example.com",
    "timetable@example.com",
];
/// Its announcement.
pub const ANNOUNCED: &str = "quay-all@example.com";

/// A server that behaves well but for `faults`.
pub fn server(faults: Vec<Fault>) -> Server {
    let offers = ["PIPELINING", "8BITMIME", "SIZE 9000000", "AUTH PLAIN"];
    Server::start(Behaviour {
        offers: offers.map(str::to_owned).to_vec(),
        offers_tls: Vec::new(),
        tls: None,
        implicit: false,
        faults,
    })
}

/// A fault at `point` for the one after `skip` others; without a `reply` the connection ends.
pub fn fault(at: Point, skip: u32, times: u32, reply: Option<&str>) -> Fault {
    Fault {
        at,
        skip,
        times,
        reply: reply.map(str::to_owned),
        slowly: false,
        unended: false,
        then: if reply.is_some() {
            Then::GoOn
        } else {
            Then::Close
        },
        keep: reply.is_none(),
        bytes: 0,
    }
}

/// The `ferry` workspace, clear, with this server.
pub fn workspace(server: &Server) -> Scratch {
    let scratch = Scratch::clear();
    scratch.configure(&smtp(server));
    scratch
}

/// The line of `packet.yaml` for it; over one connection, so that a script knows who is next.
pub fn smtp(server: &Server) -> String {
    format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none, connections: 1 }}",
        server.port
    )
}

/// What the server holds for `to`, in order.
pub fn held(server: &Server, to: &str) -> Vec<Vec<u8>> {
    server.seen(|seen| {
        let mine = seen.held.iter().filter(|(r, _)| r == to);
        mine.map(|(_, bytes)| bytes.clone()).collect()
    })
}

/// How many messages each has: the people, then the announcement.
pub fn counts(server: &Server) -> [usize; 4] {
    [PEOPLE[0], PEOPLE[1], PEOPLE[2], ANNOUNCED].map(|to| held(server, to).len())
}

/// Where the delivery to each person stands.
pub fn deliveries(scratch: &Scratch) -> Vec<String> {
    let board = scratch.run(&["status", "--format", "json"]).exits(0).json();
    let people = board["recipients"].as_array().unwrap();
    people
        .iter()
        .map(|r| r["delivery"].as_str().unwrap().to_owned())
        .collect()
}

/// Sends without asking.
pub fn send(scratch: &Scratch) -> Ran {
    scratch.run(&["send", "--yes"])
}
