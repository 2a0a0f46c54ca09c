//! Every fault at every point of the dialogue, over every kind of connection. The cases in
//! `tests/smtp/` say what exactly is true afterwards; here it is held, for a thousand more, that
//! nothing is called what it is not, and that no other message suffers.

use std::{sync::Arc, thread, time::Duration};

use packet::{
    model::{
        config::{Auth, Security},
        plan::DeliveryState,
    },
    sender::{
        credentials::{Credentials, Secret},
        smtp::{Settings, SmtpTransport, Timeouts},
        transport::Transport,
    },
};

use crate::{
    peers::{
        certificates::{Authority, Shown},
        script::{Fault, Point, Then},
        smtp::{Behaviour, Server},
    },
    smtp_faults::{Message, PATIENCE, hand_over},
};

/// So many quick cases run at once.
const CREW: usize = 6;
const PEOPLE: [&str; 3] = ["ann@example.com", "ben@example.com", "cat@example.com"];

/// What a server does at a point instead of what it should.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Says this and goes on as if it had been the good answer.
    Says(&'static str),
    /// Says this and closes.
    SaysAndCloses(&'static str),
    /// Says half a line and closes.
    Half,
    Close,
    Reset,
    Silence,
    Drip,
    /// Gives the good answer, then ends before the next command.
    AnswersAndCloses,
    AnswersAndResets,
    /// Gives the good answer, byte by byte.
    AnswersSlowly,
}

const DEEDS: [Deed; 20] = [
    Deed::Says("421 4.3.2 busy"),
    Deed::SaysAndCloses("421 4.3.2 busy"),
    Deed::Says("450 4.2.0 later"),
    Deed::SaysAndCloses("450 4.2.0 later"),
    Deed::Says("451 4.3.0 trouble"),
    Deed::Says("452 4.3.1 full"),
    Deed::Says("550 5.1.1 nobody"),
    Deed::SaysAndCloses("550 5.1.1 nobody"),
    Deed::Says("552 5.3.4 too big"),
    Deed::Says("554 5.7.1 no"),
    Deed::Says("hello there"),
    Deed::SaysAndCloses("\u{1b}[2Jgone"),
    Deed::Half,
    Deed::Close,
    Deed::Reset,
    Deed::Silence,
    Deed::Drip,
    Deed::AnswersAndCloses,
    Deed::AnswersAndResets,
    Deed::AnswersSlowly,
];

/// Points where there is no message yet, and those of one message.
const SETUP: [Point; 6] = [
    Point::Greeting,
    Point::Ehlo,
    Point::Starttls,
    Point::Handshake,
    Point::EhloTls,
    Point::Auth,
];
const MESSAGE: [Point; 5] = [
    Point::Mail,
    Point::Rcpt,
    Point::Data,
    Point::Body,
    Point::Dot,
];

#[derive(Clone, Copy, Debug)]
struct Case {
    at: Point,
    deed: Deed,
    /// Whether the second message meets it, over a connection that carried the first.
    used: bool,
    security: Security,
    pipelining: bool,
    message: Message,
}

impl Deed {
    fn waits(self) -> bool {
        matches!(self, Deed::Silence | Deed::Drip)
    }

    fn fault(self, at: Point, skip: u32) -> Option<Fault> {
        let good = match at {
            Point::Greeting => "220 localhost ready",
            Point::Ehlo | Point::EhloTls => "250 localhost",
            Point::Starttls => "220 go ahead",
            Point::Auth => "235 welcome",
            Point::Data => "354 go on",
            Point::Handshake | Point::Body => "",
            _ => "250 ok",
        };
        let (reply, then) = match self {
            Deed::Says(text) => (Some(text), Then::GoOn),
            Deed::SaysAndCloses(text) => (Some(text), Then::Close),
            Deed::Half => (Some("2"), Then::Close),
            Deed::Close => (None, Then::Close),
            Deed::Reset => (None, Then::Reset),
            Deed::Silence => (None, Then::Silence),
            Deed::Drip => (None, Then::Drip),
            Deed::AnswersAndCloses => (Some(good), Then::Close),
            Deed::AnswersAndResets => (Some(good), Then::Reset),
            Deed::AnswersSlowly => (Some(good), Then::GoOn),
        };
        // Nobody answers at these points, and a good answer to EHLO is more than one line.
        let answers = matches!(
            self,
            Deed::AnswersAndCloses | Deed::AnswersAndResets | Deed::AnswersSlowly
        );
        if answers && good.is_empty() {
            return None;
        }
        Some(Fault {
            at,
            skip,
            times: 1,
            reply: reply.map(str::to_owned),
            slowly: matches!(self, Deed::AnswersSlowly),
            unended: matches!(self, Deed::Half),
            then,
            keep: false,
            bytes: 40,
        })
    }

    fn code(self) -> Option<u16> {
        match self {
            Deed::Says(text) | Deed::SaysAndCloses(text) => text.get(..3)?.parse().ok(),
            _ => None,
        }
    }
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    let mut add = |at, used, security, pipelining, message| {
        all.extend(DEEDS.map(|deed| Case {
            at,
            deed,
            used,
            security,
            pipelining,
            message,
        }));
    };
    for at in SETUP {
        let securities: &[Security] = match at {
            Point::Greeting | Point::Auth => &[Security::None, Security::Starttls, Security::Tls],
            Point::Ehlo => &[Security::None, Security::Starttls],
            Point::Starttls => &[Security::Starttls],
            _ => &[Security::Starttls, Security::Tls],
        };
        for security in securities {
            add(at, false, *security, true, Message::Plain);
        }
    }
    for at in MESSAGE {
        for used in [false, true] {
            for pipelining in [false, true] {
                add(at, used, Security::None, pipelining, Message::Plain);
            }
            add(at, used, Security::Tls, true, Message::Plain);
        }
    }
    add(Point::Body, true, Security::None, true, Message::Large);
    add(Point::Dot, true, Security::None, true, Message::Large);
    add(Point::Quit, false, Security::None, true, Message::Plain);
    all
}

fn run(case: Case, authority: &Authority) -> Result<(), String> {
    let Some(fault) = case.deed.fault(case.at, u32::from(case.used)) else {
        return Ok(());
    };
    let mut offers = vec!["AUTH PLAIN".to_owned(), "8BITMIME".to_owned()];
    if case.pipelining {
        offers.push("PIPELINING".to_owned());
    }
    let before = match case.security {
        Security::Starttls => [&offers[..], &["STARTTLS".to_owned()]].concat(),
        _ => offers.clone(),
    };
    let server = Server::start(Behaviour {
        offers: before,
        offers_tls: offers,
        tls: Some(authority.identity(Shown::Good).server()),
        implicit: case.security == Security::Tls,
        faults: vec![fault],
    });
    let mut transport = SmtpTransport::new(Arc::new(Settings {
        host: "localhost".to_owned(),
        port: server.port,
        security: case.security,
        credentials: Some(Credentials::new(
            "team".to_owned(),
            Auth::Password,
            Secret::new("open sesame"),
        )),
        ca_pem: Some(authority.pem().as_bytes().to_vec()),
        hello: "client.example.com".to_owned(),
        timeouts: Timeouts::all(PATIENCE),
    }));
    let outcomes = PEOPLE.map(|to| hand_over(&mut transport, case.message, to, "team@example.com"));
    let stuck = transport.stuck();
    transport.finish();
    if server.seen(|s| s.faults) != 1 {
        return Err(format!("the fault was not met: {case:?}"));
    }
    let held = PEOPLE.map(|to| server.seen(|s| s.held.iter().filter(|(r, _)| r == to).count()));
    let states = outcomes.each_ref().map(|o| o.state);
    judge(case, states, held, stuck)
        .map_err(|why| format!("{why}: {case:?}: held {held:?}, stuck {stuck}, {outcomes:#?}"))
}

/// What must be so, whatever the fault.
fn judge(
    case: Case,
    states: [DeliveryState; 3],
    held: [usize; 3],
    stuck: bool,
) -> Result<(), &'static str> {
    use DeliveryState::{Deferred, Rejected, Sent, Unknown};
    let met = usize::from(case.used);
    // A server that answers within the message and takes it all the same contradicts itself.
    let contradicts = case.at == Point::Body && matches!(case.deed, Deed::Says(_));
    for (n, (state, held)) in states.into_iter().zip(held).enumerate() {
        let true_word = match state {
            Sent => held == 1,
            Rejected | Deferred => held == 0,
            Unknown => held <= 1,
            DeliveryState::Pending => false,
        };
        if !(true_word || contradicts && n == met) {
            return Err("it is not what it is called");
        }
    }
    let others = (0..3).filter(|n| *n != met);
    let setup = SETUP.contains(&case.at);
    if stuck {
        let alike = states.iter().all(|s| *s == Deferred);
        return (setup && alike)
            .then_some(())
            .ok_or("the settings are blamed");
    }
    if others.clone().any(|n| states[n] != Sent) {
        return Err("another message suffers");
    }
    let late = matches!(case.at, Point::Data | Point::Body | Point::Dot);
    if states[met] == Unknown && !late {
        return Err("nothing had left, so it is known");
    }
    let expected = match (case.deed.code(), case.deed) {
        _ if case.at == Point::Quit => Sent,
        (_, Deed::AnswersSlowly) => Sent,
        (Some(_), _) if setup => Deferred,
        // A server may close a connection that was idle; a new one tells whether it is busy.
        (Some(421), _)
            if case.used && matches!(case.at, Point::Mail | Point::Rcpt | Point::Data) =>
        {
            Sent
        }
        (Some(400..=499), _) => Deferred,
        (Some(500..=599), _) => Rejected,
        _ => return Ok(()),
    };
    (states[met] == expected)
        .then_some(())
        .ok_or("the server's word is not heeded")
}

#[test]
fn whatever_happens_at_whichever_point_the_outcome_is_true() {
    let authority = Authority::new("Test Authority");
    let (waiting, quick): (Vec<_>, Vec<_>) = cases().into_iter().partition(|c| c.deed.waits());
    let share = quick.len().div_ceil(CREW);
    let groups: Vec<&[Case]> = quick.chunks(share).chain(waiting.chunks(1)).collect();
    let failures: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = groups
            .into_iter()
            .map(|group| {
                let authority = &authority;
                // Not all who wait connect in the same instant.
                thread::sleep(Duration::from_millis(5));
                scope.spawn(move || {
                    let failed = group.iter().filter_map(|c| run(*c, authority).err());
                    failed.collect::<Vec<_>>()
                })
            })
            .collect();
        running
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        cases().len(),
        failures.join("\n")
    );
}
