use proptest::prelude::*;

use super::*;
use crate::model::mail::Words;

fn plain(body: &str) -> Content {
    read(format!("From: Ann Lee <ann@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}").as_bytes()).content
}

fn verdict(content: &Content) -> &'static str {
    match content {
        Content::Words(Words::Confirms(_)) => "confirms",
        Content::Words(Words::Undecided { .. }) => "undecided",
        Content::Words(Words::Open(_)) => "open",
        Content::Returned(..) => "returned",
        Content::Attendance(_) => "attendance",
        Content::Automatic(_) => "automatic",
        Content::Report(_) => "report",
        Content::Unclear(_) => "unclear",
    }
}

#[test]
fn what_new_text_comes_to() {
    let cases = [
        ("✅", "confirms"),
        ("✔️\n", "confirms"),
        ("Please confirm the date", "undecided"),
        ("Please read page 3", "undecided"),
        ("I have yet to read it", "open"),
        ("I have confirmed with Ben that we are closed", "undecided"),
        ("Confirmed with thanks", "confirms"),
        ("Ben confirmed it", "undecided"),
        ("Approved by Ben", "undecided"),
        ("I will confirm tomorrow", "undecided"),
        ("Thanks for sending this over.", "undecided"),
        ("Confirmed. Let me know if anything changes.", "confirms"),
        ("I have no questions and confirm.", "confirms"),
        ("Yes! Everything is in place on our end.", "confirms"),
        ("I no longer work there", "undecided"),
        ("👍🏽", "confirms"),
        ("Confirmed.", "confirms"),
        ("CONFIRMED ✅", "confirms"),
        ("Hi Imani,\n\nI confirm.\n\nThanks,\nAnn", "confirms"),
        ("Hi team, confirmed from my side, thanks!", "confirms"),
        (
            "✅\n\nBest regards\nAnn Lee\nSupport Lead\n+49 30 123456",
            "confirms",
        ),
        ("Bestätigt.\nViele Grüße\nAnn", "confirms"),
        ("Je confirme, merci", "confirms"),
        ("確認しました。", "confirms"),
        ("✅\n-- \nAnn\nnot a word more", "confirms"),
        ("✅\n\nSent from my iPhone", "confirms"),
        ("Von meinem iPhone gesendet\n", "undecided"),
        ("not confirmed", "open"),
        ("I can't confirm", "open"),
        ("I can’t confirm.", "open"),
        ("confirmed?", "open"),
        ("Confirmed? When does it start", "open"),
        ("✅ but the gate is locked", "open"),
        ("❌", "undecided"),
        ("Hello, not confirmed", "open"),
        ("Hello not Imani, confirmed", "open"),
        ("I confirm nothing", "open"),
        (
            "Confirmed.\nBest regards\nAnn\nPS not for the night shift",
            "undecided",
        ),
        ("Confirmed.\nThanks\nThe door is still broken", "undecided"),
        ("Confirmed.\nBest,\nAnn\nThe lamp is out", "confirms"),
        ("Confirmed.\nBest,\nAnn\nlamp is out of it", "confirms"),
        (
            "Confirmed\n\nAnn Lee\nHead of Support | Example & Sons\nwww.example.com",
            "confirms",
        ),
        (
            "[EXTERNAL] This mail originated from outside of Example.\n\nConfirmed\n\nThis e-mail is intended solely for the addressee.\nNot for others.",
            "confirms",
        ),
        ("Confirmed, but this is intended solely for me", "open"),
        ("Confirmed\n\nWho is the intended recipient?", "undecided"),
        (
            "確認しました。\nAnn\nしかしランプがまだ壊れています",
            "undecided",
        ),
        ("> Please answer\u{2028}✅", "unclear"),
        ("Confirmed.\nAnn\nReady?", "undecided"),
        ("Which door is it?", "open"),
        ("No. Confirmed.", "undecided"),
        ("unconfirmed", "open"),
        ("nicht bestätigt", "open"),
        ("ok", "confirms"),
        ("Thanks!", "undecided"),
        ("Hi Imani,", "undecided"),
        ("Got it, thanks", "confirms"),
        ("", "unclear"),
        ("   \n\n", "unclear"),
        ("> ✅", "unclear"),
        ("> Please answer ✅\n✅", "confirms"),
        ("✅\n> Please answer", "confirms"),
        (
            "On Tue, Mar 3, 2026 at 9:00 AM Quay <\nquay@example.com> wrote:\n> x\n\n✅",
            "confirms",
        ),
        (
            "On Tue, Mar 3, 2026 at 9:00 AM Quay <quay@example.com> wrote:\n✅ to confirm\n✅",
            "unclear",
        ),
        (
            "no\n\nOn 3 Mar 2026, at 09:00, Quay <quay@example.com> wrote:\n\nPlease answer:\n✅",
            "open",
        ),
        (
            "From: Quay\nSent: Tuesday\nTo: Ann\nSubject: x\n\n✅",
            "unclear",
        ),
        (
            "Confirmed\n\n-----Original Message-----\nFrom: Quay\nno",
            "confirms",
        ),
        (
            "> a line that is long enough that a program may have broken it here, with\n✅\n> next",
            "unclear",
        ),
        (
            "________________________________\nFrom: Quay <q@example.com>\n✅",
            "unclear",
        ),
        (
            "Am Di., 3. März 2026 um 09:00 Uhr schrieb Quay <quay@example.com>:\n\n✅",
            "unclear",
        ),
        (
            "2026年3月3日(火) 9:00 Quay <quay@example.com>:\n\n✅",
            "unclear",
        ),
        (
            "Le mar. 3 mars 2026 à 09:00, Quay <quay@example.com> a\nécrit\u{a0}:\n\n✅",
            "unclear",
        ),
    ];
    for (text, wanted) in cases {
        let found = plain(text);
        assert_eq!(verdict(&found), wanted, "{text:?}: {found:?}");
    }
}

#[test]
fn html_alone_is_read_without_its_quotes() {
    let html = |body: &str| {
        let mail =
            format!("From: ann@example.com\nContent-Type: text/html; charset=utf-8\n\n{body}");
        read(mail.as_bytes()).content
    };
    let cases = [
        (
            "<div dir=\"ltr\">✅</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Tue, Mar 3, 2026 at 9:00 AM Quay &lt;<a href=\"mailto:q@example.com\">q@example.com</a>&gt; wrote:<br></div><blockquote>no</blockquote></div>",
            "confirms",
        ),
        (
            "<div><br></div><div class=\"gmail_quote\">On Tue, Mar 3, 2026 at 9:00 AM Quay &lt;q@example.com&gt; wrote:<br><blockquote>✅</blockquote></div>",
            "unclear",
        ),
        (
            "<p>Confirmed</p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p><b>From:</b> Quay<br><b>Sent:</b> Tuesday<br><b>To:</b> Ann<br><b>Subject:</b> x</p></div><p>no</p>",
            "confirms",
        ),
        (
            "<style>p { color: red }</style><p>&#9989;</p><p style=\"display: none\">no</p>",
            "confirms",
        ),
        ("<p>1 < 2, so no</p>", "open"),
        ("<p><s>Confirmed</s></p>", "unclear"),
        ("<p><del>Confirmed</del> later</p>", "undecided"),
        (
            "<blockquote type=\"cite\">Please confirm: ✅</blockquote><p>Which one?</p>",
            "open",
        ),
        ("<img src=\"x\" alt=\"✅\">", "confirms"),
        ("<p>✅<!-- no --></p><a title='>'>", "confirms"),
    ];
    for (body, wanted) in cases {
        let found = html(body);
        assert_eq!(verdict(&found), wanted, "{body}: {found:?}");
    }
}

#[test]
fn what_a_reader_sees_in_html_has_to_agree() {
    let both = |plain: &str, html: &str| {
        let mail = format!(
            "From: ann@example.com\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
        );
        read(mail.as_bytes()).content
    };
    for (plain, html, wanted) in [
        ("Confirmed", "<p>Confirmed</p>", "confirms"),
        ("Confirmed", "<p><b>Confirmed</b></p><p>Ann</p>", "confirms"),
        ("Confirmed", "<p>We refuse.</p>", "unclear"),
        (
            "Confirmed",
            "<p>Confirmed once the door is mended</p>",
            "unclear",
        ),
        (
            "Confirmed",
            "<p style='display: none'>Confirmed</p><p>Later</p>",
            "unclear",
        ),
        ("Which door?", "<p>Which door?</p>", "open"),
        ("Which door?", "<p>Confirmed</p>", "unclear"),
    ] {
        let found = both(plain, html);
        assert_eq!(verdict(&found), wanted, "{plain} {html}: {found:?}");
    }
}

#[test]
fn reactions_and_calendars_are_read() {
    let gmail = |sign: &str, text: &str| {
        let mail = format!(
            "From: Ann <ann@example.com>\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\nContent-Type: text/vnd.google.email-reaction+json; charset=utf-8\n\n{{\"emoji\":\"{sign}\",\"version\":1}}\n--b--\n"
        );
        read(mail.as_bytes()).content
    };
    for (sign, text, wanted) in [
        ("👍", "👍\n\nAnn hat über Gmail reagiert", "confirms"),
        ("👍🏽", "👍🏽\n\nAnn reacted via Gmail\n", "confirms"),
        ("👀", "👀\n\nAnn reacted via Gmail", "undecided"),
        ("👍", "We refuse", "unclear"),
    ] {
        assert_eq!(verdict(&gmail(sign, text)), wanted, "{sign} {text}");
    }
    let calendar = |method: &str, state: &str| {
        let mail = format!(
            "From: ann@example.com\nContent-Type: text/calendar; method={method}; charset=utf-8\n\nBEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:u-1\r\nSEQUENCE:2\r\nATTENDEE;CN=\"Ann, Lee\";PARTSTAT={state}\r\n :MAILTO:ann@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        read(mail.as_bytes()).content
    };
    let Content::Attendance(answer) = calendar("REPLY", "TENTATIVE") else {
        panic!("{:?}", calendar("REPLY", "TENTATIVE"));
    };
    assert_eq!(answer.attends, crate::model::ledger::TakenFor::Tentative);
    assert_eq!((answer.uid.as_str(), answer.sequence), ("u-1", 2));
    assert_eq!(answer.attendee, "ann@example.com");
    for (method, state) in [
        ("REPLY", "NEEDS-ACTION"),
        ("REPLY", "X"),
        ("COUNTER", "ACCEPTED"),
        ("REQUEST", "ACCEPTED"),
    ] {
        assert_eq!(
            verdict(&calendar(method, state)),
            "unclear",
            "{method} {state}"
        );
    }
}

#[test]
fn headers_are_read() {
    let mail = read(b"From: \"Ann Lee\" <Ann@Example.com>\nSubject: Re: x\n y\nMessage-ID: <m@x>\nIn-Reply-To: <a@b>\nReferences: <r1@b> <r2@b>\nDate: Tue, 3 Mar 2026 10:00:00 +0100\n\nhi\n> Ref: 0123456789abcdef0123456789ABCDEF\n");
    assert_eq!(mail.from, ["Ann@Example.com"]);
    assert_eq!(mail.subject, "Re: x y");
    assert_eq!(mail.message_id.as_deref(), Some("<m@x>"));
    assert_eq!(mail.answers, ["<a@b>", "<r2@b>", "<r1@b>"]);
    assert_eq!(mail.tokens, ["0123456789abcdef0123456789abcdef"]);
    assert_eq!(mail.date.unwrap().to_string(), "2026-03-03T09:00:00Z");
}

#[test]
fn what_nobody_wrote_is_known() {
    let head = |header: &str| {
        let mail = format!(
            "From: ann@example.com\n{header}\nContent-Type: text/plain; charset=utf-8\n\n✅\n"
        );
        read(mail.as_bytes()).content
    };
    for (header, wanted) in [
        ("Auto-Submitted: auto-replied", "automatic"),
        ("Auto-Submitted: no", "confirms"),
        ("X-Autoreply: yes", "automatic"),
        ("Precedence: bulk", "automatic"),
        ("Precedence: list", "confirms"),
        ("Subject: Automatic reply: Doors", "automatic"),
        ("Subject: Re: Out of the depths", "confirms"),
        ("Subject: Abwesenheitsnotiz: Doors", "automatic"),
        ("Return-Path: <>", "automatic"),
        ("Return-Path: <ann@example.com>", "confirms"),
        ("Return-Path: <>\nSubject: failure notice", "returned"),
    ] {
        let found = head(header);
        assert_eq!(verdict(&found), wanted, "{header}: {found:?}");
    }
}

#[test]
fn delivery_reports_are_read() {
    let mail = "From: MAILER-DAEMON@example.com\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; Ann@example.com\nOriginal-Recipient: rfc822;lead@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such\n user here\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <plan.1@example.com>\nSubject: x\n\nhello\n-- \nRef: 0123456789abcdef0123456789abcdef\n\n--b--\n";
    let Content::Report(report) = read(mail.replace('\n', "\r\n").as_bytes()).content else {
        panic!("no report");
    };
    assert!(
        report.about.contains(&"<plan.1@example.com>".to_owned()),
        "{report:?}"
    );
    assert!(
        report
            .about
            .contains(&"0123456789abcdef0123456789abcdef".to_owned()),
        "{report:?}"
    );
    let [one] = report.recipients.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!(one.addresses, ["Ann@example.com", "lead@example.com"]);
    assert_eq!((one.action.as_str(), one.code), ("failed", Some(550)));
    assert_eq!(one.status.as_deref(), Some("5.1.1"));
    assert_eq!(one.diagnostic, "550 5.1.1 no such user here");
}

/// Pieces of mails that mean something to the reader.
const PIECES: &[&str] = &[
    "✅",
    "Confirmed",
    "Confirmed.",
    "I confirm",
    "Thanks",
    "Hi Ann,",
    "not",
    "?",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{2028}",
    "-- \n",
    "> ",
    ">",
    "| ",
    "On 3 Mar 2026, Quay <q@example.com> wrote:",
    "wrote:",
    "From: Quay\n",
    "Subject: x\n",
    "-----Original Message-----",
    "____________",
    "Sent from my iPhone",
    "<div>",
    "</div>",
    "<br>",
    "<p>",
    "<!--",
    "-->",
    "<",
    "&lt;",
    "&#9989;",
    "<s>",
    "</s>",
    "<style>",
    "=\n",
    "=E2=9C=85",
    "Ref: 0123456789abcdef0123456789abcdef",
    "\0",
    "\u{ad}",
    "e\u{301}",
];

fn mails() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => proptest::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn confirms(kind: &str, body: &str) -> bool {
    let mail = format!(
        "From: Ann Lee <ann@example.com>\nContent-Type: text/{kind}; charset=utf-8\n\n{body}"
    );
    matches!(
        read(mail.as_bytes()).content,
        Content::Words(Words::Confirms(_))
    )
}

proptest! {
    #[test]
    fn hostile_quotes_confirm_nothing(text in mails()) {
        let quoted: String = text.split('\n').map(|l| format!("> {l}\n")).collect();
        prop_assert!(!confirms("plain", &quoted), "{quoted:?}");
        // What would end the quote is no part of it.
        let inner = text.replace("<!--", "").replace("<style>", "");
        prop_assert!(!confirms("html", &format!("<blockquote>{inner}</blockquote>")), "{inner:?}");
    }

    #[test]
    fn hostile_bytes_are_read(head in any::<Vec<u8>>(), text in mails()) {
        read(&head);
        for kind in ["plain", "html", "plain; format=flowed", "html; charset=utf-7"] {
            let mail = format!("Content-Type: text/{kind}\nContent-Transfer-Encoding: quoted-printable\n\n{text}");
            let mail = read(mail.as_bytes());
            if let Content::Words(
                Words::Open(said) | Words::Confirms(Some(said)) | Words::Undecided { text: said, .. },
            ) = mail.content
            {
                prop_assert!(said.chars().count() <= 500 && !said.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn words_beside_a_confirmation_are_kept(text in "[a-z]{4,9} [a-z]{4,9} [a-z ]{4,30}") {
        let mail = format!("From: a@example.com\nContent-Type: text/plain\n\nConfirmed.\n\n{text}");
        if let Content::Words(Words::Confirms(kept)) = read(mail.as_bytes()).content {
            prop_assert!(kept.is_none_or(|k| k.contains(text.split_whitespace().next().unwrap())));
        }
        for held in ["not that", "only once the door opens", "but the door is shut", "is that all?"] {
            for mail in [format!("Confirmed, {held}\n\n{text}"), format!("{text}\n\nConfirmed, {held}"), format!("{text} {held}, confirmed")] {
                prop_assert!(!confirms("plain", &mail), "{mail:?}");
            }
        }
    }
}

#[test]
fn anything_at_all_can_be_read() {
    for bytes in [
        &b""[..],
        b"\0\xff",
        b"From: <",
        b"Content-Type: multipart/report; boundary=\n\n--",
        b"\n<<<&#xffffffff;&amp",
    ] {
        read(bytes);
    }
}
