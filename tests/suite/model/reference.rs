//! What should be so: a small picture of the workspace without files, hashes or sockets.

use std::collections::{BTreeMap, BTreeSet};

use super::reminders::{Reminder, Which};

/// How many people there are.
pub const PEOPLE: usize = 4;
/// The place of the Slack channel, after the people.
pub const CHANNEL: usize = PEOPLE;
/// How many deliveries there are.
pub const ALL: usize = PEOPLE + 1;

/// Where a delivery stands, as the ledger's words have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Pending,
    Sent,
    Rejected,
    Deferred,
    Unknown,
}

impl State {
    /// From the word in ledger and status.
    pub fn read(word: &str) -> Self {
        match word {
            "pending" => State::Pending,
            "sent" => State::Sent,
            "rejected" => State::Rejected,
            "deferred" => State::Deferred,
            "unknown" => State::Unknown,
            other => panic!("no such state: {other}"),
        }
    }
}

/// What the probe's gate rests on: the minute of its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proved {
    Good(i64),
    Waived(i64),
}

impl Proved {
    /// The evidence's minute.
    pub fn minute(self) -> i64 {
        match self {
            Proved::Good(minute) | Proved::Waived(minute) => minute,
        }
    }
}

/// What one revision sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct What {
    pub body: u32,
    pub proved: Proved,
    pub material: u32,
}

/// A revision whose distribution has begun.
#[derive(Clone, Debug)]
pub struct Revision {
    pub number: u64,
    pub what: What,
    pub states: [State; ALL],
    /// When each delivery was last tried, in minutes.
    pub since: [i64; ALL],
    /// How often somebody asked for an unknown delivery to be sent again.
    pub resends: [usize; ALL],
}

/// What a send is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    pub new_evidence: bool,
    pub resend_unknown: bool,
    pub to: Option<usize>,
}

/// The picture.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// Minutes since the beginning.
    pub clock: i64,
    /// Variants of the notification, the manual gate's words, and a remark that nothing reads.
    pub body: u32,
    pub words: u32,
    pub remark: u32,
    /// The material's text, and whether its version is another than the layout asks for.
    pub material: u32,
    pub outdated: bool,
    /// Evidence by minute, and whether it is good.
    pub evidence: BTreeMap<i64, bool>,
    /// Words that somebody attested, evidence that somebody waived.
    pub attested: BTreeSet<u32>,
    pub waived: BTreeSet<i64>,
    pub revisions: Vec<Revision>,
    /// What people said, oldest first.
    pub heard: Vec<Heard>,
    /// Every reminder that was begun.
    pub reminders: BTreeMap<Which, Reminder>,
}

/// A word on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub person: usize,
    pub revision: u64,
    /// Taken back; else confirmed.
    pub withdrawn: bool,
    /// When they said so, in seconds.
    pub when: i64,
    /// The mail that said so, by its Message-ID.
    pub letter: Option<String>,
}

impl Reference {
    /// Whether anything of any revision may be with anybody.
    pub fn anything_out(&self) -> bool {
        let mut states = self.revisions.iter().flat_map(|r| r.states);
        states.any(|s| matches!(s, State::Sent | State::Unknown))
    }

    /// The revision of the confirmation that counts for what would be sent now.
    pub fn acknowledged(&self, person: usize) -> Option<u64> {
        let mut words: Vec<&Heard> = self.heard.iter().filter(|h| h.person == person).collect();
        words.sort_by_key(|h| h.when);
        let last = words.iter().rposition(|h| h.withdrawn);
        let after = &words[last.map_or(0, |at| at + 1)..];
        let counts = after.iter().find(|h| self.still_counts(h.revision));
        counts.map(|h| h.revision)
    }

    /// Whether no later revision changed evidence or material.
    fn still_counts(&self, revision: u64) -> bool {
        let later = self.revisions.iter().filter(|r| r.number >= revision);
        let bases: Vec<_> = later.map(|r| (r.what.proved, r.what.material)).collect();
        bases.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// What the probe's gate rests on; `None` on hold. A sent revision's evidence counts until
    /// somebody asks for the new.
    pub fn proved(&self, new_evidence: bool) -> Option<Proved> {
        let (&newest, &good) = self.evidence.last_key_value()?;
        let fine = good && newest <= self.clock;
        let pinned = self.latest().filter(|_| !new_evidence);
        let minute = match pinned.map(|r| r.what.proved.minute()) {
            Some(pinned) if !(pinned == newest && fine) => pinned,
            Some(_) => newest,
            None if newest > self.clock => return None,
            None => newest,
        };
        if self.evidence[&minute] {
            Some(Proved::Good(minute))
        } else if self.waived.contains(&minute) {
            Some(Proved::Waived(minute))
        } else {
            None
        }
    }

    /// What would be sent; `None` on hold.
    pub fn what(&self, new_evidence: bool) -> Option<What> {
        let proved = self.proved(new_evidence)?;
        let (body, material) = (self.body, self.material);
        let cleared = self.attested.contains(&self.words) && !self.outdated;
        cleared.then_some(What {
            body,
            proved,
            material,
        })
    }

    /// The revision with the highest number.
    pub fn latest(&self) -> Option<&Revision> {
        self.revisions.iter().max_by_key(|r| r.number)
    }

    /// The revision that sends `what`, if it has begun: going back to what an earlier one sent
    /// is another revision.
    pub fn current(&self, what: What) -> Option<usize> {
        let last = self.revisions.len().checked_sub(1)?;
        (self.revisions[last].what == what).then_some(last)
    }

    /// The number under which `what` goes out.
    pub fn number(&self, what: What) -> u64 {
        match self.current(what) {
            Some(index) => self.revisions[index].number,
            None => self.latest().map_or(1, |r| r.number + 1),
        }
    }

    /// Where each delivery of `what` stands, people first.
    pub fn states(&self, what: Option<What>) -> [State; ALL] {
        let index = what.and_then(|what| self.current(what));
        index.map_or([State::Pending; ALL], |i| self.revisions[i].states)
    }

    /// Who is to get `what` now, in order.
    pub fn due(&self, what: What, wish: Wish) -> Vec<usize> {
        let states = self.states(Some(what));
        let named = |person| wish.to == Some(person);
        let is_due = |person: &usize| match states[*person] {
            State::Pending | State::Deferred => true,
            State::Unknown => wish.resend_unknown,
            State::Rejected => named(*person),
            State::Sent => false,
        };
        let covered = (0..ALL).filter(|p| wish.to.is_none() || named(*p));
        covered.filter(is_due).collect()
    }

    /// The evidence that a waiver would be for now; `None` where there is nothing to waive.
    pub fn waivable(&self) -> Option<i64> {
        let (&newest, _) = self.evidence.last_key_value()?;
        let pinned = self.latest().map(|r| r.what.proved.minute());
        let minute = pinned.unwrap_or(newest);
        let held = !self.evidence[&minute] && !self.waived.contains(&minute);
        (held && minute <= self.clock).then_some(minute)
    }
}
