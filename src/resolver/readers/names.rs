//! Which field names state which fact, and in which unit.
//!
//! A name is cut into words at `_`, `-`, `.`, blanks, brackets and changes of case:
//! `durationMs`, `duration_ms` and `Duration (ms)` are the same name.

mod table;

use table::{DURATIONS, NAMES, UNITS};

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// An HTTP status, or a word of success or failure.
    Status,
    /// `code`: an HTTP status if its value can be one.
    Code,
    /// A word of success or failure.
    Word,
    /// `ok` and the like: false means failed, true proves nothing.
    Good,
    /// `failed` and the like: anything but false, null, zero or nothing means failed.
    Bad,
    /// An error; null, false, zero or nothing means none.
    Error,
    /// A duration in this unit.
    Duration(Unit),
    /// A duration whose unit the name does not state.
    Unitless,
    /// The URL or path that was asked.
    Target,
    /// When it was asked.
    At,
    /// An object whose fields count as the record's, or a list of such objects.
    Container,
    /// The same, or the outcome of each check under its own name: `"checks": {"db": "failed"}`.
    Checks,
    /// What else there might have been: a budget, an expectation, what was before.
    Aside,
    /// What error messages are made of.
    Complaint,
    /// Anything else.
    Other,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 10⁻⁹ s.
    Nanoseconds,
    /// 10⁻⁶ s.
    Microseconds,
    /// 10⁻³ s.
    Milliseconds,
    /// The second.
    Seconds,
}

impl Unit {
    /// One of it, in milliseconds.
    pub fn in_ms(self) -> f64 {
        match self {
            Unit::Nanoseconds => 1e-6,
            Unit::Microseconds => 1e-3,
            Unit::Milliseconds => 1.0,
            Unit::Seconds => 1e3,
        }
    }

    /// How a value in a format without types may repeat it, longest first.
    pub fn suffixes(self) -> &'static [&'static str] {
        match self {
            Unit::Nanoseconds => &["ns"],
            Unit::Microseconds => &["us", "µs"],
            Unit::Milliseconds => &["ms"],
            Unit::Seconds => &["s"],
        }
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Unit::Nanoseconds => "nanoseconds",
            Unit::Microseconds => "microseconds",
            Unit::Milliseconds => "milliseconds",
            Unit::Seconds => "seconds",
        })
    }
}

/// The longest name that can state a fact, in bytes.
const LONGEST: usize = 64;

/// What the field called `name` is about.
pub fn classify(name: &str) -> Field {
    if name.is_empty() || name.len() > LONGEST {
        return Field::Other;
    }
    let words = words(name);
    let joined = words.concat();
    if joined == "timetotal" {
        return Field::Duration(Unit::Seconds);
    }
    let known = NAMES
        .iter()
        .find(|(_, names)| names.contains(&joined.as_str()));
    if let Some((field, _)) = known {
        return *field;
    }
    if DURATIONS.contains(&joined.as_str()) {
        return Field::Unitless;
    }
    // `duration_s` states seconds; `durations` is a plural.
    if let Some((last, base)) = words.split_last()
        && last == "s"
        && is_duration(&base.concat())
    {
        return Field::Duration(Unit::Seconds);
    }
    let unit = UNITS
        .iter()
        .find_map(|(suffix, unit)| Some((joined.strip_suffix(suffix)?, *unit)));
    match unit {
        Some((base, unit)) if is_duration(base) => Field::Duration(unit),
        _ => Field::Other,
    }
}

/// Whether `name` is a unit of time alone, as in `"latency": {"ms": 120}`.
pub fn is_unit(name: &str) -> bool {
    name == "s" || UNITS.iter().any(|(unit, _)| *unit == name)
}

fn is_duration(base: &str) -> bool {
    let base = base.strip_suffix("in").unwrap_or(base);
    DURATIONS.contains(&base)
}

/// The words of a name, in lower case.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        let breaks = !c.is_alphanumeric();
        if breaks || (c.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        if let (false, Some(word)) = (breaks, words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests;
