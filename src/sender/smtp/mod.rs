//! Mail over SMTP (RFC 5321), on lettre's connection.
//!
//! From the wire up: `capabilities` (what the server offers), `envelope` and `content`
//! (what goes over), `fault` (what can go wrong), `link` (a connection ready for messages),
//! `dialogue` (one message over it), `session` (many), `watch` (nothing takes for ever).

mod capabilities;
mod content;
mod dialogue;
mod envelope;
mod fault;
mod link;
pub mod probe;
mod session;
mod settings;
mod watch;

use std::{
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use crate::model::plan::{DeliveryState, Outcome, Via};

use super::transport::{Parcel, Transport};
pub use fault::CLOSING;
use session::{Session, Verdict};
pub use settings::{Settings, Timeouts};
use watch::{Step, Watch};

/// One connection to a mail server, opened when needed and used again.
///
/// The dialogue runs in a thread of its own, so that a server that stalls in ways that a
/// socket's time-out does not see can be left behind.
pub struct SmtpTransport {
    settings: Arc<Settings>,
    worker: Option<Worker>,
    stuck: Option<Outcome>,
    down: bool,
}

struct Worker {
    jobs: Sender<Job>,
    results: Receiver<Verdict>,
    watch: Watch,
}

enum Job {
    Deliver {
        sender: String,
        recipient: String,
        message: Vec<u8>,
    },
    Quit,
}

impl SmtpTransport {
    /// A transport that connects at its first delivery.
    pub fn new(settings: Arc<Settings>) -> Self {
        SmtpTransport {
            settings,
            worker: None,
            stuck: None,
            down: false,
        }
    }

    /// Has `job` done, or says at which step that came to nothing.
    fn run(&mut self, job: Job) -> Result<Verdict, Step> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(&self.settings).map_err(|_| Step::Connect)?,
        };
        worker
            .watch
            .enter(Step::Command)
            .map_err(|_| Step::Command)?;
        worker.jobs.send(job).map_err(|_| Step::Command)?;
        let verdict = worker
            .watch
            .wait(&worker.results, &self.settings.timeouts)?;
        self.worker = Some(worker);
        Ok(verdict)
    }
}

impl Worker {
    fn start(settings: &Arc<Settings>) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        let (outbox, results) = mpsc::channel();
        let watch = Watch::default();
        let mut session = Session::new(Arc::clone(settings), watch.clone());
        thread::Builder::new()
            .name("smtp".to_owned())
            .spawn(move || work(&mut session, &inbox, &outbox))?;
        Ok(Worker {
            jobs,
            results,
            watch,
        })
    }
}

/// Does jobs until there are no more, or nobody waits for the results.
fn work(session: &mut Session, inbox: &Receiver<Job>, outbox: &Sender<Verdict>) {
    for job in inbox {
        let verdict = match job {
            Job::Deliver {
                sender,
                recipient,
                message,
            } => session.deliver(&sender, &recipient, &message),
            Job::Quit => return session.quit(),
        };
        let Ok(verdict) = verdict else { return };
        if outbox.send(verdict).is_err() {
            return;
        }
    }
}

impl Transport for SmtpTransport {
    fn via(&self) -> Via {
        Via::Smtp
    }

    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome {
        if let Some(outcome) = &self.stuck {
            return outcome.clone();
        }
        self.down = false;
        let job = Job::Deliver {
            sender: parcel.sender.to_owned(),
            recipient: parcel.delivery.target.clone(),
            message: parcel.bytes.to_vec(),
        };
        match self.run(job) {
            Ok(verdict) => {
                self.down = verdict.down;
                if verdict.stuck {
                    self.stuck = Some(verdict.outcome.clone());
                }
                verdict.outcome
            }
            Err(Step::Answer) => fault::said(
                DeliveryState::Unknown,
                "the message was sent, but the server took too long over its answer; it may or may not have arrived",
            ),
            Err(Step::Connect | Step::Command | Step::Block) => fault::said(
                DeliveryState::Deferred,
                "the server took too long; the message was not delivered",
            ),
        }
    }

    fn stuck(&self) -> bool {
        self.stuck.is_some()
    }

    fn down(&self) -> bool {
        self.down
    }

    fn finish(&mut self) {
        self.stuck = None;
        if self.worker.is_some() {
            // A thread that quits sends no verdict; waiting for its end lets QUIT go out.
            let _ = self.run(Job::Quit);
            self.worker = None;
        }
    }
}
