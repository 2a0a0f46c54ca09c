//! Records as JSON for filters: as the file holds them, with the facts under their own names.

use crate::resolver::readers::{Body, Record};

/// Which facts the filters speak of; the others are not written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    status: bool,
    duration_ms: bool,
    target: bool,
    at: bool,
}

impl Facts {
    /// Those whose names stand in one of `filters`.
    pub fn named_in<'a>(filters: impl Iterator<Item = &'a str>) -> Self {
        let mut facts = Facts::default();
        for filter in filters {
            facts.status |= filter.contains("status");
            facts.duration_ms |= filter.contains("duration_ms");
            facts.target |= filter.contains("target");
            facts.at |= filter.contains("at");
        }
        facts
    }

    /// Writes `record` to the end of `text`. What the file itself calls so comes later and
    /// thus wins.
    pub fn write(self, record: &Record<'_>, text: &mut String) {
        let facts = record.facts;
        let start = text.len();
        text.push('{');
        if let (true, Some(code)) = (self.status, facts.high) {
            number(text, "status", &code.code.to_string());
        }
        if let (true, Some(timing)) = (self.duration_ms, &facts.timing) {
            number(text, "duration_ms", &timing.ms.to_string());
        }
        if let (true, Some((target, _))) = (self.target, facts.targets.first()) {
            string(text, "target", target);
        }
        if let (true, Some((at, _))) = (self.at, &facts.at) {
            string(text, "at", at);
        }
        match record.body {
            Body::Json(body) => {
                let body = body.trim_ascii().strip_prefix('{').unwrap_or("}");
                text.push_str(body);
            }
            Body::Fields(fields) => {
                for (name, value) in fields {
                    string(text, name, value);
                }
                if text.len() > start + 1 {
                    text.pop();
                }
                text.push('}');
            }
        }
    }
}

fn number(text: &mut String, name: &str, value: &str) {
    text.push('"');
    text.push_str(name);
    text.push_str("\":");
    text.push_str(value);
    text.push(',');
}

fn string(text: &mut String, name: &str, value: &str) {
    let quoted = |value: &str| serde_json::Value::from(value).to_string();
    text.push_str(&quoted(name));
    text.push(':');
    text.push_str(&quoted(value));
    text.push(',');
}
