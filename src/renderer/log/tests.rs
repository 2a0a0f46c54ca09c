use super::*;
use crate::renderer::doc_hash;

fn templates(log: Option<&str>) -> Templates {
    let own = log.map(|text| ("distribution_log.md.tera".to_owned(), text.to_owned()));
    Templates::new(&own.into_iter().collect()).unwrap()
}

fn log() -> DistributionLog {
    DistributionLog {
        epoch: "2025.03".into(),
        doc: "artifacts/pier/drill/distribution_log.md".into(),
        owner: "pier: training".into(),
        last_reviewed: "2025-03-04".parse().unwrap(),
        expires: "2025-03-31".into(),
        title: "Night shift | drill".into(),
        document: "docs/night_shift_drill.md".into(),
        document_sha256: Some("aa".repeat(32)),
        state: "partial".into(),
        revision: Some(1),
        digest: Some("bb".repeat(32)),
        subject: Some("Night shift *drill* pack".into()),
        gates: vec![
            LogGate {
                name: "Crane probe".into(),
                kind: GateKind::Artifact,
                verdict: Verdict::Clear,
                reason: "HTTP 200 in every exchange".into(),
                by: None,
            },
            LogGate {
                name: "Rota".into(),
                kind: GateKind::Manual,
                verdict: Verdict::Waived,
                reason: "two shifts | one rota".into(),
                by: Some("Noor Haddad".into()),
            },
        ],
        evidence: vec![LogEvidence {
            gate: "Crane probe".into(),
            path: "artifacts/crane/probe_2025-03-03T18:00:00Z.log".into(),
            laid: Some("evidence/probe_2025-03-03T18:00:00Z.log".into()),
            moment: Some(Moment::exact("2025-03-03T18:00:00.250Z".parse().unwrap())),
            size: 812,
            sha256: "cc".repeat(32),
        }],
        materials: vec![LogMaterial {
            path: "docs/guides/crane_guide.md".into(),
            laid: None,
            version: Some("2025-03-01".into()),
            sha256: "dd".repeat(32),
        }],
        revisions: vec![
            LogRevision {
                number: 1,
                at: "2025-03-04T09:30:00Z".parse().unwrap(),
                digest: "0".repeat(64),
                subject: "Doors | open".to_owned(),
                changes: Vec::new(),
            },
            LogRevision {
                number: 2,
                at: "2025-03-05T09:30:00Z".parse().unwrap(),
                digest: "1".repeat(64),
                subject: "Doors open".to_owned(),
                changes: vec![
                    "“Steps” in Guide: was “a | b”, now “<c>”".to_owned(),
                    "Plan is new".to_owned(),
                ],
            },
        ],
        deliveries: vec![
            LogDelivery {
                revision: 1,
                recipient: "Noor Haddad".into(),
                address: "noor@example.com".into(),
                channel: "email".into(),
                via: Some(Via::Smtp),
                state: "sent",
                at: Some("2025-03-04T09:30:05Z".parse().unwrap()),
                detail: "250 2.0.0 Ok: queued as <4Z|x>\r\n".into(),
                message_id: Some("<night-1@example.com>".into()),
            },
            LogDelivery {
                revision: 1,
                recipient: "Slack".into(),
                address: "#pier".into(),
                channel: "slack".into(),
                via: None,
                state: "pending",
                at: None,
                detail: String::new(),
                message_id: None,
            },
        ],
        acknowledgements: vec![LogAcknowledgement {
            name: "Noor Haddad".into(),
            revision: 1,
            at: "2025-03-04T11:00:00Z".parse().unwrap(),
            said: "confirmed".into(),
            how: "by hand: Imani Osei".into(),
            words: String::new(),
        }],
        ledger_head: Some("ee".repeat(32)),
        ledger_entries: 9,
    }
}

#[test]
fn the_log_reads_as_it_should() {
    insta::assert_snapshot!(distribution_log(&log(), &templates(None)).unwrap());
}

#[test]
fn an_empty_log_has_no_empty_tables() {
    let text = distribution_log(
        &DistributionLog {
            revision: None,
            digest: None,
            subject: None,
            document_sha256: None,
            gates: vec![],
            evidence: vec![],
            materials: vec![],
            revisions: vec![],
            deliveries: vec![],
            acknowledgements: vec![],
            ledger_head: None,
            ..log()
        },
        &templates(None),
    )
    .unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn its_hash_is_that_of_its_own_body() {
    let text = distribution_log(&log(), &templates(None)).unwrap();
    let hash = doc_hash::doc_hash(&text);
    assert!(text.contains(&format!("\ndoc_hash: {hash}\n")), "{text}");
}

#[test]
fn a_template_that_hashes_itself_is_refused() {
    let own = templates(Some("---\ndoc_hash: {{ doc_hash }}\n---\n{{ doc_hash }}\n"));
    let error = distribution_log(&log(), &own).unwrap_err();
    assert_eq!(
        error.kind,
        crate::renderer::templates::TemplateErrorKind::BadOutput
    );
}
