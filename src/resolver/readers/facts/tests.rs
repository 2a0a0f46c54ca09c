use super::*;

fn facts<'a>(fields: &[(Field, &'a str, Value<'a>)]) -> Facts<'a> {
    let mut facts = Facts::default();
    for (at, (field, name, value)) in fields.iter().enumerate() {
        facts.take(*field, name, value, at);
    }
    facts
}

#[test]
fn statuses() {
    let status = |value| facts(&[(Field::Status, "status", value)]);
    assert_eq!(status(Value::Number("200")).high.unwrap().code, 200);
    assert_eq!(status(Value::Text("200 OK".into())).high.unwrap().code, 200);
    assert!(status(Value::Number("200")).failure.is_none());
    for failed in [
        Value::Null,
        Value::Number("410"),
        Value::Number("400"),
        Value::Number("0"),
        Value::Text("410 Gone".into()),
        Value::Text("FAILURE".into()),
        Value::Written("null"),
        Value::Bool(false),
    ] {
        assert!(status(failed.clone()).failure.is_some(), "{failed:?}");
    }
    for broken in [Value::Bool(true), Value::List(true), Value::Number("2e2")] {
        assert!(status(broken.clone()).fault.is_some(), "{broken:?}");
    }
    assert!(status(Value::Number("399")).failure.is_none());
}

#[test]
fn durations() {
    let timed = |value| facts(&[(Field::Duration(Unit::Seconds), "time_total", value)]);
    assert_eq!(timed(Value::Number("0.25")).timing.unwrap().ms, 250.0);
    assert_eq!(timed(Value::Written("0.25s")).timing.unwrap().ms, 250.0);
    for broken in [
        Value::Number("0"),
        Value::Number("-1"),
        Value::Number("1e999"),
        Value::Text("12".into()),
        Value::Bool(true),
        Value::Written("NaN"),
        Value::Written("soon"),
        Value::List(false),
    ] {
        let facts = timed(broken.clone());
        assert!(
            facts.fault.is_some() && facts.timing.is_none(),
            "{broken:?}"
        );
    }
    assert!(timed(Value::Null).fault.is_none());
    let bare = facts(&[(Field::Unitless, "duration", Value::Number("0"))]);
    assert!(bare.fault.is_some());
}

#[test]
fn the_worst_of_several_counts() {
    let both = facts(&[
        (
            Field::Duration(Unit::Milliseconds),
            "durationMs",
            Value::Number("9"),
        ),
        (
            Field::Duration(Unit::Seconds),
            "time_total",
            Value::Number("2"),
        ),
        (
            Field::Duration(Unit::Milliseconds),
            "latencyMs",
            Value::Number("10"),
        ),
        (Field::Status, "status", Value::Number("204")),
        (Field::Status, "http_code", Value::Number("200")),
    ]);
    assert_eq!(both.timing.unwrap().name, "time_total");
    assert_eq!(
        (both.low.unwrap().code, both.high.unwrap().code),
        (200, 204)
    );
}

#[test]
fn errors_count_unless_they_say_none() {
    let error = |value| facts(&[(Field::Error, "error", value)]).failure.is_some();
    assert!(error(Value::Text("boom".into())));
    assert!(error(Value::Object(false)) && error(Value::Bool(true)));
    assert!(!error(Value::Null) && !error(Value::Written("")) && !error(Value::List(true)));
    let good = facts(&[(Field::Good, "ok", Value::Bool(false))]);
    assert!(good.failure.is_some());
}

#[test]
fn what_stands_aside_counts_where_it_is_worse() {
    let mut both = facts(&[(Field::Status, "status", Value::Number("200"))]);
    both.take_aside(Field::Status, "status", &Value::Number("204"), 1);
    both.take_aside(Field::Status, "status", &Value::Bool(true), 2);
    both.take_aside(Field::Good, "ok", &Value::Null, 3);
    both.complete();
    assert_eq!(
        (both.low.unwrap().code, both.high.unwrap().code),
        (200, 200)
    );
    assert!(both.failure.is_none() && both.fault.is_none());
    both.take_aside(Field::Status, "status", &Value::Number("503"), 4);
    assert_eq!(both.failure.unwrap().value, "503");
    let mut alone = Facts::default();
    alone.take_aside(Field::Status, "status", &Value::Number("204"), 1);
    alone.complete();
    assert_eq!(alone.high.unwrap().code, 204);
}

#[test]
fn what_denies_itself_has_failed() {
    let good = |value| facts(&[(Field::Good, "ok", value)]).failure.is_some();
    for denied in [
        Value::Bool(false),
        Value::Null,
        Value::Number("0"),
        Value::Text("No".into()),
        Value::Text("failed".into()),
        Value::Written("FALSE"),
    ] {
        assert!(good(denied.clone()), "{denied:?}");
    }
    for fine in [
        Value::Bool(true),
        Value::Number("7"),
        Value::Text("yes".into()),
        Value::List(true),
    ] {
        assert!(!good(fine.clone()), "{fine:?}");
    }
    let bad = |value| facts(&[(Field::Bad, "failed", value)]).failure.is_some();
    assert!(bad(Value::Number("3")) && bad(Value::Bool(true)) && bad(Value::Text("yes".into())));
    assert!(!bad(Value::Number("0.0")) && !bad(Value::Text("no".into())) && !bad(Value::Null));
}
