//! What a MIME parser finds in each message.

use super::*;

#[test]
fn a_mime_parser_finds_each_message_well_made() {
    let server = server(vec![]);
    let scratch = workspace(&server);
    send(&scratch).exits(0);
    let mut ids = BTreeSet::new();
    for (to, name) in PEOPLE
        .iter()
        .zip(["Edda Lund", "Jonas Brandt", "Timetable Desk"])
    {
        let bytes = held(&server, to).remove(0);
        let mail = MessageParser::default().parse(&bytes).unwrap();
        well_made(&mail, to, Some(name));
        ids.insert(mail.message_id().unwrap().to_owned());
        let text = mail.body_text(0).unwrap();
        assert!(text.contains(&format!("For {name}:")), "{text}");
        for part in [0, 1] {
            let others = PEOPLE.iter().filter(|p| *p != to);
            let body = if part == 0 {
                mail.body_text(0)
            } else {
                mail.body_html(0)
            };
            let body = body.unwrap();
            assert!(others.clone().all(|o| !body.contains(o)), "{body}");
        }
        attached(
            &scratch,
            &mail,
            &[
                (
                    "scanner_guide_v2026-02-20.md",
                    "docs/guides/scanner_guide.md",
                ),
                (
                    "probe_2026-03-01T08-00-00Z.log",
                    "artifacts/gangway/2026-03-01/probe_2026-03-01T08-00-00Z.log",
                ),
                (
                    "scan-2026-03-01T09-30-00Z.ndjson",
                    "artifacts/tickets/scan-2026-03-01T09-30-00Z.ndjson",
                ),
            ],
        );
    }
    let bytes = held(&server, ANNOUNCED).remove(0);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    well_made(&mail, ANNOUNCED, None);
    ids.insert(mail.message_id().unwrap().to_owned());
    assert!(!mail.body_text(0).unwrap().contains("For "));
    attached(
        &scratch,
        &mail,
        &[(
            "scanner_guide_v2026-02-20.md",
            "docs/guides/scanner_guide.md",
        )],
    );
    assert_eq!(ids.len(), 4, "{ids:?}");
}

fn well_made(mail: &Message<'_>, to: &str, name: Option<&str>) {
    let only = |address: Option<&mail_parser::Address<'_>>| {
        let list = address.unwrap().clone().into_list();
        assert_eq!(list.len(), 1, "{list:?}");
        let first = &list[0];
        (
            first.name.as_deref().map(str::to_owned),
            first.address.as_deref().unwrap().to_owned(),
        )
    };
    assert_eq!(
        only(mail.from()),
        (
            Some("Quayside Training".into()),
            "training@example.com".into()
        )
    );
    assert_eq!(only(mail.to()), (name.map(str::to_owned), to.into()));
    assert_eq!(only(mail.reply_to()).1, "answers@example.com");
    assert!(mail.cc().is_none() && mail.bcc().is_none());
    assert_eq!(
        mail.subject(),
        Some("Ticket scanners on the quay from 9 March")
    );
    assert_eq!(
        mail.date().unwrap().to_timestamp(),
        1_772_452_800,
        "that is --now"
    );
    assert!(mail.message_id().unwrap().ends_with("@example.com"));
    let text = mail.body_text(0).unwrap();
    assert!(
        text.contains("Probe: artifacts/gangway/2026-03-01/probe_2026-03-01T08-00-00Z.log"),
        "{text}"
    );
    assert!(
        text.contains("\n.. and mind the gap."),
        "leading dots survive: {text}"
    );
    assert!(!text.contains("PLACEHOLDER"), "{text}");
    let html = mail.body_html(0).unwrap();
    assert!(
        html.contains("tickets are scanned on the gangway") && html.contains("<p"),
        "{html}"
    );
    assert!(
        !html.contains("<script") && !html.contains("<img"),
        "{html}"
    );
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
}

fn attached(scratch: &Scratch, mail: &Message<'_>, expected: &[(&str, &str)]) {
    let found: Vec<_> = mail
        .attachments()
        .map(|part| {
            (
                part.attachment_name().unwrap().to_owned(),
                part.contents().to_vec(),
            )
        })
        .collect();
    let wanted: Vec<_> = expected
        .iter()
        .map(|(name, path)| {
            (
                (*name).to_owned(),
                fs::read(scratch.root().join(path)).unwrap(),
            )
        })
        .collect();
    assert_eq!(found, wanted);
}
