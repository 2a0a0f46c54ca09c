//! How long something takes: `90 minutes`, `1 h 30 min`, `1.5 hours`.

use jiff::SignedDuration;

/// What units are called; any other word is none.
const HOURS: [&str; 5] = ["h", "hr", "hrs", "hour", "hours"];
const MINUTES: [&str; 5] = ["m", "min", "mins", "minute", "minutes"];
/// Longer than this is no meeting but a slip of the pen.
const LONGEST: i64 = 24 * 60;

/// The length that opens `text`; `None` where it opens with none.
pub(super) fn read(text: &str) -> Option<SignedDuration> {
    let mut rest = text.trim_start().to_lowercase();
    let mut minutes = 0.0;
    let mut found = false;
    loop {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let Ok(number) = rest[..end].parse::<f64>() else {
            break;
        };
        let after = rest[end..].trim_start_matches([' ', '-', '\u{a0}', '\u{202f}']);
        let unit = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let factor = match &after[..unit] {
            name if HOURS.contains(&name) => 60.0,
            name if MINUTES.contains(&name) => 1.0,
            _ => return None,
        };
        minutes += number * factor;
        found = true;
        let next = after[unit..].trim_start();
        rest = next.strip_prefix("and ").unwrap_or(next).to_owned();
    }
    let whole = minutes.round() as i64;
    (found && (1..=LONGEST).contains(&whole)).then(|| SignedDuration::from_mins(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_in_their_spellings() {
        for (text, minutes) in [
            ("90 minutes", Some(90)),
            ("1 h 30 min, then tea", Some(90)),
            ("1.5 hours", Some(90)),
            ("1 hour and 15 minutes", Some(75)),
            ("45-minute round", Some(45)),
            ("45 min", Some(45)),
            ("2h", Some(120)),
            ("until tea", None),
            ("3 days", None),
            ("0 min", None),
            ("90", None),
            ("400 hours", None),
            ("", None),
        ] {
            assert_eq!(read(text).map(|l| l.as_mins()), minutes, "{text}");
        }
    }
}
