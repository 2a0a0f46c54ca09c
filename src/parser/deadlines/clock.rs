//! Times of day: `12:00`, `18:30:15`, `6pm`, `12:00 PM`, `noon`.

use jiff::civil::Time;

use super::pieces::{Piece, starts_with_word};
use crate::model::deadline::TimeProblem;

/// The time of day at the beginning of `rest`.
pub(super) fn clock(rest: &str) -> Option<(usize, Piece)> {
    if starts_with_word(rest, "noon") {
        return Some((4, Piece::Clock(Time::constant(12, 0, 0, 0))));
    }
    let hour = digits(rest);
    if !(1..=2).contains(&hour) {
        return None;
    }
    let mut end = hour;
    let mut parts = [&rest[..hour], "0", "0"];
    for part in &mut parts[1..] {
        let Some(more) = rest[end..].strip_prefix(':') else {
            break;
        };
        if digits(more) != 2 {
            break;
        }
        *part = &more[..2];
        end += 3;
    }
    let colon = end > hour;
    let half = half(&rest[end..]);
    if !colon && half.is_none() {
        return None;
    }
    end += half.map_or(0, |(_, length)| length);
    let after = &rest[end..];
    // `12:00Z` goes on with its zone; another letter or digit makes it no time.
    let on = after.chars().next().unwrap_or(' ');
    if on.is_alphanumeric() && !matches!(on, 'Z' | 'z') || on == '%' {
        return None;
    }
    let range = after.trim_start().strip_prefix(['-', '–', '—', '−']);
    if let Some(other) = range
        && let Some((length, _)) = clock(other.trim_start())
    {
        let whole = end + (after.len() - other.trim_start().len()) + length;
        let problem = TimeProblem::SeveralWays(rest[..whole].to_owned());
        return Some((whole, Piece::Bad(problem)));
    }
    let piece = match time(parts, half.map(|(half, _)| half)) {
        Some(time) => Piece::Clock(time),
        None => Piece::Bad(TimeProblem::Impossible(rest[..end].to_owned())),
    };
    Some((end, piece))
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    Morning,
    Afternoon,
}

/// `am`, ` PM`, `p.m.` and how long it is, the blank before it included.
fn half(after: &str) -> Option<(Half, usize)> {
    let words = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let blank = after.len() - words.len();
    for (spelling, half) in [
        ("a.m.", Half::Morning),
        ("p.m.", Half::Afternoon),
        ("am", Half::Morning),
        ("pm", Half::Afternoon),
    ] {
        if starts_with_word(words, spelling) {
            return Some((half, blank + spelling.len()));
        }
    }
    None
}

fn time(parts: [&str; 3], half: Option<Half>) -> Option<Time> {
    let [hour, minute, second] = parts.map(|part| part.parse::<i8>().ok());
    let hour = match (hour?, half) {
        (hour, None) => hour,
        (hour, Some(_)) if !(1..=12).contains(&hour) => return None,
        (12, Some(Half::Morning)) => 0,
        (12, Some(Half::Afternoon)) => 12,
        (hour, Some(Half::Morning)) => hour,
        (hour, Some(Half::Afternoon)) => hour + 12,
    };
    Time::new(hour, minute?, second?, 0).ok()
}

/// How many digits stand at the beginning.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
