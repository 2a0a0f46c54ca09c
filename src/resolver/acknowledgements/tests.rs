use std::collections::BTreeMap;

use super::*;
use crate::{
    model::{config::Config, history::Delivery, plan::Via},
    parser,
    resolver::people,
};

const TEXT: &str = "# T\n\nRead docs/aid.md and docs/plan.md.\n\n## Primary Recipients\n- [ ] **Lead (Ann Lee):** read\n- [ ] **Ops:** check\n- [ ] **Press:** know\n\n| Stakeholder | Sent | Acknowledged |\n|---|---|---|\n| Ann Lee | | |\n| Ops Desk | | |\n";
const CONTACTS: &str = "contacts:\n  Ann Lee: { email: a@example.com }\n  Ops: { email: o@example.com, aliases: [Ops Desk] }\n  Press: { email: p@example.com }\n";

fn file(path: &str, sha256: &str) -> FileHash {
    FileHash {
        path: path.to_owned(),
        sha256: sha256.to_owned(),
        size: 1,
    }
}

/// A revision sent to all three at second `number * 100`; letters stand for contents.
fn revision(number: u32, evidence: &str, aid: &str, plan: &str) -> Revision {
    let at = Timestamp::from_second(i64::from(number) * 100).unwrap();
    let delivery = |name: &str| Delivery {
        names: vec![name.to_owned()],
        state: DeliveryState::Sent,
        via: Via::Outbox,
        at,
        outcome: None,
        sha256: None,
        message_id: None,
        token: None,
    };
    let people = [("a", "Ann Lee"), ("o", "Ops"), ("p", "Press")];
    Revision {
        number,
        digest: format!("{number}"),
        started: at,
        subject: String::new(),
        body: None,
        evidence: vec![Pin {
            gate: "G".to_owned(),
            pattern: "p".to_owned(),
            file: file("artifacts/x.log", evidence),
        }],
        materials: vec![file("docs/aid.md", aid), file("docs/plan.md", plan)],
        deliveries: people
            .map(|(key, name)| (format!("email:{key}@example.com"), delivery(name)))
            .into(),
    }
}

/// One answer a line: `seq revision name what second`.
fn answers(text: &str) -> Vec<Answer> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines
        .enumerate()
        .map(|(index, line)| {
            let mut parts = line.split('|').map(str::trim);
            let mut next = || parts.next().unwrap();
            Answer {
                revision: next().parse().unwrap(),
                name: next().to_owned(),
                said: match next() {
                    "reviewed" => Said::Reviewed,
                    "confirms" => Said::Acknowledged,
                    "resolved" => Said::Resolved,
                    "withdraws" => Said::Withdrawn,
                    text => Said::Blocked(text.to_owned()),
                },
                when: Timestamp::from_second(next().parse().unwrap()).unwrap(),
                note: None,
                reply: None,
                by: "Imani Osei".to_owned(),
                seq: index as u64 + 1,
            }
        })
        .collect()
}

fn weigh(materials: &str, revisions: Vec<Revision>, said: &str) -> Acknowledgements {
    let config: Config = serde_yaml::from_str(&format!("{CONTACTS}{materials}")).unwrap();
    let (document, _) = parser::parse("docs/t.md", TEXT, &parser::Grammar::default());
    let roster = people::roster(&document, &config);
    let history = History {
        revisions,
        answers: answers(said),
        ..History::default()
    };
    acknowledgements(&document, &roster, &history, None)
}

fn names<'a>(list: impl Iterator<Item = &'a Acknowledgement>) -> Vec<&'a str> {
    list.map(|a| a.name.as_str()).collect()
}

const BOTH: &str = "1|Ann Lee|confirms|110\n1|Ops|confirms|120\n";

#[test]
fn rows_are_waited_for_and_nobody_else() {
    let one = vec![revision(1, "e", "a", "p")];
    let found = weigh("", one.clone(), "1|ann  LEE|confirms|110");
    assert_eq!(names(found.missing()), ["Ops"]);
    assert!(!found.is_complete());
    assert_eq!(
        found.people[1].asked,
        Some(Timestamp::from_second(100).unwrap())
    );
    assert!(weigh("", one, BOTH).is_complete());
    assert!(!weigh("", Vec::new(), "").is_complete());
}

#[test]
fn what_a_new_revision_voids() {
    let first = || revision(1, "e", "a", "p");
    // What changes, the `materials:` in force, and who is missing then.
    let aid = "materials: { docs/aid.md: [Ops Desk] }";
    let both = "materials: { docs/aid.md: [Ops], docs/plan.md: [Lead] }";
    let cases: [(&str, Revision, &str, &[&str]); 8] = [
        ("words", revision(2, "e", "a", "p"), "", &[]),
        (
            "evidence",
            revision(2, "E", "a", "p"),
            both,
            &["Ann Lee", "Ops"],
        ),
        (
            "aid, for everyone",
            revision(2, "e", "A", "p"),
            "",
            &["Ann Lee", "Ops"],
        ),
        ("aid, for one", revision(2, "e", "A", "p"), aid, &["Ops"]),
        (
            "both, one for everyone",
            revision(2, "e", "A", "P"),
            aid,
            &["Ann Lee", "Ops"],
        ),
        (
            "both, each for one",
            revision(2, "e", "A", "P"),
            both,
            &["Ann Lee", "Ops"],
        ),
        (
            "for nobody known",
            revision(2, "e", "A", "p"),
            "materials: { docs/aid.md: [Bob] }",
            &["Ann Lee", "Ops"],
        ),
        (
            "an empty list",
            revision(2, "e", "A", "p"),
            "materials: { docs/aid.md: [] }",
            &["Ann Lee", "Ops"],
        ),
    ];
    for (what, second, materials, missing) in cases {
        let found = weigh(materials, vec![first(), second], BOTH);
        assert_eq!(names(found.missing()), missing, "{what}");
        for one in found.missing() {
            let void = one.voided().unwrap();
            assert!(void.why.starts_with("revision 2 "), "{what}: {}", void.why);
            assert_eq!(
                one.asked,
                Some(Timestamp::from_second(200).unwrap()),
                "{what}"
            );
        }
    }
}

#[test]
fn what_was_void_stays_void_over_later_revisions() {
    let on_way = vec![
        revision(1, "e", "a", "p"),
        revision(2, "e", "A", "p"),
        revision(3, "e", "A", "p"),
    ];
    let found = weigh("", on_way, BOTH);
    assert_eq!(names(found.missing()), ["Ann Lee", "Ops"]);
    // The wording alone changed since: they have been asked since revision 2.
    assert_eq!(
        found.people[0].asked,
        Some(Timestamp::from_second(200).unwrap())
    );
    assert!(
        found.people[0].void[0]
            .why
            .starts_with("revision 2 changes docs/aid.md")
    );
}

#[test]
fn a_late_answer_to_an_earlier_revision_counts_for_that_alone() {
    let two = vec![revision(1, "e", "a", "p"), revision(2, "E", "a", "p")];
    let found = weigh("", two, "1|Ann Lee|confirms|210\n2|Ops|confirms|220");
    assert_eq!(names(found.missing()), ["Ann Lee"]);
}

#[test]
fn taken_back_and_given_again() {
    let one = || vec![revision(1, "e", "a", "p")];
    let found = weigh("", one(), "1|Ops|confirms|110\n1|Ops|withdraws|120");
    assert_eq!(found.people[1].acknowledged, None);
    let found = weigh("", one(), "1|Ops|withdraws|120\n1|Ops|confirms|110");
    assert_eq!(
        found.people[1].acknowledged, None,
        "by what was said last, not read last"
    );
    let found = weigh(
        "",
        one(),
        "1|Ops|confirms|110\n1|Ops|withdraws|120\n1|Ops|confirms|130",
    );
    let at = found.people[1]
        .acknowledged
        .as_ref()
        .map(|c| c.at.as_second());
    assert_eq!(at, Some(130));
}

#[test]
fn a_review_is_no_confirmation() {
    let found = weigh("", vec![revision(1, "e", "a", "p")], "1|Ops|reviewed|110");
    assert!(found.people[1].reviewed.is_some());
    assert_eq!(names(found.missing()), ["Ann Lee", "Ops"]);
}

#[test]
fn blockers_stay_until_resolved() {
    let one = || vec![revision(1, "e", "a", "p")];
    let asked = format!("{BOTH}1|Press|which door?|130\n");
    let found = weigh("", one(), &asked);
    assert_eq!(found.people[2].blocker().as_deref(), Some("which door?"));
    assert!(!found.is_complete(), "of somebody without a row, too");
    assert!(weigh("", one(), &format!("{asked}1|Press|resolved|140")).is_complete());
    // Said before, read after: nobody has resolved it.
    let late = format!("{asked}1|Press|resolved|140\n1|Press|and when?|135");
    let found = weigh("", one(), &late);
    assert_eq!(found.people[2].blocker().as_deref(), Some("and when?"));
}

#[test]
fn whom_a_revision_would_ask_again_can_be_known_before() {
    let roster = Roster {
        concerns: BTreeMap::from([("docs/aid.md".to_owned(), vec![1])]),
        ..Roster::default()
    };
    let (one, two) = (revision(1, "e", "a", "p"), revision(2, "e", "A", "p"));
    let (whom, why) = voids(&roster, (&one).into(), (&two).into());
    assert_eq!(whom, Whom::These(BTreeSet::from([1])));
    assert_eq!(why, "changes docs/aid.md, which concerns them");
}
