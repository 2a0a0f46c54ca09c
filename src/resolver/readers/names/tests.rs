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
