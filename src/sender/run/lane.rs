//! The deliveries of one transport, several at a time.
//!
//! The ledger has one writer, the thread that calls [`Lane::run`]. It writes down what was made
//! and what will be made next in one go, and only then lets a worker near the wire. So a process
//! that dies leaves at most as many deliveries unknown as there are connections.

use std::time::{Duration, Instant};

use super::{
    crew::{self, Crew, Made},
    journal::Journal,
    queue::{Limits, Next, Queue, Then},
    teller::Teller,
};
use crate::{
    model::plan::Via,
    sender::{
        stop::LOOK,
        transport::{Parcel, Transport},
    },
    workspace::ledger_file::LedgerError,
};

/// The deliveries of one transport.
pub struct Lane {
    /// Which transport.
    pub via: Via,
    /// The transport, once for each connection.
    pub transports: Vec<Box<dyn Transport>>,
    /// How they are used.
    pub limits: Limits,
    /// The deliveries, by their place in the plan.
    pub due: Vec<usize>,
}

/// How a lane ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneEnd {
    /// Deliveries that were not tried, in order.
    pub left: Vec<usize>,
    /// Why the transport was given up, if it was.
    pub given_up: Option<String>,
    /// Whether somebody wanted to stop before all was done.
    pub stopped: bool,
}

impl Lane {
    /// Makes the deliveries; `parcel` holds their bytes.
    ///
    /// # Errors
    /// The ledger cannot be written: nothing more is begun, what is in flight is waited for and
    /// recorded if that is possible.
    pub fn run<'p>(
        self,
        parcel: &(dyn Fn(usize) -> Parcel<'p> + Sync),
        journal: &mut Journal<'_>,
        teller: &mut Teller<'_>,
    ) -> Result<LaneEnd, LedgerError> {
        let mut queue = Queue::new(self.due, self.limits);
        let result = crew::with_crew(self.transports, parcel, |crew| {
            let mut turns = Turns {
                crew,
                queue: &mut queue,
                journal,
                teller,
                via: self.via,
            };
            turns.all()
        });
        let stopped = result?;
        let left: Vec<usize> = queue.untried().collect();
        teller.leaves(left.iter().copied());
        Ok(LaneEnd {
            stopped: stopped && queue.is_open(),
            left,
            given_up: queue.given_up().map(str::to_owned),
        })
    }
}

/// The writer's turns: record, hand out, wait.
struct Turns<'a, 'j, 't> {
    crew: &'a mut Crew,
    queue: &'a mut Queue,
    journal: &'a mut Journal<'j>,
    teller: &'a mut Teller<'t>,
    via: Via,
}

impl Turns<'_, '_, '_> {
    /// Goes on until nothing is left to do; says whether somebody wanted to stop.
    fn all(&mut self) -> Result<bool, LedgerError> {
        let mut made = Vec::new();
        loop {
            let stopped = self.teller.stopped(self.queue.in_flight());
            let (next, pause) = if stopped {
                (Vec::new(), LOOK)
            } else {
                self.next()
            };
            if let Err(error) = self.record(&made, &next) {
                self.take_in(next.len());
                return Err(error);
            }
            for index in next {
                self.teller.begins(index);
                self.crew.give(index);
            }
            if self.queue.in_flight() == 0 && (stopped || pause.is_zero()) {
                return Ok(stopped);
            }
            let pause = if pause.is_zero() { LOOK } else { pause };
            made = self.wait(pause.min(LOOK));
        }
    }

    /// What idle workers are to make now, and how long to wait before asking again; zero where
    /// there is nothing to wait for but what is in flight.
    fn next(&mut self) -> (Vec<usize>, Duration) {
        let now = Instant::now();
        let mut next = Vec::new();
        while next.len() < self.crew.idle() {
            match self.queue.next(now) {
                Next::Make(index) => next.push(index),
                Next::Wait(pause) => return (next, pause),
                Next::Nothing => break,
            }
        }
        (next, Duration::ZERO)
    }

    /// Records what was made and what will be; people hear of it once it is on record.
    fn record(&mut self, made: &[(Made, Then)], next: &[usize]) -> Result<(), LedgerError> {
        let outcomes = made.iter().map(|(m, _)| (m.index, m.outcome.clone()));
        let outcomes: Vec<_> = outcomes.collect();
        self.journal.record(&outcomes, next, self.via)?;
        for (made, then) in made {
            match then {
                Then::Ends => self.teller.ended(made.index, &made.outcome),
                Then::Again(pause) => self.teller.again(made.index, &made.outcome, *pause),
            }
        }
        Ok(())
    }

    fn wait(&mut self, pause: Duration) -> Vec<(Made, Then)> {
        let made = self.crew.wait(pause).into_iter();
        let now = Instant::now();
        made.map(|made| {
            let then = self.queue.ended(made.index, &made.outcome, made.about, now);
            (made, then)
        })
        .collect()
    }

    /// After the ledger failed: lets what is in flight end, and records it if that works again.
    /// `unborn` were taken from the queue and never handed out.
    fn take_in(&mut self, unborn: usize) {
        while self.queue.in_flight() > unborn {
            let made = self.wait(LOOK);
            // The error that is told is the first; what cannot be recorded stays unknown.
            let _ = self.record(&made, &[]);
        }
    }
}
