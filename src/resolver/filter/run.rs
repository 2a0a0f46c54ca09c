//! The filters of one artifact: batches out, answers in, and what they come to.
//!
//! Waiting with a time-out is all that this room knows of time.

use std::time::Duration;

use super::{
    LARGEST_LIST, MEMORY, PATIENCE, Quantifier, Workers,
    lanes::{Lanes, MOST},
    program::Program,
    record,
    work::{self, Answer, Asked, Batch},
};
use crate::resolver::{readers::Record, show::plain};

/// How much is handed over at once, in bytes of JSON.
const BATCH: usize = 128 << 10;

/// Filters at work over the records of one artifact.
#[derive(Default)]
pub struct Run<'w> {
    filters: Vec<Asked>,
    facts: record::Facts,
    patience: Duration,
    each: Option<Batch>,
    all: Option<Batch>,
    lanes: Option<Lanes<'w>>,
    /// Where all filters are harmless: the filters themselves, for as long as the records are few.
    tame: Option<Vec<(Quantifier, Program)>>,
    under_way: usize,
    first: Answer,
    stopped: Option<String>,
}

impl<'w> Run<'w> {
    /// Compiles `filters`; the error names the one that cannot be read. Without filters it is
    /// idle, and starts nothing.
    ///
    /// # Errors
    /// A filter cannot be read, or no process can be started where one is needed.
    pub fn start(filters: &[Asked], workers: &'w dyn Workers) -> Result<Self, String> {
        Run::patient(filters, workers, PATIENCE)
    }

    /// Nothing to do.
    pub fn idle() -> Self {
        Run::default()
    }

    /// As [`start`](Run::start), with another patience.
    ///
    /// # Errors
    /// As there.
    pub fn patient(
        filters: &[Asked],
        workers: &'w dyn Workers,
        patience: Duration,
    ) -> Result<Self, String> {
        if filters.is_empty() {
            return Ok(Run::idle());
        }
        let programs = work::compile(filters)?;
        let tame = programs.iter().all(|(_, program)| program.is_tame());
        let any = |wanted| filters.iter().any(|(quantifier, _)| *quantifier == wanted);
        let mut run = Run {
            facts: record::Facts::named_in(filters.iter().map(|(_, filter)| filter.as_str())),
            each: any(Quantifier::Each).then(Batch::default),
            all: any(Quantifier::All).then(Batch::default),
            first: vec![None; filters.len()],
            filters: filters.to_vec(),
            patience,
            lanes: Some(Lanes::new(workers)),
            tame: tame.then_some(programs),
            under_way: 0,
            stopped: None,
        };
        if run.tame.is_none() {
            run.widen()?;
        }
        Ok(run)
    }

    /// One more process.
    fn widen(&mut self) -> Result<(), String> {
        let Some(lanes) = &mut self.lanes else {
            return Ok(());
        };
        lanes.open(&self.filters).map_err(|error| {
            format!("no process could be started for the filters of packet.yaml: {error}")
        })
    }

    /// Takes the next record.
    pub fn record(&mut self, record: &Record<'_>) {
        if self.lanes.is_none() || self.stopped.is_some() {
            return;
        }
        for batch in self.each.iter_mut().chain(&mut self.all) {
            self.facts.write(record, &mut batch.text);
            batch.records.push((record.line, batch.text.len()));
        }
        if self
            .all
            .as_ref()
            .is_some_and(|all| all.text.len() > LARGEST_LIST)
        {
            self.stopped = Some(
                "the records are more than 16 MiB, too many for `all`; ask with `each`".to_owned(),
            );
        }
        if self
            .each
            .as_ref()
            .is_some_and(|each| each.text.len() >= BATCH)
        {
            let batch = self.each.replace(Batch::default());
            self.hand(Quantifier::Each, batch);
        }
    }

    /// Waits for the filters; why they are not all true. Of a file that was not read to its
    /// end nothing is said.
    pub fn finish(mut self, complete: bool) -> Vec<String> {
        if self.lanes.is_none() || !complete {
            return Vec::new();
        }
        let each = self.each.take().filter(|batch| !batch.records.is_empty());
        self.hand(Quantifier::Each, each);
        let all = self.all.take();
        self.hand(Quantifier::All, all);
        while self.under_way > 0 && self.stopped.is_none() {
            self.wait();
        }
        let mut holds: Vec<String> = self.stopped.into_iter().collect();
        for ((quantifier, filter), broken) in self.filters.iter().zip(self.first) {
            let Some((line, why)) = broken else { continue };
            let filter = plain(filter);
            holds.push(match quantifier {
                Quantifier::Each => format!("line {line}: `each: {filter}` {why}"),
                Quantifier::All => format!("`all: {filter}` {why}"),
            });
        }
        holds
    }

    fn hand(&mut self, ask: Quantifier, batch: Option<Batch>) {
        let Some(batch) = batch else { return };
        if let Some(programs) = &self.tame
            && batch.text.len() < BATCH
        {
            let answer = work::answer(programs, ask, &batch);
            return self.take(answer);
        }
        let lanes = self.lanes.as_ref().map_or(0, Lanes::count);
        if self.under_way >= lanes && lanes < MOST {
            self.stopped = self.stopped.take().or(self.widen().err());
        }
        while self.under_way > MOST && self.stopped.is_none() {
            self.wait();
        }
        if self.stopped.is_some() {
            return;
        }
        // There is room: no more is ever under way than the processes and the queue hold.
        match &self.lanes {
            Some(lanes) if lanes.hand(ask, batch) => self.under_way += 1,
            _ => self.stopped = Some(lost()),
        }
    }

    /// Keeps what comes first of what a batch came to.
    fn take(&mut self, answer: Answer) {
        for (first, found) in self.first.iter_mut().zip(answer) {
            let earlier = match (&first, &found) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some((known, _)), Some((line, _))) => line < known,
            };
            if earlier {
                *first = found;
            }
        }
    }

    fn wait(&mut self) {
        let answer = self.lanes.as_ref().map(|lanes| lanes.wait(self.patience));
        match answer {
            Some(Ok(Some(answer))) => {
                self.under_way -= 1;
                self.take(answer);
            }
            Some(Ok(None)) => self.stopped = Some(lost()),
            _ => {
                self.stopped = Some(format!(
                    "the filters took longer than {} s over one batch of records; make them simpler",
                    self.patience.as_secs_f64()
                ));
            }
        }
    }
}

/// What is said of a process that ended before its time.
fn lost() -> String {
    format!(
        "the filters ended without an answer: they need more than {} MiB of memory over one batch \
         of records; make them simpler",
        MEMORY >> 20
    )
}
