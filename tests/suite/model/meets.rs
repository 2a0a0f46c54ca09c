//! What a send meets: the number of connections, a fault of the mail server, the webhook's answer;
//! and what may be true afterwards.

use std::ops::RangeInclusive;

use super::{
    reference::{CHANNEL, State},
    world::Meets,
};
use crate::{
    peers::{http::Answer, script::Fault},
    random::Random,
};

/// What a server does to one of the messages.
#[derive(Clone, Copy, Debug)]
enum Trick {
    Deferred,
    Rejected,
    LostBefore,
    LostAfterKeeping,
    LostAfterDropping,
    DotDeferred,
    DotRejected,
}

const TRICKS: [Trick; 7] = [
    Trick::Deferred,
    Trick::Rejected,
    Trick::LostBefore,
    Trick::LostAfterKeeping,
    Trick::LostAfterDropping,
    Trick::DotDeferred,
    Trick::DotRejected,
];

/// What the webhook does to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hook {
    Takes,
    Refuses,
    Closes,
    Resets,
}

/// All that one send meets.
#[derive(Clone, Copy, Debug)]
pub struct Encounter {
    connections: usize,
    /// A fault, and which of the messages meets it where they go one after the other.
    trick: Option<(Trick, usize)>,
    hook: Hook,
}

impl Encounter {
    /// For a send to `due`.
    pub fn random(chance: &mut Random, due: &[usize]) -> Self {
        let mails = due.iter().filter(|p| **p != CHANNEL).count() as u64;
        let trick = (mails > 0 && !chance.one_in(3)).then(|| {
            let trick = TRICKS[chance.below(TRICKS.len() as u64) as usize];
            (trick, chance.below(mails) as usize)
        });
        let connections = [1, 1, 2, 4][chance.below(4) as usize];
        let hook = match chance.below(8) {
            0 => Hook::Refuses,
            1 => Hook::Closes,
            2 => Hook::Resets,
            _ => Hook::Takes,
        };
        Encounter {
            connections,
            trick,
            hook,
        }
    }

    /// The same for the servers.
    pub fn meets(self) -> Meets {
        Meets {
            connections: self.connections,
            faults: self.trick.iter().map(|(t, skip)| t.fault(*skip)).collect(),
            answer: match self.hook {
                Hook::Takes => Answer::Says(200, "", "ok"),
                Hook::Refuses => Answer::Says(404, "", "no_service"),
                Hook::Closes => Answer::Close,
                Hook::Resets => Answer::Reset,
            },
        }
    }

    /// Whether anything departs from good behaviour.
    pub fn is_bad(self) -> bool {
        self.trick.is_some() || self.hook != Hook::Takes
    }

    /// How many messages the mail server's fault hits.
    pub fn hits(self) -> RangeInclusive<usize> {
        match self.trick {
            None => 0..=0,
            // A used connection that is lost between messages is replaced by a fresh one.
            Some((Trick::LostBefore, _)) => 0..=1,
            Some(_) => 1..=1,
        }
    }

    /// Whether the delivery at `place` cannot have been made.
    pub fn must_hit(self, place: usize) -> bool {
        place == CHANNEL && self.hook != Hook::Takes
    }

    /// Whether the delivery at `place`, the `turn`-th that was due, may have ended so instead of
    /// being sent.
    pub fn allows(self, turn: usize, place: usize, state: State, held: bool) -> bool {
        if place == CHANNEL {
            return match self.hook {
                Hook::Takes => false,
                Hook::Refuses => state == State::Rejected && !held,
                Hook::Closes | Hook::Resets => state == State::Unknown && held,
            };
        }
        // Over several connections nobody can say which message comes to the fault.
        self.trick
            .is_some_and(|(t, at)| t.allows(state, held) && (self.connections > 1 || at == turn))
    }
}

impl Trick {
    fn fault(self, skip: usize) -> Fault {
        let text = match self {
            Trick::Deferred => "at: rcpt, reply: '450 4.2.0 later'",
            Trick::Rejected => "at: rcpt, reply: '550 5.1.1 nobody'",
            Trick::LostBefore => "at: mail, then: reset",
            Trick::LostAfterKeeping => "at: dot, keep: true, then: close",
            Trick::LostAfterDropping => "at: dot, then: reset",
            Trick::DotDeferred => "at: dot, reply: '452 4.3.1 full'",
            Trick::DotRejected => "at: dot, reply: '554 5.7.1 no'",
        };
        serde_yaml::from_str(&format!("{{ {text}, skip: {skip} }}")).unwrap()
    }

    /// The states that are true afterwards, and whether the server holds the message.
    fn allows(self, state: State, held: bool) -> bool {
        match self {
            Trick::Deferred | Trick::DotDeferred => state == State::Deferred && !held,
            Trick::Rejected | Trick::DotRejected => state == State::Rejected && !held,
            Trick::LostBefore => state == State::Deferred && !held,
            Trick::LostAfterKeeping => state == State::Unknown && held,
            Trick::LostAfterDropping => state == State::Unknown && !held,
        }
    }
}

/// After a kill anything may be half done, but nothing may be claimed that is not so.
pub fn killed_allows(before: State, state: State, held: bool, bad: bool) -> bool {
    match state {
        State::Sent => held,
        State::Unknown => true,
        State::Pending => before == State::Pending && !held,
        State::Deferred | State::Rejected => (before == state || bad) && !held,
    }
}
