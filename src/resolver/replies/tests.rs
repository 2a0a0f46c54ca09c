use std::collections::BTreeMap;

use super::*;
use crate::{
    model::{config::Config, history::Revision, plan::Via},
    parser,
};

const TEXT: &str =
    "# T\n\n## Primary Recipients\n- [ ] **Lead (Ann Lee):** read\n- [ ] **Ops:** check\n";
const CONTACTS: &str = "contacts:\n  Ann Lee: { email: [ann@example.com, a.lee@example.net] }\n  Ops: { email: ops@example.com }\n";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn delivery(name: &str, id: &str, second: i64) -> Delivery {
    Delivery {
        names: vec![name.to_owned()],
        state: DeliveryState::Sent,
        via: Via::Smtp,
        at: at(second),
        outcome: None,
        sha256: None,
        message_id: Some(format!("<{id}>")),
        token: Some(format!("token-{id}")),
    }
}

/// Two revisions, each sent to both; Message-IDs are `a1`, `o1`, `a2`, `o2`.
fn history() -> History {
    let revision = |number: u32| Revision {
        number,
        digest: format!("{number}"),
        started: at(i64::from(number) * 100),
        subject: String::new(),
        body: None,
        evidence: Vec::new(),
        materials: Vec::new(),
        deliveries: [("ann", "Ann Lee", "a"), ("ops", "Ops", "o")]
            .map(|(local, name, id)| {
                let key = format!("email:{local}@example.com");
                (
                    key,
                    delivery(name, &format!("{id}{number}"), i64::from(number) * 100),
                )
            })
            .into(),
    };
    let notice = |kind, id| {
        let notice = Notice {
            kind,
            item: "x".to_owned(),
        };
        let key = "email:ann@example.com".to_owned();
        ((notice, key), delivery("Ann Lee", id, 150))
    };
    History {
        revisions: vec![revision(1), revision(2)],
        notices: BTreeMap::from([
            notice(NoticeKind::Reminder, "remind"),
            notice(NoticeKind::Report, "report"),
        ]),
        ..History::default()
    }
}

fn judge(history: &History, mail: &Mail) -> Finding {
    let config: Config = serde_yaml::from_str(CONTACTS).unwrap();
    let (document, _) = parser::parse("docs/t.md", TEXT, &parser::Grammar::default());
    let roster = people::roster(&document, &config);
    let senders = [Sender {
        document: &document,
        roster: &roster,
        history,
        trusted: None,
    }];
    Register::new(&senders).judge(mail, at(1000))
}

fn about(mail: &Mail) -> About {
    match judge(&history(), mail) {
        Finding::About(about) => about,
        other => panic!("{other:?}"),
    }
}

fn mail(from: &str, answers: &[&str], tokens: &[&str]) -> Mail {
    Mail {
        sha256: format!("{from}{answers:?}{tokens:?}"),
        from: vec![from.to_owned()],
        answers: answers.iter().map(|id| format!("<{id}>")).collect(),
        tokens: tokens.iter().map(|id| format!("token-{id}")).collect(),
        date: Some(at(500)),
        content: Content::Words(Words::Confirms(None)),
        ..Mail::default()
    }
}

/// From, Message-IDs, tokens; what it is taken for, and the revision.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    TakenFor,
    u32,
);

#[test]
fn whose_answer_it_is_and_to_which_revision() {
    use TakenFor::{Confirmation, Undecided};
    let cases: [Case; 10] = [
        ("ANN@Example.com", &["a1"], &[], Confirmation, 1),
        ("a.lee@example.net", &["a2"], &[], Confirmation, 2),
        ("ann@example.com", &["x"], &["a1"], Confirmation, 1),
        ("ann@example.com", &["a2", "a1"], &["a1"], Confirmation, 2),
        ("ann@example.com", &["a1"], &["a2"], Confirmation, 1),
        // Somebody forwarded theirs: it still answers what Ann was sent.
        ("ann@example.com", &["o2", "a1"], &[], Confirmation, 1),
        ("ann@example.com", &["o1"], &[], Undecided, 1),
        ("bob@example.com", &["a1"], &[], Undecided, 1),
        ("ann@example.com", &["remind"], &[], Confirmation, 1),
        ("ann@example.com", &["report"], &[], Undecided, 1),
    ];
    for (from, answers, tokens, taken_for, revision) in cases {
        let found = about(&mail(from, answers, tokens));
        let what = format!("{from} {answers:?} {tokens:?}: {found:?}");
        assert_eq!(
            (found.taken_for, found.revision),
            (taken_for, revision),
            "{what}"
        );
        let answered = found
            .events
            .iter()
            .any(|e| matches!(e, Event::Answered { .. }));
        assert_eq!(answered, taken_for == Confirmation, "{what}");
        assert!(
            matches!(found.events.last(), Some(Event::Imported { .. })),
            "{what}"
        );
    }
}

#[test]
fn what_is_not_ours_is_left_alone() {
    assert_eq!(
        judge(&history(), &mail("ann@example.com", &["z"], &["z"])),
        Finding::Unrelated
    );
    let mut own = mail("training@example.com", &[], &[]);
    own.message_id = Some("<a1>".to_owned());
    assert_eq!(judge(&history(), &own), Finding::Own);
    let mut two = mail("ann@example.com", &["a1"], &[]);
    two.from.push("bob@example.com".to_owned());
    assert_eq!(about(&two).taken_for, TakenFor::Undecided);
}

#[test]
fn a_mail_is_known_again_by_its_bytes_or_its_id() {
    let mut first = mail("ann@example.com", &["a1"], &[]);
    first.message_id = Some("<m>".to_owned());
    let mut history = history();
    history.known_mails.extend(reply(&first).marks());
    let fetched_again = |id: &str, from: &str| Mail {
        sha256: "other".to_owned(),
        message_id: Some(id.to_owned()),
        from: vec![from.to_owned()],
        ..first.clone()
    };
    assert_eq!(judge(&history, &first), Finding::Known);
    assert_eq!(
        judge(&history, &fetched_again("<m>", "Ann@example.com")),
        Finding::Known
    );
    assert!(matches!(
        judge(&history, &fetched_again("<n>", "ann@example.com")),
        Finding::About(_)
    ));
    assert!(matches!(
        judge(&history, &fetched_again("<m>", "bob@example.com")),
        Finding::About(_)
    ));
}

#[test]
fn nobody_answers_before_they_are_asked_or_after_now() {
    for (date, wanted) in [
        (Some(500), 500),
        (Some(5), 100),
        (Some(5000), 1000),
        (None, 1000),
    ] {
        let mut mail = mail("ann@example.com", &["a1"], &[]);
        mail.date = date.map(at);
        let events = about(&mail).events;
        let Some(Event::Answered { when, .. }) = events.first() else {
            panic!("{events:?}");
        };
        assert_eq!(*when, at(wanted), "{date:?}");
    }
}

#[test]
fn a_report_rejects_the_delivery_it_is_about_and_no_other() {
    let report = |action: &str, address: &str| Mail {
        sha256: format!("{action}{address}"),
        from: vec!["mailer-daemon@example.com".to_owned()],
        content: Content::Report(Report {
            about: vec!["<o1>".to_owned()],
            recipients: vec![Reported {
                addresses: vec![address.to_owned()],
                action: action.to_owned(),
                status: Some("5.1.1".to_owned()),
                code: Some(550),
                diagnostic: "no such user".to_owned(),
            }],
        }),
        ..Mail::default()
    };
    let failed = about(&report("failed", "OPS@example.com"));
    assert_eq!(failed.taken_for, TakenFor::Bounce);
    let [
        Event::Delivered {
            revision: 1,
            key,
            outcome,
        },
        _,
    ] = failed.events.as_slice()
    else {
        panic!("{failed:?}");
    };
    assert_eq!(key, "email:ops@example.com");
    assert_eq!(
        (outcome.state, outcome.code),
        (DeliveryState::Rejected, Some(550))
    );
    assert_eq!(outcome.detail, "returned: no such user");
    for (action, address, taken_for) in [
        ("delayed", "ops@example.com", TakenFor::Automatic),
        ("delivered", "ops@example.com", TakenFor::Automatic),
        ("failed", "elsewhere@example.org", TakenFor::Undecided),
    ] {
        let found = about(&report(action, address));
        assert_eq!(found.taken_for, taken_for, "{action} {address}");
        assert_eq!(found.events.len(), 1, "{found:?}");
    }
}
