//! Moments inside files: RFC 3339 and its looser relatives, dates, and seconds since 1970.

use jiff::{Timestamp, civil, tz::TimeZone};

/// The instant that `text` states; a date is its first instant, no zone is UTC. Numbers are
/// seconds, milliseconds, microseconds or nanoseconds since 1970, by their size: no two of
/// them can be mistaken for each other between 2001 and 2200.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !text.contains("..")
    {
        return since_1970(text);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    // A time without a zone, or a bare date.
    let there = text.parse::<civil::DateTime>().ok()?;
    Some(there.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn since_1970(text: &str) -> Option<Timestamp> {
    let whole: i64 = text.split('.').next()?.parse().ok()?;
    match whole {
        1_000_000_000..10_000_000_000 => Timestamp::from_second(whole).ok(),
        1_000_000_000_000..10_000_000_000_000 => Timestamp::from_millisecond(whole).ok(),
        1_000_000_000_000_000..10_000_000_000_000_000 => Timestamp::from_microsecond(whole).ok(),
        1_000_000_000_000_000_000.. => Timestamp::from_nanosecond(i128::from(whole)).ok(),
        _ => None,
    }
}

/// The first nineteen bytes of `2025-10-12T09:00:00Z` or `2025-10-12T09:00:00.123Z`, which
/// sort as the instants do; `None` for anything written otherwise. Saves reading a million
/// moments to find the last one.
pub fn sortable(text: &str) -> Option<[u8; 19]> {
    const SHAPE: &[u8; 19] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let (head, tail) = (bytes.get(..19)?, bytes.get(19..)?);
    let fits = head.iter().zip(SHAPE).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    });
    let ends = match tail {
        b"Z" => true,
        [b'.', digits @ .., b'Z'] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if fits && ends {
        head.try_into().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_instant() {
        let expected: Timestamp = "2025-10-12T09:00:00Z".parse().unwrap();
        for text in [
            "2025-10-12T09:00:00Z",
            "2025-10-12T11:00:00+02:00",
            "2025-10-12 09:00:00",
            "2025-10-12T09:00:00.000Z",
            "1760259600",
            "1760259600000",
            "1760259600.25",
            "1760259600000000",
        ] {
            assert_eq!(instant(text), Some(expected), "{text}");
        }
        assert_eq!(
            instant("2025-10-12").unwrap().to_string(),
            "2025-10-12T00:00:00Z"
        );
        for text in ["soon", "", "12", "2025-13-01", "99"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn sortable_ones_sort() {
        let of = |text| sortable(text);
        assert!(of("2025-10-12T09:00:00Z") < of("2025-10-12T09:00:01.5Z"));
        for text in [
            "2025-10-12T09:00:00",
            "2025-10-12T09:00:00+02:00",
            "2025-10-12 09:00:00Z",
            "2025-10-12T09:00:00.Z",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
