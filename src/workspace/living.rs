//! The bundle's living files and the draft: rendered from a situation, written where they differ.

use jiff::{civil::Date, tz::TimeZone};

use super::{
    Workspace,
    atomic::{self, Access},
    bundle::{Bundle, BundleError},
    private,
    situation::Situation,
};
use crate::{
    model::{
        document::ChannelKind,
        history::{Revision, WordKind},
        plan::DeliveryState,
        resolution::Verdict,
        wanted::Wanted,
    },
    renderer::{
        html::{PacketPage, PageGate, packet_html},
        log::{DistributionLog, LogDelivery, LogEvidence, LogGate, LogMaterial, distribution_log},
        packet_md::{self, Scope},
        templates::{TemplateError, Templates},
    },
    resolver::{wanted::deliveries, words},
};

/// Names of the living files.
pub const LIVING: &[&str] = &[
    "packet.md",
    "packet.html",
    "distribution_log.md",
    "ledger.ndjson",
];

/// Why living files were not written.
#[derive(Debug, thiserror::Error)]
pub enum LivingError {
    /// A template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The bundle cannot be written.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A file cannot be written or read.
    #[error("cannot write the rendered files: {0}")]
    Io(#[from] std::io::Error),
}

/// Rendered living files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Living {
    /// `packet.md`.
    pub markdown: String,
    /// `packet.html`.
    pub html: String,
    /// `distribution_log.md`.
    pub log: String,
}

/// Renders the living files of a document; `state` is its state in one word, `blockers` why it waits.
pub fn render(
    situation: &Situation,
    revision: Option<&Revision>,
    state: &str,
    blockers: &[String],
    templates: &Templates,
) -> Result<Living, TemplateError> {
    let document = &situation.document;
    let mut markdown = packet_md::packet_md(
        document,
        &situation.resolution,
        &situation.roster,
        revision,
        Scope::Packet,
    );
    if !situation.resolution.is_clear() {
        let body = crate::parser::read_front_matter(&markdown, &mut Vec::new()).body_start;
        markdown = packet_md::draft_md(&markdown, body, &situation.resolution.blockers);
    }
    let gates = document.gates.iter().zip(&situation.resolution.gates);
    let page = PacketPage {
        title: document.title().to_owned(),
        document: document.path.clone(),
        state: state.to_owned(),
        revision: revision.map(|r| r.number),
        digest: situation.resolution.digest.clone(),
        as_of: situation.ledger.entries().last().map(|e| e.at),
        blockers: blockers.to_vec(),
        gates: gates
            .map(|(gate, result)| PageGate {
                name: gate.name.clone(),
                verdict: result.verdict,
                reason: result.reason.clone(),
                artifacts: result.proofs.iter().map(|p| p.file.path.clone()).collect(),
            })
            .collect(),
        front: document
            .front
            .entries
            .iter()
            .map(|e| (e.key.clone(), e.value.clone()))
            .collect(),
        markdown: markdown.clone(),
    };
    Ok(Living {
        html: packet_html(&page, templates)?,
        log: distribution_log(&log(situation, revision, state), templates)?,
        markdown,
    })
}

/// Writes the living files and the ledger's copy into the bundle; returns the names that changed.
pub fn write(
    bundle: &Bundle,
    living: &Living,
    situation: &Situation,
) -> Result<Vec<&'static str>, LivingError> {
    let ledger = situation.ledger.text()?;
    let bodies = [
        living.markdown.as_bytes(),
        living.html.as_bytes(),
        living.log.as_bytes(),
        ledger.as_bytes(),
    ];
    let mut changed = Vec::new();
    for (name, bytes) in LIVING.iter().zip(bodies) {
        if bundle.write_living(name, bytes)? {
            changed.push(*name);
        }
    }
    Ok(changed)
}

/// Writes the draft of a document on hold; returns its folder and what changed there.
pub fn write_draft(
    workspace: &Workspace,
    living: &Living,
    situation: &Situation,
) -> Result<(String, Vec<&'static str>), LivingError> {
    let path = &situation.document.path;
    let below = format!("drafts/{}", path.strip_suffix(".md").unwrap_or(path));
    private::ensure(workspace, &below)?;
    let folder = workspace.private(&below);
    let mut changed = Vec::new();
    for (name, text) in [
        ("packet.md", &living.markdown),
        ("packet.html", &living.html),
    ] {
        if atomic::write_if_changed(&folder.join(name), text.as_bytes(), Access::Private)? {
            changed.push(name);
        }
    }
    Ok((format!(".packet/{below}"), changed))
}

fn log(situation: &Situation, revision: Option<&Revision>, state: &str) -> DistributionLog {
    let document = &situation.document;
    let resolution = &situation.resolution;
    let front = |key: &str| document.front.get(key).unwrap_or("").to_owned();
    let last: Date = situation
        .ledger
        .entries()
        .last()
        .map_or(Date::constant(1970, 1, 1), |e| {
            e.at.to_zoned(TimeZone::UTC).date()
        });
    let laid = |path: &str, evidence: bool| {
        let found = resolution
            .files
            .iter()
            .find(|f| f.from.path == path && f.evidence == evidence);
        found.map(|f| f.to.clone())
    };
    let gates = || document.gates.iter().zip(&resolution.gates);
    let mut evidence: Vec<LogEvidence> = Vec::new();
    let named = gates().flat_map(|(g, r)| r.proofs.iter().map(move |p| (g.name.as_str(), p)));
    for (gate, proof) in named.chain(resolution.extra.iter().map(|p| ("", p))) {
        evidence.push(LogEvidence {
            gate: gate.to_owned(),
            path: proof.file.path.clone(),
            laid: laid(&proof.file.path, true),
            moment: proof.moment,
            size: proof.file.size,
            sha256: proof.file.sha256.clone(),
        });
    }
    DistributionLog {
        epoch: front("epoch"),
        doc: format!("{}/distribution_log.md", resolution.root),
        owner: front("owner"),
        last_reviewed: last,
        expires: front("expires"),
        title: document.title().to_owned(),
        document: document.path.clone(),
        document_sha256: None,
        state: state.to_owned(),
        revision: revision.map(|r| r.number),
        digest: resolution.digest.clone(),
        subject: revision.map(|r| r.subject.clone()),
        gates: gates()
            .map(|(gate, result)| LogGate {
                name: gate.name.clone(),
                kind: result.kind,
                verdict: result.verdict,
                reason: result.reason.clone(),
                by: by(situation, gate, result.verdict),
            })
            .collect(),
        evidence,
        materials: resolution
            .files
            .iter()
            .filter(|f| !f.evidence)
            .map(|f| LogMaterial {
                path: f.from.path.clone(),
                laid: Some(f.to.clone()),
                version: version(&f.to),
                sha256: f.from.sha256.clone(),
            })
            .collect(),
        deliveries: deliveries(document, &situation.roster)
            .iter()
            .flat_map(|w| delivery(situation, revision, w))
            .collect(),
        acknowledgements: Vec::new(),
        ledger_head: situation.ledger.head().map(str::to_owned),
        ledger_entries: situation.ledger.entries().len() as u64,
    }
}

fn version(laid: &str) -> Option<String> {
    let name = laid.rsplit('/').next().unwrap_or(laid);
    crate::resolver::materials::versioned(name).map(|(_, version)| version.to_owned())
}

/// Who vouched for a gate, where somebody did.
fn by(
    situation: &Situation,
    gate: &crate::model::document::Gate,
    verdict: Verdict,
) -> Option<String> {
    match verdict {
        Verdict::Hold => None,
        Verdict::Waived => {
            let waivers = situation.history.words.iter().rev();
            waivers
                .filter(|w| matches!(w.kind, WordKind::Waiver { .. }) && w.gate == gate.name)
                .map(|w| w.by.clone())
                .next()
        }
        Verdict::Clear if gate.paths.is_empty() => words::attestation(gate, &situation.history)
            .ok()
            .map(|w| w.by.clone()),
        Verdict::Clear => None,
    }
}

/// One line for each person of a delivery, or one for the channel.
fn delivery(
    situation: &Situation,
    revision: Option<&Revision>,
    wanted: &Wanted,
) -> Vec<LogDelivery> {
    let record = revision.and_then(|r| r.deliveries.get(&wanted.key));
    let channel = match wanted.kind {
        ChannelKind::Email => "email",
        ChannelKind::Slack => "slack",
        ChannelKind::Document => "document",
        ChannelKind::Folder => "folder",
    };
    let line = |recipient: String| LogDelivery {
        recipient,
        address: wanted.target.clone(),
        channel: channel.to_owned(),
        via: record.map(|r| r.via),
        state: record.map_or(DeliveryState::Pending, |r| r.state),
        at: record.map(|r| r.at),
        detail: record
            .and_then(|r| r.outcome.as_ref())
            .map_or(String::new(), |o| o.detail.clone()),
        message_id: record.and_then(|r| r.message_id.clone()),
    };
    let mut lines: Vec<LogDelivery> = wanted
        .recipients
        .iter()
        .map(|&i| line(situation.document.recipients[i].name.clone()))
        .collect();
    if !wanted.channels.is_empty() {
        lines.push(line("announcement".to_owned()));
    }
    lines
}
