//! A limit on how many messages a minute go out, whatever the number of connections.

use std::time::{Duration, Instant};

/// Hands out moments to send at, evenly spaced.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    interval: Duration,
    next: Option<Instant>,
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
            next: None,
        }
    }

    /// How long it is at `now` until the next message may go.
    pub fn wait(&self, now: Instant) -> Duration {
        let next = self.next.unwrap_or(now);
        next.saturating_duration_since(now)
    }

    /// A message goes at `now`. A pause saves nothing up: no burst follows it.
    pub fn take(&mut self, now: Instant) {
        self.next = Some(now + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_evenly_spaced() {
        let mut pace = Pace::new(60);
        let now = Instant::now();
        assert_eq!(pace.wait(now), Duration::ZERO);
        pace.take(now);
        assert_eq!(pace.wait(now), Duration::from_secs(1));
        let half = now + Duration::from_millis(500);
        assert_eq!(pace.wait(half), Duration::from_millis(500));
        let later = now + Duration::from_secs(60);
        assert_eq!(pace.wait(later), Duration::ZERO);
        pace.take(later);
        assert_eq!(pace.wait(later), Duration::from_secs(1));
    }

    #[test]
    fn no_limit_never_waits() {
        let mut pace = Pace::new(0);
        let now = Instant::now();
        pace.take(now);
        assert_eq!(pace.wait(now), Duration::ZERO);
    }
}
