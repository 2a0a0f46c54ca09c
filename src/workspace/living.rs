//! The bundle's living files and the draft: rendered from a situation, written where they differ.

mod log;

use super::{
    Workspace,
    atomic::{self, Access},
    bundle::{Bundle, BundleError},
    door, private,
    situation::Situation,
};
use crate::{
    model::history::Revision,
    renderer::{
        html::{PacketPage, PageGate, packet_html},
        log::distribution_log,
        packet_md::{self, Scope},
        templates::{TemplateError, Templates},
    },
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
    workspace: &Workspace,
    situation: &Situation,
    revision: Option<&Revision>,
    state: &str,
    blockers: &[String],
    templates: &Templates,
) -> Result<Living, TemplateError> {
    let document = &situation.document;
    let mut markdown = markdown(situation, revision, Scope::Packet);
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
                reason: result.reason.replace('`', ""),
                // The reason names the artifact that decided; further ones are listed.
                artifacts: result
                    .proofs
                    .iter()
                    .map(|p| p.file.path.clone())
                    .filter(|path| !result.reason.contains(path.as_str()))
                    .collect(),
            })
            .collect(),
        front: crate::parser::read_front_matter(&markdown, &mut Vec::new())
            .entries
            .iter()
            .map(|e| (e.key.clone(), e.value.clone()))
            .collect(),
        markdown: markdown.clone(),
    };
    Ok(Living {
        html: packet_html(&page, templates)?,
        log: distribution_log(&log::log(workspace, situation, revision, state), templates)?,
        markdown,
    })
}

/// The document brought up to date, as the packet or as the source takes it.
pub fn markdown(situation: &Situation, revision: Option<&Revision>, scope: Scope) -> String {
    packet_md::packet_md(
        &situation.document,
        &situation.resolution,
        &situation.roster,
        // Until a new revision goes out, the tracker says when the last one did.
        revision.or(situation.history.latest()),
        &situation.acknowledgements(),
        scope,
    )
}

/// Which living files of the bundle at `folder`, a path from the workspace root, are missing or
/// differ, by path and why. Nothing is written.
///
/// # Errors
/// The ledger cannot be read.
pub fn stale(
    workspace: &Workspace,
    folder: &str,
    living: &Living,
    situation: &Situation,
) -> Result<Vec<(String, String)>, LivingError> {
    let ledger = situation.ledger.text()?;
    let files = LIVING.iter().copied().zip(bodies(living, &ledger));
    Ok(differing(workspace, folder, files))
}

/// The same of a draft.
pub fn stale_draft(
    workspace: &Workspace,
    living: &Living,
    document: &str,
) -> Vec<(String, String)> {
    let folder = format!(".packet/{}", draft_folder(document));
    differing(workspace, &folder, draft_bodies(living))
}

fn differing<'b>(
    workspace: &Workspace,
    folder: &str,
    files: impl IntoIterator<Item = (&'static str, &'b [u8])>,
) -> Vec<(String, String)> {
    let mut stale = Vec::new();
    for (name, bytes) in files {
        let path = format!("{folder}/{name}");
        let full = workspace.root().join(&path);
        if !atomic::holds(&full, bytes) {
            let there = door::kind(&full).is_some();
            let why = if there {
                "is out of date"
            } else {
                "is missing"
            };
            stale.push((path, why.to_owned()));
        }
    }
    stale
}

/// The bytes of [`LIVING`], in order.
fn bodies<'b>(living: &'b Living, ledger: &'b str) -> [&'b [u8]; 4] {
    [
        living.markdown.as_bytes(),
        living.html.as_bytes(),
        living.log.as_bytes(),
        ledger.as_bytes(),
    ]
}

fn draft_bodies(living: &Living) -> [(&'static str, &[u8]); 2] {
    [
        ("packet.md", living.markdown.as_bytes()),
        ("packet.html", living.html.as_bytes()),
    ]
}

/// The folder of a document's draft, below `.packet/`.
fn draft_folder(document: &str) -> String {
    format!(
        "drafts/{}",
        document.strip_suffix(".md").unwrap_or(document)
    )
}

/// Writes the living files and the ledger's copy into the bundle; returns the names that changed.
pub fn write(
    bundle: &Bundle,
    living: &Living,
    situation: &Situation,
) -> Result<Vec<&'static str>, LivingError> {
    let ledger = situation.ledger.text()?;
    let mut changed = Vec::new();
    for (name, bytes) in LIVING.iter().zip(bodies(living, &ledger)) {
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
    let below = draft_folder(&situation.document.path);
    private::ensure(workspace, &below)?;
    let folder = workspace.private(&below);
    let mut changed = Vec::new();
    for (name, bytes) in draft_bodies(living) {
        if atomic::derive_if_changed(&folder.join(name), bytes, Access::Private)? {
            changed.push(name);
        }
    }
    Ok((format!(".packet/{below}"), changed))
}
