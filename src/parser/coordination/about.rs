//! What an escalation line outside the dependencies speaks of: what it names, else what it stands
//! in. Where neither is anything, nothing in the document shows whether it is done.

use super::{Desk, spellings::has_word};
use crate::{
    model::{
        coordination::{Coordination, Escalation, Part},
        span::Span,
    },
    parser::inline::fold,
};

/// Ties every such line.
pub(super) fn tie(desk: &Desk<'_>, read: &mut Coordination) {
    let lines = std::mem::take(&mut read.escalations);
    if lines.is_empty() {
        return;
    }
    let names = names(desk, read);
    let tied = lines.into_iter().map(|line| {
        let words = Words::of(desk, &line);
        let named = names.iter().filter(|(name, _)| words.name(name));
        let named: Vec<Part> = named.map(|(_, part)| *part).collect();
        let about = match named.is_empty() {
            true => around(desk, read, &line),
            false => named,
        };
        Escalation { about, ..line }
    });
    let tied = tied.collect();
    read.escalations = tied;
}

/// What parts are called, ready to be looked for.
fn names(desk: &Desk<'_>, read: &Coordination) -> Vec<(String, Part)> {
    let gates = desk.document.gates.iter().map(|g| Some(g.name.as_str()));
    let dependencies = read.dependencies.iter().map(|d| Some(d.title.as_str()));
    let owners = read.owners.iter().map(|row| row.owes.as_deref());
    let milestones = read.milestones.iter().map(|m| Some(m.title.as_str()));
    let follow_ups = read.follow_ups.iter().map(|f| Some(f.title.as_str()));
    let all = (gates.enumerate().map(|(at, name)| (name, Part::Gate(at))))
        .chain(
            dependencies
                .enumerate()
                .map(|(at, name)| (name, Part::Dependency(at))),
        )
        .chain(owners.enumerate().map(|(at, name)| (name, Part::Owner(at))))
        .chain(
            milestones
                .enumerate()
                .map(|(at, name)| (name, Part::Milestone(at))),
        )
        .chain(
            follow_ups
                .enumerate()
                .map(|(at, name)| (name, Part::FollowUp(at))),
        );
    let named = all.filter_map(|(name, part)| Some((lower(name?), part)));
    named.collect()
}

/// A name or text as it is compared.
fn lower(text: &str) -> String {
    fold(text).to_lowercase()
}

/// The words of a line, whom it goes to aside.
pub(super) struct Words {
    spoken: String,
    source: String,
}

impl Words {
    pub fn of(desk: &Desk<'_>, line: &Escalation) -> Self {
        let mut spoken = lower(&line.text);
        let route = &line.route;
        for whom in [&route.role, &route.channel, &route.address]
            .into_iter()
            .flatten()
        {
            spoken = spoken.replace(&lower(whom), "…");
        }
        let source = lower(line.span.of(desk.source));
        Words { spoken, source }
    }

    /// Whether they have all the words of a title, as they stand.
    pub fn have(&self, title: &str) -> bool {
        has_word(&self.spoken, &lower(title))
    }

    /// Whether they name something, in lower case: several words as they stand, a single one only
    /// in bold, in quotes or as code, for it may be said of anything.
    fn name(&self, name: &str) -> bool {
        if !has_word(&self.spoken, name) {
            return false;
        }
        name.contains(' ')
            || self.source.match_indices(name).any(|(at, _)| {
                let mark = |c: Option<char>| c.is_some_and(|c| "*_`\"'“”‘’«»".contains(c));
                mark(self.source[..at].chars().next_back())
                    && mark(self.source[at + name.len()..].chars().next())
            })
    }
}

/// The task item or follow-up that the line stands in, else the milestone, the gates and the boxes
/// of its section.
fn around(desk: &Desk<'_>, read: &Coordination, line: &Escalation) -> Vec<Part> {
    let document = desk.document;
    let mut items: Vec<_> = desk.outline.items.iter().collect();
    items.retain(|item| item.span.contains(line.span));
    for item in items.into_iter().rev() {
        let follow_up = read.follow_ups.iter().position(|f| f.span == item.span);
        if let Some(index) = follow_up {
            return vec![Part::FollowUp(index)];
        }
        let Some(marker) = item.marker else { continue };
        let own = Span::new(item.span.start, item.own_end);
        if let Some(gate) = desk.gates_in(own).first() {
            return vec![Part::Gate(*gate)];
        }
        if let Some(task) = document.tasks.iter().position(|t| t.marker == marker) {
            return vec![Part::Task(task)];
        }
    }
    let field = desk.fields.iter().find(|f| f.span == line.span);
    let Some(below) = field.and_then(|f| f.heading) else {
        return Vec::new();
    };
    // A bold phrase parts a section, and is none.
    let headings = &desk.outline.headings;
    let above = (0..=below).rev().find(|at| headings[*at].level <= 6);
    let Some(heading) = above.filter(|at| headings[*at].level > 1 && desk.topics[*at].is_none())
    else {
        return Vec::new();
    };
    let milestones = &read.milestones;
    let span = headings[heading].span;
    if let Some(index) = milestones.iter().position(|m| m.span == span) {
        return vec![Part::Milestone(index)];
    }
    let home = desk.home(heading);
    let gates = desk.gates_in(home);
    let is_gate = |task: &usize| {
        let marker = document.tasks.get(*task).map(|t| t.marker);
        gates.iter().any(|g| document.gates[*g].marker == marker)
    };
    let mut tasks = desk.tasks_in(home);
    tasks.retain(|task| !is_gate(task));
    let gates = gates.iter().map(|g| Part::Gate(*g));
    gates.chain(tasks.into_iter().map(Part::Task)).collect()
}

#[cfg(test)]
mod tests {
    use crate::parser::{Grammar, parse};

    const TEXT: &str = "# 2026-11-02 Trial

**Event:** 2026-11-02 13:00 ET

### 1. Long Ropes
**Owner:** Stores
**Status:** ⏳ PENDING
**Escalation:** by 2026-10-30 12:00 ET, tell the mate

| Team | Owes | Due |
|---|---|---|
| Deck | Fresh paint | 2026-10-30 |

### Boarding (T-24h: 2026-11-01)
- [ ] **Gangway:** it holds

### Delivery Requirements
- [ ] **Radio Check:** `artifacts/radio/<date>.log`
- [ ] **Lamps:** lit once

## Loose Ends
SECTION

### Follow-up
1. **Log Book** (T+4h)
   - all of it
";

    /// What the line below `Loose Ends` speaks of.
    fn about(line: &str) -> String {
        let text = TEXT.replace("SECTION", line);
        let (document, _) = parse("docs/t.md", &text, &Grammar::default());
        let [line] = document.coordination.escalations.as_slice() else {
            panic!("{line}: {:?}", document.coordination.escalations);
        };
        let parts = line.about.iter().map(|p| format!("{p:?}"));
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_line_names_or_stands_in() {
        let when = "by 2026-10-31 12:00 ET, tell the purser";
        for (line, parts) in [
            ("If the cook is not back".to_owned(), ""),
            ("If the radio  check fails".to_owned(), "Gate(0)"),
            ("If the long ropes are short".to_owned(), "Dependency(0)"),
            (
                "If fresh paint and log book are missing".to_owned(),
                "Owner(0) FollowUp(0)",
            ),
            // A single word may be said of anything; marked, it is a name.
            ("If the lamps of the hall are out".to_owned(), ""),
            ("If **Lamps** is open".to_owned(), "Gate(1)"),
            ("If `boarding` is open".to_owned(), "Milestone(0)"),
            // Part of a word is none, and whom it goes to is not what it is about.
            ("If the radio checks fail".to_owned(), ""),
            ("If nobody answers, escalate to Radio Check".to_owned(), ""),
        ] {
            let line = format!("**Escalation:** {line} {when}");
            let line = line.replace(
                "escalate to Radio Check by 2026-10-31 12:00 ET, tell the purser",
                "by 2026-10-31 12:00 ET, escalate to Radio Check",
            );
            assert_eq!(about(&line), parts, "{line}");
        }
        let line = format!("**Escalation:** if it is not done {when}");
        for (place, parts) in [
            (
                format!("{line}\n\n- [ ] sweep\n- [x] rinse"),
                "Task(3) Task(4)",
            ),
            (format!("- [ ] sweep\n  - {line}\n- [ ] rinse"), "Task(3)"),
            (
                format!("- [ ] **Bell:** `artifacts/bell/<date>.log`\n  - {line}"),
                "Gate(2)",
            ),
            (format!("1. **Ashore** (T+2h)\n   - {line}"), "FollowUp(0)"),
            (
                format!("### Casting Off (T-1h: 2026-11-02)\n- [ ] sweep\n\n{line}"),
                "Milestone(1)",
            ),
            (format!("### Elsewhere\n{line}"), ""),
            (format!("- [ ] sweep\n\n### Elsewhere\n{line}"), ""),
            (
                format!("### Success Metrics\n- [ ] nobody falls\n\n{line}"),
                "",
            ),
        ] {
            assert_eq!(about(&place), parts, "{place}");
        }
    }
}
