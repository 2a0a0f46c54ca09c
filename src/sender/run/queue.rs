//! Which delivery is next, and when: retries, pauses, the rate, and when to give a server up.
//!
//! Pure: the caller says what time it is.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use crate::{
    model::plan::{DeliveryState, Outcome},
    sender::{pace::Pace, retry::RetryPolicy, smtp::CLOSING},
};

/// A server that fails so many times in a row, with a pause in between, is given up.
const TROUBLES: u32 = 3;

/// How deliveries over one transport are made.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many at a time, at most.
    pub connections: usize,
    /// When a deferred delivery is tried again.
    pub policy: RetryPolicy,
    /// How many a minute.
    pub pace: Pace,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Make this delivery; it counts as in flight from now on.
    Make(usize),
    /// Ask again after this long.
    Wait(Duration),
    /// Nothing, until one in flight ends; with none in flight, nothing any more.
    Nothing,
}

/// What an outcome speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The one message.
    Message,
    /// The other side as a whole.
    Server,
    /// Our settings: the next message would end the same.
    Settings,
}

/// What becomes of a delivery that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// That was it.
    Ends,
    /// It is tried again, after this long at the earliest.
    Again(Duration),
}

/// The deliveries of one transport that are to be made.
#[derive(Debug)]
pub struct Queue {
    limits: Limits,
    waiting: VecDeque<usize>,
    again: Vec<(Instant, usize)>,
    attempts: BTreeMap<usize, u32>,
    in_flight: usize,
    /// How many may be in flight: one until the server has answered, so that a wrong password is
    /// tried once and not on every connection.
    width: usize,
    troubles: u32,
    paused: Option<Instant>,
    given_up: Option<String>,
}

impl Queue {
    /// Deliveries by index, in the order they are to be made.
    pub fn new(due: impl IntoIterator<Item = usize>, limits: Limits) -> Self {
        Queue {
            limits,
            waiting: due.into_iter().collect(),
            again: Vec::new(),
            attempts: BTreeMap::new(),
            in_flight: 0,
            width: 1,
            troubles: 0,
            paused: None,
            given_up: None,
        }
    }

    /// What to do at `now`.
    pub fn next(&mut self, now: Instant) -> Next {
        let room = self.in_flight < self.width;
        let empty = self.waiting.is_empty() && self.again.is_empty();
        if self.given_up.is_some() || !room || empty {
            return Next::Nothing;
        }
        let until =
            |at: Option<Instant>| at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let first = self.again.iter().map(|(at, _)| *at).min();
        let mut wait = until(self.paused).max(self.limits.pace.wait(now));
        if self.waiting.is_empty() {
            wait = wait.max(until(first));
        }
        if !wait.is_zero() {
            return Next::Wait(wait);
        }
        // After trouble another message tries the line: the last one may have caused it.
        let avoid = self.troubles > 0 && !self.waiting.is_empty();
        let mut again = self.again.iter();
        let due = again.position(|(at, _)| *at <= now).filter(|_| !avoid);
        let index = match due {
            Some(place) => Some(self.again.remove(place).1),
            None => self.waiting.pop_front(),
        };
        let Some(index) = index else {
            return Next::Nothing;
        };
        self.limits.pace.take(now);
        self.in_flight += 1;
        Next::Make(index)
    }

    /// Delivery `index` came to `outcome` at `now`.
    pub fn ended(&mut self, index: usize, outcome: &Outcome, about: About, now: Instant) -> Then {
        self.in_flight = self.in_flight.saturating_sub(1);
        let made = self.attempts.entry(index).or_default();
        *made += 1;
        let made = *made;
        if about == About::Settings {
            self.given_up = Some(outcome.detail.clone());
            return Then::Ends;
        }
        if about == About::Server || is_trouble(outcome) {
            self.trouble(outcome, now);
        } else {
            self.troubles = 0;
            self.width = self.limits.connections.max(1);
        }
        if outcome.state != DeliveryState::Deferred {
            return Then::Ends;
        }
        match self.limits.policy.pause(made) {
            Some(pause) if self.given_up.is_none() => {
                self.again.push((now + pause, index));
                Then::Again(pause)
            }
            _ => Then::Ends,
        }
    }

    /// The server itself fails: everyone waits, then one delivery tries whether it is back.
    fn trouble(&mut self, outcome: &Outcome, now: Instant) {
        self.width = 1;
        if outcome.code == Some(CLOSING) {
            self.limits.connections = (self.limits.connections / 2).max(1);
        }
        // What was in flight when the trouble began tells nothing new.
        if self.paused.is_some_and(|until| until > now) {
            return;
        }
        self.troubles += 1;
        if self.troubles >= TROUBLES {
            self.given_up = Some(outcome.detail.clone());
        } else {
            self.paused = Some(now + self.limits.policy.length(self.troubles));
        }
    }

    /// How many are being made.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Why the server was given up, if it was.
    pub fn given_up(&self) -> Option<&str> {
        self.given_up.as_deref()
    }

    /// What has not been tried, in order.
    pub fn untried(&self) -> impl Iterator<Item = usize> {
        self.waiting.iter().copied()
    }

    /// Whether anything is left to be tried, or tried again.
    pub fn is_open(&self) -> bool {
        !self.waiting.is_empty() || !self.again.is_empty()
    }
}

/// Whether a message's outcome shows trouble with the connection: lost, or about to close.
fn is_trouble(outcome: &Outcome) -> bool {
    match outcome.state {
        DeliveryState::Deferred => outcome.code.is_none() || outcome.code == Some(CLOSING),
        // A server that takes messages and dies before it answers would make all of them unknown.
        DeliveryState::Unknown => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
