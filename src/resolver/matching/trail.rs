//! Which moment a path states: its file name first, then its folders from the innermost.

use jiff::civil::Date;

use super::segment::{Capture, Captured};
use crate::{
    model::moment::Moment,
    parser::moments::{self, Stamp},
};

/// The name states a time, and there is no date it could belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithoutDate;

/// What the folders on the way to a file say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trail {
    /// Of the innermost `<date>`.
    date: Option<Date>,
    /// The innermost date written in a folder's name.
    written: Option<Date>,
    /// The moment of the innermost folder that states one.
    moment: Option<Moment>,
}

impl Trail {
    /// The trail inside the folder `name`, which matched with `captures`.
    #[must_use]
    pub fn enter(self, name: &str, captures: &[Capture]) -> Trail {
        let moment = match self.own(name, captures) {
            Ok((own, _)) => own.or(self.moment),
            Err(WithoutDate) => self.moment,
        };
        let written = moments::iter(name).filter(|(_, m)| m.is_day()).last();
        Trail {
            date: last_date(captures).or(self.date),
            written: written.map(|(_, day)| day.date()).or(self.written),
            moment,
        }
    }

    /// The moment of the innermost folder that states one.
    pub fn stated(self) -> Option<Moment> {
        self.moment
    }

    /// The moment of the file `name`, which matched with `captures`, and what a person should
    /// know about it.
    pub fn moment(
        self,
        name: &str,
        captures: &[Capture],
    ) -> Result<(Option<Moment>, Vec<String>), WithoutDate> {
        let (own, mut notes) = self.own(name, captures)?;
        if let (Some(own), Some(folder)) = (own, self.moment)
            && !own.ties_with(folder)
        {
            let own = if folder.is_day() {
                own.date().to_string()
            } else {
                own.to_string()
            };
            notes.push(format!("its folder says {folder}, its name {own}"));
        }
        // A name that states two moments must not be settled by its folder either.
        let moment = if notes.is_empty() {
            own.or(self.moment)
        } else {
            own
        };
        Ok((moment, notes))
    }

    /// What the name itself states.
    fn own(
        self,
        name: &str,
        captures: &[Capture],
    ) -> Result<(Option<Moment>, Vec<String>), WithoutDate> {
        let mut stamps = Stated::default();
        let mut dates = Stated::default();
        for capture in captures {
            match capture.says {
                Captured::Date(date) => dates.add(Moment::day(date)),
                Captured::Stamp(Stamp::Moment(moment)) => stamps.add(Some(moment)),
                Captured::Stamp(Stamp::Clock(clock)) => {
                    let date = self.date_for(&name[..capture.span.start], captures);
                    stamps.add(clock.on(date.ok_or(WithoutDate)?));
                }
            }
        }
        if let Some(stamp) = stamps.first {
            if let Some(date) = dates.first
                && stamps.other.is_none()
                && !stamp.ties_with(date)
            {
                let note = format!("its name says both {date} and {stamp}");
                return Ok((Some(stamp), vec![note]));
            }
            return Ok(stamps.settle());
        }
        if dates.first.is_some() {
            return Ok(dates.settle());
        }
        let mut found = Stated::default();
        moments::iter(name).for_each(|(_, moment)| found.add(Some(moment)));
        Ok(found.settle())
    }

    /// The date that a time part belongs to: written before it, else `<date>`, else the folder's.
    fn date_for(self, before: &str, captures: &[Capture]) -> Option<Date> {
        let days = moments::iter(before).filter(|(_, moment)| moment.is_day());
        let before = days.last().map(|(_, day)| day.date());
        before
            .or_else(|| last_date(captures))
            .or(self.date)
            .or(self.written)
    }
}

fn last_date(captures: &[Capture]) -> Option<Date> {
    captures
        .iter()
        .rev()
        .find_map(|capture| match capture.says {
            Captured::Date(date) => Some(date),
            Captured::Stamp(_) => None,
        })
}

/// Moments stated in one name: they count as one while they agree.
#[derive(Default)]
struct Stated {
    first: Option<Moment>,
    other: Option<Moment>,
}

impl Stated {
    fn add(&mut self, moment: Option<Moment>) {
        match (self.first, moment) {
            (Some(first), Some(next)) if !first.ties_with(next) => self.other = Some(next),
            (Some(first), Some(next)) if first.is_day() => self.first = Some(next),
            (None, Some(next)) => self.first = Some(next),
            _ => {}
        }
    }

    fn settle(self) -> (Option<Moment>, Vec<String>) {
        match (self.first, self.other) {
            (Some(first), Some(other)) => {
                let note = format!("its name states two moments, {first} and {other}");
                (None, vec![note])
            }
            (first, _) => (first, Vec::new()),
        }
    }
}
