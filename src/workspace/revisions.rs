//! What a revision handed out, read back from where its files are kept.

use std::path::Path;

use super::{Workspace, ledger_file::sha256_hex, open::read_whole, situation::Situation};
use crate::{
    model::{
        difference::{Contents, Difference, Text},
        evidence::FileHash,
        history::{History, Revision},
        ledger::Pin,
    },
    renderer::safety,
    resolver::changes,
};

/// The longest text that is compared, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Where the files of the revisions of one document are looked for.
struct Shelf<'a> {
    workspace: &'a Path,
    root: &'a str,
    history: &'a History,
}

impl Shelf<'_> {
    /// A file with its text: from its place, else from the bundle or what the bundle kept.
    fn text(&self, file: &FileHash) -> Text {
        Text {
            text: self.bytes(file).and_then(|b| String::from_utf8(b).ok()),
            file: file.clone(),
        }
    }

    fn bytes(&self, file: &FileHash) -> Option<Vec<u8>> {
        let mut places = vec![file.path.clone()];
        let laid = self.history.laid.iter().filter(|l| l.1 == file.sha256);
        for (path, _) in laid {
            places.push(format!("{}/{path}", self.root));
            let kept = self.history.revisions.iter().rev();
            places.extend(kept.map(|r| format!("{}/revisions/{}/{path}", self.root, r.number)));
        }
        places.iter().find_map(|place| {
            let bytes = read_whole(self.workspace, place, LONGEST).ok()?;
            (sha256_hex(&bytes) == file.sha256).then_some(bytes)
        })
    }

    fn contents(
        &self,
        subject: &str,
        body: Option<&str>,
        pins: &[Pin],
        materials: &[FileHash],
    ) -> Contents {
        let mut listed: Vec<&FileHash> = Vec::new();
        for file in materials {
            if !listed.iter().any(|l| l.path == file.path) {
                listed.push(file);
            }
        }
        Contents {
            subject: safety::visible(subject),
            body: body.map(str::to_owned),
            materials: listed.into_iter().map(|f| self.text(f)).collect(),
            evidence: pins
                .iter()
                .map(|p| (p.gate.clone(), p.file.clone()))
                .collect(),
        }
    }

    fn of(&self, revision: &Revision) -> Contents {
        self.contents(
            &revision.subject,
            revision.body.as_deref(),
            &revision.evidence,
            &revision.materials,
        )
    }
}

fn shelf<'a>(workspace: &'a Workspace, situation: &'a Situation) -> Shelf<'a> {
    Shelf {
        workspace: workspace.root(),
        root: &situation.resolution.root,
        history: &situation.history,
    }
}

/// What differs from `held` in what the document now comes to, with `message` (subject, text) as
/// it would go out.
pub fn since(
    workspace: &Workspace,
    situation: &Situation,
    held: &Revision,
    message: &(String, String),
) -> Difference {
    let shelf = shelf(workspace, situation);
    let resolution = &situation.resolution;
    let files = resolution.files.iter().filter(|f| !f.evidence);
    let materials: Vec<FileHash> = files.map(|f| f.from.clone()).collect();
    let pins = changes::pins(&situation.document, resolution);
    let new = shelf.contents(&message.0, Some(&message.1), &pins, &materials);
    changes::compare(held.number, &shelf.of(held), &new)
}

/// What differs in each revision on record from the one before, oldest first.
pub fn on_record<'s>(
    workspace: &Workspace,
    situation: &'s Situation,
) -> Vec<(&'s Revision, Option<Difference>)> {
    let shelf = shelf(workspace, situation);
    let mut before: Option<(u32, Contents)> = None;
    let revisions = situation.history.revisions.iter();
    revisions
        .map(|revision| {
            let contents = shelf.of(revision);
            let difference = before
                .as_ref()
                .map(|(number, held)| changes::compare(*number, held, &contents));
            before = Some((revision.number, contents));
            (revision, difference)
        })
        .collect()
}
