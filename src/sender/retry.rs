//! Trying again: only what was certainly not delivered, a few times, with growing pauses.

use std::{thread, time::Duration};

use crate::model::plan::{DeliveryState, Outcome, Via};

use super::transport::{Parcel, Transport};

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
        let growth = self.factor.saturating_pow(made - 1);
        Some(self.first.saturating_mul(growth).min(self.longest))
    }
}

/// How a [`Retrying`] transport waits.
pub type Sleep = Box<dyn FnMut(Duration) + Send>;

/// A transport that tries deferred deliveries again.
pub struct Retrying<T> {
    inner: T,
    policy: RetryPolicy,
    sleep: Sleep,
    /// Nobody answered, however often the last one was tried: the next ones are tried once, so
    /// that many recipients do not wait for each other's attempts in vain.
    gone: bool,
}

impl<T: Transport> Retrying<T> {
    /// Delivers by `inner`, trying again as `policy` says.
    pub fn new(inner: T, policy: RetryPolicy) -> Self {
        Self::with_sleep(inner, policy, Box::new(thread::sleep))
    }

    /// The same with another way of waiting, such as one that can be interrupted.
    pub fn with_sleep(inner: T, policy: RetryPolicy, sleep: Sleep) -> Self {
        Retrying {
            inner,
            policy,
            sleep,
            gone: false,
        }
    }
}

impl<T: Transport> Transport for Retrying<T> {
    fn via(&self) -> Via {
        self.inner.via()
    }

    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome {
        let mut made = 1;
        loop {
            let mut outcome = self.inner.deliver(parcel);
            let again = outcome.state == DeliveryState::Deferred && !self.inner.stuck();
            let silent = again && outcome.code.is_none();
            match self
                .policy
                .pause(made)
                .filter(|_| again && !(silent && self.gone))
            {
                Some(pause) => (self.sleep)(pause),
                None => {
                    self.gone = silent;
                    if again && made > 1 {
                        outcome.detail = format!("{} ({made} attempts)", outcome.detail);
                    }
                    return outcome;
                }
            }
            made += 1;
        }
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
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{model::document::ChannelKind, model::plan::PlannedDelivery, sender::transport};

    struct Script(Vec<DeliveryState>, bool);

    impl Transport for Script {
        fn via(&self) -> Via {
            Via::Smtp
        }

        fn deliver(&mut self, _: &Parcel<'_>) -> Outcome {
            transport::outcome(Via::Smtp, self.0.remove(0), "scripted")
        }

        fn stuck(&self) -> bool {
            self.1
        }
    }

    fn delivery() -> PlannedDelivery {
        PlannedDelivery {
            key: "email:ann@example.com".into(),
            kind: ChannelKind::Email,
            names: vec![],
            target: "ann@example.com".into(),
            file: None,
            sha256: None,
            size: 0,
            message_id: None,
            token: None,
        }
    }

    fn run(states: &[DeliveryState], stuck: bool) -> (Outcome, Vec<u64>, usize) {
        let slept = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&slept);
        let mut retrying = Retrying::with_sleep(
            Script(states.to_vec(), stuck),
            RetryPolicy::default(),
            Box::new(move |pause| log.lock().unwrap().push(pause.as_secs())),
        );
        let delivery = delivery();
        let outcome = retrying.deliver(&Parcel {
            delivery: &delivery,
            bytes: b"",
            sender: "team@example.com",
        });
        let pauses = slept.lock().unwrap().clone();
        (outcome, pauses, retrying.inner.0.len())
    }

    #[test]
    fn only_deferred_is_tried_again() {
        use DeliveryState::{Deferred, Rejected, Sent, Unknown};
        for (states, last, pauses, unused) in [
            (vec![Sent, Sent], Sent, vec![], 1),
            (vec![Rejected, Sent], Rejected, vec![], 1),
            (vec![Unknown, Sent], Unknown, vec![], 1),
            (vec![Deferred, Sent], Sent, vec![2], 0),
            (vec![Deferred, Unknown, Sent], Unknown, vec![2], 1),
            (
                vec![Deferred, Deferred, Deferred, Sent],
                Deferred,
                vec![2, 10],
                1,
            ),
        ] {
            let (outcome, slept, left) = run(&states, false);
            assert_eq!(
                (outcome.state, slept, left),
                (last, pauses, unused),
                "{states:?}"
            );
        }
    }

    #[test]
    fn where_nobody_answers_the_next_ones_are_tried_once() {
        use DeliveryState::{Deferred, Sent};
        let slept = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&slept);
        let states = [
            Deferred, Deferred, Deferred, Deferred, Deferred, Sent, Deferred, Sent,
        ];
        let mut retrying = Retrying::with_sleep(
            Script(states.to_vec(), false),
            RetryPolicy::default(),
            Box::new(move |pause| log.lock().unwrap().push(pause.as_secs())),
        );
        let delivery = delivery();
        let parcel = Parcel {
            delivery: &delivery,
            bytes: b"",
            sender: "team@example.com",
        };
        let said: Vec<_> = (0..5).map(|_| retrying.deliver(&parcel).state).collect();
        assert_eq!(said, [Deferred, Deferred, Deferred, Sent, Sent]);
        assert_eq!(
            *slept.lock().unwrap(),
            [2, 10, 2],
            "the last after an answer"
        );
    }

    #[test]
    fn what_the_settings_broke_is_not_tried_again() {
        let (outcome, slept, _) = run(&[DeliveryState::Deferred, DeliveryState::Sent], true);
        assert_eq!(outcome.state, DeliveryState::Deferred);
        assert!(slept.is_empty());
    }

    #[test]
    fn pauses_grow_to_a_bound() {
        let policy = RetryPolicy {
            attempts: 9,
            ..RetryPolicy::default()
        };
        let pauses: Vec<_> = (0..10)
            .map(|n| policy.pause(n).map(|p| p.as_secs()))
            .collect();
        let expected = [
            None,
            Some(2),
            Some(10),
            Some(50),
            Some(60),
            Some(60),
            Some(60),
            Some(60),
            Some(60),
            None,
        ];
        assert_eq!(pauses, expected);
        assert_eq!(RetryPolicy::never().pause(1), None);
    }
}
