//! Everything a send needs, tried without sending anything.

mod tls;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    net::{TcpStream, ToSocketAddrs},
    path::Path,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    obstacles,
    routes::{self, smtp_settings},
    smtp::probe::{self, Step},
};
use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, Outcome},
    },
    renderer::safety,
    resolver::wanted,
    workspace::{Workspace, clock::Clock, configuration::Settings, situation::Situation},
};

/// How long to wait for a name, a connection or a handshake.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait for the answer to a command; some servers think twice about a recipient.
const ANSWER: Duration = Duration::from_secs(60);
/// So far may the clock lie behind the ledger's last entry: two machines never quite agree.
const SLACK: SignedDuration = SignedDuration::from_mins(2);

/// How one check ended, the worse the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Ok,
    /// Worth knowing; a send works nevertheless.
    Note,
    /// It would keep a send from working.
    Problem,
    /// It would, and it is a matter of configuration.
    Misconfigured,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: `login`, `recipient ann@example.com`.
    pub what: String,
    /// How it ended.
    pub health: Health,
    /// What was found, and what to do next where something is wrong.
    pub detail: String,
}

/// What the doctor looks at.
pub struct Patient<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Configuration in force.
    pub settings: &'a Settings,
    /// `PACKET_*` variables.
    pub environment: &'a BTreeMap<String, String>,
    /// The documents that would be sent.
    pub situations: &'a [Situation],
    /// The clock.
    pub clock: Clock,
}

/// Looks at everything; `tell` hears of each finding as it comes.
pub fn examine(patient: &Patient<'_>, tell: &mut dyn FnMut(Finding)) {
    configuration(patient, tell);
    for situation in patient.situations {
        ledger(situation, tell);
    }
    tell(clock(patient));
    tell(outbox(patient.workspace));
    mail(patient, tell);
    webhooks(patient, tell);
}

fn finding(what: &str, health: Health, detail: impl Into<String>) -> Finding {
    Finding {
        what: what.to_owned(),
        health,
        detail: detail.into(),
    }
}

fn configuration(patient: &Patient<'_>, tell: &mut dyn FnMut(Finding)) {
    let config = &patient.settings.config;
    let mut wrong = BTreeSet::new();
    for situation in patient.situations {
        wrong.extend(obstacles::obstacles(situation, config, patient.workspace));
    }
    if patient.situations.is_empty() && config.from.is_none() {
        wrong.insert(
            "nobody is named as sender; add `from: Team Name <team@example.com>` to packet.yaml"
                .to_owned(),
        );
    }
    if wrong.is_empty() {
        let file = match patient.settings.has_file {
            true => "packet.yaml is understood",
            false => "there is no packet.yaml",
        };
        let from = config.from.as_deref().unwrap_or("nobody");
        return tell(finding(
            "configuration",
            Health::Ok,
            format!("{file}; mail comes from {from}"),
        ));
    }
    for why in wrong {
        tell(finding("configuration", Health::Misconfigured, why));
    }
}

fn ledger(situation: &Situation, tell: &mut dyn FnMut(Finding)) {
    let what = format!("ledger of {}", situation.document.path);
    let count = situation.ledger.entries().len();
    let (health, detail) = if situation.ledger.was_torn() {
        (
            Health::Note,
            "its last line was cut short by a crash; the next entry takes its place".to_owned(),
        )
    } else {
        (
            Health::Ok,
            format!("{count} entries, each follows from the one before"),
        )
    };
    tell(finding(&what, health, detail));
}

/// The machine's clock must not lie before what is on record, nor before this program was made.
fn clock(patient: &Patient<'_>) -> Finding {
    const MADE: i64 = 1_735_689_600; // 2025-01-01
    let machine = patient.clock.beside().unwrap_or(patient.clock.now());
    let last = patient
        .situations
        .iter()
        .filter_map(|s| s.ledger.entries().last());
    let last = last.map(|e| e.clock.unwrap_or(e.at)).max();
    if machine.as_second() < MADE {
        return finding(
            "clock",
            Health::Problem,
            format!("this machine says it is {machine:.0}; set its clock"),
        );
    }
    let behind = last.filter(|last| *last > machine && last.duration_since(machine) > SLACK);
    match behind {
        Some(last) => finding(
            "clock",
            Health::Problem,
            format!(
                "this machine says it is {machine:.0}, but the ledger's last entry is of {last:.0}; set the clock that is wrong"
            ),
        ),
        None => finding("clock", Health::Ok, said(machine)),
    }
}

fn said(machine: Timestamp) -> String {
    format!("{machine:.0}")
}

/// A file without a name is made and vanishes, so that nothing is left behind.
fn outbox(workspace: &Workspace) -> Finding {
    let outbox = workspace.private("outbox/new");
    let mut folder: &Path = &outbox;
    while !folder.exists() {
        match folder.parent() {
            Some(parent) => folder = parent,
            None => break,
        }
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => finding("outbox", Health::Ok, ".packet/ can be written"),
        Err(error) => finding(
            "outbox",
            Health::Problem,
            format!(
                "{} cannot be written ({error}); mend its permissions or free some space",
                folder.display()
            ),
        ),
    }
}

fn mail(patient: &Patient<'_>, tell: &mut dyn FnMut(Finding)) {
    let config = &patient.settings.config;
    let Some(smtp) = &config.smtp else {
        return tell(finding(
            "mail server",
            Health::Note,
            "none is configured: mail goes to .packet/outbox/ and nothing leaves this machine; add `smtp:` to packet.yaml to send",
        ));
    };
    let settings = match smtp_settings(smtp, patient.settings, patient.environment) {
        Ok(settings) => settings,
        Err(error) => {
            return tell(finding(
                "login",
                Health::Misconfigured,
                format!("{error:#}"),
            ));
        }
    };
    let mut settings = settings;
    settings.timeouts.connect = PATIENCE;
    settings.timeouts.command = ANSWER;
    let from = config.from.as_deref().unwrap_or_default();
    let Ok(sender) = safety::check_address("`from`", from) else {
        return tell(finding(
            "mail server",
            Health::Note,
            "not tried, because there is no sender to ask about",
        ));
    };
    let sender = sender.address();
    let recipients = recipients(patient.situations);
    let place = format!("{}:{}", settings.host, settings.port);
    let mut left = recipients.len();
    let mut hear = |step: Step, result: Result<String, Outcome>| {
        left -= usize::from(matches!(step, Step::Recipient(_)));
        tell(heard(step, result, &place, &sender));
    };
    probe::probe(&settings, &sender, &recipients, &mut hear);
    if left > 0 {
        tell(finding(
            "recipients",
            Health::Note,
            format!("{left} not asked about, because the server was not of use any more"),
        ));
    }
}

/// Every address that mail would go to, once.
fn recipients(situations: &[Situation]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = situations
        .iter()
        .flat_map(|s| wanted::deliveries(&s.document, &s.roster));
    all.filter(|w| w.kind == ChannelKind::Email && seen.insert(w.key.clone()))
        .map(|w| w.target)
        .collect()
}

fn heard(step: Step, result: Result<String, Outcome>, place: &str, sender: &str) -> Finding {
    let what = match &step {
        Step::Server => "mail server".to_owned(),
        Step::Encryption => "encryption".to_owned(),
        Step::Login => "login".to_owned(),
        Step::Sender => "sender".to_owned(),
        Step::Recipient(address) => format!("recipient {address}"),
    };
    let outcome = match result {
        Ok(_) => {
            let good = match step {
                Step::Server => format!("{place} answers"),
                Step::Encryption => "the certificate is good".to_owned(),
                Step::Login => "accepted".to_owned(),
                Step::Sender => format!("{sender} may send"),
                Step::Recipient(_) => "would be taken".to_owned(),
            };
            return finding(&what, Health::Ok, good);
        }
        Err(outcome) => outcome,
    };
    let for_now = outcome.state == DeliveryState::Deferred && outcome.code.is_some();
    let words = match outcome.code {
        Some(code) => format!("{code} {}", outcome.detail),
        None => outcome.detail,
    };
    match step {
        Step::Recipient(_) if for_now => finding(
            &what,
            Health::Note,
            format!("refused for now ({words}); a send tries again by itself"),
        ),
        Step::Recipient(_) => finding(
            &what,
            Health::Problem,
            format!(
                "{words}; correct the address under `contacts:` in packet.yaml or in the document"
            ),
        ),
        Step::Sender => finding(
            &what,
            Health::Problem,
            format!("{sender}: {words}; ask whoever runs the server whether `from` may send there"),
        ),
        _ => finding(&what, Health::Problem, words),
    }
}

fn webhooks(patient: &Patient<'_>, tell: &mut dyn FnMut(Finding)) {
    for (channel, variable) in &patient.settings.config.slack {
        let set = patient.environment.get(variable);
        if set.is_none_or(|v| v.is_empty()) {
            let detail = format!(
                "{variable} is not set: posts go to .packet/outbox/ as JSON; set it to the address that Slack shows for the webhook"
            );
            tell(finding(
                &format!("webhook of {channel}"),
                Health::Note,
                detail,
            ));
        }
    }
    let webhooks = match routes::webhooks(patient.settings, patient.environment) {
        Ok(webhooks) => webhooks,
        Err(error) => {
            return tell(finding("webhook", Health::Misconfigured, error.to_string()));
        }
    };
    for (channel, webhook) in webhooks {
        let what = format!("webhook of {channel}");
        let Some((host, port, encrypted)) = webhook.server() else {
            continue;
        };
        tell(match touch(&host, port, encrypted) {
            Ok(()) => finding(&what, Health::Ok, format!("{host}:{port} answers")),
            Err(why) => finding(
                &what,
                Health::Problem,
                format!("{host}:{port}: {why}; check the network and the address in the variable"),
            ),
        });
    }
}

/// Connects, and shakes hands where TLS is spoken; asks for nothing.
fn touch(host: &str, port: u16, encrypted: bool) -> io::Result<()> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (bare, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) if encrypted => return tls::shake_hands(stream, bare, PATIENCE),
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}
