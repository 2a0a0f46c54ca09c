//! Replies, from the mail that was sent to what is on record about each person.

mod answers;
mod corpus;

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use crate::scratch::{BUNDLE, Scratch};

/// What the mail to one address is known by.
#[derive(Clone)]
pub struct Sent {
    pub id: String,
    pub token: String,
}

/// The `ferry` workspace after a send, and what went to each address.
pub fn sent() -> (Scratch, BTreeMap<String, Sent>) {
    let mut scratch = Scratch::clear();
    let contacts = "  Nils Falk: { email: [nils@example.com, nf@example.net] }\n  Pia Roth: { email: pia@example.com }\n  Uwe Hahn: { email: uwe@example.com }\n";
    scratch.edit(
        "packet.yaml",
        "  Timetable Desk:",
        &format!("{contacts}  Timetable Desk:"),
    );
    scratch.edit(
        "docs/scanner_packet.md",
        "### Secondary",
        "- [ ] **Nils Falk:** read\n- [ ] **Pia Roth:** read\n- [ ] **Uwe Hahn:** read\n\n### Secondary",
    );
    scratch.edit(
        "docs/scanner_packet.md",
        "\n## By hand",
        "| Nils Falk | | | | |\n| Pia Roth | | | | |\n| Uwe Hahn | | | | |\n| Timetable Desk | | | | |\n\n## By hand",
    );
    scratch.run(&["send", "--yes"]).exits(0);
    let sent = ledger_of(&scratch);
    scratch.now = Some("2026-03-03T12:00:00Z".to_owned());
    (scratch, sent)
}

pub fn ledger_of(scratch: &Scratch) -> BTreeMap<String, Sent> {
    let intents = scratch.ledger();
    let intents = intents.iter().filter(|e| e["kind"] == "intended");
    intents
        .filter_map(|entry| {
            let of = &entry["payload"];
            let sent = Sent {
                id: of["message_id"].as_str()?.to_owned(),
                token: of["token"].as_str()?.to_owned(),
            };
            let address = of["key"].as_str()?.strip_prefix("email:")?;
            Some((address.to_owned(), sent))
        })
        .collect()
}

/// A reply from `from` with these header lines and this body.
pub fn mail(from: &str, headers: &str, body: &str) -> String {
    format!(
        "From: {from}\nTo: answers@example.com\nSubject: Re: Ticket scanners\nDate: Mon, 2 Mar 2026 13:00:00 +0000\nMessage-ID: <{from}.{}@client>\n{headers}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}\n",
        body.len(),
    )
}

pub fn answering(sent: &Sent) -> String {
    format!("In-Reply-To: {}\nReferences: {}\n", sent.id, sent.id)
}

pub fn bounce(sent: &Sent, address: &str, action: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\nTo: training@example.com\nSubject: Undelivered Mail\nMessage-ID: <{action}.{address}>\nDate: Mon, 2 Mar 2026 13:00:00 +0000\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nsorry\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; {address}\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such | user\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {}\nSubject: x\n\n--b--\n",
        sent.id
    )
}

pub fn person<'a>(status: &'a Value, name: &str) -> &'a Value {
    let all = status["recipients"].as_array().unwrap();
    all.iter().find(|r| r["name"] == name).unwrap()
}

#[test]
fn replies_are_taken_for_what_they_are_person_by_person() {
    let (scratch, sent) = sent();
    let to = |address: &str| &sent[address];
    let quoted = format!(
        "On Mon, 2 Mar 2026 at 12:00, Quayside <training@example.com> wrote:\n> Please answer with a ✅\n> Ref: {}",
        to("jonas@example.com").token
    );
    let mails = [
        (
            "edda",
            mail(
                "Edda Lund <edda@example.com>",
                &answering(to("edda@example.com")),
                "✅",
            ),
        ),
        (
            "jonas",
            mail(
                "Jonas <jonas@example.com>",
                &answering(to("jonas@example.com")),
                &quoted,
            ),
        ),
        (
            "nils",
            mail(
                "nf@example.net",
                "In-Reply-To: <rewritten@server>\n",
                &format!("Confirmed\n\n> Ref: {}", to("nils@example.com").token),
            ),
        ),
        (
            "pia",
            mail(
                "PIA@example.com",
                &answering(to("pia@example.com")),
                "Which <b>gate</b> | door is it?\n\n\n> x",
            ),
        ),
        (
            "uwe",
            bounce(to("uwe@example.com"), "uwe@example.com", "failed"),
        ),
        (
            "late",
            bounce(to("pia@example.com"), "pia@example.com", "delayed"),
        ),
        (
            "desk",
            mail(
                "timetable@example.com",
                &format!(
                    "{}Auto-Submitted: auto-replied\n",
                    answering(to("timetable@example.com"))
                ),
                "✅ I am away",
            ),
        ),
        (
            "wrong",
            mail(
                "stranger@example.com",
                &answering(to("timetable@example.com")),
                "✅",
            ),
        ),
        (
            "list",
            mail(
                "jonas@example.com",
                &answering(to("quay-all@example.com")),
                "✅",
            ),
        ),
        ("other", mail("shop@example.com", "", "✅")),
        ("new", mail("timetable@example.com", "", "Confirmed")),
    ];
    for (name, text) in &mails {
        scratch.write(&format!("inbox/{name}.eml"), text);
    }
    let before = scratch.look();
    let ran = scratch.run(&["ack", "--import", "inbox"]).exits(0);
    for words in [
        "✔ confirmed edda.eml",
        "! undecided jonas.eml from jonas@example.com: it says nothing beyond what it quotes",
        "packet ack \"Jonas Brandt\"",
        "✔ confirmed nils.eml from nf@example.net: Nils Falk confirms revision 1",
        "? blocker pia.eml",
        "✘ bounced uwe.eml",
        "· automatic late.eml",
        "· automatic desk.eml",
        "it answers the mail to Timetable Desk, but comes from stranger@example.com",
        "! undecided list.eml from jonas@example.com: it answers the announcement",
        "from Timetable Desk, but it answers no mail that was sent from here",
        "11 mails: 2 confirmed, 1 asked or refused something, 1 reported a failed delivery, 2 automatic, 4 for you to decide, 1 about something else",
    ] {
        assert!(ran.text().contains(words), "no `{words}` in {ran:#?}");
    }
    for (path, seen) in before.iter().filter(|(path, _)| path.starts_with("inbox")) {
        assert_eq!(scratch.look().get(path), Some(seen), "{path}");
    }
    let status = scratch.run(&["status", "--format", "json"]).json();
    let at = |name: &str| person(&status, name)["acknowledged_at"].clone();
    assert_eq!(at("Edda Lund"), "2026-03-02T13:00:00Z");
    assert_eq!(at("Nils Falk"), "2026-03-02T13:00:00Z");
    for name in ["Jonas Brandt", "Pia Roth", "Uwe Hahn", "Timetable Desk"] {
        assert_eq!(at(name), Value::Null, "{name}");
        assert_eq!(person(&status, name)["awaited"], true, "{name}");
    }
    assert_eq!(
        person(&status, "Pia Roth")["blocker"],
        "Which <b>gate</b> | door is it?"
    );
    assert_eq!(person(&status, "Pia Roth")["delivery"], "sent");
    assert_eq!(person(&status, "Uwe Hahn")["delivery"], "rejected");
    let packet = scratch.read(&format!("{BUNDLE}/packet.md"));
    assert!(
        packet.contains("| Which &lt;b&gt;gate&lt;/b&gt; \\| door is it? |"),
        "{packet}"
    );
    assert!(
        scratch
            .read("notes/scanner.md")
            .contains("Edda Lund: confirmed, revision 1 (mail from edda@example.com)")
    );

    // The same mails in another form, and one that was fetched twice: nothing changes.
    let known = scratch.read(crate::scratch::LEDGER);
    let mbox: String = mails
        .iter()
        .map(|(_, text)| format!("From x Mon Mar  2 13:00:00 2026\nX-Fetched: again\n{text}\n"))
        .collect();
    scratch.write("replies.mbox", mbox);
    scratch
        .run(&["ack", "--import", "replies.mbox"])
        .exits(0)
        .says("9 known already");
    assert_eq!(scratch.read(crate::scratch::LEDGER), known);
    let feedback = scratch.read("notes/scanner.md");
    assert_eq!(
        feedback.matches("Edda Lund: confirmed").count(),
        1,
        "{feedback}"
    );

    let undecided = |status: &Value| status["undecided"].as_array().unwrap().len();
    assert_eq!(undecided(&status), 3, "{status}");
    scratch.run(&["status"]).says(
        "! undecided mail from stranger@example.com (Timetable Desk): it answers the mail to",
    );

    // A person decides the rest.
    for name in ["Jonas Brandt", "Pia Roth", "Uwe Hahn", "Timetable Desk"] {
        scratch.run(&["ack", name]).exits(0);
    }
    scratch
        .run(&["ack", "Pia Roth", "--resolve-blocker"])
        .says("COMPLETE");
    let status = scratch.run(&["status", "--format", "json"]).json();
    assert_eq!(undecided(&status), 0, "{status}");
    scratch.run(&["log", "--verify"]).exits(0);
}

#[test]
fn an_answer_to_an_earlier_revision_counts_for_that_alone() {
    let (mut scratch, first) = sent();
    scratch.edit("docs/guides/scanner_guide.md", "green", "blue");
    scratch.run(&["send", "--yes"]).exits(0);
    let second = ledger_of(&scratch);
    scratch.now = Some("2026-03-04T12:00:00Z".to_owned());
    let (old, new) = (&first["edda@example.com"], &second["edda@example.com"]);
    assert_ne!(old.id, new.id);
    let folder = scratch.beside("Maildir");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    let late = mail("edda@example.com", &answering(old), "✅").replace("Mon, 2 Mar", "Wed, 4 Mar");
    fs::write(folder.join("cur/1:2,S"), late).unwrap();
    let path = folder.display().to_string();
    let import = || scratch.run(&["ack", "--import", &path]).exits(0);
    import().says("Edda Lund confirms revision 1");
    let status = |scratch: &Scratch| scratch.run(&["status", "--format", "json"]).json();
    let edda = person(&status(&scratch), "Edda Lund").clone();
    assert_eq!(edda["acknowledged_at"], Value::Null);
    assert_eq!(edda["voided"]["revision"], 1, "{edda}");
    // In a thread that names both, the mail that is answered decides.
    let headers = format!(
        "In-Reply-To: {}\nReferences: {} {}\n",
        new.id, old.id, new.id
    );
    fs::write(
        folder.join("new/2"),
        mail("edda@example.com", &headers, "✅\n\n"),
    )
    .unwrap();
    import().says("Edda Lund confirms revision 2");
    // Its Date lies before that revision was sent: a clock that is wrong.
    let edda = person(&status(&scratch), "Edda Lund").clone();
    assert_eq!(edda["acknowledged_at"], "2026-03-03T12:00:00Z");
    assert_eq!(edda["voided"], Value::Null);
}

#[test]
fn a_mail_that_waits_for_a_decision_can_be_settled_after_they_confirmed() {
    let (scratch, first) = sent();
    let jonas = &first["jonas@example.com"];
    let quoted = "> Please answer with a tick";
    for (file, body) in [("unclear.eml", quoted), ("clear.eml", "✅")] {
        scratch.write(file, mail("jonas@example.com", &answering(jonas), body));
        scratch.run(&["ack", "--import", file]).exits(0);
    }
    let status = || scratch.run(&["status", "--format", "json"]).json();
    let waiting = |status: &Value| status["undecided"].as_array().unwrap().len();
    let before = status();
    assert_eq!(waiting(&before), 1, "{before}");
    assert!(person(&before, "Jonas Brandt")["acknowledged_at"].is_string());
    scratch.run(&["ack", "Jonas Brandt"]).exits(0);
    let after = status();
    assert_eq!(waiting(&after), 0, "{after}");
    scratch
        .run(&["ack", "Jonas Brandt"])
        .says("is on record already");
}

#[test]
fn an_address_that_several_share_is_for_a_person_to_decide() {
    let scratch = Scratch::clear();
    scratch.edit("packet.yaml", "jonas@example.com", "edda@example.com");
    scratch.run(&["send", "--yes"]).exits(0);
    let sent = ledger_of(&scratch);
    let text = mail(
        "edda@example.com",
        &answering(&sent["edda@example.com"]),
        "✅",
    );
    scratch.write("one.eml", text);
    let ran = scratch.run(&["ack", "--import", "one.eml"]).exits(0);
    for words in [
        "several people: Edda Lund, Jonas Brandt",
        "packet ack \"Edda Lund\"",
        "packet ack \"Jonas Brandt\"",
    ] {
        assert!(ran.text().contains(words), "no `{words}` in {ran:#?}");
    }
    let status = scratch.run(&["status", "--format", "json"]).json();
    assert_eq!(person(&status, "Edda Lund")["acknowledged_at"], Value::Null);
}

#[test]
fn what_is_no_mailbox_is_refused_and_nothing_is_read() {
    let scratch = Scratch::clear();
    scratch
        .run(&["ack", "--import", "docs"])
        .exits(2)
        .says("is no mailbox");
    scratch
        .run(&["ack", "--import", "packet.txt"])
        .exits(1)
        .says("cannot read packet.txt");
    scratch.write("empty.mbox", "");
    scratch
        .run(&["ack", "--import", "empty.mbox"])
        .exits(0)
        .says("READ 0 mails");
    scratch.run(&["ack"]).exits(2);
    scratch
        .run(&["ack", "Edda Lund", "--import", "empty.mbox"])
        .exits(2);
}

#[test]
fn what_a_reply_says_is_plain_text_wherever_it_goes() {
    let (scratch, sent) = sent();
    let said = "Which door? [the plan](https://elsewhere.example/a) https://elsewhere.example/b ![x](https://elsewhere.example/c.png) <b>now</b> | me@elsewhere.example";
    let headers = answering(&sent["pia@example.com"]);
    scratch.write("q.eml", mail("pia@example.com", &headers, said));
    scratch.run(&["ack", "--import", "q.eml"]).exits(0);
    let page = scratch.read(&format!("{BUNDLE}/packet.html"));
    assert!(page.contains("elsewhere.example/b"), "{page}");
    for link in [
        "href=\"https://elsewhere",
        "href=\"mailto:me@elsewhere",
        "src=\"https://elsewhere",
        "<b>now",
    ] {
        assert!(!page.contains(link), "{link}");
    }
    for file in [
        format!("{BUNDLE}/packet.md"),
        format!("{BUNDLE}/distribution_log.md"),
        "notes/scanner.md".to_owned(),
    ] {
        let text = scratch.read(&file);
        assert!(
            text.contains("`https://elsewhere.example/b`"),
            "{file}: {text}"
        );
        assert!(!text.contains("](https://elsewhere"), "{file}: {text}");
    }
}

#[test]
fn a_dry_run_records_nothing() {
    let (scratch, sent) = sent();
    let headers = answering(&sent["pia@example.com"]);
    scratch.write(
        "q.eml",
        mail("pia@example.com", &headers, "Yes, we are ready."),
    );
    let before = scratch.look();
    scratch
        .run(&["ack", "--import", "q.eml", "--dry-run"])
        .exits(0)
        .says("Pia Roth confirms revision 1")
        .says("nothing was recorded");
    assert_eq!(scratch.look(), before);
    scratch.run(&["ack", "--import", "q.eml"]).exits(0);
    let status = scratch.run(&["status", "--format", "json"]).json();
    assert!(person(&status, "Pia Roth")["acknowledged_at"].is_string());
}
