//! Everything about one document at one moment: what every command starts from.

use std::{collections::BTreeSet, path::Path};

use jiff::Timestamp;
use thiserror::Error;

use super::{
    Workspace,
    clock::Clock,
    configuration::Settings,
    discovery::DiskEvidence,
    documents::{self, DocumentError},
    ledger_file::{Ledger, LedgerError},
};
use crate::{
    model::{
        acknowledgement::Acknowledgements,
        diagnostic::Diagnostic,
        document::Document,
        history::{History, Revision},
        ledger::Event,
        resolution::Resolution,
        roots::EvidenceRoots,
        roster::Roster,
        span::Span,
    },
    parser::{self, Grammar, spellings::Spellings},
    resolver::{acknowledgements, people, resolve},
};

/// A document, what its evidence comes to, and its record.
#[derive(Debug)]
pub struct Situation {
    /// The document.
    pub document: Document,
    /// What was noticed in it, parser and resolver together, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// What it comes to.
    pub resolution: Resolution,
    /// Who is who.
    pub roster: Roster,
    /// Its ledger.
    pub ledger: Ledger,
    /// The ledger, folded.
    pub history: History,
    /// The moment it is seen at.
    pub now: Timestamp,
    /// Every path that was looked at for it, from the workspace root; the bundle is left out.
    pub looked_at: BTreeSet<String>,
}

/// Why there is no situation.
#[derive(Debug, Error)]
pub enum SituationError {
    /// The document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Its ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The workspace cannot be read.
    #[error("cannot read the workspace: {0}")]
    Io(#[from] std::io::Error),
}

/// How documents of this workspace are read.
pub fn grammar(settings: &Settings) -> Grammar {
    Grammar {
        spellings: Spellings::new(settings.config.recognise.clone()),
        roots: EvidenceRoots::new(settings.config.evidence_roots.iter().map(String::as_str)),
    }
}

/// Reads the document at `path` and everything it depends on. Nothing is written.
pub fn read(
    workspace: &Workspace,
    settings: &Settings,
    path: &str,
    now: Timestamp,
    new_evidence: bool,
) -> Result<Situation, SituationError> {
    let source = documents::read(workspace, path)?;
    let (document, mut diagnostics) = parser::parse(path, &source, &grammar(settings));
    let root = resolve::root(&document);
    let ledger = Ledger::read_or_adopt(workspace, path, Path::new(&root))?;
    if ledger.is_adopted() {
        diagnostics.push(adopted(&root));
    }
    let history = ledger.history();
    let own = [root.as_str(), ".packet"];
    let evidence = DiskEvidence::new(workspace.root(), own)?;
    let mut resolution = resolve::resolve(&resolve::Inputs {
        document: &document,
        noticed: &diagnostics,
        config: &settings.config,
        history: &history,
        source: &evidence,
        now,
        new_evidence,
    });
    if let Some(why) = no_place(workspace, &resolution) {
        resolution.hold(why);
    }
    let mut looked_at = evidence.looked_at();
    looked_at.extend([path.to_owned(), super::watch::ledger(path)]);
    let roster = people::roster(&document, &settings.config);
    diagnostics.append(&mut resolution.diagnostics);
    diagnostics.extend(roster.diagnostics.iter().cloned());
    diagnostics.sort_by_key(|d| (d.span.start, d.code));
    Ok(Situation {
        document,
        diagnostics,
        resolution,
        roster,
        ledger,
        history,
        now,
        looked_at,
    })
}

/// The code of the diagnostic about a ledger that goes on from the bundle's copy.
pub const LEDGER_ADOPTED: &str = "ledger-adopted";

fn adopted(root: &str) -> Diagnostic {
    let message = format!(
        "the ledger is missing or has lost its end; it goes on from the copy `{root}/ledger.ndjson`"
    );
    Diagnostic::warning(LEDGER_ADOPTED, Span::new(0, 0), message)
        .help("nothing is lost; find out what happened to .packet/ledger/")
}

/// Why the bundle cannot be laid where the document wants it, as the disk has it.
fn no_place(workspace: &Workspace, resolution: &Resolution) -> Option<String> {
    let root = &resolution.root;
    // What is wrong with the path itself is said already.
    if resolve::bad_place(root).is_some() {
        return None;
    }
    if let Err(error) = workspace.writable_folder(root) {
        return Some(format!("the bundle folder: {error}"));
    }
    let mut files = resolution.files.iter();
    files.find_map(|file| {
        let path = format!("{root}/{}", file.to);
        let error = workspace.writable_file(&path).err()?;
        Some(format!("a file of the bundle: {error}"))
    })
}

impl Situation {
    /// Appends to the ledger, and to the history folded from it.
    pub fn append(
        &mut self,
        event: &Event,
        by: Option<&str>,
        clock: Clock,
    ) -> Result<(), LedgerError> {
        self.append_all(std::slice::from_ref(event), by, clock)
    }

    /// Appends several events with one fsync; on return all are on disk.
    ///
    /// # Errors
    /// The ledger cannot be written; then none of them is in it.
    pub fn append_all(
        &mut self,
        events: &[Event],
        by: Option<&str>,
        clock: Clock,
    ) -> Result<(), LedgerError> {
        let known = self.ledger.entries().len();
        self.ledger.append_all(events, by, clock)?;
        for entry in &self.ledger.entries()[known..] {
            self.history.push(entry);
        }
        Ok(())
    }

    /// The revision on record that sends what the document now comes to: the latest or none,
    /// for what goes back to an earlier state has yet to be sent.
    pub fn current(&self) -> Option<&Revision> {
        let digest = self.resolution.digest.as_ref()?;
        self.history.latest().filter(|r| r.digest == *digest)
    }

    /// Who has confirmed what went out, and who is waited for.
    pub fn acknowledgements(&self) -> Acknowledgements {
        acknowledgements::acknowledgements(
            &self.document,
            &self.roster,
            &self.history,
            self.current(),
        )
    }

    /// The revision that is being prepared or was sent: that of the digest, else the last.
    pub fn revision(&self) -> u32 {
        match &self.resolution.digest {
            Some(digest) => self.history.revision_for(digest),
            None => self.history.latest().map_or(1, |r| r.number),
        }
    }
}
