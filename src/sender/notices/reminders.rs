//! Reminders: to those who have the packet and have not confirmed, once per interval.

use jiff::{SignedDuration, Timestamp};

use super::compose::Mail;
use crate::{
    model::{
        acknowledgement::Acknowledgement,
        config::Config,
        history::{Delivery, Revision},
        ledger::{Notice, NoticeKind},
        plan::DeliveryState,
    },
    renderer::letter::{NoticeParts, PersonalBlock},
    sender::{
        routes::Routes,
        standing::{Standing, current, standings},
    },
    workspace::situation::Situation,
};

/// How often people are reminded unless configured.
const USUAL: SignedDuration = SignedDuration::from_hours(48);

/// Who is reminded now, and who is not.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// Reminders that are due.
    pub due: Vec<Mail>,
    /// Everybody else, in the order of the document.
    pub others: Vec<Other>,
}

/// Somebody who is not reminded now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Their name, as in the document.
    pub name: String,
    /// Why not.
    pub why: Why,
}

/// Why somebody is not reminded now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// They have confirmed, and that still counts.
    Confirmed,
    /// Nobody waits for their confirmation: the tracker has no row of theirs.
    NotAsked,
    /// Their next reminder is due then.
    TooSoon(Timestamp),
    /// They do not have the packet: its delivery stands so.
    NotSent(DeliveryState),
    /// The last reminder may have arrived; the next one is due then.
    Unknown(Timestamp),
    /// The last reminder was refused for good.
    Rejected,
}

/// What is said where the revision at hand was not sent at all.
#[derive(Debug, thiserror::Error)]
#[error("revision {0} was not sent yet, so there is nobody to remind: packet send")]
pub struct NothingSent(u32);

/// Who is to be reminded of the revision at hand.
///
/// The interval counts from the delivery or the last reminder. A reminder that was put off is due
/// again at once, under the same item.
///
/// # Errors
/// The revision was not sent yet.
pub fn round(
    situation: &Situation,
    config: &Config,
    routes: &Routes,
) -> Result<Round, NothingSent> {
    let Some(revision) = current(situation) else {
        return Err(NothingSent(situation.revision()));
    };
    let every = config
        .remind_every
        .as_ref()
        .map_or(USUAL, |period| period.length());
    let people = situation.acknowledgements().people;
    let mut round = Round::default();
    for asked in standings(situation, routes) {
        let mut open = Vec::new();
        let mut other = |name: &str, why| {
            let name = name.to_owned();
            round.others.push(Other { name, why });
        };
        for index in &asked.wanted.recipients {
            match people.get(*index) {
                Some(person) if person.is_missing() => open.push((*index, person)),
                Some(person) if person.expected => other(&person.name, Why::Confirmed),
                Some(person) => other(&person.name, Why::NotAsked),
                None => {}
            }
        }
        if open.is_empty() {
            continue;
        }
        match due(situation, revision, &asked, every) {
            Ok((delivery, number)) => {
                let mail = reminder(situation, revision, &asked, delivery, &open, number);
                round.due.push(mail);
            }
            Err(why) => open.iter().for_each(|(_, person)| other(&person.name, why)),
        }
    }
    Ok(round)
}

/// The delivery to remind of and the reminder's number, from 1.
fn due<'s>(
    situation: &'s Situation,
    revision: &'s Revision,
    asked: &Standing,
    every: SignedDuration,
) -> Result<(&'s Delivery, usize), Why> {
    let key = &asked.wanted.key;
    let delivery = revision.deliveries.get(key);
    let Some(delivery) = delivery.filter(|_| asked.state == DeliveryState::Sent) else {
        return Err(Why::NotSent(asked.state));
    };
    let before = (1..)
        .take_while(|n| {
            let place = (notice(revision.number, *n), key.clone());
            situation.history.notices.contains_key(&place)
        })
        .count();
    let last = (notice(revision.number, before), key.clone());
    let (at, state) = match situation.history.notices.get(&last) {
        None => (delivery.at, DeliveryState::Sent),
        Some(record) => (record.at, record.standing(asked.via)),
    };
    let next = at.checked_add(every).unwrap_or(Timestamp::MAX);
    match state {
        DeliveryState::Pending | DeliveryState::Deferred => Ok((delivery, before)),
        DeliveryState::Rejected => Err(Why::Rejected),
        _ if situation.now >= next => Ok((delivery, before + 1)),
        DeliveryState::Unknown => Err(Why::Unknown(next)),
        DeliveryState::Sent => Err(Why::TooSoon(next)),
    }
}

fn notice(revision: u32, number: usize) -> Notice {
    Notice {
        kind: NoticeKind::Reminder,
        item: format!("revision {revision}, reminder {number}"),
    }
}

fn reminder(
    situation: &Situation,
    revision: &Revision,
    asked: &Standing,
    delivery: &Delivery,
    open: &[(usize, &Acknowledgement)],
    number: usize,
) -> Mail {
    let people = open
        .iter()
        .map(|(index, _)| &situation.document.recipients[*index]);
    let which = match number {
        1 => "This is a reminder".to_owned(),
        n => format!("This is reminder {n}"),
    };
    let sent = delivery.at.strftime("%Y-%m-%d at %H:%M UTC");
    let mut body = format!(
        "{which}: on {sent} you were sent \"{}\" (revision {}). Your confirmation is still missing.\n\n",
        revision.subject, revision.number
    );
    for (_, person) in open {
        if let Some(void) = person.voided() {
            body.push_str(&format!(
                "The confirmation of {} from {:.0} no longer counts: {}. Please look again.\n\n",
                person.name, void.word.at, void.why
            ));
        }
    }
    body.push_str(
        "To confirm, reply to this mail with ✅. If something stands in the way, reply and say what it is.\n",
    );
    Mail {
        notice: notice(revision.number, number),
        address: asked.wanted.target.clone(),
        names: people.clone().map(|r| r.name.clone()).collect(),
        subject: format!("Reminder: {}", revision.subject),
        body,
        blocks: people
            .map(|r| PersonalBlock {
                name: r.name.clone(),
                ask: r.ask.clone(),
            })
            .collect(),
        attachments: Vec::new(),
        parts: NoticeParts {
            // An outbox mail was never seen by anybody's mail program; following it does no harm.
            follows: delivery.message_id.clone(),
            calendar: None,
        },
        token: delivery.token.clone(),
        scheduled: true,
    }
}
