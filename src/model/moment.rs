//! Points in time as people write them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A point in time: an instant, or a bare date that stands for its whole UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    first: Timestamp,
    last: Timestamp,
}

impl Moment {
    /// The instant `at`.
    pub fn exact(at: Timestamp) -> Self {
        Moment {
            first: at,
            last: at,
        }
    }

    /// All of `date`, in UTC; `None` where the calendar ends.
    pub fn day(date: Date) -> Option<Self> {
        let first = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let next = date.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
        let last = next
            .timestamp()
            .checked_sub(jiff::Span::new().nanoseconds(1))
            .ok()?;
        Some(Moment { first, last })
    }

    /// The earliest instant meant.
    pub fn first(self) -> Timestamp {
        self.first
    }

    /// The latest instant meant; equals [`first`](Self::first) for an instant.
    pub fn last(self) -> Timestamp {
        self.last
    }

    /// Whether only a date was written.
    pub fn is_day(self) -> bool {
        self.first != self.last
    }

    /// Whether the two cannot be told apart in time: equal instants, or a bare date and
    /// anything that day.
    pub fn ties_with(self, other: Moment) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The UTC date it falls on.
    pub fn date(self) -> Date {
        self.first.to_zoned(TimeZone::UTC).date()
    }
}

/// RFC 3339 in UTC for an instant, `YYYY-MM-DD` for a bare date.
impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_day() {
            write!(f, "{}", self.date())
        } else {
            write!(f, "{}", self.first)
        }
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
