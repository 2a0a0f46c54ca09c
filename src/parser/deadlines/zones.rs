//! Time zones by the names people write, from one table.

use std::sync::LazyLock;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};

use crate::model::deadline::{TimeProblem, Zone};

/// The zones of the tz database as they were when this was built: no machine's own rules.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Names for the clocks of a place, daylight saving included.
const PLACES: &[(&str, &str)] = &[
    ("ET", "America/New_York"),
    ("eastern time", "America/New_York"),
    ("eastern", "America/New_York"),
    ("CT", "America/Chicago"),
    ("central time", "America/Chicago"),
    ("MT", "America/Denver"),
    ("mountain time", "America/Denver"),
    ("PT", "America/Los_Angeles"),
    ("pacific time", "America/Los_Angeles"),
    ("pacific", "America/Los_Angeles"),
    ("UTC", "UTC"),
    ("GMT", "UTC"),
    ("Z", "UTC"),
];

/// Names for the time of one half of the year: hours from UTC, and the place they speak of.
const SEASONS: &[(&str, i8, &str)] = &[
    ("EST", -5, "America/New_York"),
    ("EDT", -4, "America/New_York"),
    ("MST", -7, "America/Denver"),
    ("MDT", -6, "America/Denver"),
    ("PST", -8, "America/Los_Angeles"),
    ("PDT", -7, "America/Los_Angeles"),
    ("WET", 0, "Europe/Lisbon"),
    ("WEST", 1, "Europe/Lisbon"),
    ("CET", 1, "Europe/Paris"),
    ("CEST", 2, "Europe/Paris"),
    ("EET", 2, "Europe/Helsinki"),
    ("EEST", 3, "Europe/Helsinki"),
    ("JST", 9, "Asia/Tokyo"),
];

/// Names that stand for several zones, and which; they are refused.
const AMBIGUOUS: &[(&str, &str)] = &[
    ("AMT", "Armenia Time or Amazon Time"),
    ("AST", "Atlantic Standard Time or Arabia Standard Time"),
    ("BST", "British Summer Time or Bangladesh Standard Time"),
    ("CDT", "Central Daylight Time or Cuba Daylight Time"),
    (
        "CST",
        "Central Standard Time, China Standard Time or Cuba Standard Time",
    ),
    ("ECT", "Ecuador Time or Eastern Caribbean Time"),
    ("GST", "Gulf Standard Time or South Georgia Time"),
    (
        "IST",
        "India Standard Time, Irish Standard Time or Israel Standard Time",
    ),
    ("SST", "Samoa Standard Time or Singapore Standard Time"),
    ("WST", "Western Standard Time or West Samoa Time"),
];

/// A zone as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub zone: Zone,
    /// For the time of one half of the year: the place that must keep it on the day.
    season: Option<&'static str>,
}

impl From<Zone> for Named {
    fn from(zone: Zone) -> Self {
        Named { zone, season: None }
    }
}

/// The zone that `text` names as a whole; `None` where it does not look like one.
///
/// `loose`: it stands right behind a time, so that lower case and unknown names count too.
pub(super) fn named(text: &str, loose: bool) -> Option<Result<Named, TimeProblem>> {
    let same = |name: &str| {
        let word = name.contains(|c: char| c.is_ascii_lowercase());
        if loose || word {
            name.eq_ignore_ascii_case(text)
        } else {
            name == text
        }
    };
    let zone = |rules: TimeZone| Zone {
        name: text.to_owned(),
        rules,
    };
    if let Some((_, place)) = PLACES.iter().find(|(name, _)| same(name)) {
        return Some(rules(place).map(|rules| zone(rules).into()));
    }
    if let Some((_, hours, place)) = SEASONS.iter().find(|(name, _, _)| same(name)) {
        let zone = zone(Offset::constant(*hours).to_time_zone());
        return Some(Ok(Named {
            zone,
            season: Some(place),
        }));
    }
    if let Some((_, meanings)) = AMBIGUOUS.iter().find(|(name, _)| same(name)) {
        let name = text.to_owned();
        return Some(Err(TimeProblem::AmbiguousZone { name, meanings }));
    }
    if let Some(offset) = offset(text) {
        return Some(Ok(zone(offset.to_time_zone()).into()));
    }
    // What follows a comma behind the place is no part of its name.
    let of_a_place = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
    let area = text.split_once('/').is_some_and(|(area, city)| {
        let letters = area.chars().all(|c| c.is_ascii_alphabetic());
        area.len() > 1 && letters && !city.is_empty() && city.chars().all(of_a_place)
    });
    if area {
        return Some(rules(text).map(|rules| zone(rules).into()));
    }
    let abbreviation = (3..=5).contains(&text.len())
        && text.ends_with('T')
        && text.chars().all(|c| c.is_ascii_uppercase());
    (loose && abbreviation).then(|| Err(TimeProblem::UnknownZone(text.to_owned())))
}

fn rules(name: &str) -> Result<TimeZone, TimeProblem> {
    ZONES
        .get(name)
        .map_err(|_| TimeProblem::UnknownZone(name.to_owned()))
}

/// `+02:00`, `-0500`, `UTC+2`, `GMT-05:30`.
fn offset(text: &str) -> Option<Offset> {
    let bare = text
        .strip_prefix("UTC")
        .or_else(|| text.strip_prefix("GMT"));
    let signed = bare.unwrap_or(text);
    let (sign, digits) = match signed.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-" | "−", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None if bare.is_some() => (digits, "00"),
        None => return None,
    };
    let number = |text: &str| {
        let fine = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fine.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60)
        .then(|| Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok())
        .flatten()
}

impl Named {
    /// The moment at which clocks show `local` here; never one of two, never one that is skipped.
    pub fn at(&self, local: DateTime) -> Result<Timestamp, TimeProblem> {
        let rules = &self.zone.rules;
        let zone = || self.zone.name.clone();
        let read = |offset: Offset| {
            offset
                .to_timestamp(local)
                .map_err(|_| TimeProblem::Impossible(local.to_string()))
        };
        let at = match rules.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => read(offset)?,
            AmbiguousOffset::Gap { .. } => {
                return Err(TimeProblem::Skipped {
                    local,
                    zone: zone(),
                });
            }
            AmbiguousOffset::Fold { before, after } => {
                return Err(TimeProblem::Twice {
                    local,
                    zone: zone(),
                    first: read(before)?,
                    second: read(after)?,
                });
            }
        };
        self.in_season(at)?;
        Ok(at)
    }

    /// The last second of `date` here.
    pub fn end_of(&self, date: Date) -> Result<Timestamp, TimeProblem> {
        let impossible = |_| TimeProblem::Impossible(date.to_string());
        let day = date.to_zoned(self.zone.rules.clone()).map_err(impossible)?;
        let end = day.end_of_day().map_err(impossible)?.timestamp();
        let at = Timestamp::from_second(end.as_second()).map_err(impossible)?;
        self.in_season(at)?;
        Ok(at)
    }

    /// Whether the place that the name speaks of keeps this time at `at`.
    fn in_season(&self, at: Timestamp) -> Result<(), TimeProblem> {
        let Some(place) = self.season else {
            return Ok(());
        };
        let there = rules(place)?;
        if there.to_offset(at) == self.zone.rules.to_offset(at) {
            return Ok(());
        }
        Err(TimeProblem::OtherSeason {
            name: self.zone.name.clone(),
            place,
            date: at.to_zoned(there.clone()).date(),
            instead: there.to_offset_info(at).abbreviation().to_owned(),
        })
    }
}
