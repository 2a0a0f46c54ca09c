//! Milestones: headings with a time over a checklist.

use super::Desk;
use crate::{
    model::{
        coordination::Milestone,
        deadline::{Offset, TimeProblem},
        diagnostic::Diagnostic,
        span::Span,
    },
    parser::deadlines::{self, Found},
};

/// Headings with a time in brackets or behind a colon, with tasks below: their indices and times.
fn headings(desk: &Desk<'_>) -> Vec<(usize, Found)> {
    let all = desk.outline.headings.iter().enumerate();
    let timed: Vec<(usize, Found)> = all
        .filter(|(_, heading)| (2..=6).contains(&heading.level))
        .filter_map(|(index, heading)| {
            let found = deadlines::one(&heading.text, &desk.frame)?;
            let before = heading.text[..found.range.start].trim_end();
            let set_off = before.is_empty() || before.ends_with(['(', ':', '—', '–', '-']);
            let tasks = !desk.tasks_in(desk.home(index)).is_empty();
            (set_off && tasks).then_some((index, found))
        })
        .collect();
    // A heading with a mere date is a milestone among those that say how far the event is.
    let labelled = timed.iter().any(|(index, found)| {
        found.offset.is_some() || desk.words.is_day_of(&desk.outline.headings[*index].text)
    });
    if labelled { timed } else { Vec::new() }
}

/// The times of the milestones that are the event itself.
pub(super) fn of_the_day(desk: &Desk<'_>) -> Vec<(Found, Span)> {
    let all = headings(desk).into_iter();
    let dated = all.filter(|(_, found)| !matches!(found.read, Err(TimeProblem::NoEvent(_))));
    let on_the_day: Vec<(usize, Found)> = dated
        .filter(|(_, found)| found.offset.is_none_or(|offset| offset == Offset::EVENT))
        .collect();
    let named =
        |(index, _): &&(usize, Found)| desk.words.is_day_of(&desk.outline.headings[*index].text);
    let chosen: Vec<&(usize, Found)> = match on_the_day.iter().any(|place| named(&place)) {
        true => on_the_day.iter().filter(named).collect(),
        false => on_the_day.iter().collect(),
    };
    let place =
        |(index, found): &(usize, Found)| (found.clone(), desk.outline.headings[*index].span);
    chosen.into_iter().map(place).collect()
}

/// Every milestone.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Milestone> {
    let mut all = Vec::new();
    for (index, found) in headings(desk) {
        let heading = desk.outline.headings[index].clone();
        let home = desk.home(index);
        let of_event = desk.frame.event.is_some() && found.read.is_err() && found.offset.is_none();
        // What the event itself could not be read from is reported already.
        let deadline = if of_event || found.read.is_ok() || desk.frame.event.is_some() {
            desk.deadline_at(&heading.text[found.range.clone()], heading.span, &found)
        } else {
            let reported = desk.found.len();
            let deadline =
                desk.deadline_at(&heading.text[found.range.clone()], heading.span, &found);
            let twice = |d: &Diagnostic| d.span == heading.span;
            if desk.found[..reported].iter().any(twice) {
                desk.found.truncate(reported);
            }
            deadline
        };
        agrees(desk, &found, heading.span);
        let title =
            heading.text[..found.range.start].trim_end_matches([' ', '(', ':', '—', '–', '-']);
        all.push(Milestone {
            title: if title.is_empty() {
                heading.text.clone()
            } else {
                title.to_owned()
            },
            deadline,
            offset: found.offset,
            tasks: desk.tasks_in(home),
            gates: desk.gates_in(home),
            span: heading.span,
        });
    }
    all
}

/// Reports a date that is not as far from the event as its label says.
fn agrees(desk: &mut Desk<'_>, found: &Found, span: Span) {
    let (Some(event), Some(offset), Ok(due)) = (&desk.frame.event, found.offset, &found.read)
    else {
        return;
    };
    let Some(counted) = offset.from(&event.local()) else {
        return;
    };
    let written = due.at.to_zoned(event.zone.rules.clone());
    if written.date() != counted.date() {
        let message = format!(
            "{} is not as far from the event as it says: that is {}",
            written.date(),
            counted.date()
        );
        desk.found.push(
            Diagnostic::warning("milestone-date", span, message)
                .help("correct the date or the count; the date is taken"),
        );
    }
}
