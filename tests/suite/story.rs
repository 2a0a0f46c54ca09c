//! After the send, as one run: replies, a corrected guide, a reminder, and the loop closed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    replies::{Sent, answering, bounce, ledger_of, mail, person, sent},
    scratch::{BUNDLE, Scratch},
};

const DOCUMENT: &str = "docs/scanner_packet.md";
const GUIDE: &str = "docs/guides/scanner_guide.md";
/// Days on which mails were written, at one o'clock.
const MONDAY: &str = "Mon, 2 Mar 2026";
const FRIDAY: &str = "Fri, 6 Mar 2026";

/// The workspace, and what each address was last sent.
struct Story {
    scratch: Scratch,
    sent: BTreeMap<String, Sent>,
}

impl Story {
    /// Works at `moment` from now on.
    fn at(&mut self, moment: &str) {
        self.scratch.now = Some(moment.to_owned());
    }

    /// Lays a reply to what `to` was sent into the inbox, written on `day`.
    fn reply(&self, name: &str, from: &str, to: &str, more: &str, body: &str, day: &str) {
        let headers = format!("{}{more}", answering(&self.sent[to]));
        self.lay(name, &mail(from, &headers, body), day);
    }

    /// Lays a mail into the inbox, written on `day`.
    fn lay(&self, name: &str, mail: &str, day: &str) {
        let mail = mail.replace("Mon, 2 Mar 2026", day);
        self.scratch.write(&format!("inbox/{name}.eml"), mail);
    }

    fn status(&self) -> Value {
        let ran = self.scratch.run(&["status", "--format", "json"]);
        ran.exits(0).json()
    }

    /// Holds everybody's row, in both tables, and what `status` says against `expected`: the hour
    /// of the last sending and of the confirmation (day of the month and `T`, empty where there is
    /// none), the blocker.
    #[track_caller]
    fn stand(&self, state: &str, expected: &[[&str; 4]]) {
        let status = self.status();
        assert_eq!(status["state"], state, "{status:#}");
        for [name, sent, confirmed, blocker] in expected {
            let person = person(&status, name);
            let field = |field: &str| person[field].as_str().unwrap_or_default().to_owned();
            let moment = |short: &str| match short {
                "" => String::new(),
                short => format!("2026-03-{short}:00:00Z"),
            };
            let [sent, confirmed] = [sent, confirmed].map(|short| moment(short));
            let shown = [field("sent_at"), field("acknowledged_at"), field("blocker")];
            let expected = [sent, confirmed, (*blocker).to_owned()];
            assert_eq!(shown, expected, "{person:#}");
            // What stays in the outbox was not sent, so their rows say nothing of it.
            let [_, confirmed, blocker] = expected;
            let cells = [String::new(), confirmed, blocker];
            for path in [DOCUMENT, &format!("{BUNDLE}/packet.md")] {
                assert_eq!(self.row(path, name), cells, "{name} in {path}");
            }
        }
    }

    /// What somebody's row says: sent, acknowledged, blocker; empty where it says no.
    #[track_caller]
    fn row(&self, path: &str, name: &str) -> [String; 3] {
        let text = self.scratch.read(path);
        let row = text.lines().find(|l| l.starts_with(&format!("| {name} |")));
        let row = row.unwrap_or_else(|| panic!("no row of {name} in {text}"));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        [2, 4, 5].map(|at| cells[at].replace("<PENDING>", "").replace('—', ""))
    }

    /// Bundle, archive and ledger hold together.
    #[track_caller]
    fn holds_together(&self) {
        let scratch = &self.scratch;
        scratch.run(&["log", "--verify"]).exits(0);
        scratch.run(&["verify", BUNDLE]).exits(0).says("VERIFIED");
        let archive = scratch
            .run(&["archive", "--format", "json"])
            .exits(0)
            .json();
        let name = archive["archive"].as_str().unwrap();
        scratch.run(&["verify", name]).exits(0).says("VERIFIED");
    }
}

#[test]
fn a_corrected_guide_confirmations_and_the_closed_loop() {
    let (scratch, sent) = sent();
    let mut story = Story { scratch, sent };

    // Replies of every kind.
    let [edda, jonas, nils, pia, uwe, desk] =
        ["edda", "jonas", "nils", "pia", "uwe", "timetable"].map(|p| format!("{p}@example.com"));
    let token = |of: &str| format!("> Please answer with a ✅\n> Ref: {}", story.sent[of].token);
    let quote = format!("On Mon, 2 Mar 2026, Quayside wrote:\n{}", token(&jonas));
    let rewritten = format!("Confirmed\n\n{}", token(&nils));
    story.reply("edda", &edda, &edda, "", "✅", MONDAY);
    story.reply("jonas", &jonas, &jonas, "", &quote, MONDAY);
    let headers = "In-Reply-To: <rewritten@server>\n";
    story.lay("nils", &mail(&nils, headers, &rewritten), MONDAY);
    story.reply("pia", &pia, &pia, "", "Which gate is it?", MONDAY);
    let automatic = "Auto-Submitted: auto-replied\n";
    story.reply("desk", &desk, &desk, automatic, "I am away ✅", MONDAY);
    story.reply("other", "jb@example.net", &jonas, "", "✅", MONDAY);
    story.lay("uwe", &bounce(&story.sent[&uwe], &uwe, "failed"), MONDAY);
    let ran = story.scratch.run(&["ack", "--import", "inbox"]).exits(0);
    ran.says("7 mails: 2 confirmed, 1 asked or refused something, 1 reported a failed delivery, 1 automatic, 2 for you to decide");
    story.scratch.run(&["render", "--in-place"]).exits(0);
    let question = "Which gate is it?";
    story.stand(
        "partial",
        &[
            ["Edda Lund", "02T12", "02T13", ""],
            ["Jonas Brandt", "02T12", "", ""],
            ["Nils Falk", "02T12", "02T13", ""],
            ["Pia Roth", "02T12", "", question],
            ["Uwe Hahn", "", "", ""],
            ["Timetable Desk", "02T12", "", ""],
        ],
    );
    story.holds_together();

    // The guide is corrected: what changed is said, and nothing counts less before it is sent.
    story.scratch.edit(GUIDE, "green", "blue");
    let changed = "was “Hold the ticket flat. A green light means aboard.”, now “Hold the ticket flat. A blue light means aboard.”";
    let ran = story.scratch.run(&["render"]).exits(0).says(changed);
    ran.says("what revision 1 sent is kept in revisions/1/");
    assert_eq!(person(&story.status(), "Edda Lund")["voided"], Value::Null);
    story.holds_together();
    let ran = story.scratch.run(&["send", "--dry-run"]).exits(0);
    ran.says("Sends revision 2").says(changed);
    let ran = story.scratch.run(&["send", "--yes"]).exits(0);
    ran.says("IN THE OUTBOX 10 deliveries made");
    let old = std::mem::replace(&mut story.sent, ledger_of(&story.scratch));
    story.scratch.run(&["render", "--in-place"]).exits(0);
    let everybody = [
        "Edda Lund",
        "Jonas Brandt",
        "Nils Falk",
        "Uwe Hahn",
        "Timetable Desk",
    ];
    story.stand("sent", &everybody.map(|name| [name, "03T12", "", ""]));
    story.stand("sent", &[["Pia Roth", "03T12", "", question]]);
    let status = story.status();
    for (name, revision) in [
        ("Edda Lund", 1.into()),
        ("Nils Falk", 1.into()),
        ("Pia Roth", Value::Null),
    ] {
        assert_eq!(
            person(&status, name)["voided"]["revision"],
            revision,
            "{name}"
        );
    }
    story.holds_together();

    // Edda answers the first mail once more; Uwe's is returned again; the others are reminded.
    let headers = answering(&old[&edda]);
    story.lay(
        "late",
        &mail(&edda, &headers, "I confirm"),
        "Tue, 3 Mar 2026",
    );
    story.lay(
        "uwe again",
        &bounce(&story.sent[&uwe], &uwe, "failed").replace("<failed.", "<again."),
        FRIDAY,
    );
    story.at("2026-03-06T12:00:00Z");
    let ran = story.scratch.run(&["ack", "--import", "inbox"]).exits(0);
    ran.says("Edda Lund confirms revision 1")
        .says("7 known already");
    let ran = story.scratch.run(&["send", "--remind", "--yes"]).exits(0);
    ran.says("IN THE OUTBOX 5 reminders");
    story
        .scratch
        .run(&["send", "--remind", "--yes"])
        .says("NOTHING TO SEND");
    story.holds_together();

    // What he had is taken back from the tables and the ticks, also where they were in place.
    story.scratch.run(&["render", "--in-place"]).exits(0);
    story.stand(
        "partial",
        &[["Uwe Hahn", "", "", ""], ["Edda Lund", "03T12", "", ""]],
    );
    for path in [DOCUMENT, &format!("{BUNDLE}/packet.md")] {
        let text = story.scratch.read(path);
        assert!(text.contains("- [ ] **Uwe Hahn"), "{text}");
    }

    // All but Uwe confirm; Jonas answers the reminder.
    story.at("2026-03-06T14:00:00Z");
    let ledger = story.scratch.ledger();
    let reminder = ledger.iter().find(|e| {
        e["kind"] == "notice-intended" && e["payload"]["key"] == format!("email:{jonas}")
    });
    let id = reminder.unwrap()["payload"]["message_id"]
        .as_str()
        .unwrap()
        .to_owned();
    story.lay(
        "jonas again",
        &mail(&jonas, &format!("In-Reply-To: {id}\n"), "✅"),
        FRIDAY,
    );
    for who in [&edda, &nils, &pia, &desk] {
        story.reply(&format!("{who} again"), who, who, "", "I confirm.", FRIDAY);
    }
    let ran = story.scratch.run(&["ack", "--import", "inbox"]).exits(0);
    ran.says("5 confirmed, 9 known already")
        .says("waiting for 1 of 6: Uwe Hahn");
    let ran = story
        .scratch
        .run(&["ack", "Pia Roth", "--resolve-blocker"])
        .exits(0);
    ran.says("waiting for 1 of 6");
    assert_eq!(story.status()["state"], "partial");

    // Nobody sends to the address that returned it again, unasked.
    let ran = story.scratch.run(&["send", "--yes"]).exits(4);
    ran.says("Uwe Hahn uwe@example.com: refused before; correct the address in packet.yaml");

    let ran = story.scratch.run(&["status"]).exits(0);
    let ran = ran.says("uwe@example.com was refused: correct it in packet.yaml, then packet send");
    assert!(!ran.text().contains("send what is left"), "{ran:#?}");

    // Uwe's address is corrected: he alone gets it.
    story.scratch.edit("packet.yaml", &uwe, "hahn@example.com");
    let before = story.scratch.mails().len();
    story
        .scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("IN THE OUTBOX 2 deliveries made");
    assert_eq!(story.scratch.mails().len(), before + 1);
    let status = story.status();
    assert_eq!(
        person(&status, "Uwe Hahn")["awaited_since"],
        "2026-03-06T14:00:00Z"
    );
    story.sent = ledger_of(&story.scratch);
    story.at("2026-03-07T12:00:00Z");
    story.reply(
        "hahn",
        "hahn@example.com",
        "hahn@example.com",
        "",
        "✅",
        "Sat, 7 Mar 2026",
    );
    let ran = story.scratch.run(&["ack", "--import", "inbox"]).exits(0);
    ran.says("COMPLETE everyone has confirmed");
    story.scratch.run(&["render", "--in-place"]).exits(0);
    let everybody = [
        "Edda Lund",
        "Jonas Brandt",
        "Nils Falk",
        "Pia Roth",
        "Timetable Desk",
    ];
    story.stand(
        "complete",
        &everybody.map(|name| [name, "03T12", "06T13", ""]),
    );
    story.stand("complete", &[["Uwe Hahn", "06T14", "07T12", ""]]);
    story.holds_together();
    story
        .scratch
        .run(&["render", "--check", "--in-place"])
        .exits(0);
    story
        .scratch
        .run(&["send", "--yes"])
        .exits(0)
        .says("NOTHING TO SEND");

    // Everything that was said is in the log, once.
    let log = story.scratch.read(&format!("{BUNDLE}/distribution_log.md"));
    for (said, times) in [
        ("| State | **complete** |", 1),
        ("| Edda Lund | 1 | confirmed |", 2),
        ("| Edda Lund | 2 | confirmed |", 1),
        ("| Jonas Brandt | 2 | confirmed |", 1),
        ("| Nils Falk | 1 | confirmed |", 1),
        ("| Nils Falk | 2 | confirmed |", 1),
        ("| Pia Roth | 1 | blocker |", 1),
        ("| Pia Roth | 2 | confirmed |", 1),
        ("| Pia Roth | 2 | resolved |", 1),
        ("| Timetable Desk | 2 | confirmed |", 1),
        ("| Uwe Hahn | 2 | confirmed |", 1),
        (
            "| 1 | Uwe Hahn | uwe@example.com | email | outbox | rejected |",
            1,
        ),
        (
            "| 2 | Uwe Hahn | uwe@example.com | email | outbox | rejected |",
            1,
        ),
        (
            "| 2 | Uwe Hahn | hahn@example.com | email | outbox | in the outbox |",
            1,
        ),
    ] {
        assert_eq!(log.matches(said).count(), times, "{said}\n{log}");
    }
}
