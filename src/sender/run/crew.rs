//! Worker threads, each with a transport of its own; they know nothing of the ledger.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use crate::{
    model::plan::{DeliveryState, Outcome},
    sender::transport::{self, Parcel, Transport},
};

use super::queue::About;

/// A delivery that a worker has made.
#[derive(Debug)]
pub struct Made {
    /// Which delivery.
    pub index: usize,
    /// What came of it.
    pub outcome: Outcome,
    /// What it speaks of.
    pub about: About,
    worker: usize,
}

/// Workers that wait for deliveries to make.
pub struct Crew {
    jobs: Vec<Sender<usize>>,
    made: Receiver<Made>,
    idle: Vec<usize>,
}

/// Runs `work` with one worker for each of `transports`; `parcel` says what a delivery's index
/// stands for. Connections are ended politely before this returns.
pub fn with_crew<'p, R>(
    transports: Vec<Box<dyn Transport>>,
    parcel: &(dyn Fn(usize) -> Parcel<'p> + Sync),
    work: impl FnOnce(&mut Crew) -> R,
) -> R {
    thread::scope(|scope| {
        let (results, made) = mpsc::channel();
        let mut jobs = Vec::new();
        for (worker, mut transport) in transports.into_iter().enumerate() {
            let (job, inbox) = mpsc::channel::<usize>();
            let results = results.clone();
            jobs.push(job);
            scope.spawn(move || {
                for index in inbox {
                    let made = make(&mut *transport, &parcel(index), index, worker);
                    if results.send(made).is_err() {
                        break;
                    }
                }
                transport.finish();
            });
        }
        let idle = (0..jobs.len()).rev().collect();
        let mut crew = Crew { jobs, made, idle };
        let result = work(&mut crew);
        // Workers end when nobody can give them anything any more.
        drop(crew);
        result
    })
}

fn make(transport: &mut dyn Transport, parcel: &Parcel<'_>, index: usize, worker: usize) -> Made {
    let via = transport.via();
    // A fault of our own must not leave the ledger waiting: what it broke off may have arrived.
    let outcome = catch_unwind(AssertUnwindSafe(|| transport.deliver(parcel))).unwrap_or_else(|_| {
        transport::outcome(
            via,
            DeliveryState::Unknown,
            "packet itself failed at this delivery; it may or may not have arrived. Please report it",
        )
    });
    Made {
        index,
        about: match (transport.stuck(), transport.down()) {
            (true, _) => About::Settings,
            (false, true) => About::Server,
            (false, false) => About::Message,
        },
        outcome,
        worker,
    }
}

impl Crew {
    /// How many workers have nothing to do.
    pub fn idle(&self) -> usize {
        self.idle.len()
    }

    /// Gives delivery `index` to an idle worker; says whether there was one.
    pub fn give(&mut self, index: usize) -> bool {
        let Some(worker) = self.idle.pop() else {
            return false;
        };
        self.jobs[worker].send(index).is_ok()
    }

    /// What was made meanwhile; waits for the first one, at most for `pause`.
    pub fn wait(&mut self, pause: Duration) -> Vec<Made> {
        let first = match self.made.recv_timeout(pause) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Vec::new(),
        };
        let mut all = vec![first];
        all.extend(self.made.try_iter());
        self.idle.extend(all.iter().map(|m| m.worker));
        all
    }
}
