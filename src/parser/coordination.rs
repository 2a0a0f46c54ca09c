//! Coordination: dependencies, owners, milestones, risks, triggers and follow-ups around an event.

mod about;
mod archive;
mod dependencies;
mod event;
mod fields;
mod length;
mod lists;
mod milestones;
mod owners;
mod phrase;
mod routes;
mod spellings;
mod statuses;
#[cfg(test)]
mod tests;

use super::{
    Grammar,
    blocks::{Item, Outline},
    deadlines::{self, Found, Frame},
    inline, moments,
};
use crate::model::{
    coordination::{Coordination, DailyStatus, Review, Route, Status},
    deadline::{Deadline, TimeProblem, ZoneFrom},
    diagnostic::Diagnostic,
    document::Document,
    span::Span,
};
use fields::Field;
use phrase::Phrase;
pub use spellings::is_nobody;
use spellings::{Label, Topic, Words};
pub use statuses::status;

/// What every part is read from.
struct Desk<'a> {
    source: &'a str,
    outline: &'a Outline,
    document: &'a Document,
    grammar: &'a Grammar,
    words: Words<'a>,
    fields: Vec<Field>,
    /// For each heading what it speaks of, or else those around it.
    topics: Vec<Option<Topic>>,
    frame: Frame,
    found: Vec<Diagnostic>,
}

/// Reads the coordination of a document whose gates and tasks are known.
pub(super) fn read(
    source: &str,
    outline: &Outline,
    document: &Document,
    grammar: &Grammar,
    found: &mut Vec<Diagnostic>,
) -> Coordination {
    let words = Words(grammar.spellings.added());
    let mut desk = Desk {
        source,
        outline,
        document,
        grammar,
        words,
        fields: fields::read(source, outline, words),
        topics: (0..outline.headings.len())
            .map(|at| {
                let chain = outline.chain(Some(at));
                chain.iter().find_map(|h| words.topic(&h.text))
            })
            .collect(),
        frame: Frame::default(),
        found: Vec::new(),
    };
    let mut read = Coordination {
        zone: event::zone(&mut desk),
        ..Coordination::default()
    };
    desk.frame.stated.clone_from(&read.zone);
    desk.frame.used = event::used_zone(&desk);
    read.event = event::read(&mut desk);
    desk.frame.event = read.event.as_ref().map(|event| event.due.clone());
    read.dependencies = dependencies::read(&mut desk);
    read.escalations = dependencies::escalations(&mut desk, &mut read.dependencies);
    read.owners = owners::read(&mut desk);
    read.milestones = milestones::read(&mut desk);
    read.risks = lists::risks(&desk);
    read.triggers = lists::triggers(&mut desk);
    read.follow_ups = lists::follow_ups(&mut desk);
    read.archive = archive::read(&desk, &read.follow_ups);
    about::tie(&desk, &mut read);
    read.metrics = lists::metrics(&desk, Topic::Metrics);
    read.readiness = lists::metrics(&desk, Topic::Readiness);
    read.changes = lists::changes(&desk);
    read.daily = desk.daily();
    read.next_review = desk.review();
    read.last_updated = desk.first(Label::Updated).and_then(|f| {
        let text = f.value.folded();
        moments::parse(&text).or_else(|| moments::find(&text).first().map(|(_, m)| *m))
    });
    read.overall = desk
        .first(Label::Overall)
        .cloned()
        .and_then(|f| desk.status(&f.value));
    read.contact = desk
        .first(Label::Contact)
        .map(|f| routes::read(&f.value.folded()))
        .filter(|route: &Route| !route.is_empty());
    if !read.is_empty() {
        found.append(&mut desk.found);
    }
    read
}

impl Desk<'_> {
    fn first(&self, label: Label) -> Option<&Field> {
        self.fields.iter().find(|f| f.label == label)
    }

    /// From a heading to the next one that is no bold phrase.
    fn home(&self, heading: usize) -> Span {
        let headings = &self.outline.headings;
        let start = headings[heading].span.start;
        let next = headings[heading + 1..].iter().find(|h| h.level <= 6);
        Span::new(start, next.map_or(self.source.len(), |h| h.span.start))
    }

    /// The fields directly below a heading, those below bold phrases in between included.
    fn fields_in(&self, home: Span) -> &[Field] {
        let first = self.fields.partition_point(|f| f.span.start < home.start);
        let end = self.fields.partition_point(|f| f.span.start < home.end);
        &self.fields[first..end]
    }

    /// Indices of gates whose bytes lie in `place`.
    fn gates_in(&self, place: Span) -> Vec<usize> {
        let gates = self.document.gates.iter().enumerate();
        let inside = gates.filter(|(_, g)| place.contains(Span::new(g.span.start, g.span.start)));
        inside.map(|(index, _)| index).collect()
    }

    /// Indices of task items whose box lies in `place`.
    fn tasks_in(&self, place: Span) -> Vec<usize> {
        let tasks = self.document.tasks.iter().enumerate();
        let inside = tasks.filter(|(_, t)| place.contains(t.marker));
        inside.map(|(index, _)| index).collect()
    }

    /// List items nested in `item`.
    fn nested(&self, item: &Item) -> impl Iterator<Item = &Item> {
        // Items stand in the order in which they begin.
        let items = &self.outline.items;
        let first = items.partition_point(|i| i.span.start <= item.span.start);
        let end = item.span.end;
        items[first..]
            .iter()
            .take_while(move |i| i.span.start < end)
    }

    /// What the headings over an item speak of, the innermost that says anything.
    fn topic(&self, item: &Item) -> Option<Topic> {
        self.topics[item.heading?]
    }

    /// The deadline that a phrase names, if it names one.
    fn named_deadline(&mut self, phrase: &Phrase) -> Option<(Deadline, Found)> {
        let found = deadlines::one(&phrase.text, &self.frame)?;
        Some((self.deadline(phrase, &found), found))
    }

    /// A time as a deadline; what cannot be read is reported, and so is a day that was taken whole.
    fn deadline(&mut self, phrase: &Phrase, found: &Found) -> Deadline {
        let span = phrase.span(found.range.clone());
        self.deadline_at(&phrase.text[found.range.clone()], span, found)
    }

    fn deadline_at(&mut self, text: &str, span: Span, found: &Found) -> Deadline {
        match &found.read {
            Err(problem) => {
                // Whoever dates no event keeps no dates here; that is no mistake of the time.
                let (code, words) = (problem.code(), problem.to_string());
                let told = match problem {
                    TimeProblem::NoEvent(_) => Diagnostic::warning(code, span, words),
                    _ => Diagnostic::error(code, span, words),
                };
                self.found.push(told.help(problem.help()));
            }
            Ok(due) if due.whole_day => {
                let zone = &due.zone.name;
                let why = match due.zone_from {
                    ZoneFrom::Written => String::new(),
                    ZoneFrom::Stated => ", the zone of all times here".to_owned(),
                    ZoneFrom::Used => ", the zone of the other times here".to_owned(),
                    ZoneFrom::Nowhere => ", for no zone is named anywhere".to_owned(),
                };
                let date = due.local().date();
                let message = format!(
                    "no time of day is named, so it runs to the end of {date} in {zone}{why}"
                );
                self.found
                    .push(
                        Diagnostic::note("deadline-whole-day", span, message).help(format!(
                            "write the time if it is owed earlier, such as `{date} 12:00 {zone}`"
                        )),
                    );
            }
            Ok(_) => {}
        }
        Deadline {
            text: inline::fold(text),
            span,
            read: found.read.clone(),
        }
    }

    /// A status, if there are words; those that no table knows are reported as a note.
    fn status(&mut self, phrase: &Phrase) -> Option<Status> {
        let text = phrase.folded();
        if text.is_empty() {
            return None;
        }
        let kind = self.words.status(&text);
        let span = phrase.whole();
        if kind.is_none() {
            let message =
                format!("the status `{text}` is shown as it stands; what it means is not known");
            self.found
                .push(Diagnostic::note("status-unknown", span, message).help(
                    "begin it with ⏳, ✅, ⚠️ or ❌, or with a word such as PENDING or DONE",
                ));
        }
        Some(Status { text, kind, span })
    }

    /// Reports a deadline after the event that it prepares.
    fn before_event(&mut self, deadline: &Deadline) {
        let (Some(due), Some(event)) = (deadline.due(), self.frame.event.clone()) else {
            return;
        };
        let day = due.at.to_zoned(event.zone.rules.clone()).date();
        let late = match due.whole_day {
            true => due.local().date() > event.local().date(),
            false => due.at > event.at && (!event.whole_day || day > event.local().date()),
        };
        if late {
            let message = format!("{due} is after the event, which begins {event}");
            self.found.push(
                Diagnostic::warning("deadline-after-event", deadline.span, message)
                    .help("correct the date, or move what is owed to the follow-ups"),
            );
        }
    }

    fn daily(&self) -> Option<DailyStatus> {
        let field = self.first(Label::Daily)?;
        let at = deadlines::daily(&field.value.text, &self.frame);
        Some(DailyStatus {
            text: field.text()?,
            at: at.map(|daily| (daily.time, daily.zone)),
            span: field.span,
        })
    }

    fn review(&mut self) -> Option<Review> {
        let field = self.first(Label::Review)?.clone();
        let found = deadlines::whole(&field.value.text, &self.frame);
        let deadline = self.deadline(&field.value, &found);
        let about =
            field.value.text[found.range.end..].trim_start_matches([' ', '-', '–', '—', ':']);
        let about = inline::fold(about);
        // Its owner and what comes of it stand beside it.
        let beside: Vec<Field> = self
            .fields
            .iter()
            .filter(|f| f.heading == field.heading)
            .cloned()
            .collect();
        let of = |label: Label| {
            beside
                .iter()
                .find(|f| f.label == label)
                .and_then(Field::text)
        };
        Some(Review {
            deadline,
            about,
            owner: of(Label::Owner),
            deliverable: of(Label::Deliverable),
            length: of(Label::Length).and_then(|text| length::read(&text)),
            place: of(Label::Place),
        })
    }
}
