use super::*;
use crate::{
    model::{
        acknowledgement::{Acknowledgement, Confirmed},
        decision::Known,
        resolution::GateKind,
        resolution::GateResult,
        word::Word,
        word::WordKind,
    },
    parser,
};

const TEXT: &str = "# T\n\n## Required Evidence\n- [ ] **Key:** handed over\n\n### 1. Van\n**Owner:** Depot\n**Status:** ✅ done\n\n## Success Metrics\n- [x] **Attendance:** ≥80% come\n- [ ] **Ideas:** at least 2 items written down\n- [ ] **Calm:** nobody shouts\n- [ ] **Evidence Complete:** all of it\n\n## Readiness Gates\n- [ ] **Nothing Owed:** all dependencies are green\n\n## After\n1. **Notes** (T+4h)\n   - To `artifacts/ops/day/`\n";

/// The assessment with these words (name, note) and the gate `Key` as given.
fn assess_with(text: &str, words: &[(&str, &str)], key: Verdict, files: usize) -> Assessment {
    assess_of(text, words, key, files, &Acknowledgements::default())
}

fn assess_of(
    text: &str,
    words: &[(&str, &str)],
    key: Verdict,
    files: usize,
    acknowledgements: &Acknowledgements,
) -> Assessment {
    let (document, _) = parser::parse("a.md", text, &parser::Grammar::default());
    let gates = document.gates.iter().map(|_| GateResult {
        kind: GateKind::Manual,
        verdict: key,
        reason: "because".into(),
        notes: vec![],
        proofs: vec![],
        requirements: vec![],
        words: vec![],
        attestable: false,
        text_sha256: String::new(),
    });
    let gates: Vec<GateResult> = gates.collect();
    let now = "2025-03-01T08:00:00Z".parse().unwrap();
    let timeline =
        crate::resolver::coordination::timeline(&document, &gates, &[], now, &mut vec![]);
    let resolution = Resolution {
        gates,
        timeline,
        ..Resolution::default()
    };
    let words = words.iter().enumerate().map(|(seq, (name, note))| Word {
        gate: (*name).to_owned(),
        text_sha256: text_sha256(metric(&document, name).unwrap()),
        by: "Ann".into(),
        at: now,
        seq: seq as u64,
        kind: WordKind::Attestation {
            evidence: None,
            note: (!note.is_empty()).then(|| (*note).to_owned()),
        },
    });
    let history = History {
        words: words.collect(),
        ..History::default()
    };
    let folder = archive_folder(&document).unwrap();
    assess(Facts {
        document: &document,
        resolution: &resolution,
        history: &history,
        acknowledgements,
        archive: Some((folder, files)),
        now,
    })
    .unwrap()
}

fn answers(assessment: &Assessment) -> String {
    let points = assessment.points().map(|p| match p.answer {
        Answer::Met => '+',
        Answer::NotMet => '-',
        Answer::Open => '?',
    });
    points.collect()
}

const SAID: [(&str, &str); 3] = [("Attendance", "11 of 12"), ("Ideas", "3"), ("Calm", "")];

#[test]
fn it_is_go_only_if_every_point_is_met() {
    let all = assess_with(TEXT, &SAID, Verdict::Clear, 2);
    assert_eq!(
        (answers(&all).as_str(), all.decision),
        ("+++++", Decision::Go)
    );
    assert_eq!(
        all.metrics[0].why,
        "91.6% (11 of 12), attested by Ann on 2025-03-01"
    );
    assert_eq!(
        all.metrics[3].why,
        "every gate is clear or waived; 2 files are in artifacts/ops/day"
    );
    for (words, key, files, answers_, decision) in [
        (&SAID[..2], Verdict::Clear, 2, "++?++", Decision::Undecided),
        (&SAID[..0], Verdict::Clear, 0, "????+", Decision::Undecided),
        (&SAID[..], Verdict::Hold, 2, "+++-+", Decision::NoGo),
        (&SAID[..], Verdict::Waived, 2, "+++++", Decision::Go),
        (
            &[SAID[1], SAID[2], ("Attendance", "9 of 12")][..],
            Verdict::Clear,
            2,
            "-++++",
            Decision::NoGo,
        ),
        (
            &[SAID[0], SAID[1], ("Calm", "not met: two did")][..],
            Verdict::Clear,
            2,
            "++-++",
            Decision::NoGo,
        ),
        (
            &[SAID[1], SAID[2], ("Attendance", "many")][..],
            Verdict::Clear,
            2,
            "?++++",
            Decision::Undecided,
        ),
        // The newest word counts.
        (
            &[SAID[0], SAID[1], ("Calm", "no"), SAID[2]][..],
            Verdict::Clear,
            2,
            "+++++",
            Decision::Go,
        ),
    ] {
        let made = assess_with(TEXT, words, key, files);
        assert_eq!(
            (answers(&made).as_str(), made.decision),
            (answers_, decision),
            "{words:?}"
        );
    }
}

#[test]
fn a_ticked_box_is_no_word_and_the_fix_is_said() {
    let made = assess_with(TEXT, &[], Verdict::Clear, 1);
    let first = &made.metrics[0];
    assert_eq!(first.known, Known::Missing);
    assert_eq!(
        first.why,
        "its box is ticked, but nobody has put their name to it"
    );
    let ask = "packet attest \"Attendance\" --by NAME --note \"11 of 12\"";
    assert_eq!(first.ask.as_deref(), Some(ask));
}

#[test]
fn what_is_owed_and_what_is_listed_counts() {
    let late = TEXT.replace("✅ done", "⏳ pending");
    let made = assess_with(&late, &SAID, Verdict::Clear, 1);
    assert_eq!(
        (answers(&made).as_str(), made.decision),
        ("++++-", Decision::NoGo)
    );
    assert_eq!(made.readiness[0].why, "1 of 1 dependencies not met: Van");
    let listed = format!("{TEXT}\n## Action Items\n- [ ] one\n- [x] two\n");
    let made = assess_with(&listed, &[], Verdict::Clear, 1);
    assert_eq!(made.metrics[1].why, "2 listed in the document");
    assert_eq!(made.metrics[1].answer, Answer::Met);
    let fewer = listed.replace("- [x] two\n", "");
    let made = assess_with(&fewer, &SAID, Verdict::Clear, 1);
    assert_eq!(
        made.metrics[1].answer,
        Answer::NotMet,
        "what is listed outranks a word"
    );
}

#[test]
fn before_the_event_nothing_is_decided() {
    let text = format!("{TEXT}\n**Event:** 2025-03-01 09:00 UTC\n");
    let made = assess_with(&text, &SAID, Verdict::Clear, 1);
    assert_eq!(made.decision, Decision::Undecided);
    assert!(made.before.is_some());
    let text = text.replace("09:00", "07:59");
    assert_eq!(
        assess_with(&text, &SAID, Verdict::Clear, 1).decision,
        Decision::Go
    );
}

#[test]
fn words_are_for_the_metric_as_it_reads() {
    let (document, _) = parser::parse("a.md", TEXT, &parser::Grammar::default());
    let changed = TEXT.replace("nobody shouts", "nobody cries");
    let (other, _) = parser::parse("a.md", &changed, &parser::Grammar::default());
    let hash = |d| text_sha256(metric(d, "calm").unwrap());
    assert_ne!(hash(&document), hash(&other));
}

#[test]
fn confirmations_are_counted_and_not_guessed() {
    let person = |confirmed: bool| Acknowledgement {
        expected: true,
        acknowledged: confirmed.then(|| Confirmed {
            at: "2025-03-01T07:00:00Z".parse().unwrap(),
            revision: 1,
            how: "by hand".into(),
            note: None,
        }),
        ..Acknowledgement::default()
    };
    let made = |asks: &str, confirmed: usize, asked: usize, revision| {
        let text = TEXT.replace("all dependencies are green", asks);
        let acknowledgements = Acknowledgements {
            revision,
            people: (0..asked).map(|n| person(n < confirmed)).collect(),
            ..Acknowledgements::default()
        };
        let made = assess_of(&text, &SAID, Verdict::Clear, 1, &acknowledgements);
        let point = &made.readiness[0];
        (point.answer, point.why.clone())
    };
    for (asks, confirmed, asked, answer) in [
        ("all acknowledged", 2, 2, Answer::Met),
        ("all acknowledged", 1, 2, Answer::NotMet),
        ("at least 80% acknowledged", 4, 5, Answer::Met),
        ("at least 80% acknowledged", 3, 5, Answer::NotMet),
        ("at least 2 acknowledged", 2, 5, Answer::Met),
        ("at least 2 acknowledged", 1, 5, Answer::NotMet),
    ] {
        let said = format!("{confirmed} of {asked} have confirmed");
        assert_eq!(
            made(asks, confirmed, asked, Some(1)),
            (answer, said),
            "{asks}"
        );
    }
    // Before anything was sent, and where nobody is asked, there is nothing to count.
    assert_eq!(made("all acknowledged", 2, 2, None).0, Answer::Open);
    assert_eq!(made("all acknowledged", 0, 0, Some(1)).0, Answer::Open);
}
