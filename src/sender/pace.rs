//! A limit on how many messages a minute go out, shared by all connections.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::model::plan::{Outcome, Via};

use super::transport::{Parcel, Transport};

/// Hands out moments to send at, evenly spaced. Clones share them.
#[derive(Clone, Debug)]
pub struct Pace {
    interval: Duration,
    next: Arc<Mutex<Option<Instant>>>,
}

impl Pace {
    /// At most `per_minute` messages a minute; 0 means no limit.
    pub fn new(per_minute: u32) -> Self {
        let interval = match per_minute {
            0 => Duration::ZERO,
            n => Duration::from_secs(60) / n,
        };
        Pace {
            interval,
            next: Arc::default(),
        }
    }

    /// Takes the next place in line at `now`; returns how long to wait for it.
    pub fn reserve(&self, now: Instant) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = next.map_or(now, |at| at.max(now));
        *next = Some(at + self.interval);
        at.saturating_duration_since(now)
    }
}

/// A transport that keeps to a [`Pace`].
#[derive(Debug)]
pub struct Paced<T> {
    inner: T,
    pace: Pace,
}

impl<T: Transport> Paced<T> {
    /// Delivers by `inner`, waiting before each delivery as `pace` says.
    pub fn new(inner: T, pace: Pace) -> Self {
        Paced { inner, pace }
    }
}

impl<T: Transport> Transport for Paced<T> {
    fn via(&self) -> Via {
        self.inner.via()
    }

    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome {
        let wait = self.pace.reserve(Instant::now());
        if !wait.is_zero() {
            thread::sleep(wait);
        }
        self.inner.deliver(parcel)
    }

    fn stuck(&self) -> bool {
        self.inner.stuck()
    }

    fn finish(&mut self) {
        self.inner.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_one_line() {
        let pace = Pace::new(60);
        let other = pace.clone();
        let now = Instant::now();
        assert_eq!(pace.reserve(now), Duration::ZERO);
        assert_eq!(other.reserve(now), Duration::from_secs(1));
        assert_eq!(pace.reserve(now), Duration::from_secs(2));
        // A pause saves nothing up: no burst follows it.
        let later = now + Duration::from_secs(60);
        assert_eq!(pace.reserve(later), Duration::ZERO);
        assert_eq!(pace.reserve(later), Duration::from_secs(1));
    }

    #[test]
    fn no_limit_never_waits() {
        let pace = Pace::new(0);
        let now = Instant::now();
        assert_eq!(pace.reserve(now), Duration::ZERO);
        assert_eq!(pace.reserve(now), Duration::ZERO);
    }
}
