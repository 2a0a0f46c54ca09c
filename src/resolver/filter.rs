//! jq filters over records: `each` and `all` of `packet.yaml`.
//!
//! A filter comes with a workspace that somebody else may have written. It reaches neither
//! environment, files nor clock; it works in threads of its own, a batch of records at a time,
//! and a batch that is not done within [`PATIENCE`] holds. Waiting with a time-out is all that
//! this room knows of time.

mod guard;
mod program;
mod record;

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use super::{readers::Record, show::plain};
use program::Program;

/// How long a batch of records, or the list of all, may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The largest list that `all` is asked about, in bytes of JSON: 16 MiB.
pub const LARGEST_LIST: usize = 16 << 20;

/// How much is handed to a thread at once, in bytes of JSON.
const BATCH: usize = 128 << 10;

/// Threads at work; more would only wait for the reader.
const THREADS: usize = 2;

/// Deeply nested results are dropped recursively, which takes room.
const STACK: usize = 256 << 20;

/// Over what a filter must be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// Each record by itself.
    Each,
    /// The list of all records.
    All,
}

/// Whether `filter` can be read; if not, why, in words for a configuration error.
pub fn check(filter: &str) -> Result<(), String> {
    Program::compile(filter).map(|_| ())
}

/// Some records as JSON texts, and the line of each.
#[derive(Default)]
struct Batch {
    text: String,
    records: Vec<(u64, usize)>,
}

impl Batch {
    fn texts(&self) -> impl Iterator<Item = (u64, &str)> {
        let mut start = 0;
        self.records.iter().map(move |&(line, end)| {
            let text = self.text.get(start..end).unwrap_or("");
            start = end;
            (line, text)
        })
    }
}

enum Work {
    Each(Batch),
    All(Arc<Batch>),
}

/// What a batch came to: for each filter, the first record it is not true for.
type Answer = Vec<Option<(u64, String)>>;

/// Filters at work over the records of one artifact.
#[derive(Default)]
pub struct Run {
    filters: Vec<(Quantifier, String)>,
    facts: record::Facts,
    patience: Duration,
    each: Option<Batch>,
    all: Option<Batch>,
    work: Option<SyncSender<Work>>,
    answers: Option<Receiver<Answer>>,
    under_way: usize,
    first: Answer,
    stopped: Option<String>,
}

impl Run {
    /// Compiles `filters`; the error names the one that cannot be read. Without filters it is
    /// idle.
    pub fn start(filters: &[(Quantifier, String)]) -> Result<Self, String> {
        Run::patient(filters, PATIENCE)
    }

    /// Nothing to do.
    pub fn idle() -> Self {
        Run::default()
    }

    /// As [`start`](Run::start), with another patience.
    pub fn patient(filters: &[(Quantifier, String)], patience: Duration) -> Result<Self, String> {
        if filters.is_empty() {
            return Ok(Run::idle());
        }
        for (_, filter) in filters {
            check(filter)?;
        }
        let (work, waiting) = sync_channel(THREADS);
        let (tell, answers) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..THREADS {
            let (filters, waiting, tell) = (filters.to_vec(), waiting.clone(), tell.clone());
            // Detached on purpose: a filter that never ends cannot be joined.
            thread::Builder::new()
                .name("filter".to_owned())
                .stack_size(STACK)
                .spawn(move || serve(&filters, &waiting, |answer| tell.send(answer).is_ok()))
                .map_err(|error| format!("no thread for the filters: {error}"))?;
        }
        let any = |wanted| filters.iter().any(|(quantifier, _)| *quantifier == wanted);
        Ok(Run {
            facts: record::Facts::named_in(filters.iter().map(|(_, filter)| filter.as_str())),
            each: any(Quantifier::Each).then(Batch::default),
            all: any(Quantifier::All).then(Batch::default),
            first: vec![None; filters.len()],
            filters: filters.to_vec(),
            patience,
            work: Some(work),
            answers: Some(answers),
            under_way: 0,
            stopped: None,
        })
    }

    /// Takes the next record.
    pub fn record(&mut self, record: &Record<'_>) {
        if self.work.is_none() || self.stopped.is_some() {
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
            self.hand(batch.map(Work::Each));
        }
    }

    /// Waits for the filters; why they are not all true. Of a file that was not read to its
    /// end nothing is said.
    pub fn finish(mut self, complete: bool) -> Vec<String> {
        if self.work.is_none() || !complete {
            return Vec::new();
        }
        let each = self.each.take().filter(|batch| !batch.records.is_empty());
        self.hand(each.map(Work::Each));
        let all = self.all.take();
        self.hand(all.map(|batch| Work::All(Arc::new(batch))));
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

    fn hand(&mut self, work: Option<Work>) {
        let Some(work) = work else { return };
        while self.under_way > THREADS && self.stopped.is_none() {
            self.wait();
        }
        if self.stopped.is_some() {
            return;
        }
        // There is room: no more is ever under way than the threads and the queue hold.
        match self.work.as_ref().map(|queue| queue.send(work)) {
            Some(Ok(())) => self.under_way += 1,
            _ => self.stopped = Some("the filters ended unexpectedly".to_owned()),
        }
    }

    fn wait(&mut self) {
        let answer = self
            .answers
            .as_ref()
            .map(|answers| answers.recv_timeout(self.patience));
        match answer {
            Some(Ok(answer)) => {
                self.under_way -= 1;
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
            _ => {
                self.stopped = Some(format!(
                    "the filters took longer than {} s over one batch of records; make them simpler",
                    self.patience.as_secs_f64()
                ));
            }
        }
    }
}

fn serve(
    filters: &[(Quantifier, String)],
    waiting: &Mutex<Receiver<Work>>,
    tell: impl Fn(Answer) -> bool,
) {
    let programs: Vec<Option<Program>> = filters
        .iter()
        .map(|(_, filter)| Program::compile(filter).ok())
        .collect();
    loop {
        let Ok(work) = waiting.lock().map(|queue| queue.recv()) else {
            return;
        };
        let Ok(work) = work else { return };
        let answer = filters
            .iter()
            .zip(&programs)
            .map(|((quantifier, _), program)| match (&work, quantifier) {
                (Work::Each(batch), Quantifier::Each) => first_untrue(program.as_ref()?, batch),
                (Work::All(batch), Quantifier::All) => {
                    let texts = batch.texts().map(|(_, text)| text);
                    Some((0, program.as_ref()?.refuses_all(texts)?))
                }
                _ => None,
            })
            .collect();
        if !tell(answer) {
            return;
        }
    }
}

fn first_untrue(program: &Program, batch: &Batch) -> Option<(u64, String)> {
    batch
        .texts()
        .find_map(|(line, text)| Some((line, program.refuses(text)?)))
}

#[cfg(test)]
mod tests;
