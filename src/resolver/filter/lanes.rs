//! Processes at work, each with a thread that talks to it.

use std::{
    io::{self, BufReader},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use super::{
    Quantifier, Worker, Workers,
    work::{self, Answer, Asked, Batch},
};

/// How many processes work at most; more would only wait for the reader.
pub const MOST: usize = 2;

type Work = (Quantifier, Batch);

/// The processes of one run, and the way to and from them. They end with it.
pub struct Lanes<'w> {
    workers: &'w dyn Workers,
    queue: SyncSender<Work>,
    waiting: Arc<Mutex<Receiver<Work>>>,
    tell: Sender<Option<Answer>>,
    answers: Receiver<Option<Answer>>,
    ends: Vec<Box<dyn FnOnce() + Send>>,
}

impl<'w> Lanes<'w> {
    /// None yet, to be started by `workers`.
    pub fn new(workers: &'w dyn Workers) -> Self {
        let (queue, waiting) = sync_channel(MOST);
        let (tell, answers) = channel();
        Lanes {
            workers,
            queue,
            waiting: Arc::new(Mutex::new(waiting)),
            tell,
            answers,
            ends: Vec::new(),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Starts one more, for `filters`.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn open(&mut self, filters: &[Asked]) -> io::Result<()> {
        let Worker { input, output, end } = self.workers.start()?;
        self.ends.push(end);
        let (filters, waiting, tell) = (filters.to_vec(), self.waiting.clone(), self.tell.clone());
        let talk = move || {
            let (mut input, mut output) = (input, BufReader::new(output));
            let mut begun = work::tell_filters(&mut input, &filters);
            loop {
                let next = waiting.lock().map(|queue| queue.recv());
                let Ok(Ok((ask, batch))) = next else { return };
                let answer = begun
                    .and_then(|()| work::tell(&mut input, ask, &batch))
                    .and_then(|()| work::hear(&mut output));
                begun = Ok(());
                let lost = answer.is_err();
                if tell.send(answer.ok()).is_err() || lost {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("filter".to_owned());
        // Not joined: when its process ends it has nobody left to talk to.
        thread.spawn(talk).map(drop)
    }

    /// Hands over a batch; whether there is anybody to take it.
    pub fn hand(&self, ask: Quantifier, batch: Batch) -> bool {
        self.queue.send((ask, batch)).is_ok()
    }

    /// The next answer, `None` where a process ended without one.
    ///
    /// # Errors
    /// There was none within `patience`.
    pub fn wait(&self, patience: Duration) -> Result<Option<Answer>, RecvTimeoutError> {
        self.answers.recv_timeout(patience)
    }
}

impl Drop for Lanes<'_> {
    fn drop(&mut self) {
        self.ends.drain(..).for_each(|end| end());
    }
}
