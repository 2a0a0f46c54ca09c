//! What differs from what people hold.

use std::fmt::Write;

use serde_json::{Value, json};

use super::style::{BOLD, paint, width, wrap};
use crate::{model::difference::Difference, renderer::changes};

/// For a person: a heading and a line for each change.
pub fn text(difference: &Difference) -> String {
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
    out
}

/// For a script: `object` with the difference as `changes`, null where there is none.
pub fn with_changes(mut object: Value, difference: Option<&Difference>) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.insert("changes".to_owned(), json!(difference));
    }
    object
}
