//! Moments as people write them in file names and records.
//!
//! | written | read as |
//! | --- | --- |
//! | `2025-10-10T07:52:05Z`, `2025-10-10T07-52-05.482Z`, `2025-10-10t07_52_05z` | RFC 3339, with `-` or `_` for `:` where a file system wants it |
//! | `2025-10-10T07-33-01-027Z` | three digits after a dash are milliseconds |
//! | `2025-10-10T18-36Z`, `2025-10-10T18Z` | seconds, then minutes, may be missing |
//! | `2025-10-10T072315Z`, `2025-10-10T1844Z`, `20251010T194415Z`, `20251010T0725Z` | ISO 8601, basic |
//! | `2025-10-09-174559`, `2025-10-09_17-45-59`, `20251009_1745`, `2025-10-09 17:45:59` | other separators |
//! | `20251009174559` | fourteen digits, year 1900 to 2999 |
//! | `2025-10-09`, `20251009` | a bare date: the whole day |
//! | `+02:00`, `+0200`, `+02-00`, `+02`; `-05:00`, `-05-00`, `-0500` | offsets after a time |
//!
//! Without a zone a time is UTC. A leap second `:60` is read as `:59`. What is impossible
//! (`2025-02-30`, `T25`) or can be read in two ways (`T07-33-01-27`: hundredths, a counter or
//! half an offset?) is no moment, and neither is a part of a longer number. Zones by name
//! belong to deadlines and are not read here; a letter directly after a time (`17-45EST`,
//! `05-30pm`) makes it no moment.

mod key;
mod offset;
mod scan;
#[cfg(test)]
mod tests;
mod time;

use std::ops::Range;

use jiff::{
    civil::{Date, Time},
    tz::Offset,
};

pub use key::without_moments;
pub use scan::Readings;

use crate::model::moment::Moment;

/// A time of day without its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    time: Time,
    offset: Offset,
}

impl Clock {
    /// The instant at which the clock shows this time on `date`; `None` where the calendar ends.
    pub fn on(self, date: Date) -> Option<Moment> {
        let at = self.offset.to_timestamp(date.to_datetime(self.time));
        at.ok().map(Moment::exact)
    }
}

/// What `<timestamp>` stands for in one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// A full moment or a bare date.
    Moment(Moment),
    /// The time part alone; its date stands elsewhere.
    Clock(Clock),
}

/// One way to read the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// First byte after it.
    pub end: usize,
    /// What it says.
    pub stamp: Stamp,
    /// Whether `Z` or an offset closes it.
    zoned: bool,
}

impl Reading {
    /// Whether `text`, of which this is the beginning, goes on in a way that leaves the reading
    /// in doubt: a letter or digit directly after a time, or further digits after a mark that
    /// could still belong to it.
    pub fn is_open(self, text: &str) -> bool {
        scan::is_open(text.as_bytes(), self.end, self.zoned, self.is_bare_date())
    }

    /// Whether `Z` or an offset closes it.
    pub fn is_zoned(self) -> bool {
        self.zoned
    }

    fn is_bare_date(self) -> bool {
        matches!(self.stamp, Stamp::Moment(moment) if moment.is_day())
    }
}

/// Reads `text` as one moment, from its first byte to its last.
///
/// ```
/// use packet::parser::moments::parse;
/// assert_eq!(parse("20251010T0725Z").unwrap().to_string(), "2025-10-10T07:25:00Z");
/// assert!(parse("2025-02-30").is_none());
/// ```
pub fn parse(text: &str) -> Option<Moment> {
    match scan::maximal(text.as_bytes(), 0) {
        scan::Maximal::Found(end, moment) if end == text.len() => Some(moment),
        _ => None,
    }
}

/// Every moment in `text` with its bytes: leftmost, longest, not overlapping.
pub fn find(text: &str) -> Vec<(Range<usize>, Moment)> {
    iter(text).collect()
}

/// As [`find`], one at a time and without allocating.
pub fn iter(text: &str) -> impl Iterator<Item = (Range<usize>, Moment)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            if !bytes[at].is_ascii_digit() {
                at += 1;
                continue;
            }
            let start = at;
            match scan::maximal(bytes, start) {
                scan::Maximal::Found(end, moment) => {
                    at = end;
                    return Some((start..end, moment));
                }
                scan::Maximal::Refused(end) => at = end,
                scan::Maximal::No => at += scan::run(bytes, at),
            }
        }
        None
    })
}

/// A date at the beginning of `text`, no digit directly after it: its length and what it says.
pub fn date_prefix(text: &str) -> Option<(usize, Date)> {
    scan::date(text.as_bytes(), 0).map(|(date, end)| (end, date))
}

/// Every way to read the beginning of `text` as a full moment or a bare date, longest first.
pub fn moment_prefixes(text: &str) -> Readings {
    scan::moments(text.as_bytes())
}

/// Every way to read the beginning of `text` as the time part of a moment, longest first.
/// `after_t`: a `T` stands before it.
pub fn clock_prefixes(text: &str, after_t: bool) -> Readings {
    scan::clocks(text.as_bytes(), after_t)
}
