//! A watch over a dialogue that runs in a thread of its own.
//!
//! Time-outs on a socket start anew with every byte, and a name look-up has none: a server that
//! drips a byte a second would hold us for ever. So the dialogue says which step it is at, and
//! whoever waits for it gives up when one step takes too long. Giving up and going on exclude
//! each other: after giving up, no further step begins.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use super::settings::Timeouts;

/// Where a dialogue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Step {
    /// Looking up the name, connecting, TLS, EHLO, login.
    Connect,
    /// Before the message: nothing of it has left.
    Command,
    /// The message is leaving; its end has not.
    Block,
    /// The end of the message may have left.
    Answer,
}

impl Step {
    const ALL: [Step; 4] = [Step::Connect, Step::Command, Step::Block, Step::Answer];
    /// Stands in the place of a step once nobody waits any more.
    const GIVEN_UP: u64 = 0xff;

    /// Twice what the socket may take, so that the socket's own time-out comes first and says
    /// more; connecting is several waits in one.
    fn limit(self, timeouts: &Timeouts) -> Duration {
        match self {
            Step::Connect => timeouts.connect.saturating_mul(4),
            Step::Command => timeouts.command.saturating_mul(2),
            Step::Block => timeouts.block.saturating_mul(2),
            Step::Answer => timeouts.answer.saturating_mul(2),
        }
    }
}

/// The step in its low byte, a count of steps above it.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<AtomicU64>);

/// The dialogue must end at once: nobody waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp;

impl Watch {
    /// Begins `step`.
    ///
    /// # Errors
    /// When nobody waits any more; the step must not be taken then.
    pub fn enter(&self, step: Step) -> Result<(), GivenUp> {
        let advance = |seen: u64| {
            (seen & 0xff != Step::GIVEN_UP).then(|| ((seen >> 8) + 1) << 8 | step as u64)
        };
        match self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, advance)
        {
            Ok(_) => Ok(()),
            Err(_) => Err(GivenUp),
        }
    }

    /// Waits for the dialogue's result. `Err` holds the step that took too long, or at which the
    /// dialogue's thread ended without a result.
    pub fn wait<T>(&self, results: &Receiver<T>, timeouts: &Timeouts) -> Result<T, Step> {
        loop {
            let seen = self.0.load(Ordering::SeqCst);
            let step = Step::ALL
                .into_iter()
                .find(|&s| s as u64 == seen & 0xff)
                .unwrap_or(Step::Answer);
            match results.recv_timeout(step.limit(timeouts)) {
                Ok(result) => return Ok(result),
                Err(reason) => {
                    let stop = seen | Step::GIVEN_UP;
                    let stopped = self
                        .0
                        .compare_exchange(seen, stop, Ordering::SeqCst, Ordering::SeqCst)
                        .is_ok();
                    if stopped {
                        // It may have ended between the time-out and the stop.
                        return results.try_recv().map_err(|_| step);
                    }
                    if reason == RecvTimeoutError::Disconnected {
                        return Err(Step::Answer);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn short() -> Timeouts {
        Timeouts::all(Duration::from_millis(1))
    }

    #[test]
    fn after_giving_up_no_step_begins() {
        let watch = Watch::default();
        let (_keep, results) = mpsc::channel::<()>();
        watch.enter(Step::Command).unwrap();
        assert_eq!(watch.wait(&results, &short()), Err(Step::Command));
        assert_eq!(watch.enter(Step::Answer), Err(GivenUp));
    }

    #[test]
    fn a_result_is_passed_on_and_a_lost_thread_is_noticed() {
        let watch = Watch::default();
        let (send, results) = mpsc::channel();
        watch.enter(Step::Answer).unwrap();
        send.send(7).unwrap();
        assert_eq!(watch.wait(&results, &short()), Ok(7));
        drop(send);
        assert_eq!(watch.wait(&results, &short()), Err(Step::Answer));
    }
}
