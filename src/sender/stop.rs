//! Somebody's wish that no further delivery begins.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How long somebody who waits does not look, at most.
pub const LOOK: Duration = Duration::from_millis(100);

/// A flag that clones share: once up it stays up.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// The flag itself, for whoever raises it (a signal handler).
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    /// Whether somebody wants to stop.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits for `pause`, or until somebody wants to stop.
    pub fn sleep(&self, pause: Duration) {
        let end = Instant::now() + pause;
        while !self.asked() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(LOOK));
        }
    }
}
