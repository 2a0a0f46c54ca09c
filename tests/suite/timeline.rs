//! The timeline of a document that coordinates an event, from a week before to the day after.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::scratch::Scratch;

const DOCUMENT: &str = "docs/guide_coordination.md";

/// `status --format json` at `now`.
fn status(scratch: &mut Scratch, now: &str) -> Value {
    scratch.now = Some(now.to_owned());
    scratch
        .run(&["status", "--format", "json", DOCUMENT])
        .json()
}

/// Each deadline, earliest first: pending, Met by evidence, met by word, Late.
fn states(scratch: &mut Scratch, now: &str) -> String {
    let value = status(scratch, now);
    let deadlines = value["deadlines"].as_array().unwrap().iter();
    deadlines
        .map(|d| match (d["state"].as_str(), d["met_by"].as_str()) {
            (Some("pending"), None) => 'p',
            (Some("met"), Some("evidence")) => 'M',
            (Some("met"), Some("word")) => 'm',
            (Some("overdue"), None) => 'L',
            other => panic!("{other:?} in {d}"),
        })
        .collect()
}

fn codes(value: &Value) -> Vec<&str> {
    let all = value["diagnostics"].as_array().unwrap().iter();
    all.map(|d| d["code"].as_str().unwrap()).collect()
}

#[test]
fn every_deadline_is_read_with_its_owner_and_route() {
    let mut scratch = Scratch::of("guide");
    let value = status(&mut scratch, "2026-10-27T12:00:00Z");
    let text = |v: &Value| v.as_str().unwrap_or("-").to_owned();
    let deadlines: Vec<String> = value["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            let parts = ["due", "kind", "what", "owner", "escalate_to"].map(|key| text(&d[key]));
            format!("{} {}", d["line"], parts.join(" | "))
        })
        .collect();
    // The clocks go back on 1 November: the same end of day is an hour later in UTC.
    let expected = [
        "46 2026-10-29T22:00:00Z | dependency | Steady Stream | Web Team + Collections | Web lead",
        "55 2026-10-30T03:59:59Z | owner | Exhibitions: Texts for rooms four to nine | Pavel Dusek | -",
        "56 2026-10-30T03:59:59Z | owner | Web: Stream, dashboard, night watch | Web lead | -",
        "58 2026-10-30T03:59:59Z | owner | Access: Subtitles and large print | Access Circle | -",
        "32 2026-10-30T16:00:00Z | dependency | Loan Handsets | Collections | #museum-depot",
        "54 2026-10-31T03:59:59Z | owner | Guides: Groups, routes, spare batteries | Noor Haddad | -",
        "57 2026-10-31T03:59:59Z | owner | Collections: Handsets, chargers, cloakroom | TBD Courier | -",
        "59 2026-10-31T03:59:59Z | owner | Press: Photographs, one paragraph | Press Desk | -",
        "65 2026-11-02T04:59:59Z | milestone | Before We Start | - | -",
        "72 2026-11-02T18:00:00Z | milestone | On the Day: Day-Of Checks | - | -",
        "140 2026-11-02T22:00:00Z | follow-up | Recordings on the Shelf | - | -",
        "144 2026-11-03T18:00:00Z | follow-up | One Page for Everybody | - | -",
        "79 2026-11-04T04:59:59Z | milestone | Afterwards | - | -",
        "147 2026-11-04T18:00:00Z | follow-up | Pocket Cards, Second Print | - | -",
    ];
    assert_eq!(deadlines, expected);
    assert_eq!(value["deadlines"][4]["route"]["role"], "depot duty desk");
}

#[test]
fn every_part_is_recognised() {
    let mut scratch = Scratch::of("guide");
    let value = status(&mut scratch, "2026-10-27T12:00:00Z");
    let parts = &value["coordination"];
    for (part, count) in [
        ("dependencies", 2),
        ("owners", 6),
        ("milestones", 3),
        ("risks", 3),
        ("triggers", 3),
        ("escalations", 0),
        ("follow_ups", 3),
        ("metrics", 4),
        ("readiness", 4),
        ("changes", 2),
    ] {
        assert_eq!(parts[part].as_array().unwrap().len(), count, "{part}");
    }
    let triggers = parts["triggers"].as_array().unwrap().iter();
    let triggers: Vec<_> = triggers
        .map(|t| (t["from"].as_str().unwrap(), t["condition"].to_string()))
        .collect();
    let expected = [
        ("2026-10-31T18:00:00Z", "\"dependency-red\"".to_owned()),
        ("2026-11-01T18:00:00Z", "\"evidence-incomplete\"".to_owned()),
        (
            "2026-11-02T05:00:00Z",
            "{\"systems_unavailable\":2}".to_owned(),
        ),
    ];
    assert_eq!(triggers, expected);
    for (pointer, wanted) in [
        ("/last_updated", "2026-10-26T08:30:00Z"),
        ("/overall/means", "at-risk"),
        ("/contact/address", "rehearsal-desk@example.com"),
        ("/event/begins", "2026-11-02T18:00:00Z"),
        ("/triggers/0/route/role", "Director"),
        ("/daily/time", "09:00:00"),
        ("/daily/zone", "ET"),
        ("/next_review/due", "2026-11-03T14:00:00Z"),
        ("/next_review/owner", "Visitor services with all teams"),
        ("/risks/1/mitigation", "two telephones and a loudspeaker"),
        ("/owners/5/status/means", "done"),
        (
            "/follow_ups/0/details/1",
            "To artifacts/ops/rehearsal_2026-11-02/",
        ),
    ] {
        assert_eq!(parts.pointer(pointer).unwrap(), wanted, "{pointer}");
    }
    assert_eq!(parts["metrics"][0]["at_least"], 80);
    assert_eq!(parts["metrics"][0]["percent"], true);
    assert_eq!(parts["metrics"][2]["at_least"], 5);
}

#[test]
fn every_task_stands_in_its_section() {
    let mut scratch = Scratch::of("guide");
    let value = status(&mut scratch, "2026-10-27T12:00:00Z");
    let mut sections: BTreeMap<&str, usize> = BTreeMap::new();
    for task in value["tasks"].as_array().unwrap() {
        *sections
            .entry(task["section"].as_str().unwrap())
            .or_default() += 1;
    }
    assert_eq!(sections.values().sum::<usize>(), 36);
    assert_eq!(sections["Delivery Requirements"], 6);
    assert_eq!(sections["Before We Start (T-24h: 2026-11-01)"], 5);
    assert_eq!(sections["Readiness Gates"], 4);
    assert_eq!(sections.len(), 8);
}

#[test]
fn a_week_of_deadlines() {
    let mut scratch = Scratch::of("guide");
    assert_eq!(
        states(&mut scratch, "2026-10-27T12:00:00Z"),
        "pppppppmpppppp"
    );
    // The last second is still in time, the next one is late.
    assert_eq!(
        states(&mut scratch, "2026-10-29T22:00:00Z"),
        "pppppppmpppppp"
    );
    assert_eq!(
        states(&mut scratch, "2026-10-29T22:00:01Z"),
        "Lppppppmpppppp"
    );
    assert_eq!(
        states(&mut scratch, "2026-10-30T03:59:59Z"),
        "Lppppppmpppppp"
    );
    assert_eq!(
        states(&mut scratch, "2026-10-30T17:00:00Z"),
        "LLLLLppmpppppp"
    );

    // Late evidence meets a dependency; a ticked box in its checklist does not.
    scratch.edit(
        DOCUMENT,
        "- [ ] **Chargers Tried:**",
        "- [x] **Chargers Tried:**",
    );
    scratch.write(
        "artifacts/monitoring/guide-2026-10-30T15-00-00Z.json",
        r#"{"timestamp":"2026-10-30T15:00:00Z","status":200,"durationMs":120}"#,
    );
    assert_eq!(
        states(&mut scratch, "2026-10-30T17:00:00Z"),
        "LLLLLppmpppppp"
    );
    scratch
        .run(&["attest", "East Wing Walk", "--by", "Noor Haddad"])
        .exits(0);
    assert_eq!(
        states(&mut scratch, "2026-10-30T17:01:00Z"),
        "MLLLLppmpppppp"
    );

    // Evidence that turns bad takes it back.
    scratch.write(
        "artifacts/monitoring/guide-2026-10-31T08-00-00Z.json",
        r#"{"timestamp":"2026-10-31T08:00:00Z","status":200,"durationMs":420}"#,
    );
    assert_eq!(
        states(&mut scratch, "2026-10-31T09:00:00Z"),
        "LLLLLLLmpppppp"
    );

    // What has no gate is met by the document's own word.
    for name in ["Doors", "Briefing", "Log Book", "Cards"] {
        scratch.edit(
            DOCUMENT,
            &format!("- [ ] **{name}:**"),
            &format!("- [x] **{name}:**"),
        );
    }
    scratch.edit(DOCUMENT, "⏳ In progress", "✅ Done");
    assert_eq!(
        states(&mut scratch, "2026-11-01T12:00:00Z"),
        "LLmLLLLmpppppp"
    );
    scratch.edit(DOCUMENT, "- [ ] **Speakers:**", "- [x] **Speakers:**");
    assert_eq!(
        states(&mut scratch, "2026-11-02T12:00:00Z"),
        "LLmLLLLmmppppp"
    );
    scratch.edit(
        DOCUMENT,
        "**One Page for Everybody** (T+24h)",
        "✅ **One Page for Everybody** (T+24h)",
    );
    assert_eq!(
        states(&mut scratch, "2026-11-05T00:00:00Z"),
        "LLmLLLLmmLLmLL"
    );
}

#[test]
fn prose_that_says_otherwise_is_shown_and_does_not_count() {
    let mut scratch = Scratch::of("guide");
    let now = "2026-10-30T17:00:00Z";
    assert!(!codes(&status(&mut scratch, now)).contains(&"status-ahead"));
    scratch.edit(
        DOCUMENT,
        "⏳ **PENDING** - packed at the depot",
        "✅ **DONE** - packed at the depot",
    );
    let value = status(&mut scratch, now);
    assert!(
        codes(&value).contains(&"status-ahead"),
        "{:?}",
        codes(&value)
    );
    assert_eq!(value["deadlines"][4]["state"], "overdue");
    assert_eq!(value["deadlines"][4]["red"], true);
    for gate in ["Handsets Counted", "Chargers Tried"] {
        scratch
            .run(&["attest", gate, "--by", "Noor Haddad"])
            .exits(0);
    }
    scratch
        .run(&[
            "waive",
            "Delivery Note",
            "--by",
            "Noor Haddad",
            "--reason",
            "came by hand",
        ])
        .exits(0);
    scratch.edit(
        DOCUMENT,
        "✅ **DONE** - packed at the depot",
        "❌ **LOST** - packed at the depot",
    );
    let value = status(&mut scratch, now);
    assert!(
        codes(&value).contains(&"status-behind"),
        "{:?}",
        codes(&value)
    );
    assert_eq!(value["deadlines"][4]["state"], "met");
    assert_eq!(value["deadlines"][4]["red"], false);
}

#[test]
fn red_is_late_or_failed_and_not_merely_pending() {
    let mut scratch = Scratch::of("guide");
    scratch.edit(DOCUMENT, "⏳ Pending review", "❌ Pending review");
    let value = status(&mut scratch, "2026-10-27T12:00:00Z");
    let red: Vec<&Value> = value["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["red"] == true)
        .collect();
    assert_eq!(red.len(), 1);
    assert_eq!(red[0]["line"], 55);
    assert_eq!(red[0]["state"], "pending");
}

#[test]
fn the_example_is_the_one_that_is_tested() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |folder: &str| std::fs::read_to_string(root.join(folder).join(DOCUMENT)).unwrap();
    assert_eq!(
        read("examples/coordination"),
        read("tests/cli/workspaces/guide")
    );
}
