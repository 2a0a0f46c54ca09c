//! What people are invited to: the session, the review a day before it, the next review.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::deadline::Due;

/// Which occasion of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OccasionKind {
    /// The document's event.
    Session,
    /// The follow-up review that comes before it.
    FollowUpReview,
    /// The next review of the whole.
    NextReview,
}

impl OccasionKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [OccasionKind; 3] = [
        OccasionKind::Session,
        OccasionKind::FollowUpReview,
        OccasionKind::NextReview,
    ];

    /// The name it has on record: it never changes.
    pub fn id(self) -> &'static str {
        match self {
            OccasionKind::Session => "session",
            OccasionKind::FollowUpReview => "follow-up-review",
            OccasionKind::NextReview => "next-review",
        }
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            OccasionKind::Session => "session",
            OccasionKind::FollowUpReview => "follow-up review",
            OccasionKind::NextReview => "next review",
        }
    }
}

/// Something that takes place at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Which.
    pub kind: OccasionKind,
    /// Its title, one line.
    pub title: String,
    /// When it begins; a whole day where only a date is written.
    pub begins: Due,
    /// How long it takes, where the document says so.
    pub length: Option<SignedDuration>,
    /// Where.
    pub place: Option<String>,
    /// What it is about.
    pub about: Option<String>,
    /// The line of the document that says when.
    pub line: usize,
}

/// How long something takes where nobody says.
pub const USUAL_LENGTH: SignedDuration = SignedDuration::from_hours(1);

impl Occasion {
    /// Its first and last moment; of a whole day the date and the day after.
    pub fn time(&self) -> Time {
        let begins = &self.begins;
        if begins.whole_day {
            let day = begins.local().date();
            return Time::Day(day, day.tomorrow().unwrap_or(Date::MAX));
        }
        let length = self.length.unwrap_or(USUAL_LENGTH);
        let end = begins.at.checked_add(length).unwrap_or(Timestamp::MAX);
        Time::Hours(begins.at, end)
    }
}

/// When something takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// From a moment to another.
    Hours(Timestamp, Timestamp),
    /// A whole day, and the day after it.
    Day(Date, Date),
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Time::Hours(from, _) => write!(f, "{from:.0}"),
            Time::Day(day, _) => write!(f, "{day}"),
        }
    }
}

/// What an invitation is on record as: `session UID sequence 0 2026-11-02T18:00:00Z HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Which occasion.
    pub kind: OccasionKind,
    /// Its UID in calendars (RFC 5545 section 3.8.4.7).
    pub uid: String,
    /// How often it changed (RFC 5545 section 3.8.7.4).
    pub sequence: u32,
    /// When it begins, as RFC 3339 or a date.
    pub begins: String,
    /// A hash of time, title and place; `None` where it was cancelled.
    pub hash: Option<String>,
}

const CANCELLED: &str = "cancelled";

impl fmt::Display for Invited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = self.hash.as_deref().unwrap_or(CANCELLED);
        write!(
            f,
            "{} {} sequence {} {} {hash}",
            self.kind.id(),
            self.uid,
            self.sequence,
            self.begins
        )
    }
}

/// An item that says something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoInvitation;

impl FromStr for Invited {
    type Err = NoInvitation;

    fn from_str(item: &str) -> Result<Self, NoInvitation> {
        let words: Vec<&str> = item.split(' ').collect();
        let [kind, uid, "sequence", sequence, begins, hash] = words[..] else {
            return Err(NoInvitation);
        };
        let known = OccasionKind::ALL.into_iter().find(|k| k.id() == kind);
        Ok(Invited {
            kind: known.ok_or(NoInvitation)?,
            uid: uid.to_owned(),
            sequence: sequence.parse().map_err(|_| NoInvitation)?,
            begins: begins.to_owned(),
            hash: (hash != CANCELLED).then(|| hash.to_owned()),
        })
    }
}

impl Invited {
    /// Whether it takes place after `now`; a day does until it ends everywhere.
    pub fn is_to_come(&self, now: Timestamp) -> bool {
        let day = || {
            let date: Date = self.begins.parse().ok()?;
            let end = date.tomorrow().ok()?.at(12, 0, 0, 0);
            Some(end.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        };
        let begins = self.begins.parse::<Timestamp>().ok().or_else(day);
        begins.is_some_and(|at| at > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for hash in [Some("0f1e".to_owned()), None] {
            let invited = Invited {
                kind: OccasionKind::FollowUpReview,
                uid: "a-b".into(),
                sequence: 3,
                begins: "2026-11-02T18:00:00Z".into(),
                hash,
            };
            assert_eq!(invited.to_string().parse(), Ok(invited));
        }
        for other in [
            "",
            "session a 0 b c",
            "party a sequence 0 b c",
            "session a sequence x b c",
        ] {
            assert_eq!(other.parse::<Invited>(), Err(NoInvitation), "{other}");
        }
    }
}
