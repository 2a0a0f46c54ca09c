//! One pattern of one gate: choose the artifact, read it to its end, say what it proves.

use jiff::Timestamp;

use super::{
    choice::{self, Decision},
    examine,
    source::{EvidenceSource, OpenError},
};
use crate::model::{
    evidence::{Candidate, FileHash, Findings},
    pattern::Pattern,
    requirement::Stated,
    resolution::Proof,
};

/// What one pattern came to.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Why it proves nothing; empty: it proves.
    pub holds: Vec<String>,
    /// What it leaves unsaid, which a person who looks at it may settle.
    pub unsaid: Vec<String>,
    /// What a careful reader would add.
    pub notes: Vec<String>,
    /// The deciding artifact; its hash is empty where it could not be read.
    pub proof: Option<Proof>,
    /// How it was read.
    pub findings: Option<Findings>,
}

/// Chooses among what matches `pattern` and examines the winner.
pub fn newest<S: EvidenceSource>(
    source: &S,
    pattern: &Pattern,
    demands: &[Stated],
    now: Timestamp,
) -> Judgement {
    let choice = choice::choose(pattern, source.candidates(pattern), now);
    let mut judgement = match choice.decision {
        Decision::Chosen(candidate) => file(source, pattern, &candidate, demands, now),
        Decision::Hold(hold) => Judgement {
            holds: vec![hold.to_string()],
            ..Judgement::default()
        },
    };
    judgement.notes.splice(0..0, choice.notes);
    judgement
}

/// Examines one file, however it was chosen.
pub fn file<S: EvidenceSource>(
    source: &S,
    pattern: &Pattern,
    candidate: &Candidate,
    demands: &[Stated],
    now: Timestamp,
) -> Judgement {
    let mut judgement = Judgement {
        notes: candidate.notes.clone(),
        ..Judgement::default()
    };
    let proof = |sha256: String, size: u64| Proof {
        pattern: pattern.text().to_owned(),
        file: FileHash {
            path: candidate.path.clone(),
            sha256,
            size,
        },
        moment: candidate.moment,
    };
    judgement.proof = Some(proof(String::new(), 0));
    let cannot = |error: std::io::Error| {
        OpenError::CannotRead {
            path: candidate.path.clone(),
            reason: error.to_string(),
        }
        .to_string()
    };
    let mut reading = match source.open(&candidate.path) {
        Ok(reading) => reading,
        Err(error) => {
            judgement.holds.push(error.to_string());
            return judgement;
        }
    };
    let name = candidate.path.rsplit('/').next().unwrap_or(&candidate.path);
    let workers = source.workers();
    match examine::examine(&mut reading, name, demands, now, candidate.moment, workers) {
        Ok(findings) => {
            let file = &candidate.path;
            judgement
                .holds
                .extend(findings.holds.iter().map(|h| format!("`{file}`: {h}")));
            judgement
                .unsaid
                .extend(findings.unsaid.iter().map(|h| format!("`{file}`: {h}")));
            judgement.notes.extend(findings.notes.iter().cloned());
            judgement.findings = Some(findings);
        }
        Err(error) => judgement.holds.push(cannot(error)),
    }
    match reading.finish() {
        Ok(hash) => judgement.proof = Some(proof(hash.sha256, hash.size)),
        Err(error) => judgement.holds.push(cannot(error)),
    }
    judgement
}
