//! When something is owed: a moment that was written for people, in the zone it was written in.

use std::fmt;

use jiff::{SignedDuration, Span as Duration, Timestamp, Zoned, civil::DateTime, tz::TimeZone};
use thiserror::Error;

use super::span::Span;

/// A time zone under the name that the document gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// As written: `ET`, `Europe/Berlin`, `+02:00`.
    pub name: String,
    /// Its rules.
    pub rules: TimeZone,
}

impl Zone {
    /// UTC under its own name.
    pub fn utc() -> Self {
        Zone {
            name: "UTC".to_owned(),
            rules: TimeZone::UTC,
        }
    }
}

/// How the zone of a deadline is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneFrom {
    /// It stands beside the time.
    Written,
    /// The document names one for all its times.
    Stated,
    /// Every time of the document that has a zone has this one.
    Used,
    /// The document names none: UTC.
    Nowhere,
}

/// A moment by which something is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last second at which it is still in time.
    pub at: Timestamp,
    /// Whether only a date was written, so that it runs to the end of that day.
    pub whole_day: bool,
    /// The zone it is read in.
    pub zone: Zone,
    /// How that zone is known.
    pub zone_from: ZoneFrom,
}

impl Due {
    /// The moment as the zone's clocks show it.
    pub fn local(&self) -> Zoned {
        self.at.to_zoned(self.zone.rules.clone())
    }
}

/// `2025-10-14 18:00 ET`; `2025-10-14, end of day ET` where only a date was written.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local();
        let (date, zone) = (local.date(), &self.zone.name);
        if self.whole_day {
            write!(f, "{date}, end of day {zone}")
        } else {
            write!(f, "{date} {} {zone}", local.strftime("%H:%M"))
        }
    }
}

/// A deadline as it stands in the text, and what it says or why it says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Its words.
    pub text: String,
    /// Their bytes.
    pub span: Span,
    /// The moment, or why there is none; never a guess.
    pub read: Result<Due, TimeProblem>,
}

impl Deadline {
    /// The moment, where it can be read.
    pub fn due(&self) -> Option<&Due> {
        self.read.as_ref().ok()
    }
}

/// A time counted from the event: `T-48h`, `2 days before the rehearsal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// Counted days; negative before the event. By the calendar, so that the clock's time stays.
    pub days: i64,
    /// Counted minutes beside them; negative before the event.
    pub minutes: i64,
}

impl Offset {
    /// The event itself.
    pub const EVENT: Offset = Offset {
        days: 0,
        minutes: 0,
    };

    /// Whether it lies after the event.
    pub fn is_after(self) -> bool {
        self.days > 0 || self.minutes > 0
    }

    /// The moment counted from `event`; `None` where the calendar ends.
    pub fn from(self, event: &Zoned) -> Option<Zoned> {
        let days = Duration::new().try_days(self.days).ok()?;
        let minutes = Duration::new().try_minutes(self.minutes).ok()?;
        event.checked_add(days).ok()?.checked_add(minutes).ok()
    }
}

/// Why a time in the text is no deadline.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimeProblem {
    /// No calendar has the date, or no clock shows the time.
    #[error("`{0}` does not exist")]
    Impossible(String),
    /// Clocks go forward and skip it.
    #[error("{local} does not exist in {zone}: the clocks go forward then")]
    Skipped {
        /// The local time.
        local: DateTime,
        /// The zone.
        zone: String,
    },
    /// Clocks go back and show it twice.
    #[error("{local} happens twice in {zone}, at {first} and at {second}: the clocks go back then")]
    Twice {
        /// The local time.
        local: DateTime,
        /// The zone.
        zone: String,
        /// The earlier moment.
        first: Timestamp,
        /// The later moment.
        second: Timestamp,
    },
    /// Several zones go by the name.
    #[error("`{name}` may be {meanings}")]
    AmbiguousZone {
        /// As written.
        name: String,
        /// The zones, in words.
        meanings: &'static str,
    },
    /// A zone that is not known.
    #[error("`{0}` is no time zone that is known here")]
    UnknownZone(String),
    /// Winter time written for a summer's day, or the other way round.
    #[error("`{name}` is not what clocks show in {place} on {date}: that is {instead}")]
    OtherSeason {
        /// As written.
        name: String,
        /// The place whose clocks it names.
        place: &'static str,
        /// The day.
        date: jiff::civil::Date,
        /// The name of the time that is kept there that day.
        instead: String,
    },
    /// A time without a zone in a document that names none.
    #[error("`{0}` has no time zone, and the document names none for all its times")]
    NoZone(String),
    /// A word that everybody reads in a way of their own.
    #[error("`{0}` is not an exact time")]
    Vague(String),
    /// A time of day alone.
    #[error("`{0}` has no date")]
    NoDate(String),
    /// A day and a month alone.
    #[error("`{0}` has no year")]
    NoYear(String),
    /// Day and month, or the weekday, leave it open which day is meant.
    #[error("`{0}` can be read in several ways")]
    SeveralWays(String),
    /// The weekday and the date disagree.
    #[error("{date} is not a {written}")]
    OtherWeekday {
        /// The weekday as written.
        written: String,
        /// The date.
        date: jiff::civil::Date,
    },
    /// More than one time where one is wanted.
    #[error("several times are named here: {0}")]
    Several(String),
    /// Counted from an event whose time is not known.
    #[error("`{0}` counts from the event, and the document does not say when that begins")]
    NoEvent(String),
    /// No time at all.
    #[error("`{0}` is no date")]
    Unreadable(String),
}

impl TimeProblem {
    /// The diagnostic's code.
    pub fn code(&self) -> &'static str {
        match self {
            TimeProblem::Impossible(_) => "deadline-impossible",
            TimeProblem::Skipped { .. } => "deadline-skipped",
            TimeProblem::Twice { .. } => "deadline-twice",
            TimeProblem::AmbiguousZone { .. } => "deadline-zone-ambiguous",
            TimeProblem::UnknownZone(_) => "deadline-zone-unknown",
            TimeProblem::OtherSeason { .. } => "deadline-zone-season",
            TimeProblem::NoZone(_) => "deadline-zone-missing",
            TimeProblem::Vague(_) => "deadline-vague",
            TimeProblem::NoDate(_) => "deadline-without-date",
            TimeProblem::NoYear(_) => "deadline-without-year",
            TimeProblem::SeveralWays(_) => "deadline-ambiguous",
            TimeProblem::OtherWeekday { .. } => "deadline-weekday",
            TimeProblem::Several(_) => "deadline-several",
            TimeProblem::NoEvent(_) => "deadline-event",
            TimeProblem::Unreadable(_) => "deadline-unreadable",
        }
    }

    /// What to write instead.
    pub fn help(&self) -> String {
        let example = "such as `2025-10-15 12:00 ET`";
        match self {
            TimeProblem::Skipped { .. } => "name a time that exists that day".to_owned(),
            TimeProblem::Twice { first, second, .. } => {
                format!("say which one is meant: `{first}` or `{second}`")
            }
            TimeProblem::AmbiguousZone { .. } | TimeProblem::UnknownZone(_) => {
                "name the place, such as `Europe/London`, or the offset, such as `+01:00`"
                    .to_owned()
            }
            TimeProblem::OtherSeason { instead, place, .. } => {
                format!("write `{instead}` if the clocks of {place} are meant, else the offset")
            }
            TimeProblem::NoZone(text) => format!(
                "write the zone behind it, such as `{text} ET`, or once for the whole document: `All times ET`"
            ),
            TimeProblem::NoEvent(_) => {
                "write `**Event:** 2025-10-16 13:00 ET` once, or a date and time here".to_owned()
            }
            TimeProblem::Several(_) => "keep the one that counts".to_owned(),
            _ => format!("write date, time and zone, {example}"),
        }
    }
}

/// A length of time in its two largest units: `1 day 4 h`, `35 min`, `less than a minute`.
pub fn in_words(length: SignedDuration) -> String {
    let minutes = length.as_mins().abs();
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let named = |number: i64, unit: &str| (number > 0).then(|| format!("{number} {unit}"));
    let day = if days == 1 { "day" } else { "days" };
    let parts = [named(days, day), named(hours, "h"), named(rest, "min")];
    let first = parts.iter().position(Option::is_some);
    let Some(first) = first else {
        return "less than a minute".to_owned();
    };
    // The second unit is the next smaller one, or none.
    let shown: Vec<String> = parts.into_iter().skip(first).take(2).flatten().collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_two_units() {
        for (minutes, text) in [
            (0, "less than a minute"),
            (1, "1 min"),
            (61, "1 h 1 min"),
            (1_440, "1 day"),
            (1_445, "1 day"),
            (1_680, "1 day 4 h"),
            (-2_880, "2 days"),
        ] {
            assert_eq!(in_words(SignedDuration::from_mins(minutes)), text);
        }
    }
}
