//! What changed between two revisions: by material, heading by heading, before and after.

mod sections;
mod words;

use std::collections::BTreeMap;

pub use sections::sections;

use crate::{
    model::{
        difference::{
            Artifact, Contents, Difference, EvidenceDifference, Fate, MaterialDifference, Text,
        },
        document::Document,
        evidence::FileHash,
        ledger::Pin,
        resolution::{Proof, Resolution},
    },
    parser::{self, moments},
};

/// The artifacts that a resolution stands on, as the ledger records them.
pub fn pins(document: &Document, resolution: &Resolution) -> Vec<Pin> {
    let pin = |gate: &str, proof: &Proof| Pin {
        gate: gate.to_owned(),
        pattern: proof.pattern.clone(),
        file: proof.file.clone(),
    };
    let gates = document.gates.iter().zip(&resolution.gates);
    let mut pins: Vec<Pin> = gates
        .flat_map(|(gate, result)| result.proofs.iter().map(move |p| pin(&gate.name, p)))
        .collect();
    pins.extend(resolution.extra.iter().map(|p| pin("", p)));
    pins
}

/// What differs in `new` from `old`, which was sent as revision `since`.
pub fn compare(since: u32, old: &Contents, new: &Contents) -> Difference {
    let mut difference = Difference {
        since,
        materials: materials(&old.materials, &new.materials),
        evidence: evidence(&old.evidence, &new.evidence),
        ..Difference::default()
    };
    if old.subject != new.subject {
        difference.subject = Some((old.subject.clone(), new.subject.clone()));
    }
    match (&old.body, &new.body) {
        (Some(old), Some(new)) => difference.message = sections(old, new),
        // A digest that differs for nothing else differs for the text.
        _ => difference.message_unknown = difference.is_wording() && difference.subject.is_none(),
    }
    difference
}

fn materials(old: &[Text], new: &[Text]) -> Vec<MaterialDifference> {
    let mut found = Vec::new();
    for after in new {
        let before = old.iter().find(|o| o.file.path == after.file.path);
        if before.is_some_and(|b| b.file.sha256 == after.file.sha256) {
            continue;
        }
        let sections = match (before.and_then(|b| b.text.as_deref()), &after.text) {
            (Some(before), Some(after)) => sections(before, after),
            _ => Vec::new(),
        };
        found.push(MaterialDifference {
            path: after.file.path.clone(),
            title: title(after),
            what: before.map_or(Fate::Added, |_| Fate::Changed),
            sections,
        });
    }
    let gone = |text: &&Text| !new.iter().any(|n| n.file.path == text.file.path);
    found.extend(old.iter().filter(gone).map(|text| MaterialDifference {
        path: text.file.path.clone(),
        title: title(text),
        what: Fate::Removed,
        sections: Vec::new(),
    }));
    found
}

/// The first heading of a text, else the file's name.
fn title(text: &Text) -> String {
    let heading = text.text.as_deref().and_then(|source| {
        let headings = parser::headings(source);
        headings.into_iter().find(|h| h.level == 1).map(|h| h.text)
    });
    let name = || {
        let path = &text.file.path;
        path.rsplit('/').next().unwrap_or(path).to_owned()
    };
    heading.filter(|h| !h.is_empty()).unwrap_or_else(name)
}

fn evidence(old: &[(String, FileHash)], new: &[(String, FileHash)]) -> Vec<EvidenceDifference> {
    let mut gates: BTreeMap<&str, (Vec<&FileHash>, Vec<&FileHash>)> = BTreeMap::new();
    for (gate, file) in old {
        gates.entry(gate).or_default().0.push(file);
    }
    for (gate, file) in new {
        gates.entry(gate).or_default().1.push(file);
    }
    let mut found = Vec::new();
    for (gate, (mut before, mut after)) in gates {
        let same = |a: &FileHash, b: &FileHash| a.path == b.path && a.sha256 == b.sha256;
        let stays = |file: &FileHash, list: &[&FileHash]| list.iter().any(|o| same(o, file));
        let (all_before, all_after) = (before.clone(), after.clone());
        before.retain(|f| !stays(f, &all_after));
        after.retain(|f| !stays(f, &all_before));
        for index in 0..before.len().max(after.len()) {
            found.push(EvidenceDifference {
                gate: gate.to_owned(),
                before: before.get(index).map(|f| artifact(&f.path)),
                after: after.get(index).map(|f| artifact(&f.path)),
            });
        }
    }
    found
}

fn artifact(path: &str) -> Artifact {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stated = |text: &str| {
        let found = moments::find(text);
        found
            .last()
            .map(|(range, _)| text[range.clone()].to_owned())
    };
    Artifact {
        path: path.to_owned(),
        moment: stated(name).or_else(|| stated(path)),
    }
}

#[cfg(test)]
mod tests;
