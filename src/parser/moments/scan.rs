//! The scanner: bytes to dates, times and moments. All spans start and end at ASCII characters.

use jiff::{civil::Date, tz::Offset};

use super::{
    Clock, Reading, Stamp, offset,
    time::{Clocked, Joint, Shape, clock},
};
use crate::model::moment::Moment;

/// The single reading that a text without a pattern allows at one place.
pub(super) enum Maximal {
    /// A moment up to this byte.
    Found(usize, Moment),
    /// A date with something after it that makes it no moment; go on from this byte.
    Refused(usize),
    /// No date starts here.
    No,
}

/// The ways to read one beginning, longest first; at most five.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readings([Option<Reading>; 5]);

impl Readings {
    fn push(&mut self, reading: Reading) {
        if let Some(free) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(reading);
        }
    }
}

impl IntoIterator for Readings {
    type Item = Reading;
    type IntoIter = std::iter::Flatten<std::array::IntoIter<Option<Reading>, 5>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
    }
}

/// How many digits stand at `at`.
pub(super) fn run(b: &[u8], at: usize) -> usize {
    let rest = b.get(at..).unwrap_or_default();
    rest.iter().take_while(|c| c.is_ascii_digit()).count()
}

/// The two digits at `at`.
pub(super) fn two(b: &[u8], at: usize) -> Option<i8> {
    match b.get(at..at + 2)? {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            i8::try_from((tens - b'0') * 10 + ones - b'0').ok()
        }
        _ => None,
    }
}

fn year(b: &[u8], at: usize) -> Option<i16> {
    Some(i16::from(two(b, at)?) * 100 + i16::from(two(b, at + 2)?))
}

/// Years in which a bare number is taken for a date.
const NUMBER_YEARS: std::ops::RangeInclusive<i16> = 1900..=2999;

fn compact_date(b: &[u8], at: usize) -> Option<Date> {
    let year = year(b, at).filter(|y| NUMBER_YEARS.contains(y))?;
    Date::new(year, two(b, at + 4)?, two(b, at + 6)?).ok()
}

/// A date at `at` that no digit follows, and where it ends.
pub(super) fn date(b: &[u8], at: usize) -> Option<(Date, usize)> {
    match run(b, at) {
        4 if b.get(at + 4) == Some(&b'-') && b.get(at + 7) == Some(&b'-') => {
            let ends = run(b, at + 5) == 2 && run(b, at + 8) == 2;
            let date = Date::new(year(b, at)?, two(b, at + 5)?, two(b, at + 8)?);
            date.ok().filter(|_| ends).map(|d| (d, at + 10))
        }
        8 => compact_date(b, at).map(|d| (d, at + 8)),
        _ => None,
    }
}

/// A date, and the shape of what follows it.
struct Dated {
    date: Date,
    end: usize,
    joint: Option<Joint>,
    shape: Shape,
}

fn dated(b: &[u8], at: usize) -> Option<Dated> {
    if run(b, at) == 14 {
        let date = compact_date(b, at)?;
        let shape = Some(clock(b, at + 8, Joint::T)).filter(|s| matches!(s, Shape::Time(_)))?;
        return Some(Dated {
            date,
            end: at + 8,
            joint: Some(Joint::T),
            shape,
        });
    }
    let (date, end) = date(b, at)?;
    let digit_after = run(b, end + 1) > 0;
    let (joint, shape) = match b.get(end).filter(|_| digit_after) {
        Some(b'T' | b't') => (Some(Joint::T), clock(b, end + 1, Joint::T)),
        Some(b'-' | b'_') => (Some(Joint::Other), clock(b, end + 1, Joint::Other)),
        // In prose a number may follow a date: only a time with colons is one.
        Some(b' ') if b.get(end + 3) == Some(&b':') => {
            (Some(Joint::Other), clock(b, end + 1, Joint::Other))
        }
        _ => (None, Shape::Other),
    };
    Some(Dated {
        date,
        end,
        joint,
        shape,
    })
}

/// See [`Reading::is_open`].
pub(super) fn is_open(b: &[u8], end: usize, zoned: bool, bare_date: bool) -> bool {
    let Some(next) = b.get(end) else { return false };
    if bare_date {
        return next.is_ascii_digit();
    }
    let digit = run(b, end + 1) > 0;
    let doubtful: &[u8] = if zoned { b":" } else { b"-:.,+" };
    next.is_ascii_alphanumeric() || (digit && doubtful.contains(next))
}

/// The moment whose first digit, not preceded by another, stands at `at`.
pub(super) fn maximal(b: &[u8], at: usize) -> Maximal {
    let Some(found) = dated(b, at) else {
        return Maximal::No;
    };
    let bare = || match Moment::day(found.date) {
        Some(day) => Maximal::Found(found.end, day),
        None => Maximal::Refused(found.end),
    };
    match (found.joint, &found.shape) {
        (None, _) | (Some(Joint::Other), Shape::Other) => bare(),
        (Some(Joint::T), Shape::Other) | (_, Shape::Impossible) => Maximal::Refused(found.end),
        (Some(joint), Shape::Time(clocked)) => {
            let (time, end) = clocked.finer.unwrap_or((clocked.time, clocked.core_end));
            let zone = offset::zone(b, end, clocked.dash);
            let (offset, end) = zone.unwrap_or((Offset::UTC, end));
            if is_open(b, end, zone.is_some(), false) {
                // `2025-10-09-2025-10-11` is two dates, not a time with a tail.
                return if joint == Joint::Other && !clocked.full {
                    bare()
                } else {
                    Maximal::Refused(found.end)
                };
            }
            match (Clock { time, offset }).on(found.date) {
                Some(moment) => Maximal::Found(end, moment),
                None => Maximal::Refused(found.end),
            }
        }
    }
}

fn each_clock(b: &[u8], clocked: &Clocked, mut take: impl FnMut(Clock, usize, bool)) {
    let core = (clocked.time, clocked.core_end);
    for (time, end) in clocked.finer.into_iter().chain([core]) {
        let zone = offset::zone(b, end, clocked.dash);
        if let Some((offset, zone_end)) = zone {
            take(Clock { time, offset }, zone_end, true);
        }
        // A pattern may spell the Z itself; any other offset must not be dropped.
        if zone.is_none_or(|(_, zone_end)| zone_end == end + 1) {
            let offset = Offset::UTC;
            take(Clock { time, offset }, end, false);
        }
    }
}

pub(super) fn moments(b: &[u8]) -> Readings {
    let mut readings = Readings::default();
    let Some(found) = dated(b, 0) else {
        return readings;
    };
    if let Shape::Time(clocked) = &found.shape {
        each_clock(b, clocked, |clock, end, zoned| {
            if let Some(moment) = clock.on(found.date) {
                readings.push(Reading {
                    end,
                    stamp: Stamp::Moment(moment),
                    zoned,
                });
            }
        });
    }
    if let Some(day) = Moment::day(found.date).filter(|_| found.joint != Some(Joint::T)) {
        readings.push(Reading {
            end: found.end,
            stamp: Stamp::Moment(day),
            zoned: false,
        });
    }
    readings
}

pub(super) fn clocks(b: &[u8], after_t: bool) -> Readings {
    let mut readings = Readings::default();
    // An impossible date such as `2025-02-30` must not become 20:25 with a tail.
    let like_a_date = run(b, 0) == 4 && run(b, 5) == 2 && run(b, 8) == 2;
    let joint = if after_t { Joint::T } else { Joint::Other };
    if let Shape::Time(clocked) = clock(b, 0, joint)
        && !like_a_date
    {
        each_clock(b, &clocked, |clock, end, zoned| {
            readings.push(Reading {
                end,
                stamp: Stamp::Clock(clock),
                zoned,
            });
        });
    }
    readings
}
