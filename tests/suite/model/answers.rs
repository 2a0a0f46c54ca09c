//! What people answer, by hand and by mail, in any order and with kills.

use std::time::Duration;

use super::{
    Run,
    reference::{Heard, PEOPLE, State},
};

/// A mail that somebody wrote.
#[derive(Clone, Debug)]
pub struct Letter {
    id: String,
    person: usize,
    revision: u64,
}

impl Run {
    /// Somebody says something, or writes it.
    pub(super) fn answer(&mut self) {
        let person = self.chance.below(PEOPLE as u64) as usize;
        match self.chance.below(3) {
            0 => self.by_hand(person),
            _ => self.by_mail(person),
        }
    }

    fn by_hand(&mut self, person: usize) {
        let withdrawn = self.chance.one_in(3);
        let name = format!("Person {person}");
        let mut args = vec!["ack", &name];
        args.extend(withdrawn.then_some("--withdraw"));
        let kill = self.pause();
        let counted = self.reference.acknowledged(person).is_some();
        let exit = self.do_or_die(&args, kill);
        let new = self.hear();
        let at = format!("{}: {new:?}", self.last);
        let fits =
            |h: &Heard| (h.person, h.withdrawn, h.letter.is_none()) == (person, withdrawn, true);
        assert!(new.len() <= 1 && new.iter().all(fits), "{at}");
        match exit {
            // A word before one that is on record, and nothing sent yet.
            Some(2) if withdrawn => assert!(new.is_empty(), "{at}"),
            Some(3) => assert!(new.is_empty() && !self.reference.anything_out(), "{at}"),
            Some(0) if withdrawn => assert!(!counted || new.len() == 1, "{at}"),
            Some(0) => assert_eq!(new.len(), usize::from(!counted), "{at}"),
            Some(other) => panic!("{at}: exit {other}"),
            None => {}
        }
    }

    fn by_mail(&mut self, person: usize) {
        let arrived = |s: State| matches!(s, State::Sent | State::Unknown);
        let revisions = self.reference.revisions.iter();
        let with_them: Vec<u64> = revisions
            .filter(|r| arrived(r.states[person]))
            .map(|r| r.number)
            .collect();
        // Any of them: people answer what is old, too.
        if let Some(last) = with_them.len().checked_sub(1) {
            let back = self.chance.below(3) as usize;
            let revision = with_them[last.saturating_sub(back)];
            let letter = Letter {
                id: format!("letter{}@client", self.letters.len()),
                person,
                revision,
            };
            self.world
                .lay_letter(self.reference.clock, &letter.id, person, revision);
            self.letters.push(letter);
        }
        if self.letters.is_empty() {
            return;
        }
        let kill = self.pause();
        let exit = self.do_or_die(&["ack", "--import", "inbox"], kill);
        let new = self.hear();
        let at = format!("{}: {new:?}", self.last);
        assert!(exit.is_none_or(|e| e == 0), "{at}: exit {exit:?}");
        for heard in &new {
            let letter = self
                .letters
                .iter()
                .find(|l| Some(&l.id) == heard.letter.as_ref());
            let letter = letter.unwrap_or_else(|| panic!("{at}: nobody wrote that"));
            let fits = (letter.person, letter.revision) == (heard.person, heard.revision);
            assert!(fits && !heard.withdrawn, "{at}");
        }
        for letter in &self.letters {
            let all = self.reference.heard.iter();
            let times = all
                .clone()
                .filter(|h| h.letter.as_ref() == Some(&letter.id))
                .count();
            // What somebody says a second time is on record through their first letter.
            let said = all
                .filter(|h| (h.person, h.revision) == (letter.person, letter.revision))
                .count();
            assert!(
                times <= 1 && (said >= 1 || exit.is_none()),
                "{at}: {letter:?} {times} times"
            );
        }
    }

    pub(super) fn pause(&mut self) -> Option<Duration> {
        let kill = self.chance.one_in(4);
        kill.then(|| Duration::from_micros(self.chance.below(40_000)))
    }

    pub(super) fn do_or_die(&mut self, args: &[&str], kill: Option<Duration>) -> Option<i32> {
        self.counts.answers += 1;
        let clock = self.reference.clock;
        let said = match kill {
            Some(after) => self.world.run_and_kill(clock, args, after),
            None => self.world.run(clock, args),
        };
        self.last
            .push_str(&format!(", {args:?}, kill {kill:?}: {}", said.text));
        let exit = said.exit;
        self.counts.kills += usize::from(exit.is_none());
        exit
    }

    /// Takes over what went on record since the last time.
    fn hear(&mut self) -> Vec<Heard> {
        let all = self.world.heard();
        let known = self.reference.heard.len();
        assert_eq!(all[..known], self.reference.heard, "{}: lost", self.last);
        let new = all[known..].to_vec();
        self.reference.heard = all;
        new
    }

    /// Holds what counts of everybody's word against `status`.
    pub(super) fn compare_answers(&self, status: &serde_json::Value) {
        for person in 0..PEOPLE {
            let shown = &status["recipients"][person];
            let expected = self.reference.acknowledged(person);
            assert_eq!(
                (
                    shown["acknowledged_revision"].as_u64(),
                    !shown["acknowledged_at"].is_null()
                ),
                (expected, expected.is_some()),
                "{}: {shown}\n{:?}",
                self.last,
                self.reference
            );
        }
    }
}
