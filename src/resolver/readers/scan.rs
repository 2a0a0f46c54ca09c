//! One JSON record in one pass over its bytes: fully validated (RFC 8259), facts picked out,
//! nothing else kept.
//!
//! A generic parser would build every value to look at four of them; this one walks past what
//! it does not need, which is what makes a million records a matter of a blink.

use std::borrow::Cow;

use super::{
    facts::Facts,
    inside::{Entries, Inside},
    keys::{Keys, Repeated},
    names::Field,
    token::{Cursor, Flaw},
    value::Value,
};

/// How deep lists and objects may nest.
pub const DEEPEST: usize = 64;

/// How many fields one object may have.
pub const MOST_FIELDS: usize = 4096;

/// What a scanned value was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A record.
    Object,
    /// No record: its kind in words, such as "a string".
    Other(&'static str),
}

/// Reads records of one file; remembers the field names of the record before.
#[derive(Debug, Default)]
pub struct Scanner {
    keys: Keys,
    /// How many values that hold something were passed.
    solid: u64,
}

impl Scanner {
    /// Reads one JSON value that fills `bytes` but for white space, which must be UTF-8.
    /// The facts are those of an object; other values leave them empty.
    pub fn record<'a>(&mut self, text: &'a str) -> Result<(Facts<'a>, Shape), Flaw> {
        let mut facts = Facts::default();
        let mut cursor = Cursor::new(text);
        cursor.blanks();
        let shape = if cursor.peek() == Some(b'{') {
            self.top(&mut cursor, &mut facts)?;
            facts.complete();
            Shape::Object
        } else {
            let value = self.value(&mut cursor, &mut facts, 1, Inside::Nothing)?;
            Shape::Other(kind(&value))
        };
        cursor.blanks();
        match cursor.peek() {
            None => Ok((facts, shape)),
            Some(_) => Err(cursor.flaw("has something after the end of the JSON value")),
        }
    }

    fn top<'a>(&mut self, cursor: &mut Cursor<'a>, facts: &mut Facts<'a>) -> Result<(), Flaw> {
        cursor.skip();
        self.keys.begin();
        if cursor.closes(b'}') {
            return Ok(());
        }
        loop {
            cursor.blanks();
            let offset = cursor.offset();
            let (name, decoded) = key(cursor)?;
            let field = self
                .keys
                .top(&decoded)
                .map_err(|why| refused(why, offset, &decoded))?;
            let solid = self.solid;
            let value = self.value(cursor, facts, 2, Inside::of(field))?;
            facts.count(field, name, &value, self.solid == solid);
            if field != Field::Other {
                facts.take(field, name, &value, offset);
            }
            if cursor.ends(b'}')? {
                return Ok(());
            }
        }
    }

    fn value<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        facts: &mut Facts<'a>,
        depth: usize,
        inside: Inside,
    ) -> Result<Value<'a>, Flaw> {
        cursor.blanks();
        let value = match cursor.peek() {
            Some(b'"') => Value::Text(cursor.string()?),
            Some(b'{') => Value::Object(self.object(cursor, facts, depth, inside)?),
            Some(b'[') => Value::List(self.list(cursor, facts, depth, inside)?),
            Some(b'-' | b'0'..=b'9') => Value::Number(cursor.number()?),
            Some(b't') => cursor.word("true").map(|()| Value::Bool(true))?,
            Some(b'f') => cursor.word("false").map(|()| Value::Bool(false))?,
            Some(b'n') => cursor.word("null").map(|()| Value::Null)?,
            _ => return Err(cursor.unexpected()),
        };
        let holds = match &value {
            Value::List(_) | Value::Object(_) => false,
            scalar => !scalar.is_hollow(),
        };
        self.solid += u64::from(holds);
        Ok(value)
    }

    fn object<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        facts: &mut Facts<'a>,
        depth: usize,
        inside: Inside,
    ) -> Result<bool, Flaw> {
        deep_enough(cursor, depth)?;
        cursor.skip();
        if cursor.closes(b'}') {
            return Ok(true);
        }
        let mark = self.keys.enter();
        loop {
            cursor.blanks();
            let offset = cursor.offset();
            let (name, decoded) = key(cursor)?;
            self.keys
                .nested(mark, &decoded)
                .map_err(|why| refused(why, offset, &decoded))?;
            if inside == Inside::Nothing {
                self.value(cursor, facts, depth + 1, inside)?;
            } else {
                let field = self.keys.about(&decoded);
                let value = self.value(cursor, facts, depth + 1, inside.then(field))?;
                inside.take(facts, field, name, &value, offset);
            }
            if cursor.ends(b'}')? {
                self.keys.leave(mark);
                return Ok(false);
            }
        }
    }

    fn list<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        facts: &mut Facts<'a>,
        depth: usize,
        inside: Inside,
    ) -> Result<bool, Flaw> {
        deep_enough(cursor, depth)?;
        cursor.skip();
        if cursor.closes(b']') {
            return Ok(true);
        }
        let mut entries = Entries::default();
        loop {
            cursor.blanks();
            let offset = cursor.offset();
            let before = facts.read;
            let value = self.value(cursor, facts, depth + 1, inside.listed())?;
            inside.take_listed(facts, &value, offset);
            entries.add(offset, before, facts.read);
            if cursor.ends(b']')? {
                if inside.listed() == Inside::Own {
                    entries.tell(&mut facts.gaps);
                }
                return Ok(false);
            }
        }
    }
}

fn key<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a str, Cow<'a, str>), Flaw> {
    if cursor.peek() != Some(b'"') {
        return Err(cursor.unexpected());
    }
    let start = cursor.offset();
    let decoded = cursor.string()?;
    let name = cursor.inner(start);
    cursor.blanks();
    cursor.expect(b':')?;
    Ok((name, decoded))
}

fn deep_enough(cursor: &Cursor<'_>, depth: usize) -> Result<(), Flaw> {
    if depth > DEEPEST {
        return Err(cursor.flaw("nests deeper than 64 levels; flatten the record"));
    }
    Ok(())
}

fn refused(why: Repeated, offset: usize, name: &str) -> Flaw {
    let message = match why {
        Repeated::Twice => format!(
            "duplicate key `{}` in one object, so it is unclear which value counts",
            crate::resolver::show::plain(name)
        ),
        Repeated::TooMany => "an object has more than 4096 fields; record less".to_owned(),
    };
    Flaw {
        offset,
        message,
        ended: false,
    }
}

fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::Text(_) | Value::Written(_) => "a string",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(text: &str) -> String {
        Scanner::default().record(text).unwrap_err().message
    }

    #[test]
    fn facts_are_picked_out() {
        let text = r#" {"ok":true,"durationMs":212.5,"status":200,"target":"https:\/\/a.example",
            "budget":{"durationMs":-1,"status":500},"response":{"code":204}} "#;
        let (facts, shape) = Scanner::default().record(text).unwrap();
        assert_eq!(shape, Shape::Object);
        assert_eq!(facts.timing.unwrap().ms, 212.5);
        assert_eq!(
            (facts.low.unwrap().code, facts.high.unwrap().code),
            (200, 204)
        );
        assert_eq!(facts.targets[0].0, "https://a.example");
        assert!(facts.failure.is_none());
    }

    #[test]
    fn an_object_around_a_list_takes_the_worst_of_it() {
        let text = r#"{"ok":true,"data":{"checks":[{"status":200,"durationMs":9,"url":"/a"},
            {"status":503,"durationMs":99,"url":"/b"}]}}"#;
        let (facts, _) = Scanner::default().record(text).unwrap();
        assert_eq!(facts.timing.unwrap().ms, 99.0);
        assert!(facts.failure.is_some());
        assert_eq!(
            (facts.low.unwrap().code, facts.high.unwrap().code),
            (200, 503)
        );
        assert_eq!(facts.targets.len(), 2);
    }

    #[test]
    fn duplicates_are_seen_at_every_depth() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"b":1,"c":{},"b":1}}"#,
            r#"[{"b":1,"b":1}]"#,
        ] {
            assert!(flaw(text).contains("duplicate key"), "{text}");
        }
        let many = |last: &str| {
            let names: Vec<String> = (0..40).map(|name| format!("\"k{name}\":1")).collect();
            format!("{{{},\"{last}\":2}}", names.join(","))
        };
        for text in [many("k3"), many("k39"), format!("[{}]", many("k3"))] {
            assert!(flaw(&text).contains("duplicate key"), "{text}");
        }
        assert!(Scanner::default().record(&many("k40")).is_ok());
        let fine = r#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#;
        assert!(Scanner::default().record(fine).is_ok());
    }

    #[test]
    fn the_shape_of_the_record_before_does_not_leak() {
        let mut scanner = Scanner::default();
        scanner.record(r#"{"a":1,"b":2,"status":3}"#).unwrap();
        assert!(scanner.record(r#"{"a":1,"c":2,"a":3}"#).is_err());
        let (facts, _) = scanner.record(r#"{"a":1,"status":500}"#).unwrap();
        assert!(facts.failure.is_some());
        assert!(
            scanner
                .record(r#"{"a":1,"status":1,"b":1,"status":1}"#)
                .is_err()
        );
        scanner.record(r#"{"a":1,"status":1,"b":1}"#).unwrap();
        assert!(scanner.record(r#"{"a":1,"status":1,"b":1,"b":1}"#).is_err());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(Scanner::default().record(&nested(64)).is_ok());
        assert!(flaw(&nested(65)).contains("deeper"));
        assert!(flaw(&"[".repeat(200_000)).contains("deeper"));
        let objects = format!("{}1{}", "{\"a\":".repeat(65), "}".repeat(65));
        assert!(flaw(&objects).contains("deeper"));
    }

    #[test]
    fn fields_are_bounded() {
        let fields = |n: usize| {
            let list: Vec<String> = (0..n).map(|i| format!("\"k{i}\":1")).collect();
            format!("{{{}}}", list.join(","))
        };
        assert!(Scanner::default().record(&fields(MOST_FIELDS)).is_ok());
        assert!(flaw(&fields(MOST_FIELDS + 1)).contains("4096"));
        assert!(flaw(&format!("[{}]", fields(MOST_FIELDS + 1))).contains("4096"));
    }
}
