//! Mails that came in, matched to what was sent: whose answer it is, to which revision, and what
//! goes on record.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::people::{self, same};
use crate::model::{
    document::Document,
    history::{Delivery, History},
    ledger::{Event, Notice, NoticeKind, Reply, Said, TakenFor},
    mail::{Attendance, Content, Mail, Report, Reported, Words},
    occasion::Invited,
    plan::{DeliveryState, Outcome},
    roster::Roster,
    wanted::email_key,
};
use crate::parser::replies::asked;

/// A document whose mails may be answered.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The document.
    pub document: &'a Document,
    /// Who is who.
    pub roster: &'a Roster,
    /// The record.
    pub history: &'a History,
    /// The server whose word on senders counts.
    pub trusted: Option<&'a str>,
}

/// What comes of a mail.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// It answers nothing that was sent from here.
    Unrelated,
    /// It is one that was sent from here.
    Own,
    /// It was looked at before.
    Known,
    /// It concerns a document.
    About(About),
}

/// A mail that concerns a document.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The document's index among the senders.
    pub sender: usize,
    /// The recipients it may be from, by name; one where that is certain.
    pub names: Vec<String>,
    /// The revision it answers.
    pub revision: u32,
    /// What it is taken for.
    pub taken_for: TakenFor,
    /// Why, in words a person can act on.
    pub why: String,
    /// What goes on record, in order; the mail itself last.
    pub events: Vec<Event>,
}

/// One mail that was sent: a delivery of a revision, or a notice.
struct Sent<'a> {
    sender: usize,
    /// The revision its reader had seen.
    revision: u32,
    key: &'a str,
    delivery: &'a Delivery,
    notice: Option<&'a Notice>,
}

/// Everything that was sent from here, by what answers name it by.
pub struct Register<'a> {
    senders: &'a [Sender<'a>],
    /// By Message-ID and by token.
    sent: HashMap<&'a str, Sent<'a>>,
    own: HashSet<&'a str>,
    /// By the address that was written to.
    written_to: HashMap<&'a str, &'a str>,
    /// Invitations, by UID and key.
    invitations: HashMap<(String, &'a str), &'a str>,
}

impl<'a> Register<'a> {
    /// All deliveries of all revisions, and all notices.
    pub fn new(senders: &'a [Sender<'a>]) -> Self {
        let mut register = Register {
            senders,
            sent: HashMap::new(),
            own: HashSet::new(),
            written_to: HashMap::new(),
            invitations: HashMap::new(),
        };
        for (sender, of) in senders.iter().enumerate() {
            for revision in &of.history.revisions {
                for (key, delivery) in &revision.deliveries {
                    register.add(sender, revision.number, key, delivery, None);
                }
            }
            for ((notice, key), delivery) in &of.history.notices {
                let before = |r: &&crate::model::history::Revision| r.started <= delivery.at;
                let revisions = of.history.revisions.iter().filter(before);
                let seen = revisions.map(|r| r.number).max().unwrap_or(1);
                register.add(sender, seen, key, delivery, Some(notice));
            }
        }
        register
    }

    fn add(
        &mut self,
        sender: usize,
        revision: u32,
        key: &'a str,
        delivery: &'a Delivery,
        notice: Option<&'a Notice>,
    ) {
        let names = delivery.message_id.iter().chain(&delivery.token);
        for name in names {
            let sent = Sent {
                sender,
                revision,
                key,
                delivery,
                notice,
            };
            self.sent.insert(name, sent);
        }
        self.own.extend(delivery.message_id.as_deref());
        // The latest that went to an address stands for it.
        if let Some(id) = delivery.message_id.as_deref() {
            self.written_to.insert(key, id);
            let invited = notice.filter(|n| n.kind == NoticeKind::Invitation);
            if let Some(invited) = invited.and_then(|n| n.item.parse::<Invited>().ok()) {
                self.invitations.insert((invited.uid, key), id);
            }
        }
    }

    /// What comes of `mail`, read at `now`.
    pub fn judge(&self, mail: &Mail, now: Timestamp) -> Finding {
        let reply = reply(mail);
        if self.senders.iter().any(|s| s.history.has_imported(&reply)) {
            return Finding::Known;
        }
        if mail
            .message_id
            .as_deref()
            .is_some_and(|id| self.own.contains(id))
        {
            return Finding::Own;
        }
        let find = |name: &String| self.sent.get(name.as_str());
        let named = || mail.answers.iter().chain(&mail.tokens).chain(&mail.named);
        let written_to = |address: &String| {
            let key = email_key(address);
            self.sent.get(*self.written_to.get(key.as_str())?)
        };
        match &mail.content {
            Content::Report(report) => {
                let Some(sent) = report.about.iter().chain(named()).find_map(find) else {
                    let mut addresses = report.recipients.iter().flat_map(|r| &r.addresses);
                    let why = "a report that names somebody who was written to, and no mail that was sent from here";
                    return addresses
                        .find_map(written_to)
                        .map_or(Finding::Unrelated, |sent| {
                            self.undecided(
                                sent,
                                sent.delivery.names.clone(),
                                why.to_owned(),
                                &reply,
                            )
                        });
                };
                if let Some(why) = self.distrust(sent, mail) {
                    return self.undecided(sent, sent.delivery.names.clone(), why, &reply);
                }
                if mail
                    .from
                    .iter()
                    .any(|from| !owners(&self.senders[sent.sender], &email_key(from)).is_empty())
                {
                    let why = "a report of a failed delivery that comes from a person, not from a mail server";
                    return self.undecided(
                        sent,
                        sent.delivery.names.clone(),
                        why.to_owned(),
                        &reply,
                    );
                }
                return self.reported(sent, report, reply);
            }
            Content::Returned(why, addresses) => {
                let sent = named().find_map(find);
                let sent = sent.or_else(|| addresses.iter().find_map(written_to));
                return sent.map_or(Finding::Unrelated, |sent| {
                    self.undecided(sent, sent.delivery.names.clone(), why.clone(), &reply)
                });
            }
            Content::Attendance(answer) => {
                let key = email_key(&answer.attendee);
                let invited = self.invitations.get(&(answer.uid.clone(), key.as_str()));
                if let Some(sent) = invited.and_then(|id| self.sent.get(*id)) {
                    return self.attends(sent, mail, answer, reply);
                }
            }
            _ => {}
        }
        let hits: Vec<&Sent<'_>> = named().filter_map(find).collect();
        let Some(first) = hits.first() else {
            return Finding::Unrelated;
        };
        // In a long thread it answers the mail that was sent to its sender.
        let theirs = hits.iter().find(|sent| self.is_from(sent, mail).is_ok());
        let sent = theirs.unwrap_or(first);
        self.answered(sent, mail, reply, now)
    }

    fn undecided(
        &self,
        sent: &Sent<'_>,
        names: Vec<String>,
        why: String,
        reply: &Reply,
    ) -> Finding {
        self.about(sent, names, TakenFor::Undecided, why, Vec::new(), reply)
    }

    /// Why a mail may be forged, by the server whose word counts.
    fn distrust(&self, sent: &Sent<'_>, mail: &Mail) -> Option<String> {
        let trusted = self.senders[sent.sender].trusted?;
        let forged = mail
            .distrusted_by
            .iter()
            .any(|by| by.eq_ignore_ascii_case(trusted));
        forged.then(|| format!("{trusted} says that its sender may be forged (dmarc=fail)"))
    }

    /// An answer to an invitation.
    fn attends(&self, sent: &Sent<'_>, mail: &Mail, answer: &Attendance, reply: Reply) -> Finding {
        let names = sent.delivery.names.clone();
        if let Some(why) = self.distrust(sent, mail) {
            return self.undecided(sent, names, why, &reply);
        }
        let name = match self.is_from(sent, mail) {
            Ok(name) => name,
            Err((names, why)) => return self.undecided(sent, names, why, &reply),
        };
        let item = sent.notice.map(|n| n.item.as_str()).unwrap_or_default();
        let invited = item.parse::<Invited>().ok();
        let current = invited.is_some_and(|i| i.sequence == answer.sequence && i.hash.is_some());
        if !current {
            let why = "it answers an invitation that was changed or cancelled since";
            return self.undecided(sent, vec![name], why.to_owned(), &reply);
        }
        let verb = match answer.attends {
            TakenFor::Accepted => "accepted",
            TakenFor::Declined => "declined",
            _ => "tentatively accepted",
        };
        let why = format!("{name} {verb} the invitation");
        let names = vec![name];
        let event = Event::Imported {
            reply,
            taken_for: answer.attends,
            why: why.clone(),
            names: names.clone(),
            invitation: Some(item.to_owned()),
        };
        Finding::About(About {
            sender: sent.sender,
            names,
            revision: sent.revision,
            taken_for: answer.attends,
            why,
            events: vec![event],
        })
    }

    /// The recipient a mail is from: the one that the sent mail went to, with their address.
    /// Otherwise those it may be, and why that is not certain.
    fn is_from(&self, sent: &Sent<'_>, mail: &Mail) -> Result<String, (Vec<String>, String)> {
        let to = &sent.delivery.names;
        let [from] = mail.from.as_slice() else {
            return Err((to.clone(), "it has not exactly one sender".to_owned()));
        };
        let of = &self.senders[sent.sender];
        let key = email_key(from);
        let owners = owners(of, &key);
        match to.as_slice() {
            [] => Err((
                owners.clone(),
                match owners.as_slice() {
                    [] => {
                        format!("it answers the announcement, and {from} is nobody's address here")
                    }
                    _ => {
                        "it answers the announcement, which was not sent to them by name".to_owned()
                    }
                },
            )),
            [one] => {
                let theirs = key == sent.key || owners.iter().any(|o| same(o, one));
                if theirs {
                    Ok(one.clone())
                } else {
                    Err((
                        vec![one.clone()],
                        format!("it answers the mail to {one}, but comes from {from}"),
                    ))
                }
            }
            several => Err((
                several.to_vec(),
                format!(
                    "it answers a mail to several people: {}",
                    several.join(", ")
                ),
            )),
        }
    }

    fn answered(&self, sent: &Sent<'_>, mail: &Mail, reply: Reply, now: Timestamp) -> Finding {
        let undecided = |names, why| self.undecided(sent, names, why, &reply);
        if let Content::Automatic(why) = &mail.content {
            let names = sent.delivery.names.clone();
            return self.about(
                sent,
                names,
                TakenFor::Automatic,
                why.clone(),
                Vec::new(),
                &reply,
            );
        }
        if let Content::Unclear(why) = &mail.content {
            return undecided(sent.delivery.names.clone(), why.clone());
        }
        if let Some(why) = self.distrust(sent, mail) {
            return undecided(sent.delivery.names.clone(), why);
        }
        let name = match self.is_from(sent, mail) {
            Ok(name) => name,
            Err((names, why)) => return undecided(names, why),
        };
        if sent.notice.is_some_and(|n| n.kind != NoticeKind::Reminder) {
            let why = "it answers a report, an escalation or an invitation, not the packet";
            return undecided(vec![name], why.to_owned());
        }
        let confirms = |note: Option<String>| {
            let why = format!("{name} confirms revision {}", sent.revision);
            (Said::Acknowledged, TakenFor::Confirmation, why, note)
        };
        let (said, taken_for, why, note) = match &mail.content {
            Content::Words(Words::Confirms(note)) => confirms(note.clone()),
            Content::Words(Words::Open(text)) => {
                let why = format!("{name} says: {text}");
                (Said::Blocked(text.clone()), TakenFor::Remark, why, None)
            }
            Content::Words(Words::Undecided { text, bare, .. })
                if bare.is_some() && *bare == self.asked(sent) =>
            {
                confirms(Some(text.clone()))
            }
            Content::Words(Words::Undecided { text, why, .. }) => {
                return undecided(vec![name], format!("{why}: {text}"));
            }
            Content::Attendance(_) => {
                let why = "it answers an invitation that was not sent to them from here";
                return undecided(vec![name], why.to_owned());
            }
            Content::Unclear(_)
            | Content::Automatic(_)
            | Content::Report(_)
            | Content::Returned(..) => {
                return Finding::Unrelated;
            }
        };
        // Nobody answers before they are asked, or later than now: such a clock is wrong.
        let when = mail.date.unwrap_or(now).max(sent.delivery.at).min(now);
        let answered = Event::Answered {
            revision: sent.revision,
            name: name.clone(),
            said,
            when,
            note,
            reply: Some(reply.clone()),
        };
        // A crash may have kept the answer on record and not the mail.
        let known = self.senders[sent.sender].history.answers.iter();
        let known = known.filter_map(|a| a.reply.as_ref()).any(|r| *r == reply);
        let events = if known { Vec::new() } else { vec![answered] };
        self.about(sent, vec![name], taken_for, why, events, &reply)
    }

    fn reported(&self, sent: &Sent<'_>, report: &Report, reply: Reply) -> Finding {
        let names = sent.delivery.names.clone();
        let whom = sent.key.strip_prefix("email:").unwrap_or(sent.key);
        let failed = |r: &&Reported| r.action == "failed";
        let Some(first) = report.recipients.iter().find(failed) else {
            let why = format!(
                "a report that the mail to {whom} is late or was delivered, not that it failed"
            );
            return self.about(sent, names, TakenFor::Automatic, why, Vec::new(), &reply);
        };
        let theirs = |r: &&Reported| r.addresses.iter().any(|a| email_key(a) == sent.key);
        let Some(theirs) = report.recipients.iter().filter(failed).find(theirs) else {
            let other = first.addresses.first().map_or("somebody", String::as_str);
            let why = format!(
                "a report that the mail to {whom} failed for {other}, an address it was not sent to"
            );
            return self.about(sent, names, TakenFor::Undecided, why, Vec::new(), &reply);
        };
        let status = theirs.status.as_deref().unwrap_or("");
        let detail = match theirs.diagnostic.as_str() {
            "" => format!("returned as undeliverable {status}")
                .trim_end()
                .to_owned(),
            said => format!("returned: {said}"),
        };
        let outcome = Outcome {
            state: DeliveryState::Rejected,
            via: sent.delivery.via,
            code: theirs.code,
            enhanced: theirs.status.clone(),
            detail: detail.clone(),
        };
        let known = sent.delivery.outcome.as_ref() == Some(&outcome);
        let why = format!("the mail to {whom} was not delivered: {detail}");
        let events = match sent.notice {
            _ if known => Vec::new(),
            Some(notice) => vec![Event::NoticeDelivered {
                notice: notice.clone(),
                key: sent.key.to_owned(),
                outcome,
            }],
            None => vec![Event::Delivered {
                revision: sent.revision,
                key: sent.key.to_owned(),
                outcome,
            }],
        };
        self.about(sent, names, TakenFor::Bounce, why, events, &reply)
    }

    /// The answer that the message asked for.
    fn asked(&self, sent: &Sent<'_>) -> Option<String> {
        let history = self.senders[sent.sender].history;
        asked(history.revision(sent.revision)?.body.as_deref()?)
    }

    fn about(
        &self,
        sent: &Sent<'_>,
        names: Vec<String>,
        taken_for: TakenFor,
        why: String,
        mut events: Vec<Event>,
        reply: &Reply,
    ) -> Finding {
        events.push(Event::Imported {
            reply: reply.clone(),
            taken_for,
            why: why.clone(),
            names: names.clone(),
            invitation: None,
        });
        Finding::About(About {
            sender: sent.sender,
            names,
            revision: sent.revision,
            taken_for,
            why,
            events,
        })
    }
}

/// The mail as the ledger names it.
pub fn reply(mail: &Mail) -> Reply {
    Reply {
        sha256: mail.sha256.clone(),
        message_id: mail.message_id.clone(),
        from: mail.from.join(", "),
    }
}

/// The recipients whose address `key` is, by name.
fn owners(of: &Sender<'_>, key: &str) -> Vec<String> {
    let people = of.document.recipients.iter().zip(&of.roster.people);
    let mut names: Vec<String> = Vec::new();
    for (recipient, person) in people {
        let theirs = person.addresses.iter().any(|a| email_key(a) == key);
        if theirs && !names.iter().any(|n| people::same(n, &recipient.name)) {
            names.push(recipient.name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests;
