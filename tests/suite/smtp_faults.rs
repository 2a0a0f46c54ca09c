//! A server that fails at every point of the dialogue: what is said about each message must be
//! what the server can know of it, and the others must be delivered.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path, sync::Arc, thread, time::Duration};

use packet::{
    model::{
        config::{Auth, Security},
        document::ChannelKind,
        plan::{DeliveryState, Outcome, PlannedDelivery},
    },
    sender::{
        credentials::{Credentials, Secret},
        smtp::{Settings, SmtpTransport, Timeouts},
        transport::{Parcel, Transport},
    },
};
use serde::Deserialize;

use crate::peers::{
    certificates::{Authority, Shown},
    script::Fault,
    smtp::{Behaviour, Server},
};

/// Long enough for a busy machine; silence costs this much.
pub const PATIENCE: Duration = Duration::from_millis(1500);

/// One case of `tests/smtp/*.yaml`: three messages, to ann, ben and cat, over one transport.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    security: Security,
    #[serde(default = "offers")]
    offers: Vec<String>,
    /// What is offered over TLS; the same unless given.
    offers_tls: Option<Vec<String>>,
    #[serde(default)]
    certificate: Shown,
    /// Whether the authority is given as `ca-file`.
    #[serde(default = "yes")]
    trusted: bool,
    /// The password to log in with; none means no login.
    password: Option<String>,
    #[serde(default)]
    message: Message,
    /// The address that takes ben's place.
    recipient: Option<String>,
    /// The sender's address.
    sender: Option<String>,
    #[serde(default)]
    script: Vec<Fault>,
    /// The state of each message.
    expect: [DeliveryState; 3],
    /// How many times the server holds each; 1 where sent and 0 elsewhere unless given.
    held: Option<[usize; 3]>,
    /// Part of the words about the first message that was not sent.
    says: Option<String>,
    /// Its code and enhanced code.
    code: Option<u16>,
    enhanced: Option<String>,
    /// How many connections it took.
    connections: Option<usize>,
    /// A command that must have been seen.
    seen: Option<String>,
    /// Text that must never have been seen.
    unseen: Option<String>,
    /// Whether the transport must say that the settings are at fault.
    #[serde(default)]
    stuck: bool,
}

fn yes() -> bool {
    true
}

fn offers() -> Vec<String> {
    ["PIPELINING", "8BITMIME", "SIZE 9000000"]
        .map(str::to_owned)
        .to_vec()
}

/// What the messages of a case are like.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    #[default]
    Plain,
    /// Lines of dots, also the first; bare line endings.
    Dots,
    /// UTF-8 text.
    Eight,
    /// Bytes that are no UTF-8.
    Latin,
    /// Five megabytes: more than the sockets of both sides buffer.
    Large,
}

impl Message {
    fn bytes(self, to: &str) -> Vec<u8> {
        let head = format!("To: {to}\r\nSubject: gates are clear\r\n\r\n");
        match self {
            Message::Plain => format!("{head}Please review.\r\n").into_bytes(),
            Message::Dots => format!(".{to}\r\n.\r\n..\r\nQUIT\n.\nlast.\n.").into_bytes(),
            Message::Eight => format!("{head}Grüße\r\n").into_bytes(),
            Message::Latin => [head.as_bytes(), b"Gr\xfc\xdfe\r\n"].concat(),
            Message::Large => {
                (head + &format!(".{}\r\n", "0123456789".repeat(9)).repeat(54_000)).into_bytes()
            }
        }
    }

    /// What the server must hold.
    fn wire(self, to: &str) -> Vec<u8> {
        match self {
            Message::Dots => {
                format!(".{to}\r\n.\r\n..\r\nQUIT\r\n.\r\nlast.\r\n.\r\n").into_bytes()
            }
            other => other.bytes(to),
        }
    }
}

struct Authorities {
    known: Authority,
    unknown: Authority,
}

fn run(case: &Case, authorities: &Authorities) -> Result<(), String> {
    let signer = match case.certificate {
        Shown::Unknown => &authorities.unknown,
        _ => &authorities.known,
    };
    let server = Server::start(Behaviour {
        offers: case.offers.clone(),
        offers_tls: case
            .offers_tls
            .clone()
            .unwrap_or_else(|| case.offers.clone()),
        tls: Some(signer.identity(case.certificate).server()),
        implicit: case.security == Security::Tls,
        faults: case.script.clone(),
    });
    let settings = Settings {
        host: "localhost".to_owned(),
        port: server.port,
        security: case.security,
        credentials: case.password.as_ref().map(|password| {
            Credentials::new(
                "team".to_owned(),
                Auth::Password,
                Secret::new(password.as_str()),
            )
        }),
        ca_pem: case
            .trusted
            .then(|| authorities.known.pem().as_bytes().to_vec()),
        hello: "client.example.com".to_owned(),
        timeouts: Timeouts::all(PATIENCE),
    };
    let mut transport = SmtpTransport::new(Arc::new(settings));
    let ben = case.recipient.as_deref().unwrap_or("ben@example.com");
    let people = ["ann@example.com", ben, "cat@example.com"];
    let sender = case.sender.as_deref().unwrap_or("team@example.com");
    let outcomes = people.map(|to| hand_over(&mut transport, case.message, to, sender));
    let stuck = transport.stuck();
    transport.finish();
    let mut wrong = compare(case, &people, &outcomes, &server);
    if stuck != case.stuck {
        let _ = writeln!(wrong, "stuck: {stuck}");
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{}\n{wrong}{outcomes:#?}\n{:#?}\n",
            case.name,
            server.seen(|s| s.lines.clone())
        )),
    }
}

/// Hands one message for `to` to the transport.
pub fn hand_over(
    transport: &mut SmtpTransport,
    message: Message,
    to: &str,
    sender: &str,
) -> Outcome {
    let bytes = message.bytes(to);
    let delivery = PlannedDelivery {
        key: format!("email:{to}"),
        kind: ChannelKind::Email,
        names: vec![],
        target: to.to_owned(),
        file: None,
        sha256: None,
        size: bytes.len() as u64,
        message_id: None,
        token: None,
    };
    transport.deliver(&Parcel {
        delivery: &delivery,
        bytes: &bytes,
        sender,
    })
}

/// Everything that is not as expected, a line each.
fn compare(case: &Case, people: &[&str; 3], outcomes: &[Outcome; 3], server: &Server) -> String {
    let mut wrong = String::new();
    let mut check = |fine: bool, what: String| {
        if !fine {
            let _ = writeln!(wrong, "  {what}");
        }
    };
    let held = case.held.unwrap_or_else(|| {
        case.expect
            .map(|state| usize::from(state == DeliveryState::Sent))
    });
    for (n, to) in people.iter().enumerate() {
        let state = outcomes[n].state;
        check(
            state == case.expect[n],
            format!("{to}: {state}, expected {}", case.expect[n]),
        );
        let found: Vec<Vec<u8>> = server.seen(|seen| {
            let mine = seen.held.iter().filter(|(r, _)| r == to);
            mine.map(|(_, text)| text.clone()).collect()
        });
        check(
            found.len() == held[n],
            format!("{to}: held {} times, expected {}", found.len(), held[n]),
        );
        let whole = found.iter().all(|text| *text == case.message.wire(to));
        check(whole, format!("{to}: the server holds something else"));
    }
    let total = server.seen(|seen| seen.held.len());
    check(
        total == held.iter().sum::<usize>(),
        format!("the server holds {total} messages"),
    );
    let failed = outcomes.iter().find(|o| o.state != DeliveryState::Sent);
    if let (Some(says), Some(outcome)) = (&case.says, failed) {
        check(
            outcome.detail.contains(says.as_str()),
            format!("it does not say `{says}`"),
        );
    }
    if let (Some(code), Some(outcome)) = (case.code, failed) {
        check(
            outcome.code == Some(code),
            format!("the code is {:?}", outcome.code),
        );
    }
    if let (Some(code), Some(outcome)) = (&case.enhanced, failed) {
        check(
            outcome.enhanced.as_ref() == Some(code),
            format!("enhanced: {:?}", outcome.enhanced),
        );
    }
    if let Some(expected) = case.connections {
        let count = server.seen(|seen| seen.connections);
        check(
            count == expected,
            format!("{count} connections, expected {expected}"),
        );
    }
    let lines = server.seen(|seen| seen.lines.clone());
    if let Some(text) = &case.seen {
        check(
            lines.iter().any(|l| l.contains(text)),
            format!("never saw `{text}`"),
        );
    }
    if let Some(text) = &case.unseen {
        check(
            !lines.iter().any(|l| l.contains(text)),
            format!("saw `{text}`"),
        );
    }
    let clean = outcomes
        .iter()
        .all(|o| !o.detail.chars().any(char::is_control));
    check(clean, "a control character got through".to_owned());
    wrong
}

/// Runs every case of one file at once: they mostly wait.
fn run_file(name: &str, at_least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/smtp")
        .join(name);
    let text = fs::read_to_string(&path).expect("the cases are in the repository");
    let cases: Vec<Case> = serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let names: BTreeMap<_, _> = cases.iter().map(|c| (&c.name, ())).collect();
    assert_eq!(names.len(), cases.len(), "every case has a name of its own");
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    let authorities = Authorities {
        known: Authority::new("Test Authority"),
        unknown: Authority::new("Another Authority"),
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(|| run(case, &authorities)))
            .collect();
        running
            .into_iter()
            .filter_map(|thread| thread.join().unwrap().err())
            .collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn while_the_connection_is_set_up() {
    run_file("setup.yaml", 20);
}

#[test]
fn while_a_message_is_announced() {
    run_file("envelope.yaml", 30);
}

#[test]
fn while_a_message_is_handed_over() {
    run_file("message.yaml", 20);
}

#[test]
fn with_encryption_and_login() {
    run_file("tls.yaml", 15);
}
