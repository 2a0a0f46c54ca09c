//! Measures that are asked for by name, and the fields that record them.
//!
//! The same names are read in a gate's words and in evidence: `p95 below 300 ms` asks for what
//! `latencyP95Ms` and a report's own `p(95)` record.

/// A particular measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// The time that so many in ten thousand stay within: `p95` is 9500, the median 5000.
    Percentile(u16),
    /// The longest time.
    Longest,
    /// The shortest time.
    Shortest,
    /// The average time.
    Average,
    /// A measure of a page or connection by its usual short name, such as `LCP`, in milliseconds.
    Paint(&'static str),
    /// A measure of a page that has no unit (`CLS`).
    Shift,
    /// The share that failed, in percent.
    FailureShare,
    /// The share that succeeded, in percent.
    SuccessShare,
    /// The share of time in which it was there, in percent.
    Uptime,
    /// The share of code that tests ran through, in percent.
    Coverage,
}

/// What a measure counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Milliseconds.
    Time,
    /// Percent, 0 to 100.
    Share,
    /// A bare number.
    Number,
}

/// A bound on a measure: the side that passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The number, in the measure's own dimension.
    pub value: f64,
    /// Whether what lies above passes; else what lies below.
    pub above: bool,
    /// Whether the number itself passes.
    pub inclusive: bool,
}

impl Bound {
    /// Whether `value` passes; what is no number never does.
    pub fn admits(self, value: f64) -> bool {
        let side = if self.above {
            value > self.value
        } else {
            value < self.value
        };
        side || (self.inclusive && value == self.value)
    }
}

/// Short names of measures of pages and connections, and the words they stand for.
const PAINTS: &[(&str, &str)] = &[
    ("LCP", "largestcontentfulpaint"),
    ("FCP", "firstcontentfulpaint"),
    ("TTFB", "timetofirstbyte"),
    ("INP", "interactiontonextpaint"),
    ("FID", "firstinputdelay"),
    ("TBT", "totalblockingtime"),
    ("TTI", "timetointeractive"),
];

/// Words that a name of a measure of time may also hold.
const TIMES: &str = " api call calls duration elapsed for http in latencies latency load of page per req \
    request requests response responses round rtt server the time times timing total trip ";

impl Measure {
    /// What it counts in.
    pub fn dimension(self) -> Dimension {
        match self {
            Measure::Percentile(_)
            | Measure::Longest
            | Measure::Shortest
            | Measure::Average
            | Measure::Paint(_) => Dimension::Time,
            Measure::Shift => Dimension::Number,
            Measure::FailureShare | Measure::SuccessShare | Measure::Uptime | Measure::Coverage => {
                Dimension::Share
            }
        }
    }

    /// The measure that `words`, in lower case, name among others; the first one.
    pub fn within<S: AsRef<str>>(words: &[S]) -> Option<Measure> {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let has = |list: &[&str]| words.iter().any(|w| list.contains(w));
        let joined = words.concat();
        let paint = PAINTS
            .iter()
            .find(|(short, long)| {
                words.iter().any(|w| w.eq_ignore_ascii_case(short)) || joined.contains(long)
            })
            .map(|(short, _)| Measure::Paint(short));
        if paint.is_some() {
            return paint;
        }
        if has(&["cls"]) || joined.contains("cumulativelayoutshift") {
            return Some(Measure::Shift);
        }
        let share = has(&[
            "rate",
            "rates",
            "ratio",
            "share",
            "percent",
            "percentage",
            "pct",
            "fraction",
        ]);
        let failing = has(&[
            "error", "errors", "fail", "failed", "failure", "failures", "failing",
        ]);
        if share && failing {
            return Some(Measure::FailureShare);
        }
        if share
            && has(&[
                "success",
                "succeeded",
                "successes",
                "pass",
                "passed",
                "passing",
            ])
        {
            return Some(Measure::SuccessShare);
        }
        if has(&["uptime", "availability"]) {
            return Some(Measure::Uptime);
        }
        if has(&["coverage"]) {
            return Some(Measure::Coverage);
        }
        let percentile = (0..words.len()).find_map(|at| percentile(&words, at));
        if percentile.is_some() {
            return percentile;
        }
        if has(&["avg", "average", "averages", "mean"]) {
            return Some(Measure::Average);
        }
        if has(&["max", "maximum", "slowest", "longest", "worst", "peak"]) {
            return Some(Measure::Longest);
        }
        if has(&["min", "minimum", "fastest", "shortest"]) {
            return Some(Measure::Shortest);
        }
        None
    }

    /// The measure that a field called by `words` records: nothing else may be in its name.
    pub fn of_field<S: AsRef<str>>(words: &[S]) -> Option<Measure> {
        let measure = Measure::within(words)?;
        if measure.dimension() != Dimension::Time || matches!(measure, Measure::Paint(_)) {
            return Some(measure);
        }
        let known = |word: &str| {
            let number = word
                .trim_end_matches("th")
                .bytes()
                .all(|byte| byte.is_ascii_digit());
            number
                || word == "p"
                || word == "percentile"
                || Measure::within(&[word]).is_some()
                || TIMES.split_ascii_whitespace().any(|time| time == word)
                || UNITS.iter().any(|(unit, _)| *unit == word)
        };
        words
            .iter()
            .all(|word| known(word.as_ref()))
            .then_some(measure)
    }
}

/// Units of time at the end of a field's name, in milliseconds.
const UNITS: &[(&str, f64)] = &[
    ("ms", 1.0),
    ("msec", 1.0),
    ("millis", 1.0),
    ("milliseconds", 1.0),
    ("s", 1e3),
    ("sec", 1e3),
    ("secs", 1e3),
    ("seconds", 1e3),
    ("us", 1e-3),
    ("µs", 1e-3),
    ("micros", 1e-3),
    ("microseconds", 1e-3),
    ("ns", 1e-6),
    ("nanos", 1e-6),
    ("nanoseconds", 1e-6),
];

/// How many milliseconds one is of the unit that a name or value ends with.
pub fn unit_ms(word: &str) -> Option<f64> {
    UNITS
        .iter()
        .find(|(unit, _)| *unit == word)
        .map(|(_, ms)| *ms)
}

/// `p95`, `p99.9`, `p` `95`, `95th percentile`, `median`.
fn percentile(words: &[&str], at: usize) -> Option<Measure> {
    let word = *words.get(at)?;
    if matches!(word, "median" | "med") {
        return Some(Measure::Percentile(5000));
    }
    let next = words.get(at + 1).copied().unwrap_or("");
    let digits = if let Some(rest) = word.strip_prefix('p').filter(|rest| !rest.is_empty()) {
        rest
    } else if word == "p" {
        next
    } else if next.starts_with("percentile") || word.ends_with("th") && next.starts_with("perc") {
        word.trim_end_matches(|c: char| c.is_alphabetic())
    } else {
        return None;
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    // `p999` is 99.9.
    let share: f64 = match digits.split_once('.') {
        Some(_) => digits.parse().ok()?,
        None if digits.len() > 2 && digits != "100" => {
            let (whole, part) = digits.split_at(2);
            format!("{whole}.{part}").parse().ok()?
        }
        None => digits.parse().ok()?,
    };
    // At most 10,000, so it fits.
    ((0.0..=100.0).contains(&share)).then(|| Measure::Percentile((share * 100.0).round() as u16))
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Measure::Percentile(5000) => f.write_str("median"),
            Measure::Percentile(share) => write!(f, "p{}", f64::from(*share) / 100.0),
            Measure::Longest => f.write_str("longest time"),
            Measure::Shortest => f.write_str("shortest time"),
            Measure::Average => f.write_str("average time"),
            Measure::Paint(name) => f.write_str(name),
            Measure::Shift => f.write_str("CLS"),
            Measure::FailureShare => f.write_str("failure rate"),
            Measure::SuccessShare => f.write_str("success rate"),
            Measure::Uptime => f.write_str("uptime"),
            Measure::Coverage => f.write_str("coverage"),
        }
    }
}

impl std::fmt::Display for Dimension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Dimension::Time => " ms",
            Dimension::Share => " %",
            Dimension::Number => "",
        })
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let how = match (self.above, self.inclusive) {
            (false, false) => "below",
            (false, true) => "at most",
            (true, false) => "above",
            (true, true) => "at least",
        };
        write!(f, "{how} {}", self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_measures() {
        for (words, measure) in [
            ("latency p95 ms", Some(Measure::Percentile(9500))),
            ("p 95", Some(Measure::Percentile(9500))),
            ("p999", Some(Measure::Percentile(9990))),
            ("p99.9", Some(Measure::Percentile(9990))),
            ("p50", Some(Measure::Percentile(5000))),
            ("95th percentile", Some(Measure::Percentile(9500))),
            ("median", Some(Measure::Percentile(5000))),
            ("max ms", Some(Measure::Longest)),
            ("max users", None),
            ("avg response time ms", Some(Measure::Average)),
            ("lcp", Some(Measure::Paint("LCP"))),
            ("largest contentful paint", Some(Measure::Paint("LCP"))),
            ("error rate", Some(Measure::FailureShare)),
            ("success rate", Some(Measure::SuccessShare)),
            ("line coverage", Some(Measure::Coverage)),
            ("latency ms", None),
            ("port", None),
            ("errors", None),
        ] {
            let words: Vec<&str> = words.split(' ').collect();
            assert_eq!(Measure::of_field(&words), measure, "{words:?}");
        }
    }
}
