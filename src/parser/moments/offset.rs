//! Offsets from UTC, as they follow a time.

use jiff::tz::Offset;

use super::scan::{run, two};

/// How freely a dash may be taken for a minus sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dash {
    /// The time has colons, so a dash can be nothing else.
    Minus,
    /// The time has dashes itself or none: only `-HHMM` and `-HH-MM` that some place uses.
    Careful,
    /// The date and time are joined by a dash or the like: never, it may be a counter.
    Never,
}

/// The zone that starts at `at`, and where it ends.
pub(super) fn zone(b: &[u8], at: usize, dash: Dash) -> Option<(Offset, usize)> {
    match b.get(at)? {
        b'Z' | b'z' => Some((Offset::UTC, at + 1)),
        b'+' => signed(b, at, true, 1),
        b'-' if dash == Dash::Minus => signed(b, at, true, -1),
        b'-' if dash == Dash::Careful => signed(b, at, false, -1),
        _ => None,
    }
}

/// `free`: hours alone will do, and any minutes; otherwise a quarter of an hour and 12 h at most.
fn signed(b: &[u8], at: usize, free: bool, sign: i32) -> Option<(Offset, usize)> {
    let hours = two(b, at + 1)?;
    let (minutes, end) = match (run(b, at + 1), b.get(at + 3)) {
        (4, _) => (two(b, at + 3)?, at + 5),
        (2, Some(b':' | b'-')) if run(b, at + 4) == 2 => (two(b, at + 4)?, at + 6),
        (2, _) if free => (0, at + 3),
        _ => return None,
    };
    let usual = hours <= 12 && minutes % 15 == 0;
    if hours > 23 || minutes > 59 || !(free || usual) {
        return None;
    }
    let seconds = sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60);
    Some((Offset::from_seconds(seconds).ok()?, end))
}
