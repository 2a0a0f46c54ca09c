use super::*;
use crate::{
    parser::{self, Grammar},
    resolver::coordination,
};

const TEXT: &str = "---\nowner: stores\n---\n# 2026-11-02 Trial\n\n**Event:** 2026-11-02 13:00 ET\n\n### 1. Ropes\n**Owner:** Stores\n**Status:** ⏳ PENDING\n\n**Escalation:** If not here by 2026-10-30 12:00 ET, escalate to Mate via `#quay`\n\n### 2. Lamps\n**Owner:** Light\n**Status:** ✅ DONE\n\n**Escalation:** by 2026-10-30 12:00 ET, tell the purser\n\n### Day-Of Checks (2026-11-02 13:00 ET)\n- [ ] ❌ Crane\n- [ ] ❌ Radio\n- [x] ❌ Horn\n- [ ] a red lamp\n\n### Escalation Triggers\n- **T-48h:** any dependency is red → Master escalation\n- **T-24h:** evidence incomplete → smaller trial\n- **Day-of:** >1 systems unavailable → another day\n- **T-12h:** the wind is strong → wait\n";

fn at(text: &str, now: &str) -> Alarms {
    let (document, _) = parser::parse("a.md", text, &Grammar::default());
    let now: Timestamp = now.parse().unwrap();
    let timeline = coordination::timeline(&document, &[], &[], now, &mut Vec::new());
    let resolution = Resolution {
        timeline,
        ..Resolution::default()
    };
    alarms(&document, &resolution, now)
}

fn items(alarms: &Alarms) -> Vec<String> {
    let told = alarms.due.iter();
    told.map(|a| format!("{} -> {}", a.item, a.route)).collect()
}

#[test]
fn a_line_is_due_the_second_after_its_deadline_and_what_is_met_never_is() {
    assert!(at(TEXT, "2026-10-30T16:00:00Z").due.is_empty());
    assert_eq!(
        items(&at(TEXT, "2026-10-30T16:00:01Z")),
        ["Ropes, due 2026-10-30T16:00:00Z -> Mate via #quay"]
    );
    let met = TEXT.replace("⏳ PENDING", "✅ DONE");
    assert!(
        at(&met, "2026-11-02T12:00:00Z")
            .due
            .iter()
            .all(|a| !a.item.starts_with("Ropes"))
    );
}

#[test]
fn of_two_alike_each_keeps_its_own_place_on_record() {
    let both = TEXT
        .replace("### 2. Lamps", "### 2. Ropes")
        .replace("✅ DONE", "⏳ PENDING");
    let due = |text: &str| items(&at(text, "2026-10-30T16:00:01Z"));
    let (first, second) = (
        "Ropes, due 2026-10-30T16:00:00Z -> Mate via #quay",
        "Ropes, due 2026-10-30T16:00:00Z (2) -> purser",
    );
    assert_eq!(due(&both), [first, second]);
    let first_met = both.replacen("⏳ PENDING", "✅ DONE", 1);
    assert_eq!(due(&first_met), [second], "whatever becomes of the other");
}

#[test]
fn triggers_are_looked_at_from_their_time_to_the_end_of_the_day() {
    let count = |now| at(TEXT, now).due.len();
    assert_eq!(count("2026-10-31T17:59:59Z"), 1);
    let two = at(TEXT, "2026-10-31T18:00:00Z");
    assert_eq!(
        items(&two)[1],
        "T-48h, Ropes, due 2026-10-30T16:00:00Z -> Master"
    );
    // Two boxes of the day are marked; a ticked one and a word are not counted.
    let day = at(TEXT, "2026-11-02T05:00:00Z");
    assert_eq!(
        items(&day)[2],
        "Day-of, more than 1 unavailable, from 2026-11-02T05:00:00Z -> stores"
    );
    assert_eq!(count("2026-11-03T05:00:00Z"), 1, "the day is over");
}

#[test]
fn what_cannot_be_known_is_said() {
    let few = TEXT.replace("❌ Radio", "Radio");
    let day = at(&few, "2026-11-02T06:00:00Z");
    assert_eq!(day.due.len(), 2);
    let said: Vec<&str> = day.open.iter().map(|r| r.text.as_str()).collect();
    assert!(
        said[0].contains("only a person can say; 1 marked as failed"),
        "{said:?}"
    );
    assert!(said[1].contains("only a person can judge whether \"the wind is strong\""));
}

#[test]
fn a_time_that_cannot_be_read_is_never_passed_over() {
    let text = TEXT.replace(
        "2026-10-30 12:00 ET, escalate",
        "2026-02-30 12:00 ET, escalate",
    );
    let found = at(&text, "2026-10-01T00:00:00Z");
    assert_eq!(found.unreadable.len(), 1);
    assert_eq!(found.unreadable[0].line, 12);
}

#[test]
fn a_command_at_the_end_is_set_off() {
    for (reason, set) in [
        (
            "once it is done: packet attest \"A: b\" --by NAME",
            "once it is done: `packet attest \"A: b\" --by NAME`",
        ),
        ("no file matches", "no file matches"),
        ("look: packet `x`", "look: packet `x`"),
    ] {
        assert_eq!(set_off(reason), set);
    }
    let text = TEXT.replace("smaller trial", "tell the Mate: smaller trial");
    let told = at(&text, "2026-11-01T19:00:00Z");
    let ask = |label: &str| {
        let alarm = told.due.iter().find(|a| a.item.starts_with(label));
        alarm.map(|a| a.ask.clone()).unwrap_or_default()
    };
    assert!(ask("T-48h").starts_with("Please decide how to go on"));
}
