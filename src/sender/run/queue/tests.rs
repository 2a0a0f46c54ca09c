use super::*;
use crate::model::plan::Via;

fn said(state: DeliveryState, code: Option<u16>) -> Outcome {
    Outcome {
        state,
        via: Via::Smtp,
        code,
        enhanced: None,
        detail: format!("said {code:?}"),
    }
}

fn sent() -> Outcome {
    said(DeliveryState::Sent, Some(250))
}

fn lost() -> Outcome {
    said(DeliveryState::Deferred, None)
}

fn queue(count: usize, connections: usize) -> (Queue, Instant) {
    let limits = Limits {
        connections,
        policy: RetryPolicy::default(),
        pace: Pace::default(),
    };
    (Queue::new(0..count, limits), Instant::now())
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn one_goes_first_and_the_others_follow_once_the_server_has_answered() {
    let (mut queue, now) = queue(9, 3);
    assert_eq!(queue.next(now), Next::Make(0));
    assert_eq!(queue.next(now), Next::Nothing);
    assert_eq!(queue.ended(0, &sent(), About::Message, now), Then::Ends);
    assert_eq!(queue.next(now), Next::Make(1));
    assert_eq!(queue.next(now), Next::Make(2));
    assert_eq!(queue.next(now), Next::Make(3));
    assert_eq!(queue.next(now), Next::Nothing);
    assert_eq!(queue.in_flight(), 3);
}

#[test]
fn a_refusal_for_now_waits_while_the_others_go() {
    let (mut queue, now) = queue(2, 1);
    assert_eq!(queue.next(now), Next::Make(0));
    let greylisted = said(DeliveryState::Deferred, Some(450));
    assert_eq!(
        queue.ended(0, &greylisted, About::Message, now),
        Then::Again(seconds(2))
    );
    assert_eq!(queue.next(now), Next::Make(1));
    assert_eq!(queue.ended(1, &sent(), About::Message, now), Then::Ends);
    assert_eq!(queue.next(now), Next::Wait(seconds(2)));
    let now = now + seconds(2);
    assert_eq!(queue.next(now), Next::Make(0));
    assert_eq!(
        queue.ended(0, &greylisted, About::Message, now),
        Then::Again(seconds(10))
    );
    let now = now + seconds(10);
    assert_eq!(queue.next(now), Next::Make(0));
    assert_eq!(queue.ended(0, &greylisted, About::Message, now), Then::Ends);
    assert_eq!(queue.next(now), Next::Nothing);
    assert!(!queue.is_open() && queue.given_up().is_none());
}

#[test]
fn nothing_but_deferred_is_tried_again() {
    let (mut queue, now) = queue(3, 1);
    for state in [
        DeliveryState::Sent,
        DeliveryState::Rejected,
        DeliveryState::Unknown,
    ] {
        let Next::Make(index) = queue.next(now) else {
            panic!("there is one left");
        };
        let code = (state != DeliveryState::Unknown).then_some(250);
        assert_eq!(
            queue.ended(index, &said(state, code), About::Message, now),
            Then::Ends
        );
    }
    assert!(!queue.is_open());
}

#[test]
fn settings_that_are_wrong_are_tried_once() {
    let (mut queue, now) = queue(9, 8);
    assert_eq!(queue.next(now), Next::Make(0));
    assert_eq!(queue.ended(0, &lost(), About::Settings, now), Then::Ends);
    assert_eq!(queue.next(now + seconds(99)), Next::Nothing);
    assert_eq!(queue.given_up(), Some("said None"));
    assert_eq!(
        queue.untried().collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6, 7, 8]
    );
}

#[test]
fn a_server_that_stays_away_is_given_up_after_three_looks() {
    for outcome in [
        lost(),
        said(DeliveryState::Deferred, Some(CLOSING)),
        said(DeliveryState::Unknown, None),
    ] {
        let (mut queue, mut now) = queue(100, 4);
        let mut made = 0;
        loop {
            match queue.next(now) {
                Next::Make(index) => {
                    made += 1;
                    queue.ended(index, &outcome, About::Message, now);
                }
                Next::Wait(pause) => now += pause,
                Next::Nothing => break,
            }
        }
        assert_eq!(made, 3, "{outcome:?}");
        assert!(queue.given_up().is_some());
        assert!(queue.untried().count() >= 97);
    }
}

#[test]
fn one_message_that_breaks_the_line_keeps_none_of_the_others() {
    let (mut queue, mut now) = queue(20, 2);
    let mut sent_count = 0;
    let mut tried = 0;
    loop {
        match queue.next(now) {
            Next::Make(0) => {
                tried += 1;
                queue.ended(0, &lost(), About::Message, now);
            }
            Next::Make(index) => {
                sent_count += 1;
                queue.ended(index, &sent(), About::Message, now);
            }
            Next::Wait(pause) => now += pause,
            Next::Nothing => break,
        }
    }
    assert_eq!((sent_count, tried), (19, 3));
    assert!(queue.given_up().is_none());
}

#[test]
fn a_server_that_closes_gets_fewer_connections_and_a_pause() {
    let (mut queue, now) = queue(50, 8);
    assert_eq!(queue.next(now), Next::Make(0));
    queue.ended(0, &sent(), About::Message, now);
    for index in 1..=8 {
        assert_eq!(queue.next(now), Next::Make(index));
    }
    let closing = said(DeliveryState::Deferred, Some(CLOSING));
    queue.ended(1, &closing, About::Message, now);
    assert_eq!(queue.next(now), Next::Nothing, "others are in flight");
    for index in 2..=8 {
        queue.ended(index, &sent(), About::Message, now);
    }
    assert_eq!(queue.next(now), Next::Wait(seconds(2)));
    let now = now + seconds(2);
    let mut wide = 0;
    while let Next::Make(_) = queue.next(now) {
        wide += 1;
    }
    assert_eq!(wide, 4);
}

#[test]
fn the_rate_holds_for_all_connections_together() {
    let limits = Limits {
        connections: 4,
        policy: RetryPolicy::default(),
        pace: Pace::new(60),
    };
    let mut queue = Queue::new(0..3, limits);
    let now = Instant::now();
    assert_eq!(queue.next(now), Next::Make(0));
    queue.ended(0, &sent(), About::Message, now);
    assert_eq!(queue.next(now), Next::Wait(seconds(1)));
    assert_eq!(queue.next(now + seconds(1)), Next::Make(1));
    assert_eq!(queue.next(now + seconds(1)), Next::Wait(seconds(1)));
}

#[test]
fn a_server_that_lets_nobody_in_is_given_up_whatever_it_says() {
    let (mut queue, mut now) = queue(100, 4);
    let busy = said(DeliveryState::Deferred, Some(454));
    let mut made = 0;
    loop {
        match queue.next(now) {
            Next::Make(index) => {
                made += 1;
                queue.ended(index, &busy, About::Server, now);
            }
            Next::Wait(pause) => now += pause,
            Next::Nothing => break,
        }
    }
    assert_eq!(made, 3);
}
