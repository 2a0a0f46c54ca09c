//! The event and the zone of its document: what all other times are read by.

use super::{
    Desk,
    fields::Field,
    length, milestones,
    spellings::{self, Label},
};
use crate::{
    model::{
        coordination::Event,
        deadline::{TimeProblem, Zone},
        diagnostic::Diagnostic,
        span::Span,
    },
    parser::{
        blocks::BlockKind,
        deadlines::{self, Found},
        inline::Run,
    },
};

/// The zone that the document names for all its times: a sentence, a line or a front matter key.
pub(super) fn zone(desk: &mut Desk<'_>) -> Option<Zone> {
    let (text, span) = stated(desk)?;
    match deadlines::zone(&text) {
        Some(Ok(zone)) => Some(zone),
        Some(Err(problem)) => {
            report(desk, span, &problem);
            None
        }
        None => {
            report(desk, span, &TimeProblem::UnknownZone(text));
            None
        }
    }
}

fn report(desk: &mut Desk<'_>, span: Span, problem: &TimeProblem) {
    let error = Diagnostic::error(problem.code(), span, problem.to_string());
    desk.found.push(error.help(problem.help()));
}

fn stated(desk: &Desk<'_>) -> Option<(String, Span)> {
    let front = &desk.document.front;
    let mut keys = spellings::ZONE_KEYS.iter();
    if let Some(entry) = keys.find_map(|key| front.entry(key)) {
        return Some((entry.value.clone(), entry.span));
    }
    if let Some(field) = desk.first(Label::Zone) {
        return Some((field.value.folded(), field.value.whole()));
    }
    texts(desk).find_map(|(text, span)| {
        let lower = text.to_ascii_lowercase();
        let mut phrases = spellings::ALL_TIMES.iter();
        let (at, phrase) = phrases.find_map(|p| lower.find(p).map(|at| (at, p)))?;
        let rest = &text[at + phrase.len()..];
        let end = rest.find(['.', ';', '\n']).unwrap_or(rest.len());
        let rest = rest[..end].trim_matches([' ', ':', ')', '*', '_']);
        let bare = ["are in ", "are ", "in "]
            .iter()
            .find_map(|p| rest.strip_prefix(p));
        Some((bare.unwrap_or(rest).to_owned(), span))
    })
}

/// The one zone that stands beside the times of the document; `None` for several or none.
pub(super) fn used_zone(desk: &Desk<'_>) -> Option<Zone> {
    // Most texts name no time at all.
    let timed = |text: &String| text.contains("noon") || text.bytes().any(|b| b.is_ascii_digit());
    let texts = texts(desk).filter(|(text, _)| timed(text));
    let mut zones = texts.flat_map(|(text, _)| deadlines::zones_used(&text));
    let first = zones.next()?;
    zones.all(|zone| zone.rules == first.rules).then_some(first)
}

/// Paragraphs, headings, cells and list items, each as one text.
fn texts<'d>(desk: &'d Desk<'_>) -> impl Iterator<Item = (String, Span)> + 'd {
    let text = |runs: &[Run]| runs.iter().map(|r| r.text.as_str()).collect::<String>();
    let blocks = desk
        .outline
        .blocks
        .iter()
        .flat_map(move |block| match &block.kind {
            BlockKind::Paragraph(runs) => vec![(text(runs), block.span)],
            BlockKind::Heading(index) => {
                vec![(desk.outline.headings[*index].text.clone(), block.span)]
            }
            BlockKind::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.map(|cell| (text(&cell.runs), block.span)).collect()
            }
            BlockKind::Fence(_) => Vec::new(),
        });
    let items = desk.outline.items.iter();
    blocks.chain(items.map(move |item| (text(&item.runs), item.span)))
}

/// When the event begins: its own line, else the milestone of the day itself, else the date in
/// the title. Two that differ are a problem.
pub(super) fn read(desk: &mut Desk<'_>) -> Option<Event> {
    let fields = desk
        .fields
        .iter()
        .filter(|f| f.label == Label::Event)
        .cloned();
    let mut places: Vec<(Found, Span)> = fields
        .filter_map(|field| {
            let found = deadlines::one(&field.value.text, &desk.frame)?;
            let span = field.value.span(found.range.clone());
            (found.offset.is_none()).then_some((found, span))
        })
        .collect();
    if places.is_empty() {
        places = milestones::of_the_day(desk);
    }
    if places.is_empty() {
        let title = desk.outline.headings.iter().find(|h| h.level == 1)?;
        let found = deadlines::one(&title.text, &desk.frame).filter(|f| f.read.is_ok())?;
        places = vec![(found, title.span)];
    }
    let (first, span) = places.first().cloned()?;
    let due = match first.read {
        Ok(due) => due,
        Err(problem) => {
            report(desk, span, &problem);
            return None;
        }
    };
    for (other, at) in &places[1..] {
        let same = other.read.as_ref().is_ok_and(|other| other.at == due.at);
        if !same {
            let message = format!(
                "the event begins {due} on line {}; this says otherwise",
                desk.document.line(span)
            );
            desk.found.push(
                Diagnostic::error("event-ambiguous", *at, message)
                    .help("write when it begins once, such as `**Event:** 2025-10-16 13:00 ET`"),
            );
            return None;
        }
    }
    Some(Event {
        due,
        length: beside(desk, Label::Length).and_then(|text| length::read(&text)),
        place: beside(desk, Label::Place),
        span,
    })
}

/// The document's first line with this label that does not speak of the next review.
fn beside(desk: &Desk<'_>, label: Label) -> Option<String> {
    let review = desk.first(Label::Review).map(|f| f.heading);
    let mut fields = desk.fields.iter();
    let found = fields.find(|f| f.label == label && Some(f.heading) != review);
    found.and_then(Field::text)
}
