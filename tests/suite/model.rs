//! Random sequences of everything that can happen, against a small picture of what should be so.
//!
//! `PACKET_MODEL_SEED` chooses another sequence (`random`: a new one), `PACKET_MODEL_STEPS` makes it
//! longer. Without them it is the same each time, but for the moments of its kills.

mod answers;
mod meets;
mod reference;
mod reminders;
mod world;

use std::{
    env,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use meets::{Encounter, killed_allows};
use reference::{ALL, CHANNEL, Reference, Revision, State, What, Wish};
use world::{BUNDLE, Said, World};

use crate::random::Random;

/// Enough for a look in passing; long runs ask for more.
const STEPS: usize = 150;

/// The sequence of every test run.
const SEED: u64 = 1_795_336_670_034_326_267;

#[test]
fn whatever_happens_the_record_is_true() {
    let clock = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos() as u64
    };
    let seed = match env::var("PACKET_MODEL_SEED").as_deref() {
        Ok("random") => clock(),
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => SEED,
    };
    let steps = env::var("PACKET_MODEL_STEPS").map_or(STEPS, |n| n.parse().unwrap());
    println!("PACKET_MODEL_SEED={seed} PACKET_MODEL_STEPS={steps}");
    let mut run = Run::new(seed);
    for step in 0..steps {
        run.step(step);
        run.compare(step);
    }
    let Counts {
        sends,
        kills,
        tricks,
        holds,
        answers,
        reminders,
    } = run.counts;
    println!(
        "{steps} steps: {sends} sends ({holds} on hold, {kills} killed, {tricks} with faults), {answers} answers ({} on record), {reminders} reminders due, {} revisions, {} messages; no divergence",
        run.reference.heard.len(),
        run.reference.revisions.len(),
        run.world.held(false).values().sum::<usize>(),
    );
}

#[derive(Default)]
struct Counts {
    sends: usize,
    kills: usize,
    tricks: usize,
    holds: usize,
    answers: usize,
    reminders: usize,
}

struct Run {
    chance: Random,
    reference: Reference,
    world: World,
    counts: Counts,
    last: String,
    letters: Vec<answers::Letter>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut reference = Reference::default();
        reference.evidence.insert(-60, true);
        Run {
            chance: Random(seed),
            world: World::new(&reference),
            reference,
            counts: Counts::default(),
            last: String::new(),
            letters: Vec::new(),
        }
    }

    fn step(&mut self, step: usize) {
        let kind = self.chance.below(20);
        self.last = format!("step {step}, kind {kind}");
        match kind {
            0 => self.edit(),
            1 => self.lay_evidence(),
            2 => self.attest(),
            3 => self.waive(),
            4 => self.render(),
            5 => self.revise_material(),
            6 => self.reference.clock += self.chance.below(90) as i64 - 10,
            7..11 => self.answer(),
            11..14 => self.remind(),
            _ => self.send(),
        }
    }

    fn edit(&mut self) {
        match self.chance.below(6) {
            0..3 => self.reference.body = self.chance.below(12) as u32,
            3 if self.chance.one_in(2) => self.reference.words = self.chance.below(3) as u32,
            _ => self.reference.remark += 1,
        }
        self.world.write_document(&self.reference);
    }

    fn revise_material(&mut self) {
        self.reference.outdated = self.chance.one_in(4);
        if self.chance.one_in(2) {
            self.reference.material = self.chance.below(3) as u32;
        }
        self.world.write_material(&self.reference);
    }

    fn lay_evidence(&mut self) {
        let minute = self.reference.clock - 20 + self.chance.below(23) as i64;
        if self.reference.evidence.contains_key(&minute) {
            return;
        }
        let good = !self.chance.one_in(4);
        self.reference.evidence.insert(minute, good);
        self.world.write_evidence(minute, good);
    }

    fn attest(&mut self) {
        let said = self.packet(&["attest", "Owner", "--by", "Yard Lead"]);
        self.expect(&said, 0);
        self.reference.attested.insert(self.reference.words);
    }

    fn waive(&mut self) {
        let Some(minute) = self.reference.waivable() else {
            return;
        };
        let reason = format!("noted at {minute}");
        let said = self.packet(&["waive", "Probe", "--by", "Yard Lead", "--reason", &reason]);
        self.expect(&said, 0);
        self.reference.waived.insert(minute);
    }

    fn render(&mut self) {
        let said = self.packet(&["render"]);
        let held = self.reference.what(false).is_none();
        self.expect(&said, if held { 3 } else { 0 });
    }

    fn send(&mut self) {
        let wish = Wish {
            new_evidence: self.chance.one_in(4),
            resend_unknown: self.chance.one_in(5),
            to: self
                .chance
                .one_in(5)
                .then(|| self.chance.below(ALL as u64) as usize),
        };
        let what = self.reference.what(wish.new_evidence);
        let due = what.map_or(Vec::new(), |what| self.reference.due(what, wish));
        let encounter = Encounter::random(&mut self.chance, &due);
        let kill = self
            .chance
            .one_in(4)
            .then(|| Duration::from_micros(self.chance.below(60_000)));
        self.world.listen(encounter.meets());
        let name = wish.to.map(|place| match place {
            CHANNEL => "#yard".to_owned(),
            person => format!("Person {person}"),
        });
        let mut args = vec!["send", "--yes"];
        args.extend(wish.new_evidence.then_some("--new-evidence"));
        args.extend(wish.resend_unknown.then_some("--resend-unknown"));
        args.extend(name.iter().flat_map(|n| ["--to", n]));
        self.last
            .push_str(&format!(", {args:?}, {encounter:?}, kill {kill:?}"));
        self.counts.sends += 1;
        self.counts.tricks += usize::from(encounter.is_bad());
        let clock = self.reference.clock;
        let said = match kill {
            Some(after) => self.world.run_and_kill(clock, &args, after),
            None => self.world.run(clock, &args),
        };
        self.counts.kills += usize::from(said.exit.is_none());
        let Some(what) = what else {
            self.counts.holds += 1;
            assert!(
                said.exit.is_none_or(|e| e == 3),
                "{}: {}",
                self.last,
                said.text
            );
            assert!(
                self.world.held(true).is_empty(),
                "{}: sent on hold",
                self.last
            );
            return;
        };
        self.adopt(what, wish, &due, encounter, &said);
    }

    /// Judges what a send did and takes over what only it could decide.
    fn adopt(&mut self, what: What, wish: Wish, due: &[usize], encounter: Encounter, said: &Said) {
        let number = self.reference.number(what);
        let before = self.reference.states(Some(what));
        let held = self.world.held(true);
        let ledger = self.world.ledger();
        let at = format!("{}: {}", self.last, said.text);
        for ((of, place), count) in &held {
            assert_eq!(*of, number, "{at}: the wrong revision went out");
            assert!(due.contains(place), "{at}: delivery {place} was not due");
            assert_eq!(*count, 1, "{at}: delivery {place} was made {count} times");
        }
        let Some(states) = ledger.get(&number) else {
            assert!(due.is_empty() || said.exit.is_none(), "{at}: not begun");
            return;
        };
        let mut hit = 0;
        for place in 0..ALL {
            let (state, holds) = (states[place], held.contains_key(&(number, place)));
            let fine = match due.iter().position(|p| *p == place) {
                None => state == before[place],
                Some(_) if said.exit.is_none() => {
                    killed_allows(before[place], state, holds, encounter.is_bad())
                }
                Some(_) if state == State::Sent && holds => !encounter.must_hit(place),
                Some(turn) => {
                    hit += usize::from(place != CHANNEL);
                    encounter.allows(turn, place, state, holds)
                }
            };
            assert!(
                fine,
                "{at}: delivery {place} was {:?}, is {state:?}, held {holds}",
                before[place]
            );
        }
        let expected = encounter.hits();
        assert!(
            said.exit.is_none() || expected.contains(&hit),
            "{at}: {hit} hit by the fault"
        );
        if let Some(exit) = said.exit {
            let covered = (0..ALL).filter(|p| wish.to.is_none_or(|to| to == *p));
            let open = covered.filter(|p| states[*p] != State::Sent).count() > 0;
            assert_eq!(exit, if open { 4 } else { 0 }, "{at}");
            // Whatever was killed before, what a whole send leaves behind holds together.
            let verified = self.world.run(self.reference.clock, &["verify", BUNDLE]);
            assert_eq!(verified.exit, Some(0), "{at}: {}", verified.text);
        }
        let index = self.reference.current(what).unwrap_or_else(|| {
            self.reference.revisions.push(Revision {
                number,
                what,
                states: *states,
                since: [0; ALL],
                resends: [0; ALL],
            });
            self.reference.revisions.len() - 1
        });
        let revision = &mut self.reference.revisions[index];
        revision.states = *states;
        for place in due {
            revision.since[*place] = self.reference.clock;
            revision.resends[*place] += usize::from(before[*place] == State::Unknown);
        }
    }

    /// Holds the world against the picture.
    fn compare(&self, step: usize) {
        let (reference, at) = (&self.reference, &self.last);
        let ledger = self.world.ledger();
        assert_eq!(ledger.len(), reference.revisions.len(), "{at}: revisions");
        for revision in &reference.revisions {
            assert_eq!(
                ledger[&revision.number], revision.states,
                "{at}: {revision:?}"
            );
        }
        for ((number, place), count) in self.world.held(false) {
            let revision = reference.revisions.iter().find(|r| r.number == number);
            let revision =
                revision.unwrap_or_else(|| panic!("{at}: revision {number} is not on record"));
            let state = revision.states[place];
            assert!(
                count <= 1 + revision.resends[place],
                "{at}: delivery {place} of revision {number} was made {count} times"
            );
            assert!(
                matches!(state, State::Sent | State::Unknown) || revision.resends[place] > 0,
                "{at}: delivery {place} of revision {number} was made, and is {state:?}"
            );
        }
        let what = reference.what(false);
        let status = self.world.status(reference.clock);
        let hold = status["state"] == "hold";
        assert_eq!(hold, what.is_none(), "{at}: {status}\n{reference:?}");
        let people = status["recipients"].as_array().unwrap().iter();
        let channels = status["channels"].as_array().unwrap().iter();
        let slack = channels.filter(|c| c["kind"] == "slack");
        let shown: Vec<State> = people
            .chain(slack)
            .map(|r| State::read(r["delivery"].as_str().unwrap()))
            .collect();
        assert_eq!(
            shown,
            reference.states(what),
            "{at}: {status}\n{reference:?}"
        );
        if let Some(what) = what {
            assert_eq!(
                status["revision"].as_u64(),
                Some(reference.number(what)),
                "{at}: {status}"
            );
        }
        self.compare_answers(&status);
        self.compare_reminders();
        if step.is_multiple_of(10) {
            let said = self.packet(&["log", "--verify"]);
            self.expect(&said, 0);
        }
    }

    fn packet(&self, args: &[&str]) -> Said {
        self.world.run(self.reference.clock, args)
    }

    fn expect(&self, said: &Said, exit: i32) {
        assert_eq!(
            said.exit,
            Some(exit),
            "{} in {}: {}\n{:?}",
            self.last,
            self.world.root().display(),
            said.text,
            self.reference
        );
    }
}
