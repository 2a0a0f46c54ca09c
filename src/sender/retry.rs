//! When to try again: only what was certainly not delivered, a few times, with growing pauses.

use std::time::Duration;

/// How often to try, and how long to wait in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many attempts in all; 1 means no second one.
    pub attempts: u32,
    /// The pause before the second attempt.
    pub first: Duration,
    /// By how much each pause is longer than the one before.
    pub factor: u32,
    /// No pause is longer.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, after 2 and 10 seconds: enough for a server that restarts; whoever
    /// greylists for minutes is met by the next `send`.
    fn default() -> Self {
        RetryPolicy {
            attempts: 3,
            first: Duration::from_secs(2),
            factor: 5,
            longest: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// One attempt only.
    pub fn never() -> Self {
        RetryPolicy {
            attempts: 1,
            ..RetryPolicy::default()
        }
    }

    /// The pause after `made` attempts that came to nothing; `None` when it is time to give up.
    pub fn pause(&self, made: u32) -> Option<Duration> {
        if made == 0 || made >= self.attempts {
            return None;
        }
        Some(self.length(made))
    }

    /// How long the pause number `count` (from 1) is, however many there may be.
    pub fn length(&self, count: u32) -> Duration {
        let growth = self.factor.saturating_pow(count.saturating_sub(1));
        self.first.saturating_mul(growth).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        let policy = RetryPolicy {
            attempts: 6,
            ..RetryPolicy::default()
        };
        let pauses: Vec<_> = (0..7)
            .map(|n| policy.pause(n).map(|p| p.as_secs()))
            .collect();
        let expected = [None, Some(2), Some(10), Some(50), Some(60), Some(60), None];
        assert_eq!(pauses, expected);
        assert_eq!(RetryPolicy::never().pause(1), None);
    }
}
