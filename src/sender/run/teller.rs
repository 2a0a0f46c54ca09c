//! Telling people what happened in the order of the plan, whatever order it happened in.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::Progress;
use crate::model::plan::{Outcome, PlannedDelivery};

/// Something to tell about a delivery.
enum News {
    Ended(Outcome),
    Again(Outcome, Duration),
}

/// Holds news back until everything before it in the plan has been told.
pub struct Teller<'a> {
    progress: &'a mut dyn Progress,
    deliveries: &'a [PlannedDelivery],
    /// Deliveries of which nothing was told yet.
    open: BTreeSet<usize>,
    held: BTreeMap<usize, Vec<News>>,
    outcomes: BTreeMap<usize, Outcome>,
    stopping: bool,
}

impl<'a> Teller<'a> {
    /// Tells `progress` about those of `deliveries` that are `due`.
    pub fn new(
        progress: &'a mut dyn Progress,
        deliveries: &'a [PlannedDelivery],
        due: impl IntoIterator<Item = usize>,
    ) -> Self {
        Teller {
            progress,
            deliveries,
            open: due.into_iter().collect(),
            held: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            stopping: false,
        }
    }

    /// A delivery is about to be made.
    pub fn begins(&mut self, index: usize) {
        self.progress.begins(&self.deliveries[index]);
    }

    /// A delivery was made, or not, and that was the last attempt.
    pub fn ended(&mut self, index: usize, outcome: &Outcome) {
        self.hold(index, News::Ended(outcome.clone()), outcome);
    }

    /// A delivery will be tried again.
    pub fn again(&mut self, index: usize, outcome: &Outcome, pause: Duration) {
        self.hold(index, News::Again(outcome.clone(), pause), outcome);
    }

    /// These will not be tried: nobody waits for them.
    pub fn leaves(&mut self, indices: impl IntoIterator<Item = usize>) {
        for index in indices {
            self.open.remove(&index);
        }
        self.flush();
    }

    /// Whether somebody wants to stop; they are told once what is waited for.
    pub fn stopped(&mut self, in_flight: usize) -> bool {
        let stopped = self.progress.stopped();
        if stopped && !self.stopping {
            self.stopping = true;
            self.progress.stopping(in_flight);
        }
        stopped
    }

    /// The last outcome of each delivery that was tried, in the order of the plan.
    pub fn tried(self) -> Vec<(PlannedDelivery, Outcome)> {
        let of = |(index, outcome): (usize, _)| (self.deliveries[index].clone(), outcome);
        self.outcomes.into_iter().map(of).collect()
    }

    fn hold(&mut self, index: usize, news: News, outcome: &Outcome) {
        self.outcomes.insert(index, outcome.clone());
        self.held.entry(index).or_default().push(news);
        self.flush();
    }

    fn flush(&mut self) {
        loop {
            let first = self.open.first().copied();
            let ready = self.held.keys().next().copied();
            let Some(index) = ready.filter(|r| first.is_none_or(|f| *r <= f)) else {
                return;
            };
            self.open.remove(&index);
            for news in self.held.remove(&index).unwrap_or_default() {
                let delivery = &self.deliveries[index];
                match news {
                    News::Ended(outcome) => self.progress.ends(delivery, &outcome),
                    News::Again(outcome, pause) => self.progress.waits(delivery, &outcome, pause),
                }
            }
        }
    }
}
