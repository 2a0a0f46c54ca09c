//! Which field names state which fact, and in which unit.
//!
//! A name is cut into words at `_`, `-`, `.`, blanks, brackets and changes of case:
//! `durationMs`, `duration_ms` and `Duration (ms)` are the same name.

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
    /// What error messages are made of.
    Complaint,
    /// Anything else.
    Other,
}

impl Field {
    /// Whether the fields of objects under this name count as the record's.
    pub fn descends(self) -> bool {
        matches!(self, Field::Container | Field::Status | Field::Word)
    }
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

/// Names without their word breaks, and what they are about.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Status,
        &[
            "status",
            "statuscode",
            "httpstatus",
            "httpstatuscode",
            "httpcode",
            "responsecode",
            "responsestatus",
        ],
    ),
    (Field::Code, &["code"]),
    (
        Field::Word,
        &[
            "state",
            "result",
            "outcome",
            "conclusion",
            "verdict",
            "level",
            "severity",
        ],
    ),
    (
        Field::Good,
        &[
            "ok",
            "success",
            "successful",
            "succeeded",
            "passed",
            "healthy",
        ],
    ),
    (
        Field::Bad,
        &[
            "failed",
            "failure",
            "iserror",
            "haserror",
            "timedout",
            "timeouterror",
        ],
    ),
    (
        Field::Error,
        &[
            "error",
            "err",
            "errors",
            "errormessage",
            "errormsg",
            "errorcode",
            "exception",
        ],
    ),
    (
        Field::Target,
        &[
            "url",
            "uri",
            "target",
            "endpoint",
            "targeturl",
            "requesturl",
            "urleffective",
            "effectiveurl",
            "targeturi",
        ],
    ),
    (
        Field::At,
        &[
            "at",
            "timestamp",
            "time",
            "ts",
            "datetime",
            "checkedat",
            "capturedat",
            "measuredat",
            "recordedat",
            "startedat",
            "finishedat",
            "completedat",
            "generatedat",
            "createdat",
            "testedat",
        ],
    ),
    (
        Field::Container,
        &[
            "check",
            "checks",
            "data",
            "entries",
            "http",
            "items",
            "measurement",
            "measurements",
            "metrics",
            "probe",
            "probes",
            "records",
            "request",
            "requests",
            "response",
            "responses",
            "results",
            "rows",
            "runs",
            "samples",
            "timing",
            "timings",
        ],
    ),
    (
        Field::Complaint,
        &[
            "message",
            "msg",
            "detail",
            "details",
            "hint",
            "position",
            "routine",
            "sqlstate",
            "where",
            "schema",
            "table",
            "column",
            "constraint",
            "datatype",
            "file",
            "line",
            "stack",
            "query",
            "internalquery",
            "internalposition",
        ],
    ),
];

/// What a duration is called, without unit.
const DURATIONS: &[&str] = &[
    "duration",
    "latency",
    "elapsed",
    "elapsedtime",
    "responsetime",
    "roundtrip",
    "roundtriptime",
    "rtt",
    "timetaken",
    "took",
];

const UNITS: &[(&str, Unit)] = &[
    ("milliseconds", Unit::Milliseconds),
    ("millisecond", Unit::Milliseconds),
    ("millis", Unit::Milliseconds),
    ("msecs", Unit::Milliseconds),
    ("msec", Unit::Milliseconds),
    ("microseconds", Unit::Microseconds),
    ("microsecond", Unit::Microseconds),
    ("micros", Unit::Microseconds),
    ("usec", Unit::Microseconds),
    ("nanoseconds", Unit::Nanoseconds),
    ("nanos", Unit::Nanoseconds),
    ("nsec", Unit::Nanoseconds),
    ("seconds", Unit::Seconds),
    ("secs", Unit::Seconds),
    ("sec", Unit::Seconds),
    ("ms", Unit::Milliseconds),
    ("us", Unit::Microseconds),
    ("µs", Unit::Microseconds),
    ("ns", Unit::Nanoseconds),
];

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

fn is_duration(base: &str) -> bool {
    let base = base.strip_suffix("in").unwrap_or(base);
    DURATIONS.contains(&base)
}

fn words(name: &str) -> Vec<String> {
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
mod tests {
    use super::*;

    #[test]
    fn units_follow_from_names() {
        for (name, unit) in [
            ("time_total", Unit::Seconds),
            ("durationMs", Unit::Milliseconds),
            ("duration_ms", Unit::Milliseconds),
            ("DURATION_MS", Unit::Milliseconds),
            ("Duration (ms)", Unit::Milliseconds),
            ("latencyms", Unit::Milliseconds),
            ("elapsed_ms", Unit::Milliseconds),
            ("responseTimeMs", Unit::Milliseconds),
            ("response_time_in_ms", Unit::Milliseconds),
            ("durationMillis", Unit::Milliseconds),
            ("duration_s", Unit::Seconds),
            ("durationS", Unit::Seconds),
            ("elapsedSeconds", Unit::Seconds),
            ("latency_us", Unit::Microseconds),
            ("latencyMicros", Unit::Microseconds),
            ("rtt_ns", Unit::Nanoseconds),
        ] {
            assert_eq!(classify(name), Field::Duration(unit), "{name}");
        }
        for name in [
            "duration",
            "latency",
            "elapsed",
            "responseTime",
            "response_time",
        ] {
            assert_eq!(classify(name), Field::Unitless, "{name}");
        }
        for name in [
            "budgetMs",
            "durations",
            "timeoutMs",
            "time_connect",
            "maxDurationMs",
            "ms",
            "",
        ] {
            assert_eq!(classify(name), Field::Other, "{name}");
        }
    }

    #[test]
    fn facts_have_several_names() {
        assert_eq!(classify("http_code"), Field::Status);
        assert_eq!(classify("statusCode"), Field::Status);
        assert_eq!(classify("url_effective"), Field::Target);
        assert_eq!(classify("checkedAt"), Field::At);
        assert_eq!(classify("ok"), Field::Good);
        assert_eq!(classify("error"), Field::Error);
        assert_eq!(classify("budgetMs"), Field::Other);
    }
}
