//! Escalations: to the route that the document names, once for each item and deadline.

use super::{
    compose::{Mail, Post},
    standing,
};
use crate::{
    model::{
        config::Config,
        document::ChannelKind,
        ledger::{Notice, NoticeKind},
        plan::{DeliveryState, Via},
        wanted::{channel_key, email_key},
    },
    renderer::{
        filters,
        letter::NoticeParts,
        notices::{self, Escalation, Fact},
        templates::{TemplateError, Templates},
    },
    resolver::{
        contacts::{self, Met},
        escalations::{self, Alarm, Remark},
    },
    sender::routes::Routes,
    workspace::situation::Situation,
};

/// Somebody who ought to hear and cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// The line that names them; `None` where the trouble is not the document's.
    pub line: Option<usize>,
    /// Why.
    pub why: String,
    /// What to write into `packet.yaml`, where that mends it.
    pub add: Option<Add>,
}

/// An entry of `packet.yaml` that lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Add {
    /// A contact of this name, with an address.
    Contact(String),
    /// The variable with the webhook of this channel.
    Webhook(String),
    /// Who sends.
    From,
}

/// What is to be escalated now.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// By mail.
    pub mails: Vec<Mail>,
    /// To channels.
    pub posts: Vec<Post>,
    /// Routes that lead nowhere.
    pub unreached: Vec<Unreached>,
    /// What only a person can judge.
    pub open: Vec<Remark>,
}

/// Which notice an escalation is.
pub fn notice(item: &str) -> Notice {
    Notice {
        kind: NoticeKind::Escalation,
        item: item.to_owned(),
    }
}

/// What is due and to whom. What went out under the same route stays on the list; the ledger keeps
/// it from going out again.
///
/// # Errors
/// The template fails.
pub fn round(
    situation: &Situation,
    config: &Config,
    routes: &Routes,
    templates: &Templates,
) -> Result<Round, TemplateError> {
    let now = situation.now;
    let alarms = escalations::alarms(&situation.document, &situation.resolution, now);
    let mut round = Round {
        open: alarms.open,
        ..Round::default()
    };
    round
        .unreached
        .extend(alarms.unreadable.into_iter().map(|r| Unreached {
            line: Some(r.line),
            why: format!("it can never be escalated: {}", r.text),
            add: None,
        }));
    let title = situation.document.title();
    for alarm in &alarms.due {
        let to = match reach(alarm, config, routes) {
            Ok(to) => to,
            Err((why, add)) => {
                // Who has heard of it under a name that has gone since has heard of it.
                if !heard(situation, routes, &alarm.item, None) {
                    let line = Some(alarm.line);
                    let why = format!("\"{}\": {why}", alarm.subject);
                    round.unreached.push(Unreached { line, why, add });
                }
                continue;
            }
        };
        if heard(situation, routes, &alarm.item, Some(&to)) {
            continue;
        }
        if let Some(why) = &to.nobody_listens {
            round.unreached.push(Unreached {
                line: Some(alarm.line),
                why: why.clone(),
                add: Some(Add::Webhook(to.target.clone())),
            });
        }
        letter(alarm, to, title, templates, &mut round)?;
    }
    Ok(round)
}

/// Where an escalation goes.
struct To {
    key: String,
    kind: ChannelKind,
    target: String,
    name: Option<String>,
    /// It would lie in the outbox while everything else leaves the machine.
    nobody_listens: Option<String>,
}

/// The channel, else the address, else the contact that goes by the role.
fn reach(alarm: &Alarm, config: &Config, routes: &Routes) -> Result<To, (String, Option<Add>)> {
    let route = &alarm.route;
    if let Some(channel) = &route.channel {
        let lost =
            routes.leave_the_machine() && routes.via(ChannelKind::Slack, channel) == Via::Outbox;
        return Ok(To {
            key: channel_key(ChannelKind::Slack, channel),
            kind: ChannelKind::Slack,
            target: channel.clone(),
            name: None,
            nobody_listens: lost.then(|| {
                format!("nobody reads {channel}: it has no webhook, or its variable is not set")
            }),
        });
    }
    let mail = |address: &str, name: Option<&str>| To {
        key: email_key(address),
        kind: ChannelKind::Email,
        target: address.to_owned(),
        name: name.map(str::to_owned),
        nobody_listens: None,
    };
    if let Some(address) = &route.address {
        // Greeted by the name that the line or the contacts have for it.
        let key = email_key(address);
        let mut contacts = config.contacts.iter();
        let known = contacts.find(|(_, c)| c.address().is_some_and(|a| email_key(a) == key));
        let name = route
            .role
            .as_deref()
            .or(known.map(|(name, _)| name.as_str()));
        return Ok(mail(address, name));
    }
    let Some(role) = &route.role else {
        let why = "nobody is named; write who hears into the line, such as `escalate to #channel`";
        return Err((why.to_owned(), None));
    };
    match contacts::meet(config, role) {
        Met::Known { contact, address } => Ok(mail(address, Some(contact))),
        met => Err((
            met.lack(role).unwrap_or_default(),
            met.to_add(role).map(Add::Contact),
        )),
    }
}

/// Whether somebody heard, or may have heard, of an item somewhere else than at `to`: once is
/// once, also after a route changed.
fn heard(situation: &Situation, routes: &Routes, item: &str, to: Option<&To>) -> bool {
    let notice = notice(item);
    let records = situation.history.notices.keys();
    let mut others = records.filter(|(n, key)| *n == notice && to.is_none_or(|to| *key != to.key));
    others.any(|(_, key)| {
        let kind = match key.starts_with("slack:") {
            true => ChannelKind::Slack,
            false => ChannelKind::Email,
        };
        let target = key.split_once(':').map_or("", |(_, target)| target);
        let state = standing(situation, &notice, key, routes.via(kind, target)).state;
        matches!(state, DeliveryState::Sent | DeliveryState::Unknown)
    })
}

fn letter(
    alarm: &Alarm,
    to: To,
    title: &str,
    templates: &Templates,
    round: &mut Round,
) -> Result<(), TemplateError> {
    let facts = alarm.facts.iter().map(|(label, text)| Fact {
        label: (*label).to_owned(),
        text: text.clone(),
    });
    let body = notices::escalation(
        &Escalation {
            headline: alarm.headline.clone(),
            facts: facts.collect(),
            ask: alarm.ask.clone(),
        },
        templates,
    )?;
    let subject = filters::line(&format!("{} ({title})", alarm.subject));
    let notice = notice(&alarm.item);
    match to.kind {
        ChannelKind::Slack => round.posts.push(Post {
            notice,
            channel: to.target,
            subject,
            body,
        }),
        _ => round.mails.push(Mail {
            notice,
            address: to.target,
            names: to.name.into_iter().collect(),
            subject,
            body,
            blocks: Vec::new(),
            attachments: Vec::new(),
            parts: NoticeParts::default(),
            token: None,
            scheduled: true,
        }),
    }
    Ok(())
}
