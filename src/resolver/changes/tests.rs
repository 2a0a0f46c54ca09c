use super::*;
use crate::model::difference::{Passage, Section};

const OLD: &str = "---\nlast_reviewed: 2026-02-20\ndoc_hash: TBD\n---\n# Scanner guide\n\nTurn it on.\n\n## Fallback steps\n\n- Call the **desk**.\n- Wait.\n\n## Night shift\n\nNobody is here.\n";

fn text(path: &str, sha256: &str, text: &str) -> Text {
    Text {
        file: FileHash {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            size: 1,
        },
        text: Some(text.to_owned()),
    }
}

fn shown(sections: &[Section]) -> Vec<String> {
    let passage = |p: &Passage| format!("[{}|{}]", p.before, p.after);
    sections
        .iter()
        .map(|s| {
            let was = s
                .was_called
                .as_deref()
                .map_or(String::new(), |w| format!(" was {w}"));
            let passages: Vec<String> = s.passages.iter().map(passage).collect();
            format!("{:?} {}{was} {}", s.what, s.heading, passages.concat())
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn each_edit_is_told_under_its_heading() {
    for (old, new, expected) in [
        (
            "desk",
            "kiosk",
            vec!["Changed Fallback steps [Call the desk.|Call the kiosk.]"],
        ),
        (
            "- Wait.\n",
            "- Wait.\n- Open a ticket.\n",
            vec!["Changed Fallback steps [|Open a ticket.]"],
        ),
        ("- Wait.\n", "", vec!["Changed Fallback steps [Wait.|]"]),
        (
            "## Night shift",
            "## Late shift",
            vec!["Changed Late shift was Night shift"],
        ),
        (
            "## Night shift\n\nNobody is here.\n",
            "",
            vec!["Removed Night shift [Nobody is here.|]"],
        ),
        (
            "2026-02-20",
            "2026-03-01",
            vec!["Changed front matter [last_reviewed: 2026-02-20|last_reviewed: 2026-03-01]"],
        ),
        ("TBD", "sha256:00", vec![]),
        ("Turn it on.", "Turn\nit on.", vec![]),
        ("**desk**", "_desk_", vec![]),
        (
            "Nobody is here.",
            "Ask <PENDING> `now`.",
            vec!["Changed Night shift [Nobody is here.|Ask <PENDING> now.]"],
        ),
        (
            "\n## Fallback",
            "\n## Before it\n\nLook.\n\n## Fallback",
            vec!["Added Before it [|Look.]"],
        ),
    ] {
        assert!(OLD.contains(old), "{old}");
        assert_eq!(
            shown(&sections(OLD, &OLD.replacen(old, new, 1))),
            expected,
            "{old} -> {new}"
        );
    }
}

#[test]
fn a_heading_that_occurs_twice_is_compared_with_its_namesake() {
    let old = "## Steps\n\nOne.\n\n## Steps\n\nTwo.\n";
    let new = "## Steps\n\nOne.\n\n## Steps\n\nThree.\n";
    assert_eq!(shown(&sections(old, new)), ["Changed Steps [Two.|Three.]"]);
}

#[test]
fn code_is_compared_line_by_line_and_rows_cell_by_cell() {
    let old = "## A\n\n```\na  b\nc\n```\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n";
    assert_eq!(
        shown(&sections(old, &old.replace('c', "d").replace("| 2", "| 3"))),
        ["Changed A [c|d][| 1 | 2 ||| 1 | 3 |]"]
    );
}

#[test]
fn materials_and_evidence_come_go_and_change() {
    let file = |path: &str, sha: &str| FileHash {
        path: path.to_owned(),
        sha256: sha.to_owned(),
        size: 1,
    };
    let old = Contents {
        subject: "Doors open".to_owned(),
        body: Some("Hello.".to_owned()),
        materials: vec![text("a.md", "1", OLD), text("b.md", "2", "x")],
        evidence: vec![
            (
                "Probe".to_owned(),
                file("artifacts/p_2026-03-01T08-00-00Z.log", "1"),
            ),
            ("Count".to_owned(), file("artifacts/c.log", "2")),
        ],
    };
    let mut new = old.clone();
    new.materials = vec![
        text("a.md", "3", &OLD.replace("desk", "kiosk")),
        text("c.md", "4", ""),
    ];
    new.evidence[0].1 = file("artifacts/p_2026-03-02T08-00-00Z.log", "3");
    let difference = compare(1, &old, &new);
    let told: Vec<(&str, Fate, usize)> = difference
        .materials
        .iter()
        .map(|m| (m.title.as_str(), m.what, m.sections.len()))
        .collect();
    assert_eq!(
        told,
        [
            ("Scanner guide", Fate::Changed, 1),
            ("c.md", Fate::Added, 0),
            ("b.md", Fate::Removed, 0)
        ]
    );
    assert_eq!(difference.evidence.len(), 1);
    let after = difference.evidence[0].after.as_ref().unwrap();
    assert_eq!(after.moment.as_deref(), Some("2026-03-02T08-00-00Z"));
    assert!(!difference.is_wording() && !difference.is_empty());
    assert!(compare(1, &old, &old).is_empty());
}

#[test]
fn without_the_text_before_only_what_is_known_is_said() {
    let old = Contents::default();
    let mut new = Contents {
        body: Some("Hello.".to_owned()),
        ..Contents::default()
    };
    assert!(compare(1, &old, &new).message_unknown);
    new.subject = "Doors".to_owned();
    let told = compare(1, &old, &new);
    assert!(!told.message_unknown && told.subject.is_some());
}
