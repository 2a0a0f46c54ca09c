use super::*;
use crate::{model::coordination::Condition, parser::Grammar};

/// What is read, and the codes of what was noticed in it, notes aside.
fn read(text: &str) -> (Coordination, Vec<&'static str>) {
    let (document, found) = crate::parser::parse("docs/a.md", text, &Grammar::default());
    let codes = found
        .iter()
        .filter(|d| d.severity > crate::model::diagnostic::Severity::Note)
        .map(|d| d.code)
        .collect();
    (document.coordination, codes)
}

fn due(deadline: Option<&Deadline>) -> String {
    deadline
        .and_then(Deadline::due)
        .map_or("none".to_owned(), |due| due.at.to_string())
}

#[test]
fn one_zone_for_all_times() {
    let row = "\n\n| Team | Due |\n|---|---|\n| A | 2026-07-01 12:00 |\n";
    for (stated, at) in [
        ("All times ET.", "2026-07-01T16:00:00Z"),
        (
            "*All times are in Eastern Time (ET), unless they say so.*",
            "2026-07-01T16:00:00Z",
        ),
        (
            "Please note: all times are UTC; ask if in doubt.",
            "2026-07-01T12:00:00Z",
        ),
        ("**Time zone:** Europe/Berlin", "2026-07-01T10:00:00Z"),
        ("- **Timezone:** PT", "2026-07-01T19:00:00Z"),
    ] {
        let (read, codes) = read(&format!("# T\n\n{stated}{row}"));
        assert_eq!(due(read.owners[0].due.as_ref()), at, "{stated}");
        assert!(!codes.contains(&"deadline-zone-missing"), "{stated}");
    }
    let front = format!("---\ntimezone: America/Chicago\n---\n# T{row}");
    assert_eq!(
        due(read(&front).0.owners[0].due.as_ref()),
        "2026-07-01T17:00:00Z"
    );
    let (nothing, codes) = read(&format!("# T\n\nAll times IST.{row}"));
    assert_eq!(due(nothing.owners[0].due.as_ref()), "none");
    assert_eq!(codes, ["deadline-zone-ambiguous", "deadline-zone-missing"]);
}

#[test]
fn a_bare_date_ends_in_the_zone_that_is_used() {
    let table = "\n\n| Team | Due |\n|---|---|\n| A | 2026-07-01 |\n";
    let (one, _) = read(&format!("# T\n\nDoors at 9:00 ET.{table}"));
    assert_eq!(due(one.owners[0].due.as_ref()), "2026-07-02T03:59:59Z");
    let (two, _) = read(&format!(
        "# T\n\nDoors at 9:00 ET, calls at 9:00 PT.{table}"
    ));
    assert_eq!(due(two.owners[0].due.as_ref()), "2026-07-01T23:59:59Z");
}

#[test]
fn the_event_is_known_by_its_line_its_day_or_the_title() {
    let tail = "\n\n### Triggers\n- **T-24h:** a dependency is red → tell the master\n";
    for (head, from) in [
        (
            "# T\n\n**Event:** 2026-07-02 12:00 UTC",
            "2026-07-01T12:00:00Z",
        ),
        (
            "# T\n\n### Day-of (2026-07-02 12:00 UTC)\n- [ ] a",
            "2026-07-01T12:00:00Z",
        ),
        (
            "# T\n\n### T-0: 2026-07-02 12:00 UTC\n- [ ] a",
            "2026-07-01T12:00:00Z",
        ),
        ("# Regatta, 2026-07-02 12:00 UTC", "2026-07-01T12:00:00Z"),
        // From a day alone no hours can be counted.
        ("# 2026-07-02 Regatta", "none"),
        ("# Regatta", "none"),
    ] {
        let (read, codes) = read(&format!("{head}{tail}"));
        assert_eq!(due(Some(&read.triggers[0].from)), from, "{head}");
        assert_eq!(codes.contains(&"deadline-event"), from == "none", "{head}");
        assert_eq!(read.triggers[0].condition, Condition::DependencyRed);
    }
    let twice = "# T\n\n**Event:** 2026-07-02 12:00 UTC\n\n**Rehearsal:** 2026-07-03 12:00 UTC";
    let (read, codes) = read(&format!("{twice}{tail}"));
    assert!(read.event.is_none());
    assert_eq!(codes, ["event-ambiguous", "deadline-event"]);
}

#[test]
fn an_escalation_may_stand_anywhere_and_be_folded() {
    let text = "# T\n\n### 1. Ropes\n**Owner:** Bosun\n**Status:** open\n\n## Later\n\n\
        **Escalation:** If the ropes\nare missing by 2026-07-01\n12:00 UTC, tell the master\n\n\
        **Escalation:** page the cook about Ropes by 2026-07-01 10:00 UTC\n";
    let (read, codes) = read(text);
    let dependency = &read.dependencies[0];
    assert_eq!(due(dependency.deadline()), "2026-07-01T12:00:00Z");
    let route = dependency.escalation.as_ref().map(|e| e.route.to_string());
    assert_eq!(route.as_deref(), Some("master"));
    assert_eq!(read.escalations.len(), 1);
    assert_eq!(read.escalations[0].route.to_string(), "cook");
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn what_is_missing_is_said() {
    let (read, codes) = read(
        "# T\n\n### 1. Ropes\n**Owner:** TBD\n**Status:** open\n**Escalation:** it will be noticed\n",
    );
    assert!(read.dependencies[0].deadline().is_none());
    assert_eq!(
        codes,
        ["owner-missing", "escalation-undated", "escalation-unrouted"]
    );
}

#[test]
fn dates_are_held_against_the_event() {
    let text = "# T\n\n**Event:** 2026-07-10 12:00 UTC\n\n### Before (T-24h: 2026-07-08)\n- [ ] a\n\n\
        ### 1. Ropes\n**Owner:** Bosun\n**Due:** 2026-07-10 12:01 UTC\n\n\
        ### 2. Sails\n**Owner:** Bosun\n**Due:** 2026-07-10\n";
    let (read, codes) = read(text);
    assert_eq!(codes, ["milestone-date", "deadline-after-event"]);
    assert_eq!(
        due(Some(&read.milestones[0].deadline)),
        "2026-07-08T23:59:59Z"
    );
}

#[test]
fn a_heading_with_a_date_alone_is_a_milestone_only_among_others() {
    let (alone, _) = read("# T\n\n## Sent (2026-07-01 12:00 UTC)\n- [ ] a\n");
    assert!(alone.milestones.is_empty());
    let (among, _) = read(
        "# T\n\n## Gig (2026-07-01 12:00 UTC)\n- [ ] a\n\n## Before (T-2d)\n- [ ] b\n\n## Talk (T+1d)\nno list\n",
    );
    let titles: Vec<&str> = among.milestones.iter().map(|m| m.title.as_str()).collect();
    assert_eq!(titles, ["Gig", "Before"]);
    assert_eq!(
        due(Some(&among.milestones[1].deadline)),
        "2026-06-29T12:00:00Z"
    );
}

#[test]
fn a_document_without_coordination_is_left_alone() {
    let (read, codes) = read(
        "# Packet 2026-07-01\n\n**Status:** HOLD\n**When:** EOD\n\n## Required Evidence\n- [ ] **Probe:** `artifacts/p_<timestamp>.log`, by 25:00\n\n| Stakeholder | Sent | Acknowledged |\n|---|---|---|\n| A | | |\n",
    );
    assert!(read.is_empty());
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn follow_ups_and_their_boxes() {
    let (read, _) = read(
        "# T\n\n**Event:** 2026-07-10 12:00 UTC\n\n1. **Photographs** (T+4h)\n   - on the wall\n2. ✅ **Thanks**: T+1d\n\n- [x] **Bill** (two days after the event)\n- T+30min: sweep the deck\n",
    );
    let seen: Vec<(&str, bool, String)> = read
        .follow_ups
        .iter()
        .map(|f| (f.title.as_str(), f.status.is_some(), due(Some(&f.deadline))))
        .collect();
    let expected = [
        ("Photographs", false, "2026-07-10T16:00:00Z"),
        ("✅ Thanks", true, "2026-07-11T12:00:00Z"),
        ("Bill", true, "2026-07-12T12:00:00Z"),
        ("sweep the deck", false, "2026-07-10T12:30:00Z"),
    ];
    assert_eq!(seen, expected.map(|(a, b, c)| (a, b, c.to_owned())));
}
