//! The clock, and the moment that `--now` puts in its place.

use jiff::Timestamp;

/// What time it is: the machine's, or the one given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    given: Option<Timestamp>,
}

impl Clock {
    /// The machine's clock, or `given` in its place.
    pub fn new(given: Option<Timestamp>) -> Self {
        Clock { given }
    }

    /// The moment that rules what is done.
    pub fn now(self) -> Timestamp {
        self.given.unwrap_or_else(Self::machine)
    }

    /// The machine's own clock, where another moment was given: the ledger records both.
    pub fn beside(self) -> Option<Timestamp> {
        self.given.map(|_| Self::machine())
    }

    /// Whether `--now` was given.
    pub fn is_given(self) -> bool {
        self.given.is_some()
    }

    /// To the millisecond: no more is true of any clock, and people have to read it.
    fn machine() -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}
