//! Invitations: to everybody involved, each occasion once, and again where it changed.
//!
//! The ledger says what calendars hold: the item of each invitation carries its UID, its sequence
//! and a hash of time, title and place. The same hash is the same invitation.

mod words;

use sha2::{Digest, Sha256};

use super::compose::{Mail, Refused};
use crate::{
    model::{
        evidence::hex,
        ledger::{Notice, NoticeKind},
        occasion::{Invited, Occasion, OccasionKind, Time},
        plan::DeliveryState,
        wanted::email_key,
    },
    renderer::{
        calendar::{self, Appointment},
        letter::{CalendarMethod, NoticeParts},
        mime::Attachment,
        safety::{self, Mailbox},
    },
    resolver::{involved::Reached, occasions},
    workspace::situation::Situation,
};

/// What happens with an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Nobody was invited to it before.
    New,
    /// Time, title or place is another than what people hold.
    Changed,
    /// People hold it as it is.
    Same,
    /// It was dropped; people hear that it does not take place.
    Cancelled,
    /// It has begun: nobody is invited any more.
    Over,
}

/// An occasion and what happens with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What happens with it.
    pub step: Step,
    /// What is on record under.
    pub invited: Invited,
    /// The occasion; `None` where it was dropped.
    pub occasion: Option<Occasion>,
    /// Who holds an earlier invitation and is not invited any more; nobody tells them.
    pub left_out: Vec<String>,
}

/// All invitations of a document at a moment.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// The occasions, and what happens with each.
    pub occasions: Vec<Listed>,
    /// The mails: one for each occasion and address.
    pub mails: Vec<Mail>,
}

/// What invitations are made with.
#[derive(Clone, Copy, Debug)]
pub struct Host<'a> {
    /// `from` of the configuration.
    pub from: Option<&'a str>,
    /// Who is invited.
    pub people: &'a [Reached],
    /// Where the bundle can be looked at.
    pub bundle_url: Option<&'a str>,
}

/// The invitations to every occasion of the document. Those that people hold already are among
/// them: the ledger says who lacks one.
///
/// # Errors
/// No sender is configured, or an address or a name cannot go into a mail.
pub fn round(situation: &Situation, host: Host<'_>) -> anyhow::Result<Round> {
    let from = host.from.ok_or_else(|| {
        Refused::new(
            "nobody is named as sender; add `from: Team Name <team@example.com>` to packet.yaml",
        )
    })?;
    let organizer = safety::check_address("`from`", from)?;
    let desk = Desk {
        situation,
        host,
        organizer,
    };
    let mut round = Round::default();
    let present = occasions::occasions(&situation.document);
    let sure = occasions::mistaken(&situation.diagnostics).is_empty();
    for kind in OccasionKind::ALL {
        let latest = latest(situation, kind);
        match present.iter().find(|o| o.kind == kind) {
            Some(occasion) => desk.invite(occasion, latest, &mut round)?,
            None if sure => desk.cancel(latest, &mut round)?,
            None => {}
        }
    }
    Ok(round)
}

/// What is on record for an occasion, the last change of it.
fn latest(situation: &Situation, kind: OccasionKind) -> Option<Invited> {
    let all = records(situation).filter(|(i, _, _)| i.kind == kind);
    let last = all.max_by_key(|(i, _, at)| (*at, i.sequence));
    last.map(|(invited, _, _)| invited)
}

/// Every invitation on record: the item, whose, and when.
fn records(
    situation: &Situation,
) -> impl Iterator<Item = (Invited, &str, jiff::Timestamp)> + use<'_> {
    let notices = situation.history.notices.iter();
    notices.filter_map(|((notice, key), delivery)| {
        let invited =
            (notice.kind == NoticeKind::Invitation).then(|| notice.item.parse().ok())??;
        Some((invited, key.as_str(), delivery.at))
    })
}

struct Desk<'a> {
    situation: &'a Situation,
    host: Host<'a>,
    organizer: Mailbox,
}

impl Desk<'_> {
    fn invite(
        &self,
        occasion: &Occasion,
        latest: Option<Invited>,
        round: &mut Round,
    ) -> anyhow::Result<()> {
        let hash = hash(occasion);
        let begins = occasion.time().to_string();
        let fresh = |uid: String, sequence: u32| Invited {
            kind: occasion.kind,
            uid,
            sequence,
            begins: begins.clone(),
            hash: Some(hash.clone()),
        };
        let (mut step, invited) = match latest {
            None => (Step::New, fresh(self.uid(occasion.kind, ""), 0)),
            Some(last) if last.hash.as_ref() == Some(&hash) => (Step::Same, last),
            // A review that took place is another than the one that comes next.
            Some(last)
                if occasion.kind == OccasionKind::NextReview
                    && !last.is_to_come(self.situation.now) =>
            {
                (Step::New, fresh(self.uid(occasion.kind, &last.uid), 0))
            }
            Some(last) => (Step::Changed, fresh(last.uid, last.sequence + 1)),
        };
        if !invited.is_to_come(self.situation.now) {
            step = Step::Over;
        }
        if step != Step::Over {
            for person in self.host.people {
                let mail = self.mail(person, occasion, &invited)?;
                round.mails.push(mail);
            }
        }
        round.occasions.push(Listed {
            left_out: self.left_out(&invited),
            step,
            invited,
            occasion: Some(occasion.clone()),
        });
        Ok(())
    }

    /// Tells those who hold an invitation that it does not take place.
    fn cancel(&self, latest: Option<Invited>, round: &mut Round) -> anyhow::Result<()> {
        let Some(last) = latest.filter(|l| l.is_to_come(self.situation.now)) else {
            return Ok(());
        };
        let invited = Invited {
            sequence: last.sequence + u32::from(last.hash.is_some()),
            hash: None,
            ..last
        };
        let mut keys: Vec<(String, Vec<String>)> = Vec::new();
        for ((notice, key), delivery) in &self.situation.history.notices {
            let may_hold = matches!(delivery.state, DeliveryState::Sent | DeliveryState::Unknown);
            let of_it = notice
                .item
                .parse::<Invited>()
                .is_ok_and(|i| i.uid == invited.uid);
            if may_hold && of_it && !keys.iter().any(|(k, _)| k == key) {
                keys.push((key.clone(), delivery.names.clone()));
            }
        }
        for (key, names) in keys {
            let person = Reached {
                address: key.trim_start_matches("email:").to_owned(),
                names,
            };
            let mail = self.cancellation(&person, &invited)?;
            round.mails.push(mail);
        }
        round.occasions.push(Listed {
            step: Step::Cancelled,
            invited,
            occasion: None,
            left_out: Vec::new(),
        });
        Ok(())
    }

    fn mail(
        &self,
        person: &Reached,
        occasion: &Occasion,
        invited: &Invited,
    ) -> anyhow::Result<Mail> {
        let held = self.holds(person, invited);
        let appointment = Appointment {
            method: CalendarMethod::Request,
            uid: invited.uid.clone(),
            sequence: invited.sequence,
            stamp: self.situation.now,
            time: occasion.time(),
            summary: occasion.title.clone(),
            description: words::description(self.situation, occasion, self.host.bundle_url),
            location: occasion.place.clone(),
            organizer: self.organizer.clone(),
            attendee: attendee(person)?,
        };
        Ok(Mail {
            subject: words::subject(occasion, held),
            body: words::body(self.situation, occasion, held, self.host.bundle_url),
            ..self.letter(person, invited, &appointment)
        })
    }

    fn cancellation(&self, person: &Reached, invited: &Invited) -> anyhow::Result<Mail> {
        let title = self.situation.document.title();
        let time = match (invited.begins.parse(), invited.begins.parse()) {
            (Ok(at), _) => Time::Hours(at, at),
            (_, Ok(day)) => Time::Day(day, day.tomorrow().unwrap_or(day)),
            _ => Time::Hours(self.situation.now, self.situation.now),
        };
        let appointment = Appointment {
            method: CalendarMethod::Cancel,
            uid: invited.uid.clone(),
            sequence: invited.sequence,
            stamp: self.situation.now,
            time,
            summary: words::dropped(invited.kind, title),
            description: String::new(),
            location: None,
            organizer: self.organizer.clone(),
            attendee: attendee(person)?,
        };
        Ok(Mail {
            subject: format!("Cancelled: {}", appointment.summary),
            body: words::cancelled(invited, title),
            ..self.letter(person, invited, &appointment)
        })
    }

    fn letter(&self, person: &Reached, invited: &Invited, appointment: &Appointment) -> Mail {
        let calendar = calendar::calendar(appointment);
        // Under this type no mail program takes it for a second appointment beside the calendar part.
        let file = Attachment {
            content_type: "application/ics".to_owned(),
            ..Attachment::new("invite.ics", calendar.text.as_bytes())
        };
        Mail {
            notice: Notice {
                kind: NoticeKind::Invitation,
                item: invited.to_string(),
            },
            address: person.address.clone(),
            names: person.names.clone(),
            subject: String::new(),
            body: String::new(),
            blocks: Vec::new(),
            attachments: vec![file],
            parts: NoticeParts {
                follows: None,
                calendar: Some(calendar),
            },
            token: None,
            scheduled: true,
        }
    }

    /// Whether the person may hold an earlier invitation to the same occasion.
    fn holds(&self, person: &Reached, invited: &Invited) -> bool {
        let key = email_key(&person.address);
        records(self.situation)
            .any(|(i, k, _)| k == key && i.uid == invited.uid && i.sequence < invited.sequence)
    }

    fn left_out(&self, invited: &Invited) -> Vec<String> {
        let notices = self.situation.history.notices.iter();
        let mut names: Vec<String> = notices
            .filter(|((notice, key), delivery)| {
                let same = notice
                    .item
                    .parse::<Invited>()
                    .is_ok_and(|i| i.uid == invited.uid);
                let here = self
                    .host
                    .people
                    .iter()
                    .any(|p| email_key(&p.address) == *key);
                same && !here && delivery.state == DeliveryState::Sent
            })
            .map(|((_, key), delivery)| match delivery.names.first() {
                Some(name) => name.clone(),
                None => key.trim_start_matches("email:").to_owned(),
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// A UID that does not change with time or place: a UUID of the custom sort (RFC 9562 section
    /// 5.8), made from who invites, the document and the occasion. `after` is the UID of an
    /// earlier one that took place.
    fn uid(&self, kind: OccasionKind, after: &str) -> String {
        let parts = [
            "packet-uid-1",
            &self.organizer.address(),
            &self.situation.document.path,
            kind.id(),
            after,
        ];
        let hash = hex(&Sha256::digest(parts.join("\n").as_bytes()));
        format!(
            "{}-{}-8{}-8{}-{}",
            &hash[..8],
            &hash[8..12],
            &hash[12..15],
            &hash[15..18],
            &hash[18..30]
        )
    }
}

fn attendee(person: &Reached) -> anyhow::Result<Mailbox> {
    let what = "the address of somebody invited";
    let name = person.names.first().map(String::as_str);
    Ok(safety::check_address(what, &person.address)?.named(name)?)
}

/// What makes it another invitation: time, title or place.
fn hash(occasion: &Occasion) -> String {
    let time = match occasion.time() {
        Time::Hours(from, to) => format!("{from} {to}"),
        Time::Day(day, _) => day.to_string(),
    };
    let place = occasion.place.as_deref().unwrap_or("");
    let text = format!("packet-invitation-1\n{time}\n{}\n{place}", occasion.title);
    hex(&Sha256::digest(text.as_bytes()))[..16].to_owned()
}
