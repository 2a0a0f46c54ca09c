//! A made-up state in which everything is clear and sent, for any document.

use packet::model::{
    acknowledgement::{Acknowledgement, Acknowledgements, Blocker, Confirmed},
    document::Document,
    evidence::FileHash,
    history::{Delivery, Revision},
    plan::{DeliveryState, Via},
    resolution::{
        Filling, GateKind, GateResult, Laid, LeafResult, Proof, Resolution, Source, Verdict,
    },
    roster::{Person, Roster},
    wanted::{channel_key, email_key},
};

fn file(path: &str) -> FileHash {
    FileHash {
        path: path.to_owned(),
        sha256: "0".repeat(64),
        size: 1,
    }
}

/// The document with everything clear and everything sent, as far as it says anything.
pub fn settled(document: &Document) -> (Resolution, Roster, Revision) {
    let mut resolution = Resolution {
        root: "artifacts/x/y".to_owned(),
        files: vec![Laid {
            to: "a".to_owned(),
            from: file("a"),
            evidence: true,
        }],
        digest: Some("0".repeat(64)),
        ..Resolution::default()
    };
    for gate in &document.gates {
        let patterns = gate.paths.iter().filter_map(|p| p.pattern.as_ref().ok());
        resolution.gates.push(GateResult {
            kind: if gate.paths.is_empty() {
                GateKind::Manual
            } else {
                GateKind::Artifact
            },
            verdict: Verdict::Clear,
            reason: String::new(),
            notes: Vec::new(),
            proofs: patterns
                .map(|p| Proof {
                    pattern: p.text().to_owned(),
                    file: file("artifacts/found_2026-01-01T00-00-00Z.log"),
                    moment: None,
                })
                .collect(),
            requirements: Vec::new(),
            words: Vec::new(),
            attestable: false,
            text_sha256: String::new(),
        });
    }
    for placeholder in &document.placeholders {
        resolution.placeholders.push(match &placeholder.asks {
            Ok(_) => Filling::Artifact("artifacts/found_2026-01-01T00-00-00Z.log".to_owned()),
            Err(why) => Filling::Open(why.clone()),
        });
    }
    for leaf in document.layout.iter().flat_map(|l| &l.leaves) {
        resolution.layout.push(LeafResult {
            leaf: leaf.path.clone(),
            laid: format!("{}/found_2026-01-01T00-00-00Z.log", leaf.folder()),
            source: Source::Evidence(file("artifacts/found_2026-01-01T00-00-00Z.log")),
            notes: Vec::new(),
        });
    }
    let address = |n: usize| format!("p{n}@example.com");
    let count = document.recipients.len();
    let roster = Roster {
        people: (0..count)
            .map(|n| Person {
                contact: None,
                address: Some(address(n)),
                addresses: vec![address(n)],
            })
            .collect(),
        rows: (0..document.tracker_rows().count())
            .map(|n| (n < count).then_some(n))
            .collect(),
        ..Roster::default()
    };
    let keys = (0..count).map(|n| email_key(&address(n))).chain(
        document
            .channels
            .iter()
            .map(|c| channel_key(c.kind, &c.target)),
    );
    let deliveries = keys
        .map(|key| {
            let delivery = Delivery {
                names: Vec::new(),
                state: DeliveryState::Sent,
                via: Via::Smtp,
                at: jiff::Timestamp::UNIX_EPOCH,
                outcome: None,
                sha256: None,
                message_id: None,
                token: None,
            };
            (key, delivery)
        })
        .collect();
    let revision = Revision {
        number: 1,
        digest: "0".repeat(64),
        started: jiff::Timestamp::UNIX_EPOCH,
        subject: String::new(),
        body: None,
        evidence: Vec::new(),
        materials: Vec::new(),
        deliveries,
    };
    (resolution, roster, revision)
}

/// Everyone has reviewed and confirmed, and asks something that would spoil a table.
pub fn answered(document: &Document) -> Acknowledgements {
    let at = jiff::Timestamp::from_second(86_400).unwrap();
    let text = "a | b <c> `d` [e](f) {{ g }} \\ h";
    let word = Confirmed {
        at,
        revision: 1,
        how: String::new(),
        note: None,
    };
    let person = |name: &String| Acknowledgement {
        name: name.clone(),
        expected: true,
        asked: Some(at),
        reviewed: Some(word.clone()),
        acknowledged: Some(word.clone()),
        void: Vec::new(),
        blockers: vec![Blocker {
            text: text.to_owned(),
            at,
            revision: 1,
        }],
        sendings: Vec::new(),
        times: vec![at],
        raised: vec![text.to_owned()],
    };
    Acknowledgements {
        revision: Some(1),
        people: document
            .recipients
            .iter()
            .map(|r| person(&r.name))
            .collect(),
        ..Acknowledgements::default()
    }
}
