use proptest::prelude::*;

use super::*;
use crate::{
    parser::moments,
    resolver::source::{NearMiss, NearMisses},
};

const NOW: &str = "2025-10-12T12:00:00Z";

fn candidate(name: &str) -> Candidate {
    let moment = moments::find(name).first().map(|(_, moment)| *moment);
    Candidate {
        path: format!("artifacts/{name}"),
        moment,
        notes: Vec::new(),
    }
}

fn found(names: &[&str]) -> Found {
    Found {
        candidates: names.iter().map(|n| candidate(n)).collect(),
        ..Found::default()
    }
}

fn refused(name: &str, why: Refusal) -> Refused {
    Refused {
        candidate: candidate(name),
        why,
    }
}

fn pick(pattern: &str, found: Found) -> Choice {
    let pattern = Pattern::parse(pattern).unwrap();
    choose(&pattern, Ok(found), NOW.parse().unwrap())
}

/// The chosen file's name, or the hold's code and words.
fn outcome(found: Found) -> String {
    let choice = pick("artifacts/p_<timestamp>.log", found);
    match choice.decision {
        Decision::Chosen(candidate) => candidate.path,
        Decision::Hold(hold) => format!("{}: {hold}", hold.code()),
    }
}

#[test]
fn the_newest_instant_decides_whatever_the_text_order() {
    let choice = pick(
        "artifacts/*",
        found(&[
            "p_2025-10-12T09-00-00Z.log",
            "p_2025-10-12T10-30-00+02:00.log",
            "p_20251011T235959Z.log",
            "p_2025-10-12T08-59-00Z.log",
        ]),
    );
    assert_eq!(
        choice.chosen().unwrap().path,
        "artifacts/p_2025-10-12T09-00-00Z.log"
    );
    assert_eq!(choice.passed_over, 3);
    assert_eq!(
        choice.next.unwrap().path,
        "artifacts/p_2025-10-12T08-59-00Z.log"
    );
    assert_eq!(
        choice.notes,
        [
            "3 older artifacts passed over, the newest of them `artifacts/p_2025-10-12T08-59-00Z.log` of 2025-10-12T08:59:00Z"
        ]
    );
}

#[test]
fn ties_hold_and_name_all() {
    let tie = outcome(found(&[
        "b_2025-10-12T0900Z.log",
        "a_2025-10-12T09-00-00Z.log",
        "2025-10-11.log",
    ]));
    assert!(
        tie.starts_with("tie: `artifacts/a_2025-10-12T09-00-00Z.log`, `artifacts/b_"),
        "{tie}"
    );
    assert!(!tie.contains("10-11"), "{tie}");
    let day = outcome(found(&["p_2025-10-12.log", "p_2025-10-12T09-00Z.log"]));
    assert!(
        day.starts_with("tie: `artifacts/p_2025-10-12.log`, `"),
        "{day}"
    );
    // A bare date is no rival of the day after.
    let next = outcome(found(&["p_2025-10-11.log", "p_2025-10-12T00-00Z.log"]));
    assert_eq!(next, "artifacts/p_2025-10-12T00-00Z.log");
}

#[test]
fn what_states_no_moment_decides_only_alone() {
    assert_eq!(outcome(found(&["p.log"])), "artifacts/p.log");
    let unsure = outcome(found(&["p.log", "p_2025-10-12.log"]));
    assert!(
        unsure.starts_with("no-moment: cannot tell which of 2 files"),
        "{unsure}"
    );
    assert!(
        unsure.contains("`artifacts/p.log` has no") && !unsure.contains("10-12"),
        "{unsure}"
    );
}

#[test]
fn the_future_holds_without_falling_back() {
    let future = outcome(found(&["p_2025-10-12T12-00-01Z.log", "p_2025-10-11.log"]));
    assert!(
        future.starts_with("future: the newest, `artifacts/p_2025-10-12T12-00-01Z.log`"),
        "{future}"
    );
    assert!(future.contains("it is 2025-10-12T12:00:00Z"), "{future}");
    assert!(outcome(found(&["p_2025-10-13.log"])).starts_with("future"));
    assert_eq!(
        outcome(found(&["p_2025-10-12.log"])),
        "artifacts/p_2025-10-12.log"
    );
    assert_eq!(
        outcome(found(&["p_2025-10-12T12-00Z.log"])),
        "artifacts/p_2025-10-12T12-00Z.log"
    );
}

#[test]
fn missing_names_near_misses_and_an_example() {
    let mut nothing = found(&[]);
    for index in 0..7 {
        nothing.near.add(NearMiss {
            path: format!("artifacts/p_{index}.log"),
            why: "has no moment".into(),
        });
    }
    assert_eq!(
        outcome(nothing),
        "missing: no file matches `artifacts/p_<timestamp>.log`; save the evidence under a name \
         such as `artifacts/p_2025-10-12T12-00-00Z.log`. Close, but not it: `artifacts/p_0.log` \
         has no moment; `artifacts/p_1.log` has no moment; `artifacts/p_2.log` has no moment; \
         `artifacts/p_3.log` has no moment; `artifacts/p_4.log` has no moment; and more"
    );
    let literal = pick("artifacts/p.log", found(&[]));
    assert_eq!(
        literal.hold().unwrap().to_string(),
        "no file matches `artifacts/p.log`; put the file there"
    );
}

#[test]
fn the_example_would_match() {
    for text in [
        "a/<date>/p_<timestamp>.log",
        "<timestamp>",
        "<date>-<timestamp>.log",
        "p<date>*",
    ] {
        let pattern = Pattern::parse(text).unwrap();
        let example = hold::example(&pattern, NOW.parse().unwrap()).unwrap();
        let candidate = crate::resolver::matching::Matcher::new(&pattern).candidate(&example);
        assert!(candidate.is_some_and(|c| c.moment.is_some()), "{example}");
    }
}

#[test]
fn a_refused_match_is_never_passed_over_silently() {
    let with = |name: &str, why: Refusal| {
        let mut found = found(&["p_2025-10-12T09-00Z.log"]);
        found.refused.push(refused(name, why));
        pick("artifacts/*", found)
    };
    let newer = with("p_2025-10-12T10-00Z.log", Refusal::LeadsOut);
    assert!(
        newer.hold().unwrap().to_string().contains("leads out"),
        "{newer:?}"
    );
    assert_eq!(
        with("p.log", Refusal::Special).hold().unwrap().code(),
        "refused"
    );
    assert_eq!(
        with("p_2025-10-12T09-00Z.txt", Refusal::Folder)
            .hold()
            .unwrap()
            .code(),
        "tie"
    );
    let older = with("p_2025-10-11T10-00Z.log", Refusal::LeadsOut);
    assert_eq!((older.chosen().is_some(), older.passed_over), (true, 1));
    let beside = with("old", Refusal::Folder);
    assert!(beside.chosen().is_some());
    assert_eq!(
        beside.notes,
        ["`artifacts/old` matches too, and is a folder"]
    );
    let alone = outcome(Found {
        refused: vec![refused("old", Refusal::Folder)],
        ..Found::default()
    });
    assert!(
        alone.starts_with("refused: `artifacts/old` is a folder"),
        "{alone}"
    );
    let only = outcome(Found {
        refused: vec![refused("p.log", Refusal::LeadsOut)],
        ..Found::default()
    });
    assert!(only.starts_with("refused"), "{only}");
}

#[test]
fn folders_and_failed_searches_hold() {
    assert_eq!(
        pick("artifacts/x/", found(&["p.log"]))
            .hold()
            .unwrap()
            .code(),
        "folder"
    );
    let pattern = Pattern::parse("artifacts/*").unwrap();
    let error = SearchError::CannotRead {
        path: "artifacts".into(),
        reason: "denied".into(),
    };
    let choice = choose(&pattern, Err(error), NOW.parse().unwrap());
    assert_eq!(choice.hold().unwrap().code(), "cannot-read");
    assert!(
        choice
            .hold()
            .unwrap()
            .to_string()
            .starts_with("cannot read `artifacts`: denied")
    );
}

#[test]
fn notes_age_and_what_was_not_considered() {
    let notes = |name: &str| pick("artifacts/*", found(&[name])).notes;
    assert_eq!(notes("p_2025-09-12T11-59-59Z.log"), ["it is 30 days old"]);
    assert_eq!(notes("p_2025-09-08T12-00Z.log"), ["it is 34 days old"]);
    assert!(notes("p_2025-09-12T12-00-00Z.log").is_empty());
    assert!(notes("p_2025-09-12.log").is_empty());
    let mut beside = found(&["p_2025-10-12T09-00Z.log"]);
    beside.candidates[0].notes.push("its folder differs".into());
    beside.not_utf8 = 2;
    beside.near = NearMisses {
        shown: vec![NearMiss {
            path: "artifacts/p_latest.log".into(),
            why: "has no moment".into(),
        }],
        more: false,
    };
    assert_eq!(
        pick("artifacts/*", beside).notes,
        [
            "its folder differs",
            "not considered: `artifacts/p_latest.log` has no moment",
            "2 file names are not UTF-8 and were not looked at"
        ]
    );
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof![
        "[ab]_2025-10-1[0-3]T0[0-3]Z\\.log",
        "[ab]_2025-10-1[0-3]\\.log",
        "[ab]_2025-10-1[0-3]T01-00\\+0[12]00\\.log",
        "[a-c]\\.log",
    ];
    proptest::collection::btree_set(name, 0..6).prop_map(|set| set.into_iter().collect())
}

proptest! {
    #[test]
    fn order_does_not_matter(
        (names, shuffled) in names().prop_flat_map(|n| (Just(n.clone()), Just(n).prop_shuffle())),
        links in 0..8_usize,
    ) {
        let build = |names: &[String]| {
            let mut found = Found::default();
            for name in names {
                let candidate = candidate(name);
                // The same names are links in either order.
                if name.len() * 7 % 8 < links && name.starts_with('b') {
                    found.refused.push(Refused { candidate, why: Refusal::LeadsOut });
                } else {
                    found.candidates.push(candidate);
                }
            }
            pick("artifacts/*", found)
        };
        let choice = build(&names);
        prop_assert_eq!(&choice, &build(&shuffled));
        if let Some(chosen) = choice.chosen() && names.len() > 1 {
            let at = chosen.moment.unwrap();
            for other in names.iter().map(|n| candidate(n)).filter(|c| c.path != chosen.path) {
                prop_assert!(other.moment.unwrap().last() < at.first());
            }
        }
    }
}
