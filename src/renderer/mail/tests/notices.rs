use mail_parser::{HeaderValue, MessageParser, MimeHeaders, PartType};

use super::*;
use crate::renderer::letter::{Calendar, CalendarMethod, NoticeParts};

fn notice(parts: NoticeParts) -> Letter {
    Letter {
        body: "Your confirmation is still missing.\n".into(),
        notice: Some(parts),
        ..letter()
    }
}

#[test]
fn a_notice_has_words_of_its_own() {
    let (text, html) = bodies(&notice(NoticeParts::default()), &templates()).unwrap();
    assert_eq!(
        text,
        "Your confirmation is still missing.\n\n\
         For Noor Haddad: Confirm the crane checklist\n\n\
         -- \nAbout Night shift drill\nRevision 1, digest 0123456789ab\nLedger: fedcba987654\n\
         Document: docs/night_shift_drill.md\nRef: k3v9q2\n"
    );
    assert!(html.contains("For Noor Haddad") && html.contains("Ref: k3v9q2"));
}

#[test]
fn a_document_that_was_never_sent_has_no_revision() {
    let mut letter = notice(NoticeParts::default());
    (letter.footer.revision, letter.footer.digest) = (None, None);
    let (text, html) = bodies(&letter, &templates()).unwrap();
    assert!(!text.contains("Revision") && !html.contains("Revision"));
}

#[test]
fn it_follows_the_mail_it_is_about() {
    let parts = NoticeParts {
        follows: Some("<first@example.com>".into()),
        calendar: None,
    };
    let bytes = compose(&notice(parts), &templates()).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    let id = HeaderValue::Text("first@example.com".into());
    assert_eq!((parsed.in_reply_to(), parsed.references()), (&id, &id));
    let bad = NoticeParts {
        follows: Some("<a@b>\r\nBcc: x@example.com".into()),
        calendar: None,
    };
    assert!(compose(&notice(bad), &templates()).is_err());
}

#[test]
fn a_calendar_is_the_last_alternative() {
    let text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Übung\r\nEND:VCALENDAR\r\n";
    let parts = NoticeParts {
        follows: None,
        calendar: Some(Calendar {
            method: CalendarMethod::Request,
            text: text.into(),
        }),
    };
    let mut letter = notice(parts);
    for attachments in [vec![], vec![Attachment::new("event.ics", text.as_bytes())]] {
        letter.attachments = attachments;
        let bytes = compose(&letter, &templates()).unwrap();
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let alternative = parsed
            .parts
            .iter()
            .find(|p| p.content_type().and_then(|c| c.subtype()) == Some("alternative"))
            .unwrap();
        let PartType::Multipart(inside) = &alternative.body else {
            panic!("{alternative:?}");
        };
        let last = parsed.part(*inside.last().unwrap()).unwrap();
        let kind = last.content_type().unwrap();
        assert_eq!((kind.ctype(), kind.subtype()), ("text", Some("calendar")));
        assert_eq!(kind.attribute("method"), Some("REQUEST"));
        assert_eq!(last.text_contents(), Some(text));
        assert_eq!(inside.len(), 3);
    }
}
