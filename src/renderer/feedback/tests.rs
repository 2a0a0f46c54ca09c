use super::*;

fn templates(feedback: Option<&str>) -> Templates {
    let own = feedback.map(|text| ("feedback_entry.md.tera".to_owned(), text.to_owned()));
    Templates::new(&own.into_iter().collect()).unwrap()
}

fn entry() -> FeedbackEntry {
    FeedbackEntry {
        reference: "k3v9q2".into(),
        at: "2025-03-04T09:30:05Z".parse().unwrap(),
        subject: "Night shift *drill* pack\n# is ready".into(),
        document: "docs/night_shift_drill.md".into(),
        later: false,
        revision: 1,
        digest: "bb".repeat(32),
        recipients: vec![
            FeedbackRecipient {
                key: "email:noor@example.com".into(),
                name: "Noor Haddad".into(),
                address: "noor@example.com".into(),
                state: "sent",
                at: Some("2025-03-04T09:30:05Z".parse().unwrap()),
            },
            FeedbackRecipient {
                key: "email:quay@example.com".into(),
                name: "Quay | Lead".into(),
                address: "quay@example.com".into(),
                state: "pending",
                at: None,
            },
        ],
        bundle: "../artifacts/pier/drill (1)/".into(),
        evidence: vec![FeedbackEvidence {
            gate: "Crane probe".into(),
            path: "artifacts/crane/probe.log".into(),
            sha256: "cc".repeat(32),
        }],
    }
}

#[test]
fn the_entry_reads_as_it_should() {
    insta::assert_snapshot!(feedback_entry(&entry(), &templates(None)).unwrap());
}

#[test]
fn an_entry_is_added_once() {
    let text = feedback_entry(&entry(), &templates(None)).unwrap();
    for (before, gap) in [
        ("", ""),
        ("# Feedback", "\n\n"),
        ("# Feedback\n", "\n"),
        ("a\n\n", ""),
    ] {
        let after = with_entry(before, &text, "k3v9q2").unwrap();
        assert_eq!(after, format!("{before}{gap}{text}"));
        assert_eq!(with_entry(&after, &text, "k3v9q2"), None);
        assert!(with_entry(&after, &text, "k3v9q3").is_some());
    }
    let crlf = with_entry("a\r\n", &text, "k3v9q2").unwrap();
    assert!(!crlf.replace("\r\n", "").contains('\n'));
}

#[test]
fn a_marker_cannot_end_early() {
    assert_eq!(marker("a--><b>"), "<!-- packet:ab -->");
}

#[test]
fn a_template_without_the_marker_is_refused() {
    let error = feedback_entry(&entry(), &templates(Some("{{ subject }}"))).unwrap_err();
    assert_eq!(error.kind, TemplateErrorKind::BadOutput);
}
