//! What a message carries: evidence and materials, each checked against its proof.

use std::sync::Arc;

use super::planning::Draft;
use crate::{
    model::{
        config::{Attach, Config},
        resolution::Laid,
    },
    renderer::{letter::NotAttached, mime::Attachment},
    workspace::{ledger_file::sha256_hex, open::read_whole},
};

/// The largest message, in bytes as it travels.
const LARGEST: u64 = 10 * 1024 * 1024;

/// What mail for people carries; evidence and materials unless configured.
pub(super) fn attach(config: &Config) -> Vec<Attach> {
    config
        .attach
        .clone()
        .unwrap_or_else(|| vec![Attach::Evidence, Attach::Materials])
}

/// The bytes of evidence and materials, each checked against its proof.
pub(super) struct Files {
    evidence: Vec<(Laid, Arc<[u8]>)>,
    materials: Vec<(Laid, Arc<[u8]>)>,
    too_large: Vec<Laid>,
}

impl Files {
    /// Reads what is to be attached, but not what could never fit.
    ///
    /// # Errors
    /// A file changed since it was proved.
    pub fn read(draft: &Draft<'_>) -> anyhow::Result<Self> {
        let wanted = attach(draft.config);
        let mut files = Files {
            evidence: Vec::new(),
            materials: Vec::new(),
            too_large: Vec::new(),
        };
        for laid in &draft.situation.resolution.files {
            let kind = if laid.evidence {
                Attach::Evidence
            } else {
                Attach::Materials
            };
            if !wanted.contains(&kind) {
                continue;
            }
            // Base64 adds a third; what cannot fit alone is not even read.
            if laid.from.size > LARGEST * 7 / 10 {
                files.too_large.push(laid.clone());
                continue;
            }
            let bytes = bytes_of(draft, laid)?;
            let list = if laid.evidence {
                &mut files.evidence
            } else {
                &mut files.materials
            };
            list.push((laid.clone(), bytes.into()));
        }
        Ok(files)
    }
}

/// The proved bytes of a file: from its place, or from the bundle that kept them.
fn bytes_of(draft: &Draft<'_>, laid: &Laid) -> anyhow::Result<Vec<u8>> {
    let root = draft.workspace.root();
    let places = [
        laid.from.path.clone(),
        format!("{}/{}", draft.situation.resolution.root, laid.to),
    ];
    for place in &places {
        if let Ok(bytes) = read_whole(root, place, LARGEST)
            && sha256_hex(&bytes) == laid.from.sha256
        {
            return Ok(bytes);
        }
    }
    anyhow::bail!(
        "`{}` changed while the messages were written; run the command again",
        laid.from.path
    )
}

/// Materials first, then evidence, while the message stays under its limit.
pub(super) fn attachments(
    files: &Files,
    for_people: bool,
    text: usize,
) -> (Vec<Attachment>, Vec<NotAttached>) {
    let evidence: &[(Laid, Arc<[u8]>)] = if for_people { &files.evidence } else { &[] };
    let mut left = LARGEST.saturating_sub(4 * text as u64 + 64 * 1024);
    let mut attached: Vec<Attachment> = Vec::new();
    let mut left_out: Vec<NotAttached> = Vec::new();
    let refuse = |laid: &Laid| NotAttached {
        name: laid.to.clone(),
        reason: format!(
            "too large for this mail ({} bytes); it is in the bundle folder",
            laid.from.size
        ),
    };
    for (laid, bytes) in files.materials.iter().chain(evidence) {
        let travels = bytes.len() as u64 * 4 / 3 * 78 / 76 + 1024;
        if travels > left {
            left_out.push(refuse(laid));
            continue;
        }
        left -= travels;
        let name = laid.to.rsplit('/').next().unwrap_or(&laid.to);
        attached.push(Attachment::new(name, Arc::clone(bytes)));
    }
    let large = files.too_large.iter().filter(|l| for_people || !l.evidence);
    left_out.extend(large.map(refuse));
    (attached, left_out)
}
