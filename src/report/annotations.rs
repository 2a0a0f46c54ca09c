//! Diagnostics for machines of others: GitHub workflow commands and SARIF 2.1.0.

use serde_json::{Value, json};

use crate::model::{
    diagnostic::{Diagnostic, Severity},
    document::Document,
};

/// One workflow command a diagnostic.
pub fn github(documents: &[(&Document, &[Diagnostic])]) -> String {
    let mut out = String::new();
    for (document, found) in documents {
        for diagnostic in *found {
            let place = document
                .lines
                .position(&document.source, diagnostic.span.start);
            let level = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let help = diagnostic
                .help
                .as_deref()
                .map_or(String::new(), |h| format!("\n{h}"));
            out.push_str(&format!(
                "::{level} file={},line={},col={},title={}::{}\n",
                property(&document.path),
                place.line,
                place.column,
                diagnostic.code,
                data(&format!("{}{help}", diagnostic.message)),
            ));
        }
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A SARIF log with one run.
pub fn sarif(documents: &[(&Document, &[Diagnostic])]) -> Value {
    let mut results = Vec::new();
    for (document, found) in documents {
        for diagnostic in *found {
            let place = document
                .lines
                .position(&document.source, diagnostic.span.start);
            let level = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            results.push(json!({
                "ruleId": diagnostic.code,
                "level": level,
                "message": { "text": match &diagnostic.help {
                    Some(help) => format!("{}. {help}", diagnostic.message),
                    None => diagnostic.message.clone(),
                } },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": document.path },
                    "region": { "startLine": place.line, "startColumn": place.column },
                } }],
            }));
        }
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "packet", "version": env!("CARGO_PKG_VERSION") } },
            "results": results,
        }],
    })
}
