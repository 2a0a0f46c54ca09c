//! Deadlines as people write them in prose and tables.
//!
//! | written | read as |
//! | --- | --- |
//! | `2025-10-15 12:00 ET`, `12:00 ET on 2025-10-15`, `18:00 ET, 2025-10-14` | a local time in a zone |
//! | `Oct 15, 2025 12:00 PM ET`, `15 October 2025, noon ET`, `2025-10-14 6pm ET` | the same |
//! | `2025-10-15T16:00Z`, `2025-10-15T12:00-04:00`, `2025-10-15 12:00 UTC+2` | a moment |
//! | `2025-10-15`, `Oct 15, 2025` | the end of that day, in the zone of the [`Frame`] |
//! | `T-48h`, `T+2d`, `2 days before the rehearsal` | counted from the event of the frame |
//!
//! What does not exist, happens twice, or can be read in several ways is a [`TimeProblem`].
//! Nothing here asks the machine: the rules of time zones are built in.

mod calendar;
mod clock;
mod counted;
mod pieces;
mod zones;

use std::ops::Range;

use jiff::civil::{Date, Time, Weekday};

use crate::model::deadline::{Due, Offset, TimeProblem, Zone, ZoneFrom};
use pieces::Piece;
use zones::Named;

/// What the times of a document are read by.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The zone that the document names for all its times.
    pub stated: Option<Zone>,
    /// The one zone that stands beside its times, for bare dates.
    pub used: Option<Zone>,
    /// When the event begins.
    pub event: Option<Due>,
}

/// A time in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its bytes.
    pub range: Range<usize>,
    /// The moment, or why it is none.
    pub read: Result<Due, TimeProblem>,
    /// How far from the event, where the text says that.
    pub offset: Option<Offset>,
}

/// A time of day with its zone, for what comes round daily.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daily {
    /// What the clock shows.
    pub time: Time,
    /// The zone's clock.
    pub zone: Zone,
}

/// Every time in `text`, from left to right.
pub fn find(text: &str, frame: &Frame) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for group in groups(text) {
        // A second clock beside a moment, as in `2025-10-15 12:00 ET (16:00 UTC)`, says it again.
        if let (Some(last), Some(time), None) = (all.last_mut(), group.time, group.date)
            && glued(&text[last.range.end..group.range.start], true)
            && let (Ok(due), Some(Ok(zone))) = (&last.read, &group.zone)
            && due.at.to_zoned(zone.zone.rules.clone()).time() == time
        {
            last.range.end = group.range.end;
            continue;
        }
        if let Some(read) = group.read(text, frame) {
            all.push(Found {
                offset: group.counted,
                range: group.range,
                read,
            });
        }
    }
    all
}

/// The one time that `text` names; several that differ are a problem, none is `None`.
pub fn one(text: &str, frame: &Frame) -> Option<Found> {
    let mut all = find(text, frame);
    let strong = |found: &Found| match &found.read {
        Ok(_) => true,
        Err(problem) => !matches!(problem, TimeProblem::Vague(_) | TimeProblem::NoYear(_)),
    };
    if all.iter().any(strong) {
        all.retain(strong);
    }
    if let Some(bad) = all.iter().position(|f| f.read.is_err()) {
        return Some(all.swap_remove(bad));
    }
    let first = all.first()?.clone();
    let last = all.last().map_or(first.range.end, |f| f.range.end);
    let moment = |found: &Found| found.read.as_ref().map(|due| due.at).ok();
    if all.iter().all(|f| moment(f) == moment(&first)) {
        return Some(first);
    }
    let words: Vec<String> = all
        .iter()
        .map(|f| format!("`{}`", &text[f.range.clone()]))
        .collect();
    Some(Found {
        range: first.range.start..last,
        read: Err(TimeProblem::Several(words.join(", "))),
        offset: None,
    })
}

/// The time that `text` is, such as a cell below `Due`; words without one are a problem.
pub fn whole(text: &str, frame: &Frame) -> Found {
    one(text, frame).unwrap_or_else(|| Found {
        range: 0..text.len(),
        read: Err(TimeProblem::Unreadable(text.trim().to_owned())),
        offset: None,
    })
}

/// The one time of day with a zone in `text`, without a date: what comes round daily.
pub fn daily(text: &str, frame: &Frame) -> Option<Daily> {
    let mut found = groups(text).into_iter().filter(|g| g.date.is_none());
    let group = found.find(|g| g.time.is_some())?;
    let zone = match group.zone {
        Some(zone) => zone.ok()?.zone,
        None => frame.stated.clone()?,
    };
    Some(Daily {
        time: group.time?,
        zone,
    })
}

/// The zones that stand beside local times in `text`, in order.
pub fn zones_used(text: &str) -> Vec<Zone> {
    let timed = groups(text).into_iter().filter(|g| g.time.is_some());
    timed
        .filter_map(|g| g.zone?.ok())
        .map(|named| named.zone)
        .collect()
}

/// The one zone that `text` names, for a line such as `All times ET`; `None` where it names none, or
/// several.
///
/// # Errors
/// The name is ambiguous or unknown.
pub fn zone(text: &str) -> Option<Result<Zone, TimeProblem>> {
    let zones = pieces::pieces(text)
        .into_iter()
        .filter_map(|(_, piece)| match piece {
            Piece::Zone(zone) => Some(zone.map(|named| named.zone)),
            _ => None,
        });
    let strict: Vec<_> = zones.collect();
    let token = text.trim().trim_end_matches(['.', ',', ';']);
    let whole = zones::named(token, true).map(|z| z.map(|named| named.zone));
    match strict.as_slice() {
        [] => whole,
        // `Eastern Time (ET)` says one thing twice.
        [first, others @ ..] if others.iter().all(|o| same_rules(first, o)) => Some(first.clone()),
        _ => None,
    }
}

fn same_rules(one: &Result<Zone, TimeProblem>, other: &Result<Zone, TimeProblem>) -> bool {
    matches!((one, other), (Ok(a), Ok(b)) if a.rules == b.rules)
}

/// Pieces that belong together.
#[derive(Debug, Default)]
struct Group {
    range: Range<usize>,
    exact: Option<(jiff::Timestamp, Named)>,
    date: Option<Date>,
    weekday: Option<Weekday>,
    time: Option<Time>,
    zone: Option<Result<Named, TimeProblem>>,
    counted: Option<Offset>,
    bad: Option<TimeProblem>,
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (range, piece) in pieces::pieces(text) {
        let joins = groups.last().is_some_and(|group| {
            glued(&text[group.range.end..range.start], false) && group.has_room_for(&piece)
        });
        if !joins {
            groups.push(Group {
                range: range.clone(),
                ..Group::default()
            });
        }
        if let Some(group) = groups.last_mut() {
            group.range.end = range.end;
            group.take(piece);
        }
    }
    groups
}

/// Whether nothing but marks and small words stands between two pieces.
fn glued(between: &str, marks: bool) -> bool {
    let small = |word: &str| {
        let word = word.trim_matches([',', '(', ')', ':', '@', '.', '*']);
        word.is_empty()
            || ["at", "on", "by", "of", "the"]
                .iter()
                .any(|w| word.eq_ignore_ascii_case(w))
            || (marks && matches!(word, "/" | "="))
    };
    between.split_whitespace().all(small)
}

impl Group {
    fn has_room_for(&self, piece: &Piece) -> bool {
        let dated = self.exact.is_some() || self.date.is_some();
        match piece {
            Piece::Exact(..) => !dated && self.time.is_none() && self.zone.is_none(),
            Piece::Local(_) => !dated && self.time.is_none(),
            Piece::Date(_) => !dated,
            Piece::Weekday(_) => self.weekday.is_none() && self.exact.is_none(),
            Piece::Clock(_) => self.time.is_none() && self.exact.is_none(),
            Piece::Zone(_) => self.zone.is_none() && self.exact.is_none(),
            Piece::Counted(_) => self.counted.is_none(),
            Piece::Bad(_) => self.bad.is_none(),
        }
    }

    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Exact(at, zone) => self.exact = Some((at, zone)),
            Piece::Local(local) => {
                self.date = Some(local.date());
                self.time = Some(local.time());
            }
            Piece::Date(date) => self.date = Some(date),
            Piece::Weekday(day) => self.weekday = Some(day),
            Piece::Clock(time) => self.time = Some(time),
            Piece::Zone(zone) => self.zone = Some(zone),
            Piece::Counted(offset) => self.counted = Some(offset),
            Piece::Bad(problem) => self.bad = Some(problem),
        }
    }

    /// What the group says; `None` for a zone alone.
    fn read(&self, text: &str, frame: &Frame) -> Option<Result<Due, TimeProblem>> {
        let written = || text[self.range.clone()].to_owned();
        if let Some(problem) = &self.bad {
            return Some(Err(problem.clone()));
        }
        if let Some((at, zone)) = &self.exact {
            return Some(Ok(due(*at, false, zone.zone.clone(), ZoneFrom::Written)));
        }
        if let (Some(date), Some(day)) = (self.date, self.weekday)
            && date.weekday() != day
        {
            let written = format!("{day:?}");
            return Some(Err(TimeProblem::OtherWeekday { written, date }));
        }
        if let (Some(_), None, Some(more)) = (self.date, self.time, self.unread_time(text)) {
            return Some(Err(TimeProblem::SeveralWays(more.to_owned())));
        }
        match (self.date, self.time, self.counted) {
            (Some(date), time, _) => Some(self.local(date, time, frame, written)),
            (None, Some(_), _) => Some(Err(TimeProblem::NoDate(written()))),
            (None, None, Some(offset)) => Some(from_event(offset, frame, written)),
            (None, None, None) => {
                self.weekday?;
                Some(Err(TimeProblem::Vague(written())))
            }
        }
    }

    /// The date with what stands behind it, where that may be a time of day in a spelling that
    /// is not read: `2025-10-15 1200`, `15.30`, `9 o'clock`, `9h`. To take the whole day would be a guess.
    fn unread_time<'t>(&self, text: &'t str) -> Option<&'t str> {
        let rest = text[self.range.end..].trim_start_matches([' ', ',', '\u{a0}']);
        let rest = rest.strip_prefix("at ").unwrap_or(rest);
        let word = rest.split([' ', ',', ';', ')', '\n']).next().unwrap_or("");
        let hour = word.bytes().take_while(u8::is_ascii_digit).count();
        let after = &word[hour..];
        let minutes = after
            .get(1..)
            .is_some_and(|m| m.bytes().all(|b| b.is_ascii_digit()));
        let timed = match hour {
            4 => after.is_empty() && word < "2400",
            1 | 2 if after.is_empty() => {
                let next = rest[word.len()..].trim_start();
                ["o'clock", "o’clock", "h", "hours", "Uhr"]
                    .iter()
                    .any(|w| next.starts_with(w))
            }
            1 | 2 => after.starts_with(['.', 'h', 'H']) && minutes,
            _ => false,
        };
        let end = text.len() - rest.len() + word.len();
        timed.then(|| &text[self.range.start..end])
    }

    fn local(
        &self,
        date: Date,
        time: Option<Time>,
        frame: &Frame,
        written: impl Fn() -> String,
    ) -> Result<Due, TimeProblem> {
        let stated = || Some((frame.stated.clone()?.into(), ZoneFrom::Stated));
        let (named, from): (Named, ZoneFrom) = match (&self.zone, time) {
            (Some(zone), _) => (zone.clone()?, ZoneFrom::Written),
            (None, Some(_)) => stated().ok_or_else(|| TimeProblem::NoZone(written()))?,
            (None, None) => stated()
                .or_else(|| Some((frame.used.clone()?.into(), ZoneFrom::Used)))
                .unwrap_or_else(|| (Zone::utc().into(), ZoneFrom::Nowhere)),
        };
        let at = match time {
            Some(time) => named.at(date.to_datetime(time))?,
            None => named.end_of(date)?,
        };
        Ok(due(at, time.is_none(), named.zone, from))
    }
}

/// A time counted from the event. From a bare date only whole days can be counted.
fn from_event(
    offset: Offset,
    frame: &Frame,
    written: impl Fn() -> String,
) -> Result<Due, TimeProblem> {
    let unknown = || TimeProblem::NoEvent(written());
    let event = frame.event.as_ref().ok_or_else(unknown)?;
    if event.whole_day && offset.minutes != 0 {
        return Err(unknown());
    }
    let zone: Named = event.zone.clone().into();
    let local = event.local();
    let days = jiff::Span::new().try_days(offset.days);
    let moved = days.and_then(|days| local.datetime().checked_add(days));
    let moved = moved.map_err(|_| unknown())?;
    // The clock's time is kept from day to day, so that day may not have it, or have it twice.
    let at = match (event.whole_day, offset.minutes) {
        (true, _) => zone.end_of(moved.date())?,
        (false, 0) => zone.at(moved)?,
        (false, _) => offset.from(&local).ok_or_else(unknown)?.timestamp(),
    };
    Ok(due(at, event.whole_day, zone.zone, event.zone_from))
}

fn due(at: jiff::Timestamp, whole_day: bool, zone: Zone, zone_from: ZoneFrom) -> Due {
    Due {
        at,
        whole_day,
        zone,
        zone_from,
    }
}
