//! The user's own record: which digest was handed to a mail server or a webhook for which address.
//!
//! It lies outside of every workspace, so that neither another branch, a rename, a copy nor a
//! cleaned folder makes a second mail. Addresses stand in it as SHA-256. What stays in the outbox
//! counts nowhere.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{choice::Choice, routes::Routes, run::Progress, standing::Standing};
use crate::{
    model::plan::{DeliveryState, Outcome, PlannedDelivery, Via},
    workspace::{Workspace, door, ledger_file::sha256_hex},
};

/// The form of a line.
const VERSION: u32 = 1;

/// What is known of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// It is on its way; whoever dies now leaves this behind.
    Begun,
    /// It was handed over, or may have been.
    #[default]
    Handed,
    /// It was refused or put off: what was begun is taken back.
    Withdrawn,
}

/// One message that was handed over, or was about to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    v: u32,
    /// What was sent.
    pub digest: String,
    /// SHA-256 of the address or the channel.
    pub address_sha256: String,
    /// The document, from its workspace's folder.
    pub document: String,
    /// That folder.
    pub workspace: String,
    /// When.
    pub at: Timestamp,
    /// How far it came.
    #[serde(default)]
    pub known: Known,
}

/// Where the record lies: `$XDG_STATE_HOME/packet/handed-over.ndjson`, or below `~/.local/state`.
/// `None` where neither variable is set.
pub fn place(environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let set = |name: &str| environment.get(name).filter(|v| !v.is_empty());
    let folder = match set("XDG_STATE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(set("HOME")?).join(".local/state"),
    };
    Some(folder.join("packet/handed-over.ndjson"))
}

/// How an address is known by: without regard to case.
fn address(target: &str) -> String {
    sha256_hex(target.trim().to_lowercase().as_bytes())
}

/// What the record at `place` holds of `digest`: the last line for each address and workspace's
/// document, unless that takes it back. What was handed over stays so. A line that cannot be read
/// is passed over: it was torn by a crash.
///
/// # Errors
/// It is there and cannot be read.
pub fn read(place: &Path, digest: &str) -> io::Result<Vec<HandedOver>> {
    let bytes = match door::read_named(place, door::LEDGER) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let lines = bytes.split(|b| *b == b'\n');
    let known = lines.filter_map(|line| serde_json::from_slice::<HandedOver>(line).ok());
    let mut last: Vec<HandedOver> = Vec::new();
    for entry in known.filter(|entry| entry.digest == digest) {
        let same = |e: &&mut HandedOver| {
            e.address_sha256 == entry.address_sha256 && e.is_from(&entry.workspace, &entry.document)
        };
        match last.iter_mut().find(same) {
            Some(old) if old.known == Known::Handed && entry.known != Known::Handed => {}
            Some(old) => *old = entry,
            None => last.push(entry),
        }
    }
    last.retain(|entry| entry.known != Known::Withdrawn);
    Ok(last)
}

/// Deliveries that are due and that were handed over without this ledger's knowing of it, each
/// with what the record says. What this ledger itself calls unknown is sent only when asked for,
/// and what this very document only began is this ledger's to judge, if it knows of it at all.
pub fn made_elsewhere<'d>(
    known: &'d [HandedOver],
    (workspace, document): (&Workspace, &str),
    deliveries: &'d [PlannedDelivery],
    standings: &[Standing],
    choice: &Choice,
) -> Vec<(&'d PlannedDelivery, &'d HandedOver)> {
    let asked = |standing: &&Standing| {
        choice.is_due(standing)
            && !choice.is_again(&standing.wanted.key)
            && matches!(standing.via, Via::Smtp | Via::Slack)
            && standing.state != DeliveryState::Unknown
    };
    let root = workspace.root().display().to_string();
    let due = standings.iter().filter(asked);
    due.filter_map(|standing| {
        let key = &standing.wanted.key;
        let delivery = deliveries.iter().find(|d| d.key == *key)?;
        let wanted = address(&delivery.target);
        let judged_here = |e: &HandedOver| {
            e.known == Known::Begun && standing.record.is_some() && e.is_from(&root, document)
        };
        let entry = known
            .iter()
            .rev()
            .find(|e| e.address_sha256 == wanted && !judged_here(e))?;
        Some((delivery, entry))
    })
    .collect()
}

/// Why a delivery that was made elsewhere is not made, and how to go on.
pub fn refusal(delivery: &PlannedDelivery, entry: &HandedOver) -> String {
    let name = delivery.names.first().unwrap_or(&delivery.target);
    let (has, was) = match entry.known {
        Known::Begun => ("may have", "begun"),
        Known::Handed | Known::Withdrawn => ("has", "handed over"),
    };
    format!(
        "{name} {has} exactly this already: it was {was} for {} on {:.0}, from {} in {}, and this ledger does not know of it. Bring that ledger back from version control, or leave them out: packet send --skip \"{name}\". To send it to them a second time all the same: packet send --again \"{name}\"",
        delivery.target, entry.at, entry.document, entry.workspace
    )
}

impl HandedOver {
    fn is_from(&self, workspace: &str, document: &str) -> bool {
        self.workspace == workspace && self.document == document
    }
}

/// Writes to the record what is about to be handed over and what came of it, and passes on what
/// it hears.
pub struct Recorder<'a> {
    inner: &'a mut dyn Progress,
    place: Option<PathBuf>,
    entry: HandedOver,
    routes: &'a Routes,
    now: Box<dyn Fn() -> Timestamp + 'a>,
    failed: Option<io::Error>,
}

impl<'a> Recorder<'a> {
    /// For deliveries of `digest`, made from `document`.
    pub fn new(
        inner: &'a mut dyn Progress,
        place: Option<PathBuf>,
        (workspace, document, digest): (&Workspace, &str, &str),
        routes: &'a Routes,
        now: impl Fn() -> Timestamp + 'a,
    ) -> Self {
        let entry = HandedOver {
            v: VERSION,
            digest: digest.to_owned(),
            address_sha256: String::new(),
            document: document.to_owned(),
            workspace: workspace.root().display().to_string(),
            at: now(),
            known: Known::Begun,
        };
        Recorder {
            inner,
            place,
            entry,
            routes,
            now: Box::new(now),
            failed: None,
        }
    }

    /// Why the record could not be written, if it could not.
    pub fn failed(self) -> Option<io::Error> {
        self.failed
    }

    /// Whether it leaves the machine: what stays in the outbox counts nowhere.
    fn goes_out(&self, delivery: &PlannedDelivery) -> bool {
        let via = self.routes.via(delivery.kind, &delivery.target);
        matches!(via, Via::Smtp | Via::Slack)
    }

    fn note(&mut self, delivery: &PlannedDelivery, known: Known) {
        let written = self.write(delivery, known);
        self.failed = self.failed.take().or(written.err());
    }

    fn write(&self, delivery: &PlannedDelivery, known: Known) -> io::Result<()> {
        let Some(place) = &self.place else {
            return Ok(());
        };
        let entry = HandedOver {
            known,
            address_sha256: address(&delivery.target),
            at: (self.now)(),
            ..self.entry.clone()
        };
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        let mut file = door::append_named(place)?;
        file.write_all(&line)?;
        // A killed process loses nothing that it wrote; a power failure may lose what was begun.
        match known {
            Known::Handed => file.sync_data(),
            Known::Begun | Known::Withdrawn => Ok(()),
        }
    }
}

impl Progress for Recorder<'_> {
    fn begins(&mut self, delivery: &PlannedDelivery) {
        if self.goes_out(delivery) {
            self.note(delivery, Known::Begun);
        }
        self.inner.begins(delivery);
    }

    fn ends(&mut self, delivery: &PlannedDelivery, outcome: &Outcome) {
        if matches!(outcome.via, Via::Smtp | Via::Slack) {
            let handed = matches!(outcome.state, DeliveryState::Sent | DeliveryState::Unknown);
            let known = if handed {
                Known::Handed
            } else {
                Known::Withdrawn
            };
            self.note(delivery, known);
        }
        self.inner.ends(delivery, outcome);
    }

    fn waits(&mut self, delivery: &PlannedDelivery, outcome: &Outcome, pause: Duration) {
        if matches!(outcome.via, Via::Smtp | Via::Slack) {
            self.note(delivery, Known::Withdrawn);
        }
        self.inner.waits(delivery, outcome, pause);
    }

    fn stopped(&self) -> bool {
        self.inner.stopped()
    }

    fn stopping(&mut self, in_flight: usize) {
        self.inner.stopping(in_flight);
    }
}
