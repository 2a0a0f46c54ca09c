//! The tree's leaves: what each is laid from.

use super::{
    materials::{self, Shelf},
    source::{EvidenceSource, OpenError},
};
use crate::{
    model::{
        document::{Document, Leaf},
        resolution::{GateResult, Laid, LeafResult, Proof, Source, Verdict},
    },
    parser::moments::without_moments,
};

/// Files that the tool writes into every bundle itself.
pub const GENERATED: &[&str] = &[
    "packet.md",
    "packet.html",
    "distribution_log.md",
    "ledger.ndjson",
    "SHA256SUMS",
];

/// Whether some part of `path` is `.git` or `.packet`, in any spelling that a file system takes
/// for them.
pub fn is_reserved(path: &str) -> bool {
    path.split('/').any(|part| {
        let part = part.trim_end_matches(['.', ' ']);
        part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(".packet")
    })
}

/// The evidence a leaf can be met by, and the patterns of waived gates.
pub struct Stock<'a> {
    /// Artifacts of clear gates and placeholders.
    pub proofs: Vec<&'a Proof>,
    /// Pattern and words of waived gates.
    pub waived: Vec<(String, String)>,
    /// Pattern and gate name of gates on hold.
    pub held: Vec<(String, String)>,
}

impl<'a> Stock<'a> {
    /// Sorts gate results by what they can lay.
    pub fn of(document: &Document, results: &'a [GateResult], extra: &'a [Proof]) -> Self {
        let mut stock = Stock {
            proofs: extra.iter().collect(),
            waived: Vec::new(),
            held: Vec::new(),
        };
        for (gate, result) in document.gates.iter().zip(results) {
            match result.verdict {
                Verdict::Clear => stock.proofs.extend(&result.proofs),
                Verdict::Waived | Verdict::Hold => {
                    let list = if result.verdict == Verdict::Waived {
                        &mut stock.waived
                    } else {
                        &mut stock.held
                    };
                    let patterns = gate.paths.iter().filter_map(|p| p.pattern.as_ref().ok());
                    let said = if result.verdict == Verdict::Waived {
                        &result.reason
                    } else {
                        &gate.name
                    };
                    list.extend(patterns.map(|p| (p.text().to_owned(), said.clone())));
                }
            }
        }
        stock
    }
}

/// Resolves every leaf of the document's tree.
pub fn leaves<S: EvidenceSource>(
    document: &Document,
    stock: &Stock<'_>,
    shelf: &mut Shelf<'_, S>,
) -> Vec<LeafResult> {
    let leaves = document.layout.iter().flat_map(|l| &l.leaves);
    leaves
        .map(|leaf| resolve(leaf, document, stock, shelf))
        .collect()
}

fn resolve<S: EvidenceSource>(
    leaf: &Leaf,
    document: &Document,
    stock: &Stock<'_>,
    shelf: &mut Shelf<'_, S>,
) -> LeafResult {
    let result = |laid: String, source: Source, notes: Vec<String>| LeafResult {
        leaf: leaf.path.clone(),
        laid,
        source,
        notes,
    };
    let here = || leaf.path.clone();
    if leaf.path.split('/').any(|p| p == ".." || p == ".") || leaf.path.contains('\\') {
        return result(
            here(),
            Source::Missing("it leads out of the bundle folder".to_owned()),
            vec![],
        );
    }
    let first = leaf.folder().split('/').next().unwrap_or("");
    let own = first == "revisions" || GENERATED.contains(&first);
    if own || is_reserved(&leaf.path) {
        return result(
            here(),
            Source::Missing(
                "it lies where only git or packet itself writes; draw it in another folder"
                    .to_owned(),
            ),
            vec![],
        );
    }
    if GENERATED.contains(&leaf.path.as_str()) {
        return result(here(), Source::Generated, vec![]);
    }
    let key = without_moments(leaf.name());
    let file_key = |path: &str| without_moments(path.rsplit('/').next().unwrap_or(path));
    let mut met: Vec<&Proof> = Vec::new();
    for proof in stock
        .proofs
        .iter()
        .filter(|p| file_key(&p.file.path) == key)
    {
        if !met.iter().any(|m| m.file.path == proof.file.path) {
            met.push(proof);
        }
    }
    match met.as_slice() {
        [proof] => {
            let name = proof
                .file
                .path
                .rsplit('/')
                .next()
                .unwrap_or(&proof.file.path);
            let folder = leaf.folder();
            let laid = if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            };
            return result(
                laid,
                Source::Evidence(proof.file.clone()),
                date_note(leaf, proof),
            );
        }
        [] => {}
        several => {
            let names: Vec<&str> = several.iter().map(|p| p.file.path.as_str()).collect();
            let why = format!(
                "both `{}` would be laid here; give the leaf a name that tells them apart",
                names.join("` and `")
            );
            return result(here(), Source::Missing(why), vec![]);
        }
    }
    if let Some((_, said)) = stock.waived.iter().find(|(p, _)| file_key(p) == key) {
        return result(here(), Source::Waived(said.clone()), vec![]);
    }
    if let Some((_, gate)) = stock.held.iter().find(|(p, _)| file_key(p) == key) {
        return result(here(), Source::Held(gate.clone()), vec![]);
    }
    let source = material(leaf, document, shelf);
    result(here(), source, vec![])
}

fn date_note(leaf: &Leaf, proof: &Proof) -> Vec<String> {
    let drawn = crate::parser::moments::iter(leaf.name())
        .next()
        .map(|(_, m)| m.date())
        .or_else(|| {
            let digits = leaf.name().find(|c: char| c.is_ascii_digit())?;
            crate::parser::moments::date_prefix(&leaf.name()[digits..]).map(|(_, date)| date)
        });
    match (drawn, proof.moment) {
        (Some(drawn), Some(moment)) if moment.date() != drawn => {
            vec![format!("drawn for {drawn}, laid from {}", moment.date())]
        }
        _ => Vec::new(),
    }
}

fn material<S: EvidenceSource>(
    leaf: &Leaf,
    document: &Document,
    shelf: &mut Shelf<'_, S>,
) -> Source {
    let (name, version) = match materials::versioned(leaf.name()) {
        Some((name, version)) => (name, Some(version)),
        None => (leaf.name().to_owned(), None),
    };
    let paths = materials::named(document, &name);
    let mut there = Vec::new();
    let mut trouble = None;
    for path in &paths {
        match shelf.get(path) {
            Ok(material) => there.push(material),
            Err(OpenError::Missing { .. }) => {}
            Err(error) => trouble = Some(error.to_string()),
        }
    }
    if let Some(trouble) = trouble {
        return Source::Missing(trouble);
    }
    match there.as_slice() {
        [] if paths.is_empty() => Source::Missing(format!(
            "no gate and no document named in the text fits; name the path of `{name}` in the text"
        )),
        [] => Source::Missing(format!("`{}` does not exist", paths[0])),
        [one] => match (version, &one.version) {
            (None, _) => Source::Material(one.file.clone()),
            (Some(wanted), Some(found)) if wanted == found => Source::Material(one.file.clone()),
            (Some(wanted), Some(found)) => Source::Missing(format!(
                "`{}` says last_reviewed {found}, the tree asks for {wanted}; correct one of the two",
                one.file.path
            )),
            (Some(wanted), None) => Source::Missing(format!(
                "`{}` has no last_reviewed, the tree asks for {wanted}; add it to its front matter",
                one.file.path
            )),
        },
        several => {
            let names: Vec<&str> = several.iter().map(|m| m.file.path.as_str()).collect();
            Source::Missing(format!(
                "both `{}` are named in the text; keep one of them",
                names.join("` and `")
            ))
        }
    }
}

/// The frozen files of the bundle, sorted by where they are laid; without a tree, evidence below
/// `evidence/` and the materials that the notification names below `materials/`.
pub fn files<S: EvidenceSource>(
    document: &Document,
    leaves: &[LeafResult],
    stock: &Stock<'_>,
    shelf: &mut Shelf<'_, S>,
) -> Vec<Laid> {
    let mut files: Vec<Laid> = Vec::new();
    let mut lay = |to: String, from: &crate::model::evidence::FileHash, evidence: bool| {
        if !files.iter().any(|f| {
            f.to == to
                || (f.from.path == from.path && f.evidence == evidence && document.layout.is_none())
        }) {
            files.push(Laid {
                to,
                from: from.clone(),
                evidence,
            });
        }
    };
    for leaf in leaves {
        match &leaf.source {
            Source::Evidence(file) => lay(leaf.laid.clone(), file, true),
            Source::Material(file) => lay(leaf.laid.clone(), file, false),
            Source::Generated | Source::Waived(_) | Source::Held(_) | Source::Missing(_) => {}
        }
    }
    if document.layout.is_none() {
        for proof in &stock.proofs {
            let path = &proof.file.path;
            let name = path.rsplit('/').next().unwrap_or(path);
            // Two artifacts of one name keep their folders.
            let clash = stock
                .proofs
                .iter()
                .any(|p| p.file.path != *path && p.file.path.ends_with(&format!("/{name}")));
            let to = if clash {
                format!("evidence/{path}")
            } else {
                format!("evidence/{name}")
            };
            lay(to, &proof.file, true);
        }
        for mention in document
            .mentions
            .iter()
            .filter(|m| m.notification.is_some())
        {
            let known = stock.proofs.iter().any(|p| p.file.path == mention.path);
            if known || mention.path == document.path {
                continue;
            }
            if let Ok(material) = shelf.get(&mention.path) {
                lay(format!("materials/{}", mention.path), &material.file, false);
            }
        }
    }
    files.sort_by(|a, b| a.to.cmp(&b.to));
    files
}
