//! The daily report: to those who owe something, once a day.

pub mod changes;
pub mod content;
pub mod owners;

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    compose::{Mail, Post},
    escalations::Unreached,
};
use crate::{
    model::{
        config::Config,
        deadline::{Due, Zone},
        document::ChannelKind,
        ledger::{Notice, NoticeKind},
        plan::DeliveryState,
        snapshot::{DeadlineThen, GateThen, Snapshot},
    },
    renderer::{
        filters,
        letter::{NoticeParts, PersonalBlock},
        notices,
        templates::{TemplateError, Templates},
    },
    workspace::situation::Situation,
};

/// So long before the time by which a document wants its report, the report goes out.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// The day's report and who gets it.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// To people.
    pub mails: Vec<Mail>,
    /// To channels.
    pub posts: Vec<Post>,
    /// What it says, for the next one; `None` where that is on record.
    pub snapshot: Option<Snapshot>,
    /// Owners without an address.
    pub unreached: Vec<Unreached>,
    /// Why there is no report now, or none for the time being.
    pub not_now: Option<NotNow>,
}

/// Why no report goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// It goes out at `opens`; the document wants it `by` a time of day.
    Early {
        /// From when.
        opens: Timestamp,
        /// The same as people write it.
        from: String,
        /// The time and zone, as people write them.
        by: String,
    },
    /// The document wants it until the event, which was then.
    Over(Due),
    /// Nothing is open, and nothing changed since the report of that day.
    Quiet(String),
}

/// A day of the document.
#[derive(Clone, Debug)]
pub struct Day {
    /// Its date in the zone.
    pub date: Date,
    /// The zone of the document's days.
    pub zone: Zone,
}

impl Day {
    /// The day that clocks show at `now` where the document's times are read.
    pub fn of(situation: &Situation) -> Self {
        let parts = &situation.document.coordination;
        let daily = parts.daily.as_ref().and_then(|d| d.at.as_ref());
        let event = parts.event.as_ref().map(|e| &e.due.zone);
        let zone = daily.map(|(_, zone)| zone).or(parts.zone.as_ref());
        let zone = zone.or(event).cloned().unwrap_or_else(Zone::utc);
        let date = situation.now.to_zoned(zone.rules.clone()).date();
        Day { date, zone }
    }

    /// A moment as this zone's clocks show it.
    pub fn clock(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.rules.clone());
        format!("{} {}", local.strftime("%F %H:%M"), self.zone.name)
    }
}

/// Which notice a day's report is.
pub fn notice(day: &str) -> Notice {
    Notice {
        kind: NoticeKind::Report,
        item: day.to_owned(),
    }
}

/// The report of the day. With `anyway` it is made where it would not go out now, to look at.
///
/// # Errors
/// The template fails.
pub fn round(
    situation: &Situation,
    config: &Config,
    templates: &Templates,
    anyway: bool,
) -> Result<Round, TemplateError> {
    let day = Day::of(situation);
    let owners = owners::owners(&situation.document, config);
    let before = before(situation, &day.date.to_string());
    let changed = changes::since(situation, before, &day);
    let not_now = not_now(situation, &day, before.map(|(_, s)| s), &changed);
    let mut round = Round {
        unreached: owners.unreached.clone(),
        not_now,
        ..Round::default()
    };
    if round.not_now.is_some() && !anyway {
        return Ok(round);
    }
    let told = content::report(situation, &owners, &day, before.map(|(_, s)| s), changed);
    let body = notices::report(&told.report, templates)?;
    let item = notice(&day.date.to_string());
    for owner in &owners.reached {
        let ask = content::owed(situation, owner);
        round.mails.push(Mail {
            notice: item.clone(),
            address: owner.address.clone(),
            names: owner.names.clone(),
            subject: told.subject.clone(),
            body: body.clone(),
            blocks: ask
                .map(|ask| PersonalBlock {
                    name: owner.names.join(", "),
                    ask,
                })
                .into_iter()
                .collect(),
            attachments: Vec::new(),
            parts: NoticeParts::default(),
            token: None,
            scheduled: true,
        });
    }
    for channel in channels(situation) {
        round.posts.push(Post {
            notice: item.clone(),
            channel,
            subject: told.subject.clone(),
            body: body.clone(),
        });
    }
    let known = situation.history.reports.iter();
    let known = known.map(|(_, s)| s).any(|s| s.day == item.item);
    round.snapshot = (!known).then(|| snapshot(situation, item.item));
    Ok(round)
}

/// What the last report of an earlier day said that anybody may have got, and its entry's number.
fn before<'s>(situation: &'s Situation, today: &str) -> Option<(u64, &'s Snapshot)> {
    let history = &situation.history;
    let went_out = |day: &str| {
        history.notices.iter().any(|((notice, _), delivery)| {
            let gone = matches!(delivery.state, DeliveryState::Sent | DeliveryState::Unknown);
            notice.kind == NoticeKind::Report && notice.item == day && gone
        })
    };
    let mut earlier = history.reports.iter().rev();
    earlier
        .find(|(_, snapshot)| snapshot.day != today && went_out(&snapshot.day))
        .map(|(seq, snapshot)| (*seq, snapshot))
}

fn snapshot(situation: &Situation, day: String) -> Snapshot {
    let resolution = &situation.resolution;
    let pairs = situation.document.gates.iter().zip(&resolution.gates);
    Snapshot {
        day,
        gates: pairs
            .map(|(gate, result)| GateThen {
                name: gate.name.clone(),
                verdict: result.verdict,
            })
            .collect(),
        deadlines: resolution
            .timeline
            .entries
            .iter()
            .map(|entry| DeadlineThen {
                what: entry.what.clone(),
                due: entry.due.at,
                state: entry.state,
            })
            .collect(),
    }
}

fn not_now(
    situation: &Situation,
    day: &Day,
    before: Option<&Snapshot>,
    changed: &[String],
) -> Option<NotNow> {
    let parts = &situation.document.coordination;
    if let Some(daily) = &parts.daily {
        let words = daily.span.of(&situation.document.source).to_lowercase();
        let until = words.contains("until") || words.contains("up to");
        let event = parts.event.as_ref().filter(|_| until);
        if let Some(event) = event.filter(|e| day.date > e.due.local().date()) {
            return Some(NotNow::Over(event.due.clone()));
        }
    }
    if let Some(before) = before
        && changed.is_empty()
        && content::nothing_open(situation)
    {
        return Some(NotNow::Quiet(before.day.clone()));
    }
    let (time, zone) = parts.daily.as_ref()?.at.as_ref()?;
    let by = day
        .date
        .to_datetime(*time)
        .to_zoned(zone.rules.clone())
        .ok()?;
    // A report by half past midnight is not one of the day before.
    let first = by.start_of_day().ok()?.timestamp();
    let opens = by.timestamp().checked_sub(AHEAD).ok()?.max(first);
    (situation.now < opens).then(|| NotNow::Early {
        opens,
        from: day.clock(opens),
        by: format!("{} {}", time.strftime("%H:%M"), zone.name),
    })
}

/// The channels that get it: the one that the daily section names, else those of the document.
fn channels(situation: &Situation) -> Vec<String> {
    let document = &situation.document;
    let daily = document.coordination.daily.as_ref();
    let words = daily.map_or("", |d| d.text.as_str());
    let mut named: Vec<String> = words
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !(c.is_alphanumeric() || c == '#')))
        .filter(|w| w.len() > 1 && w.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if named.is_empty() {
        let channels = document.channels.iter();
        let slack = channels.filter(|c| c.kind == ChannelKind::Slack);
        named = slack.map(|c| c.target.clone()).collect();
    }
    named.dedup();
    named
}

/// The subject of a report: the day, what stands out, the document.
fn subject(day: &Day, counts: &[String], title: &str) -> String {
    let counts = counts.join(", ");
    filters::line(&format!("Status {}: {counts} ({title})", day.date))
}
