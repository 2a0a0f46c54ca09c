//! What differs from what people hold.

use std::fmt::Write;

use serde_json::{Value, json};

use super::style::{BOLD, paint, safe, width, wrap};
use crate::{model::difference::SinceHeld, renderer::changes};

/// For a person: a heading and a line for each change, then whose confirmation still counts.
pub fn text(held: &SinceHeld) -> String {
    let difference = &held.difference;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}",
        paint(
            BOLD,
            format!(
                "Changed since revision {}, which people hold",
                difference.since
            )
        )
    );
    for line in changes::lines(difference) {
        let _ = writeln!(out, "  • {}", wrap(&line, 4, width()));
    }
    let mut confirmed = |names: &[String], means: &str| {
        if !names.is_empty() {
            let line = format!("{means} {}", safe(&names.join(", ")));
            let _ = writeln!(out, "  {}", wrap(&line, 4, width()));
        }
    };
    confirmed(&held.void, "Confirmed, and will be asked again:");
    confirmed(&held.stays, "Confirmed, and need not confirm again:");
    out
}

/// For a script: `object` with what differs as `changes`, null where there is none.
pub fn with_changes(mut object: Value, held: Option<&SinceHeld>) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.insert("changes".to_owned(), json!(held));
    }
    object
}
