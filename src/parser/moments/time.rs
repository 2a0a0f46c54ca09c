//! Times of day: hours, minutes, seconds and fractions in their several shapes.

use jiff::civil::Time;

use super::{
    offset::Dash,
    scan::{run, two},
};

/// What joins date and time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    T,
    Other,
}

/// A time with what may follow it.
pub(super) struct Clocked {
    pub(super) time: Time,
    pub(super) core_end: usize,
    /// With the fraction of the second, and where that ends.
    pub(super) finer: Option<(Time, usize)>,
    pub(super) dash: Dash,
    /// Whether the shape alone says that it is a time: seconds are written.
    pub(super) full: bool,
}

pub(super) enum Shape {
    Time(Clocked),
    /// It has the shape of a time down to the second, and no clock shows it.
    Impossible,
    Other,
}

/// The shape of what stands at `at`.
pub(super) fn clock(b: &[u8], at: usize, joint: Joint) -> Shape {
    let digits = run(b, at);
    let mark = b.get(at + 2).copied().unwrap_or(0);
    let dash = match joint {
        _ if mark == b':' && digits == 2 => Dash::Minus,
        Joint::T => Dash::Careful,
        Joint::Other => Dash::Never,
    };
    let (hour, minute, second, core_end) = match digits {
        6 => (two(b, at), two(b, at + 2), two(b, at + 4), at + 6),
        4 => (two(b, at), two(b, at + 2), None, at + 4),
        2 if matches!(mark, b'-' | b':' | b'_') && run(b, at + 3) == 2 => {
            if b.get(at + 5) == Some(&mark) && run(b, at + 6) == 2 {
                (two(b, at), two(b, at + 3), two(b, at + 6), at + 8)
            } else {
                (two(b, at), two(b, at + 3), None, at + 5)
            }
        }
        2 if joint == Joint::T && matches!(mark, b'Z' | b'z') => {
            (two(b, at), Some(0), None, at + 2)
        }
        _ => return Shape::Other,
    };
    let full = second.is_some();
    // A leap second is read as the second before it, as jiff does.
    let second = second.map_or(0, |s| if s == 60 { 59 } else { s });
    let time = match (hour, minute) {
        (Some(hour), Some(minute)) => Time::new(hour, minute, second, 0).ok(),
        _ => None,
    };
    match time {
        Some(time) => Shape::Time(Clocked {
            time,
            core_end,
            finer: fraction(b, core_end)
                .filter(|_| full)
                .and_then(|(nanos, end)| {
                    let finer = time.with().subsec_nanosecond(nanos).build().ok()?;
                    Some((finer, end))
                }),
            dash,
            full,
        }),
        None if full => Shape::Impossible,
        None => Shape::Other,
    }
}

/// Nanoseconds: up to nine digits after `.` or `,`, three after a dash.
fn fraction(b: &[u8], at: usize) -> Option<(i32, usize)> {
    let digits = run(b, at + 1);
    let fits = match b.get(at)? {
        b'.' | b',' => (1..=9).contains(&digits),
        b'-' => digits == 3,
        _ => false,
    };
    let written = b.get(at + 1..at + 1 + digits).filter(|_| fits)?;
    let value = written.iter().fold(0, |n, c| n * 10 + i32::from(c - b'0'));
    let scale = 10_i32.pow(9 - u32::try_from(digits).ok()?);
    Some((value * scale, at + 1 + digits))
}
