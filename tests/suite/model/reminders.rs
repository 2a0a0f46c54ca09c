//! Reminders to those who have the packet and have not confirmed, with faults and kills.

use std::collections::BTreeMap;

use super::{
    Run,
    meets::{Encounter, killed_allows},
    reference::{CHANNEL, PEOPLE, Reference, State},
};

/// How often people are reminded, in minutes: `remind-every` of the workspace.
pub const EVERY: i64 = 20;

/// A reminder: the revision, the person, which one it is, from 1.
pub type Which = (u64, usize, usize);

/// Where a reminder stands, and since when in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub state: State,
    pub at: i64,
}

impl Reference {
    /// The reminders that are due now, in order.
    pub fn to_remind(&self) -> Vec<Which> {
        let Some(index) = self.what(false).and_then(|what| self.current(what)) else {
            return Vec::new();
        };
        let revision = &self.revisions[index];
        let due = |person: usize| {
            if revision.states[person] != State::Sent || self.acknowledged(person).is_some() {
                return None;
            }
            let of = |number| (revision.number, person, number);
            let made = (1..).take_while(|n| self.reminders.contains_key(&of(*n)));
            let last = made.count();
            let before = self.reminders.get(&of(last)).copied();
            let since = before.map_or(revision.since[person], |r| r.at);
            match before.map_or(State::Sent, |r| r.state) {
                State::Deferred | State::Pending => Some(of(last)),
                State::Rejected => None,
                State::Sent | State::Unknown => (self.clock >= since + EVERY).then(|| of(last + 1)),
            }
        };
        (0..PEOPLE).filter_map(due).collect()
    }
}

impl Run {
    /// Reminds whoever is to be reminded.
    pub(super) fn remind(&mut self) {
        if self.chance.one_in(2) {
            self.reference.clock += self.chance.below(2 * EVERY as u64) as i64;
        }
        let due = self.reference.to_remind();
        let places: Vec<usize> = due.iter().map(|(_, person, _)| *person).collect();
        let encounter = Encounter::random(&mut self.chance, &places);
        let kill = self.pause();
        self.world.listen(encounter.meets());
        self.last
            .push_str(&format!(", due {due:?}, {encounter:?}, kill {kill:?}"));
        self.counts.reminders += due.len();
        let before = self.reference.reminders.clone();
        let exit = self.do_or_die(&["send", "--remind", "--yes"], kill);
        let at = self.last.clone();
        let held = self.world.reminded(true);
        for (which, count) in &held {
            assert!(due.contains(which), "{at}: reminder {which:?} was not due");
            assert_eq!(*count, 1, "{at}: reminder {which:?} was made {count} times");
        }
        let after = self.world.reminders();
        let (mut hit, mut open) = (0, false);
        for (which, reminder) in &after {
            let state = |of: &BTreeMap<Which, Reminder>| of.get(which).map(|r| r.state);
            let (was, is) = (state(&before), reminder.state);
            let Some(turn) = due.iter().position(|d| d == which) else {
                assert_eq!(was, Some(is), "{at}: reminder {which:?} was not due");
                continue;
            };
            open |= is != State::Sent;
            let held = held.contains_key(which);
            let fine = match exit {
                None => killed_allows(was.unwrap_or(State::Pending), is, held, encounter.is_bad()),
                Some(_) if is == State::Sent && held => true,
                Some(_) => {
                    hit += 1;
                    encounter.allows(turn, which.1, is, held)
                }
            };
            assert!(fine, "{at}: reminder {which:?} is {is:?}, held {held}");
        }
        if let Some(exit) = exit {
            let all = due.iter().all(|which| after.contains_key(which));
            assert!(all, "{at}: {after:?}");
            assert!(encounter.hits().contains(&hit), "{at}: {hit} hit");
            let expected = match self.reference.what(false) {
                None => 3,
                Some(_) if open => 4,
                Some(_) => 0,
            };
            assert_eq!(exit, expected, "{at}");
        }
        self.reference.reminders = after;
    }

    /// Holds every reminder that was ever made against the picture.
    pub(super) fn compare_reminders(&self) {
        let at = &self.last;
        assert_eq!(self.world.reminders(), self.reference.reminders, "{at}");
        for (which, count) in self.world.reminded(false) {
            assert_ne!(which.1, CHANNEL, "{at}");
            assert_eq!(count, 1, "{at}: reminder {which:?} was made {count} times");
            let state = self.reference.reminders.get(&which).map(|r| r.state);
            let fine = matches!(state, Some(State::Sent | State::Unknown));
            assert!(fine, "{at}: reminder {which:?} was made and is {state:?}");
        }
    }
}
