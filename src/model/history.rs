//! What the ledger's entries add up to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    answer::Answer,
    evidence::FileHash,
    ledger::{Entry, Event, Notice, NoticeKind, Pin, Reply, TakenFor},
    mail::Undecided,
    plan::{DeliveryState, Outcome, Via},
    snapshot::Snapshot,
    word::{Word, WordKind},
};

/// The record of one document, folded from its ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// How many entries there are.
    pub entries: u64,
    /// Attestations and waivers, oldest first.
    pub words: Vec<Word>,
    /// Revisions that were sent or begun, oldest first.
    pub revisions: Vec<Revision>,
    /// Every frozen file that was ever laid into the bundle folder: path below it and SHA-256.
    pub laid: BTreeSet<(String, String)>,
    /// Revision and digest that the bundle folder was last given.
    pub bundled: Option<(u32, String)>,
    /// The frozen files that were laid, by revision and digest: SHA-256 by path.
    pub lists: BTreeMap<(u32, String), BTreeMap<String, String>>,
    /// When anything of any revision was sent to somebody, by their name on record.
    pub sendings: BTreeMap<String, Vec<Timestamp>>,
    /// What recipients said, oldest first.
    pub answers: Vec<Answer>,
    /// Every mail that was imported.
    pub imported: Vec<Reply>,
    /// Those of them that a person has to decide.
    pub undecided: Vec<Undecided>,
    /// What was answered to invitations, oldest first: who, the notice's item, what they answered.
    pub attendance: Vec<(String, String, TakenFor)>,
    /// What those mails are known by again: SHA-256, and Message-ID with sender.
    pub known_mails: BTreeSet<String>,
    /// Deliveries of notices, by notice and key.
    pub notices: BTreeMap<(Notice, String), Delivery>,
    /// What daily reports said, oldest first, each with its entry's number in the ledger.
    pub reports: Vec<(u64, Snapshot)>,
}

/// One revision's distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// From 1.
    pub number: u32,
    /// What was sent under it.
    pub digest: String,
    /// When its distribution began.
    pub started: Timestamp,
    /// The subject sent.
    pub subject: String,
    /// The message's text as sent, where it is on record.
    pub body: Option<String>,
    /// The evidence it stands on.
    pub evidence: Vec<Pin>,
    /// The materials it hands out.
    pub materials: Vec<FileHash>,
    /// Deliveries by key.
    pub deliveries: BTreeMap<String, Delivery>,
}

/// The last that is known of one delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The people it is for.
    pub names: Vec<String>,
    /// Where it stands; an intent without an outcome is unknown.
    pub state: DeliveryState,
    /// By which transport.
    pub via: Via,
    /// When that was recorded.
    pub at: Timestamp,
    /// What came of the last attempt; `None` where only the intent is on record.
    pub outcome: Option<Outcome>,
    /// SHA-256 of the bytes.
    pub sha256: Option<String>,
    /// Message-ID, mail only.
    pub message_id: Option<String>,
    /// Token of the `Ref:` footer, mail only.
    pub token: Option<String>,
}

impl Delivery {
    /// Where it stands for somebody who would deliver by `configured` now: what only went to the
    /// outbox is pending again once there is a server, and what can be done twice without harm
    /// is never unknown.
    pub fn standing(&self, configured: Via) -> DeliveryState {
        let harmless = matches!(self.via, Via::Outbox | Via::Workspace);
        match self.state {
            DeliveryState::Sent if self.via == Via::Outbox && configured != Via::Outbox => {
                DeliveryState::Pending
            }
            DeliveryState::Unknown if harmless => DeliveryState::Pending,
            state => state,
        }
    }

    /// About to be made, of which nothing more is known: hash of its bytes, Message-ID, token.
    fn intended(
        names: Vec<String>,
        via: Via,
        at: Timestamp,
        (sha256, message_id, token): (Option<String>, Option<String>, Option<String>),
    ) -> Self {
        Delivery {
            names,
            state: DeliveryState::Unknown,
            via,
            at,
            outcome: None,
            sha256,
            message_id,
            token,
        }
    }

    fn take(&mut self, outcome: Outcome, at: Timestamp) {
        self.state = outcome.state;
        self.via = outcome.via;
        self.at = at;
        self.outcome = Some(outcome);
    }
}

impl History {
    /// Folds entries, oldest first. Kinds of later versions are passed over.
    pub fn of(entries: &[Entry]) -> Self {
        let mut history = History::default();
        for entry in entries {
            history.push(entry);
        }
        history
    }

    /// Adds the next entry.
    pub fn push(&mut self, entry: &Entry) {
        self.entries += 1;
        if let Some(event) = entry.event() {
            self.add(entry, event);
        }
    }

    /// The revision that sends `digest`: the latest, or else the next. What goes back to an
    /// earlier state is a revision of its own, for people hold the latest.
    pub fn revision_for(&self, digest: &str) -> u32 {
        match self.latest() {
            Some(latest) if latest.digest == digest => latest.number,
            Some(latest) => latest.number + 1,
            None => 1,
        }
    }

    /// The revision on record under `number`.
    pub fn revision(&self, number: u32) -> Option<&Revision> {
        self.revisions.iter().find(|r| r.number == number)
    }

    /// Whether this mail was imported: the same bytes, or the same Message-ID from the same
    /// sender.
    pub fn has_imported(&self, reply: &Reply) -> bool {
        let mut marks = reply.marks().into_iter();
        marks.any(|mark| self.known_mails.contains(&mark))
    }

    /// The frozen files that were laid for a revision.
    pub fn files(&self, revision: &Revision) -> Option<&BTreeMap<String, String>> {
        self.lists.get(&(revision.number, revision.digest.clone()))
    }

    /// The newest revision.
    pub fn latest(&self) -> Option<&Revision> {
        self.revisions.iter().max_by_key(|r| r.number)
    }

    /// Whether `name` comes, by the last answer to the invitation that they were sent last.
    pub fn attends(&self, name: &str) -> Option<TakenFor> {
        let theirs = self.notices.iter().filter(|((notice, _), delivery)| {
            notice.kind == NoticeKind::Invitation && delivery.names.iter().any(|n| n == name)
        });
        let ((notice, _), _) = theirs.max_by_key(|(_, delivery)| delivery.at)?;
        let mut answers = self.attendance.iter().rev();
        let answer = answers.find(|(who, item, _)| who == name && *item == notice.item);
        answer.map(|(_, _, attends)| *attends)
    }

    fn add(&mut self, entry: &Entry, event: Event) {
        let by = || {
            entry
                .actor
                .claimed
                .clone()
                .unwrap_or_else(|| entry.actor.os_user.clone())
        };
        match event {
            Event::Opened { .. } => {}
            Event::Attested {
                gate,
                text_sha256,
                evidence,
                note,
            } => self.words.push(Word {
                gate,
                text_sha256,
                by: by(),
                at: entry.at,
                seq: entry.seq,
                kind: WordKind::Attestation { evidence, note },
            }),
            Event::Waived {
                gate,
                text_sha256,
                artifacts,
                reason,
            } => self.words.push(Word {
                gate,
                text_sha256,
                by: by(),
                at: entry.at,
                seq: entry.seq,
                kind: WordKind::Waiver { artifacts, reason },
            }),
            Event::Bundled {
                revision,
                digest,
                files,
            } => {
                let list = files.iter().map(|f| (f.path.clone(), f.sha256.clone()));
                self.lists
                    .insert((revision, digest.clone()), list.collect());
                self.laid
                    .extend(files.into_iter().map(|f| (f.path, f.sha256)));
                self.bundled = Some((revision, digest));
            }
            Event::Started {
                revision,
                digest,
                subject,
                body,
                evidence,
                materials,
                ..
            } => {
                if self.revision(revision).is_none() {
                    self.revisions.push(Revision {
                        number: revision,
                        digest,
                        started: entry.at,
                        subject,
                        body,
                        evidence,
                        materials,
                        deliveries: BTreeMap::new(),
                    });
                }
            }
            Event::Intended {
                revision,
                key,
                names,
                via,
                sha256,
                message_id,
                token,
            } => {
                if let Some(known) = self.revisions.iter_mut().find(|r| r.number == revision) {
                    let delivery =
                        Delivery::intended(names, via, entry.at, (sha256, message_id, token));
                    known.deliveries.insert(key, delivery);
                }
            }
            Event::Delivered {
                revision,
                key,
                outcome,
            } => {
                let known = self.revisions.iter_mut().find(|r| r.number == revision);
                if let Some(delivery) = known.and_then(|r| r.deliveries.get_mut(&key)) {
                    delivery.take(outcome, entry.at);
                    if delivery.state == DeliveryState::Sent {
                        for name in &delivery.names {
                            let times = self.sendings.entry(name.clone()).or_default();
                            times.push(entry.at);
                        }
                    }
                }
            }
            Event::Answered {
                revision,
                name,
                said,
                when,
                note,
                reply,
            } => {
                self.answers.push(Answer {
                    revision,
                    name,
                    said,
                    when,
                    note,
                    reply,
                    by: by(),
                    seq: entry.seq,
                });
            }
            Event::Imported {
                reply,
                taken_for,
                why,
                names,
                invitation,
            } => {
                if let Some(item) = invitation {
                    let answers = names.iter().map(|n| (n.clone(), item.clone(), taken_for));
                    self.attendance.extend(answers);
                }
                if taken_for == TakenFor::Undecided {
                    self.undecided.push(Undecided {
                        from: reply.from.clone(),
                        why,
                        names,
                        at: entry.at,
                        seq: entry.seq,
                    });
                }
                self.known_mails.extend(reply.marks());
                self.imported.push(reply);
            }
            Event::NoticeIntended {
                notice,
                key,
                names,
                via,
                sha256,
                message_id,
                token,
            } => {
                let delivery =
                    Delivery::intended(names, via, entry.at, (sha256, message_id, token));
                self.notices.insert((notice, key), delivery);
            }
            Event::NoticeDelivered {
                notice,
                key,
                outcome,
            } => {
                if let Some(delivery) = self.notices.get_mut(&(notice, key)) {
                    delivery.take(outcome, entry.at);
                }
            }
            Event::Reported(snapshot) => self.reports.push((entry.seq, snapshot)),
        }
    }
}
