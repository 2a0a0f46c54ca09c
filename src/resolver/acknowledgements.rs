//! Who has confirmed what the packet now says: answers on record, weighed against the revisions.
//!
//! A confirmation is given for what its sender had before them. A later revision makes it void
//! where it changed the evidence, or a material that concerns them; other words of the
//! notification void nothing.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::people::{fold, same};
use crate::model::{
    acknowledgement::{Acknowledgement, Acknowledgements, Blocker, Confirmed, Voided},
    answer::Answer,
    document::Document,
    evidence::FileHash,
    history::{History, Revision},
    ledger::{Pin, Said},
    mail::Undecided,
    plan::DeliveryState,
    roster::Roster,
    wanted::email_key,
};

/// What a revision stands on: all that a confirmation is given for.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The evidence.
    pub evidence: &'a [Pin],
    /// The materials.
    pub materials: &'a [FileHash],
}

impl<'a> From<&'a Revision> for Basis<'a> {
    fn from(revision: &'a Revision) -> Self {
        Basis {
            evidence: &revision.evidence,
            materials: &revision.materials,
        }
    }
}

/// Whose words a revision makes void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Nobody's.
    Nobody,
    /// Everybody's.
    Everyone,
    /// Those of these recipients.
    These(BTreeSet<usize>),
}

impl Whom {
    /// Whether the recipient at `index` is among them.
    pub fn has(&self, index: usize) -> bool {
        match self {
            Whom::Nobody => false,
            Whom::Everyone => true,
            Whom::These(people) => people.contains(&index),
        }
    }
}

/// Whose words `after` makes void that were given for `before`, and what changed, in words that
/// follow "revision 2": `stands on other evidence (artifacts/a.log)`.
pub fn voids(roster: &Roster, before: Basis<'_>, after: Basis<'_>) -> (Whom, String) {
    let pins = |basis: Basis<'_>| files(basis.evidence.iter().map(|p| &p.file));
    let evidence = changed(&pins(before), &pins(after));
    if !evidence.is_empty() {
        let now: BTreeSet<&str> = after.evidence.iter().map(|p| &*p.file.path).collect();
        let of_now: Vec<&str> = evidence
            .iter()
            .map(String::as_str)
            .filter(|p| now.contains(p))
            .collect();
        let why = match of_now.as_slice() {
            [] => format!("no longer stands on {}", evidence.join(", ")),
            new => format!("stands on other evidence ({})", new.join(", ")),
        };
        return (Whom::Everyone, why);
    }
    let materials = changed(
        &files(before.materials.iter()),
        &files(after.materials.iter()),
    );
    if materials.is_empty() {
        return (
            Whom::Nobody,
            "has the same evidence and materials".to_owned(),
        );
    }
    let why = format!("changes {}", materials.join(", "));
    let mut people = BTreeSet::new();
    for path in &materials {
        match roster.concerns.get(path) {
            Some(concerned) => people.extend(concerned.iter().copied()),
            None => return (Whom::Everyone, why),
        }
    }
    (Whom::These(people), format!("{why}, which concerns them"))
}

fn files<'a>(files: impl Iterator<Item = &'a FileHash>) -> BTreeSet<(String, String)> {
    files.map(|f| (f.path.clone(), f.sha256.clone())).collect()
}

/// The paths that are new, gone or of other bytes, each once.
fn changed(before: &BTreeSet<(String, String)>, after: &BTreeSet<(String, String)>) -> Vec<String> {
    let paths: BTreeSet<&String> = before
        .symmetric_difference(after)
        .map(|(path, _)| path)
        .collect();
    paths.into_iter().cloned().collect()
}

/// Where every recipient stands, as of `current`: the revision on record that the document comes
/// to, else the newest. Before the first revision nobody is asked anything.
pub fn acknowledgements(
    document: &Document,
    roster: &Roster,
    history: &History,
    current: Option<&Revision>,
) -> Acknowledgements {
    let current = current.or(history.latest());
    let book = Book::new(document, roster, history, current);
    let mut heard: HashMap<usize, Vec<&Answer>> = HashMap::new();
    for answer in &history.answers {
        if let Some(index) = book.recipient(&answer.name) {
            heard.entry(index).or_default().push(answer);
        }
    }
    let mut sendings: HashMap<usize, Vec<Timestamp>> = HashMap::new();
    for (name, times) in &history.sendings {
        if let Some(index) = book.recipient(name) {
            sendings.entry(index).or_default().extend(times);
        }
    }
    let rows: BTreeSet<usize> = roster.rows.iter().copied().flatten().collect();
    let tracked = !roster.rows.is_empty();
    let people = document.recipients.iter().enumerate().map(|(index, r)| {
        let person = book.person(index);
        let answers = heard.get(&person).map_or(&[][..], Vec::as_slice);
        let mut found = book.weigh(person, answers);
        found.name.clone_from(&r.name);
        found.sendings = sendings.get(&person).cloned().unwrap_or_default();
        found.expected = person == index && (!tracked || rows.contains(&index));
        found
    });
    let strays = document.tracker_rows().zip(&roster.rows);
    Acknowledgements {
        revision: current.map(|r| r.number),
        people: people.collect(),
        strays: strays
            .filter(|(_, recipient)| recipient.is_none())
            .map(|(row, _)| row.name.clone())
            .collect(),
        undecided: undecided(history),
    }
}

/// The mails that still wait for somebody's decision.
fn undecided(history: &History) -> Vec<Undecided> {
    let by_hand = |a: &&Answer| a.reply.is_none();
    let settled = |mail: &Undecided| {
        let mut later = history
            .answers
            .iter()
            .filter(by_hand)
            .filter(|a| a.seq > mail.seq);
        later.any(|a| mail.names.iter().any(|n| same(n, &a.name)))
    };
    let mails = history.undecided.iter();
    mails.filter(|mail| !settled(mail)).cloned().collect()
}

/// What is needed to weigh answers, looked up once.
struct Book<'a> {
    roster: &'a Roster,
    /// Recipients by their own folded name; the first of a name.
    own: HashMap<String, usize>,
    /// For each recipient: the first that is the same person.
    persons: Vec<usize>,
    /// Of each revision: whose words about it are void now, and why.
    void: HashMap<u32, Vec<(Whom, String)>>,
    /// Of each revision: when each person was sent it.
    sent: HashMap<u32, HashMap<usize, Timestamp>>,
}

impl<'a> Book<'a> {
    fn new(
        document: &Document,
        roster: &'a Roster,
        history: &History,
        current: Option<&Revision>,
    ) -> Self {
        let mut own: HashMap<String, usize> = HashMap::new();
        let mut contacts: HashMap<&str, usize> = HashMap::new();
        let mut persons = Vec::new();
        for (index, recipient) in document.recipients.iter().enumerate() {
            let named = *own.entry(fold(&recipient.name)).or_insert(index);
            let contact = roster.people.get(index).and_then(|p| p.contact.as_deref());
            persons.push(contact.map_or(named, |c| *contacts.entry(c).or_insert(named)));
        }
        let mut book = Book {
            roster,
            own,
            persons,
            void: HashMap::new(),
            sent: HashMap::new(),
        };
        for revision in &history.revisions {
            let void = current.map_or_else(Vec::new, |c| between(roster, history, revision, c));
            book.void.insert(revision.number, void);
            let sent = book.sent(document, revision);
            book.sent.insert(revision.number, sent);
        }
        book
    }

    fn sent(&self, document: &Document, revision: &Revision) -> HashMap<usize, Timestamp> {
        let mut sent = HashMap::new();
        let done = |state| state == DeliveryState::Sent;
        for delivery in revision.deliveries.values().filter(|d| done(d.state)) {
            for name in &delivery.names {
                if let Some(index) = self.recipient(name) {
                    sent.insert(index, delivery.at);
                }
            }
        }
        // A recipient who goes by another name now still has the same address.
        for index in 0..document.recipients.len() {
            let address = self
                .roster
                .people
                .get(index)
                .and_then(|p| p.address.as_deref());
            let delivery = address.and_then(|a| revision.deliveries.get(&email_key(a)));
            if let Some(delivery) = delivery.filter(|d| done(d.state)) {
                sent.entry(self.person(index)).or_insert(delivery.at);
            }
        }
        sent
    }

    /// The recipient whom an answer is from, by the name on record.
    fn recipient(&self, name: &str) -> Option<usize> {
        let folded = fold(name);
        let known = self.own.get(&folded).copied();
        let found = known.or_else(|| match self.roster.names.get(&folded)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        });
        found.map(|index| self.person(index))
    }

    fn person(&self, index: usize) -> usize {
        self.persons.get(index).copied().unwrap_or(index)
    }

    /// Why a word of `person` about `revision` no longer counts; `None` where it does.
    fn why_void(&self, person: usize, revision: u32) -> Option<String> {
        let Some(steps) = self.void.get(&revision) else {
            return Some(format!("revision {revision} is not on record"));
        };
        let hit = steps.iter().find(|(whom, _)| match whom {
            Whom::Nobody => false,
            Whom::Everyone => true,
            Whom::These(people) => people.iter().any(|i| self.person(*i) == person),
        });
        hit.map(|(_, why)| why.clone())
    }

    fn weigh(&self, person: usize, answers: &[&Answer]) -> Acknowledgement {
        let mut said: Vec<&Answer> = answers.to_vec();
        said.sort_by_key(|a| (a.when, a.seq));
        let (mut reviews, mut confirmations) = (Vec::new(), Vec::new());
        for answer in &said {
            match answer.said {
                Said::Reviewed => reviews.push(*answer),
                Said::Acknowledged => confirmations.push(*answer),
                Said::Withdrawn => {
                    reviews.clear();
                    confirmations.clear();
                }
                Said::Blocked(_) | Said::Resolved => {}
            }
        }
        let mut found = Acknowledgement {
            asked: self.asked(person),
            blockers: blockers(answers),
            times: times(answers),
            raised: raised(answers),
            ..Acknowledgement::default()
        };
        let mut void = Vec::new();
        let mut newest = |words: &[&Answer], acknowledged: bool| {
            let counts = words
                .iter()
                .find(|a| self.why_void(person, a.revision).is_none());
            if counts.is_none() {
                void.extend(words.last().map(|a| Voided {
                    word: confirmed(a),
                    acknowledged,
                    why: self.why_void(person, a.revision).unwrap_or_default(),
                }));
            }
            counts.map(|a| confirmed(a))
        };
        found.acknowledged = newest(&confirmations, true);
        found.reviewed = newest(&reviews, false);
        found.void = void;
        found
    }

    /// When `person` was first sent a revision that, confirmed, would count now.
    fn asked(&self, person: usize) -> Option<Timestamp> {
        let counting = self
            .sent
            .iter()
            .filter(|(revision, _)| self.why_void(person, **revision).is_none());
        counting
            .filter_map(|(_, sent)| sent.get(&person))
            .min()
            .copied()
    }
}

/// What each revision on the way from `from` to `to` made void; on the way back, too, for then
/// the document went back to what it was.
fn between(
    roster: &Roster,
    history: &History,
    from: &Revision,
    to: &Revision,
) -> Vec<(Whom, String)> {
    let (low, high) = (from.number.min(to.number), from.number.max(to.number));
    let mut on_way: Vec<&Revision> = history
        .revisions
        .iter()
        .filter(|r| (low..=high).contains(&r.number))
        .collect();
    on_way.sort_by_key(|r| r.number);
    if from.number > to.number {
        on_way.reverse();
    }
    let steps = on_way.windows(2).map(|pair| {
        let (whom, why) = voids(roster, pair[0].into(), pair[1].into());
        (whom, format!("revision {} {why}", pair[1].number))
    });
    steps.collect()
}

/// What nobody has resolved, by the order of the record: a question that came to light after
/// somebody resolved an earlier one stays open, whatever its date.
fn blockers(answers: &[&Answer]) -> Vec<Blocker> {
    let mut open: Vec<Blocker> = Vec::new();
    for answer in answers {
        match &answer.said {
            Said::Blocked(text) if !open.iter().any(|b| b.text == *text) => open.push(Blocker {
                text: text.clone(),
                at: answer.when,
                revision: answer.revision,
            }),
            Said::Resolved => open.clear(),
            _ => {}
        }
    }
    open
}

fn times(answers: &[&Answer]) -> Vec<Timestamp> {
    let timed = |a: &&&Answer| matches!(a.said, Said::Reviewed | Said::Acknowledged);
    answers.iter().filter(timed).map(|a| a.when).collect()
}

fn raised(answers: &[&Answer]) -> Vec<String> {
    let mut raised: Vec<String> = Vec::new();
    for answer in answers {
        if let Said::Blocked(text) = &answer.said
            && !raised.contains(text)
        {
            raised.push(text.clone());
        }
    }
    raised
}

fn confirmed(answer: &Answer) -> Confirmed {
    Confirmed {
        at: answer.when,
        revision: answer.revision,
        how: answer.how(),
        note: answer.note.clone(),
    }
}

#[cfg(test)]
mod tests;
