//! What stands in lists: risks, triggers, follow-ups, metrics, the change log.

use super::{
    Desk,
    phrase::Phrase,
    routes,
    spellings::{Label, Topic, has_word},
};
use crate::{
    model::{
        coordination::{
            Change, Condition, FollowUp, Metric, Risk, Status, StatusKind, Target, Trigger,
        },
        deadline::{Deadline, Offset, TimeProblem},
        span::Span,
    },
    parser::{
        blocks::Item,
        deadlines::{self, Found},
        inline, moments,
    },
};

/// The item's bold lead, else its first line.
fn title(item: &Item) -> String {
    let lead = inline::bold_lead(&item.runs).map(|(lead, _)| lead);
    lead.unwrap_or_else(|| {
        let text: String = item.runs.iter().map(|r| r.text.as_str()).collect();
        inline::fold(text.trim_start().lines().next().unwrap_or(""))
    })
}

/// List items with a mitigation nested in them.
pub(super) fn risks(desk: &Desk<'_>) -> Vec<Risk> {
    let of = |item: &Item, wanted: Label| {
        desk.nested(item).find_map(|inner| {
            let (lead, rest) = inline::bold_lead(&inner.runs)?;
            let text = inline::text(&rest);
            (desk.words.label(&lead) == Some(wanted) && !text.is_empty()).then_some(text)
        })
    };
    let items = desk.outline.items.iter();
    items
        .filter(|item| {
            desk.nested(item)
                .all(|inner| desk.nested(inner).next().is_none())
        })
        .filter_map(|item| {
            let mitigation = of(item, Label::Mitigation)?;
            Some(Risk {
                title: title(item),
                mitigation: Some(mitigation),
                impact: of(item, Label::Impact),
                owner: of(item, Label::Owner),
                span: item.span,
            })
        })
        .collect()
}

/// List items under a heading that speaks of triggers, with a time for their lead.
pub(super) fn triggers(desk: &mut Desk<'_>) -> Vec<Trigger> {
    let outline = desk.outline;
    let mut all = Vec::new();
    let items = outline.items.iter();
    let below: Vec<&Item> = items
        .filter(|i| desk.topic(i) == Some(Topic::Triggers))
        .collect();
    for item in below {
        let Some((label, rest)) = inline::lead(&item.runs) else {
            continue;
        };
        let Some(from) = from(desk, item, &label) else {
            continue;
        };
        let text = inline::text(&rest);
        let parts = ["→", "->", "=>", "⇒"]
            .iter()
            .find_map(|arrow| text.split_once(arrow));
        let (when, action) = parts.unwrap_or((&text, ""));
        all.push(Trigger {
            label,
            from,
            condition: condition(when),
            when: when.trim().to_owned(),
            action: action.trim().to_owned(),
            route: routes::read(action),
            span: item.span,
        });
    }
    all
}

/// From when a trigger is looked at.
fn from(desk: &mut Desk<'_>, item: &Item, label: &str) -> Option<Deadline> {
    let whole = Phrase::new(desk.source, &item.runs);
    let at = whole.text.find(label).unwrap_or(0);
    let span = whole.span(at..at + label.len());
    if let Some(found) = deadlines::one(label, &desk.frame) {
        return Some(desk.deadline_at(label, span, &found));
    }
    if !desk.words.is_day_of(label) {
        return None;
    }
    let event = desk.frame.event.clone();
    let read = event
        .ok_or_else(|| TimeProblem::NoEvent(label.to_owned()))
        .map(|mut due| {
            // From the first moment of that day on.
            let day = due.local().start_of_day();
            due.at = day.map_or(due.at, |day| day.timestamp());
            due.whole_day = false;
            due
        });
    let found = Found {
        range: 0..label.len(),
        read,
        offset: Some(Offset::EVENT),
    };
    Some(desk.deadline_at(label, span, &found))
}

/// What a trigger looks at, by its words.
fn condition(words: &str) -> Condition {
    let text = words.to_lowercase();
    let has = |word: &str| has_word(&text, word);
    if has("dependency") && has("red") {
        Condition::DependencyRed
    } else if has("evidence") && (has("incomplete") || has("missing") || has("not complete")) {
        Condition::EvidenceIncomplete
    } else if has("unavailable") || has("down") {
        let number = text
            .split(|c: char| !c.is_ascii_digit())
            .find(|d| !d.is_empty());
        let strict = text.contains('>') || text.contains("more than");
        let most = number.and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
        Condition::SystemsUnavailable(if strict { most } else { most.saturating_sub(1) })
    } else {
        Condition::Other
    }
}

/// List items with a time counted from the event, outside triggers.
pub(super) fn follow_ups(desk: &mut Desk<'_>) -> Vec<FollowUp> {
    let outline = desk.outline;
    let mut all = Vec::new();
    for item in outline.items.iter().filter(|i| i.parent.is_none()) {
        if desk.topic(item) == Some(Topic::Triggers) {
            continue;
        }
        let lines = inline::lines(&item.runs);
        let first = lines.iter().find(|l| !inline::text(l).is_empty());
        let Some(line) = first.map(|line| Phrase::new(desk.source, line)) else {
            continue;
        };
        if !may_count(&line.text) {
            continue;
        }
        let counted = deadlines::one(&line.text, &desk.frame).filter(|f| f.offset.is_some());
        let Some(found) = counted else { continue };
        let deadline = desk.deadline(&line, &found);
        let details = desk
            .nested(item)
            .map(|i| inline::text(&i.runs))
            .filter(|t| !t.is_empty());
        all.push(FollowUp {
            title: without(&line.text, &found),
            deadline,
            offset: found.offset,
            details: details.collect(),
            status: claimed(desk, item, &line),
            span: item.span,
        });
    }
    all
}

/// Whether a line may hold a time counted from the event: most do not, and are passed over quickly.
fn may_count(line: &str) -> bool {
    let t = line.match_indices(['T', 't']).any(|(at, _)| {
        let next = line[at + 1..].trim_start().chars().next();
        next.is_some_and(|c| "+-−–—‑".contains(c))
    });
    t || ["before", "after", "prior", "ahead"]
        .iter()
        .any(|word| line.contains(word))
}

/// The line without its time and the brackets around it.
fn without(line: &str, found: &Found) -> String {
    let before = line[..found.range.start].trim_end_matches([' ', '(', '[', ':', '*']);
    let after = line[found.range.end..].trim_start_matches([' ', ')', ']', ':', '-', '–', '—']);
    inline::fold(&format!("{before} {after}"))
}

/// A ticked box, or a mark of the status table.
fn claimed(desk: &Desk<'_>, item: &Item, line: &Phrase) -> Option<Status> {
    let marked = line
        .text
        .chars()
        .any(|c| !c.is_ascii() && !c.is_alphanumeric());
    let kind = match item.ticked {
        true => Some(StatusKind::Done),
        false => desk.words.status(&line.text).filter(|_| marked),
    };
    let text = || {
        if item.ticked {
            "ticked".to_owned()
        } else {
            line.folded()
        }
    };
    kind.map(|kind| Status {
        text: text(),
        kind: Some(kind),
        span: item.marker.unwrap_or(line.whole()),
    })
}

/// Task items whose nearest heading speaks of what the event is judged by.
pub(super) fn metrics(desk: &Desk<'_>, wanted: Topic) -> Vec<Metric> {
    let tasks = desk.outline.tasks().enumerate();
    tasks
        .filter(|(_, (_, item))| {
            let nearest = item.heading.map(|h| &desk.outline.headings[h].text);
            nearest.and_then(|h| desk.words.topic(h)) == Some(wanted)
        })
        .map(|(task, (_, item))| {
            let text = inline::text(&item.runs);
            let own = Span::new(item.span.start, item.own_end);
            Metric {
                name: title(item),
                target: target(&text),
                text,
                task,
                gate: desk.gates_in(own).first().copied(),
                span: own,
            }
        })
        .collect()
}

/// `≥80%`, `>= 80 percent`, `at least 5`.
fn target(text: &str) -> Option<Target> {
    let lower = text.to_lowercase();
    let marks = ["≥", ">=", "at least", "minimum of"];
    let (at, mark) = marks.iter().find_map(|m| lower.find(m).map(|at| (at, m)))?;
    let rest = lower[at + mark.len()..].trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let unit = rest[digits..].trim_start();
    Some(Target {
        at_least: rest[..digits].parse().ok()?,
        percent: unit.starts_with('%') || unit.starts_with("percent"),
    })
}

/// List items under the change log.
pub(super) fn changes(desk: &Desk<'_>) -> Vec<Change> {
    let items = desk.outline.items.iter();
    items
        .filter(|item| desk.topic(item) == Some(Topic::Changes))
        .filter_map(|item| {
            let (label, rest) =
                inline::bold_lead(&item.runs).or_else(|| inline::lead(&item.runs))?;
            Some(Change {
                at: moments::parse(&label),
                label,
                text: inline::text(&rest),
                span: item.span,
            })
        })
        .collect()
}
