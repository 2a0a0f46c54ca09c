use super::*;
use crate::model::difference::EvidenceDifference;

fn section(heading: &str, what: Fate, passages: &[(&str, &str)]) -> Section {
    let passage = |(before, after): &(&str, &str)| Passage {
        before: (*before).to_owned(),
        after: (*after).to_owned(),
    };
    Section {
        heading: heading.to_owned(),
        what,
        was_called: None,
        passages: passages.iter().map(passage).collect(),
    }
}

fn difference() -> Difference {
    let artifact = |path: &str| {
        Some(Artifact {
            path: path.to_owned(),
            moment: None,
        })
    };
    Difference {
        since: 1,
        subject: Some(("Doors open".to_owned(), "Doors close".to_owned())),
        message: vec![section("", Fate::Changed, &[("", "Bring a pass.")])],
        message_unknown: false,
        materials: vec![MaterialDifference {
            path: "docs/guide.md".to_owned(),
            title: "Scanner guide".to_owned(),
            what: Fate::Changed,
            sections: vec![
                section(
                    "Fallback steps",
                    Fate::Changed,
                    &[("Call the desk.", "Open a ticket.")],
                ),
                section("Night shift", Fate::Removed, &[("Nobody.", "")]),
            ],
        }],
        evidence: vec![EvidenceDifference {
            gate: "Probe".to_owned(),
            before: artifact("artifacts/a_1.log"),
            after: artifact("artifacts/a_2.log"),
        }],
    }
}

#[test]
fn each_change_is_one_line() {
    assert_eq!(
        lines(&difference()),
        [
            "The subject: was “Doors open”, now “Doors close”",
            "The beginning of the message: new: “Bring a pass.”",
            "“Fallback steps” in Scanner guide: was “Call the desk.”, now “Open a ticket.”",
            "“Night shift” in Scanner guide is gone",
            "Evidence for Probe: was `a_1.log`, now `a_2.log`",
        ]
    );
}

#[test]
fn long_passages_and_long_lists_are_cut_and_say_so() {
    let long = "word ".repeat(200);
    let mut much = difference();
    much.message = vec![section("A", Fate::Changed, &[(long.as_str(), "b"); 5])];
    much.materials[0].sections = vec![section("B", Fate::Removed, &[]); 50];
    let lines = lines(&much);
    assert!(
        lines[1].contains("word …”") && lines[1].ends_with("and 2 more"),
        "{}",
        lines[1]
    );
    assert!(lines.iter().all(|l| l.chars().count() < 1000));
    assert_eq!(lines.last().unwrap(), "and 23 more; compare the files");
}

#[test]
fn everybody_hears_whether_to_confirm() {
    let one = |confirm| markdown(&difference(), &[("Edda Lund".to_owned(), confirm)]);
    assert!(one(Confirm::Please).ends_with("\n\nPlease confirm this revision."));
    assert!(
        one(Confirm::Again(1)).contains("Please confirm again: your confirmation of revision 1")
    );
    assert!(one(Confirm::Stays(1)).contains("You need not confirm again"));
    let both = [
        ("Edda Lund".to_owned(), Confirm::Stays(1)),
        ("Ove Berg".to_owned(), Confirm::Please),
    ];
    let both = markdown(&difference(), &both);
    assert!(
        both.contains("Edda Lund: You need not") && both.contains("Ove Berg: Please confirm this")
    );
    assert!(markdown(&difference(), &[]).ends_with("now `a_2.log`"));
}
