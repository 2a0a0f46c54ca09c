use mail_parser::{MessageParser, MimeHeaders};

use super::*;
use crate::renderer::{
    letter::{Footer, NotAttached, PersonalBlock},
    mime::Attachment,
};

fn templates() -> Templates {
    Templates::new(&std::collections::BTreeMap::new()).unwrap()
}

fn letter() -> Letter {
    Letter {
        from: "Pier Training <training@example.com>".into(),
        reply_to: Some("replies@example.com".into()),
        to_name: Some("Noor Haddad".into()),
        to_address: "noor@example.com".into(),
        subject: "Night shift drill pack is ready".into(),
        lead: None,
        changes: None,
        body: "Team,\nthe pack is ready.\n\n- Status: <PENDING>\n- {{ not a template }}\n".into(),
        blocks: vec![PersonalBlock {
            name: "Noor Haddad".into(),
            ask: "Confirm the crane checklist".into(),
        }],
        footer: Footer {
            title: "Night shift drill".into(),
            document: "docs/night_shift_drill.md".into(),
            revision: Some(1),
            digest: Some("0123456789abcdef0123456789abcdef".into()),
            ledger_head: Some("fedcba9876543210".into()),
            token: Some("k3v9q2".into()),
            bundle_url: None,
            not_attached: vec![],
        },
        attachments: vec![],
        date: "2025-03-04T09:30:00Z".parse().unwrap(),
        message_id: "<night-1.noor@example.com>".into(),
        auto_submitted: false,
        notice: None,
    }
}

fn bodies(letter: &Letter, templates: &Templates) -> Result<(String, String), TemplateError> {
    Press::new(templates).bodies(letter)
}

fn composed(letter: &Letter) -> String {
    String::from_utf8(compose(letter, &templates()).unwrap()).unwrap()
}

fn refused(change: impl FnOnce(&mut Letter)) -> String {
    let mut letter = letter();
    change(&mut letter);
    compose(&letter, &templates()).unwrap_err().to_string()
}

#[test]
fn the_text_is_the_authors_then_the_block_then_the_facts() {
    let (text, _) = bodies(&letter(), &templates()).unwrap();
    assert_eq!(
        text,
        "Team,\nthe pack is ready.\n\n- Status: <PENDING>\n- {{ not a template }}\n\n\
         For Noor Haddad: Confirm the crane checklist\n\n\
         -- \nNight shift drill\nRevision 1, digest 0123456789ab, ledger fedcba987654\n\
         Document: docs/night_shift_drill.md\nRef: k3v9q2\n"
    );
}

#[test]
fn optional_parts_have_their_places() {
    let mut letter = letter();
    letter.lead = Some("A reminder.".into());
    letter.changes = Some("- **Checklist**: ten steps, was nine".into());
    letter.blocks.push(PersonalBlock {
        name: "Quay Lead".into(),
        ask: String::new(),
    });
    letter.footer.bundle_url = Some("https://example.com/b/".into());
    letter.footer.not_attached = vec![NotAttached {
        name: "big.log".into(),
        reason: "12 MB".into(),
    }];
    let (text, html) = bodies(&letter, &templates()).unwrap();
    assert!(text.starts_with("A reminder.\n\nChanged since the last revision:\n\n- **Checklist**: ten steps, was nine\n\nTeam,"));
    assert!(
        text.contains("\n\nFor Noor Haddad: Confirm the crane checklist\n\nFor Quay Lead\n\n-- \n")
    );
    assert!(text.contains("Bundle: https://example.com/b/\nNot attached: big.log (12 MB)\nRef: "));
    for part in [
        "A reminder.",
        "<strong>Checklist</strong>",
        "For Quay Lead",
        "big.log",
        "https://example.com/b/",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn a_bundle_that_is_no_web_address_is_no_link() {
    let mut letter = letter();
    letter.footer.bundle_url = Some("git.example.com/drill".into());
    let (_, html) = bodies(&letter, &templates()).unwrap();
    assert!(html.contains(">git.example.com/drill</td>"), "{html}");
}

#[test]
fn styles_are_inlined_and_nothing_is_loaded() {
    let (_, html) = bodies(&letter(), &templates()).unwrap();
    assert!(html.contains("<td class=\"card\" style=\""), "{html}");
    assert!(html.contains("prefers-color-scheme: dark"), "{html}");
    assert!(html.contains("&lt;PENDING&gt;"), "{html}");
    assert!(html.contains("{{ not a template }}"), "{html}");
    assert!(html.contains("Team,<br>"), "{html}");
    for word in ["<script", "<img", "<link", "src=", "url(", "@import"] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn headers_are_complete_and_depend_on_the_letter_alone() {
    let mut letter = letter();
    letter.auto_submitted = true;
    let text = composed(&letter);
    let head = text.split("\r\n\r\n").next().unwrap();
    let boundary = mime::boundary("alternative", &letter.message_id);
    assert_eq!(
        head,
        format!(
            "Date: Tue, 04 Mar 2025 09:30:00 +0000\r\n\
             From: \"Pier Training\" <training@example.com>\r\n\
             Reply-To: replies@example.com\r\n\
             To: \"Noor Haddad\" <noor@example.com>\r\n\
             Subject: Night shift drill pack is ready\r\n\
             Message-ID: <night-1.noor@example.com>\r\n\
             Auto-Submitted: auto-generated\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\""
        )
    );
    letter.auto_submitted = false;
    assert!(!composed(&letter).contains("Auto-Submitted"));
}

#[test]
fn boundaries_follow_the_message() {
    let ids = ["<a@example.com>", "<b@example.com>"];
    let mut all: Vec<String> = Vec::new();
    for id in ids {
        all.extend(["mixed", "alternative"].map(|part| mime::boundary(part, id)));
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|b| b.len() <= 70 && b.starts_with("=_")));
}

#[test]
fn attachments_arrive_byte_for_byte() {
    let files: Vec<(&str, &str, &[u8])> = vec![
        (
            "probe.log",
            "text/plain",
            b"HTTP/2 200\r\nx: y\n\rlone\rend",
        ),
        (
            "records.ndjson",
            "application/x-ndjson",
            b"{\"a\":1}\n{\"a\":2}\n",
        ),
        ("guide.md", "text/markdown", "# Über\n\n-- \n.\n".as_bytes()),
        ("rows.CSV", "text/csv", b"a,b\n1,2\n"),
        ("check.json", "application/json", b"{}"),
        ("latin.txt", "text/plain", b"caf\xe9\n"),
        ("blob", "application/octet-stream", &[0, 255, 13, 10, 13, 0]),
        ("empty.txt", "text/plain", b""),
        ("a \"quoted\" \\ name; x=y.txt", "text/plain", b"q"),
        (
            "übersicht für die nächtliche schicht am pier.md",
            "text/markdown",
            b"u",
        ),
    ];
    let mut letter = letter();
    letter.attachments = files
        .iter()
        .map(|(name, _, bytes)| Attachment::new(*name, bytes.to_vec()))
        .collect();
    let bytes = compose(&letter, &templates()).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.attachment_count(), files.len());
    for (at, (name, kind, content)) in files.iter().enumerate() {
        let part = parsed.attachment(at as u32).unwrap();
        assert_eq!(part.attachment_name(), Some(*name));
        let declared = part.content_type().unwrap();
        let declared = format!("{}/{}", declared.ctype(), declared.subtype().unwrap());
        assert_eq!(&declared, kind);
        let raw = &bytes[part.raw_body_offset() as usize..part.raw_end_offset() as usize];
        let stripped: Vec<u8> = raw
            .iter()
            .copied()
            .filter(|b| !b.is_ascii_whitespace())
            .collect();
        assert_eq!(decode_base64(&stripped), *content, "{name}");
    }
    assert_eq!(parsed.body_text(0).unwrap().lines().next(), Some("Team,"));
}

/// RFC 4648, without trusting the parser's charset conversions.
fn decode_base64(text: &[u8]) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("{other}"),
    };
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for b in text.iter().filter(|b| **b != b'=') {
        bits = (bits << 6) | u32::from(value(*b));
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

#[test]
fn lines_are_short_and_end_in_crlf() {
    let mut letter = letter();
    letter.body = format!("{}\nFrom here\n.\n", "word ".repeat(1000));
    letter.subject = "x".repeat(3000);
    letter.attachments = vec![Attachment::new("a.bin", vec![7; 10_000])];
    let text = composed(&letter);
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.is_ascii());
    let longest = text.split("\r\n").map(str::len).max();
    assert!(longest <= Some(78), "{longest:?}");
    let parsed = MessageParser::default().parse(text.as_bytes()).unwrap();
    assert_eq!(parsed.subject(), Some(letter.subject.as_str()));
}

#[test]
fn what_would_deceive_is_refused_and_shown() {
    for (error, says) in [
        (
            refused(|l| l.subject = "a\r\nBcc: b@example.com".into()),
            "subject `a\\u{d}\\u{a}Bcc",
        ),
        (
            refused(|l| l.to_name = Some("a\nb".into())),
            "`a\\u{a}b` has a line break",
        ),
        (
            refused(|l| l.to_name = Some("a\u{202e}b".into())),
            "reorders",
        ),
        (
            refused(|l| l.from = "a\r\n <a@example.com>".into()),
            "line break",
        ),
        (refused(|l| l.from = "nobody".into()), "not a mail address"),
        (
            refused(|l| l.reply_to = Some("a\u{200b}@example.com".into())),
            "invisible",
        ),
        (
            refused(|l| l.to_address = "a@ex\u{430}mple.com".into()),
            "mixes scripts",
        ),
        (
            refused(|l| l.message_id = "<a\r\n@b>".into()),
            "<left@right>",
        ),
        (refused(|l| l.message_id = "ab".into()), "<left@right>"),
        (
            refused(|l| l.date = "1969-12-31T00:00:00Z".parse().unwrap()),
            "1969",
        ),
        (
            refused(|l| l.attachments = vec![Attachment::new("a\nb", vec![])]),
            "attachment's name `a\\u{a}b`",
        ),
        (
            refused(|l| {
                l.attachments = vec![Attachment {
                    content_type: "a\r\nb".into(),
                    ..Attachment::new("a", vec![])
                }];
            }),
            "no MIME type",
        ),
    ] {
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn names_and_domains_beyond_ascii_are_encoded() {
    let mut letter = letter();
    letter.to_name = Some("Zoë “Z” Ångström, Ünlü".into());
    letter.to_address = "zoe@bücher.example".into();
    letter.subject =
        "Übung ✅ – die Nachtschicht ist bereit 👩\u{200d}🚀 und alle wissen Bescheid".into();
    let text = composed(&letter);
    assert!(text.is_ascii());
    let parsed = MessageParser::default().parse(text.as_bytes()).unwrap();
    let to = parsed.to().unwrap().first().unwrap();
    assert_eq!(to.name(), letter.to_name.as_deref());
    assert_eq!(to.address(), Some("zoe@xn--bcher-kva.example"));
    assert_eq!(parsed.subject(), Some(letter.subject.as_str()));
}

#[test]
fn deep_nesting_neither_panics_nor_hangs() {
    for body in [
        ">".repeat(20_000),
        "- ".repeat(5_000),
        "[".repeat(20_000),
        "*a ".repeat(20_000),
        format!("https://example.com/{}", ")".repeat(50_000)),
        "a@".repeat(20_000),
    ] {
        let letter = Letter { body, ..letter() };
        // Refused or written: either is an answer.
        let _ = compose(&letter, &templates());
    }
}

mod notices;
mod properties;

#[test]
fn the_parts_are_put_together_as_lettre_does() {
    use lettre::message::{MultiPart, header::ContentType};
    let mut letter = letter();
    letter.attachments = vec![
        Attachment::new("crane.log", b"HTTP/1.1 200 OK\r\n".repeat(40)),
        Attachment::new("plän.md", "# Plän\n".as_bytes().to_vec()),
    ];
    let (text, html) = bodies(&letter, &templates()).unwrap();
    let part = |kind, text: &str| mime::text_part(kind, text).unwrap();
    let alternative = MultiPart::alternative()
        .boundary(mime::boundary("alternative", &letter.message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &text))
        .singlepart(part(ContentType::TEXT_HTML, &html));
    let mixed = MultiPart::mixed()
        .boundary(mime::boundary("mixed", &letter.message_id))
        .multipart(alternative);
    let files = letter.attachments.iter();
    let whole = files
        .map(|f| mime::attachment_part(f).unwrap().unwrap())
        .fold(mixed, MultiPart::singlepart);
    let composed = composed(&letter);
    let (_, body) = composed.split_once("MIME-Version: 1.0\r\n").unwrap();
    assert_eq!(body, String::from_utf8(whole.formatted()).unwrap());
}
