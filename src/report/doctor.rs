//! The doctor's report: one line a check.

use serde_json::{Value, json};

use super::style::{BAD, GOOD, WAIT, paint, width, wrap};
use crate::sender::doctor::{Finding, Health};

/// One check, with what to do next where something is wrong.
pub fn line(finding: &Finding) -> String {
    let mark = match finding.health {
        Health::Ok => paint(GOOD, "✔"),
        Health::Note => paint(WAIT, "!"),
        Health::Problem | Health::Misconfigured => paint(BAD, "✘"),
    };
    let text = format!("{}: {}", finding.what, finding.detail);
    format!("{mark} {}\n", wrap(&text, 4, width()))
}

/// The line at the end.
pub fn summary(findings: &[Finding]) -> String {
    let problems = findings.iter().filter(|f| f.health >= Health::Problem);
    match problems.count() {
        0 => format!(
            "{}  nothing was sent\n",
            paint(GOOD.bold(), "A SEND WOULD WORK")
        ),
        n => format!(
            "{}  nothing was sent; look at the lines with ✘ and run packet doctor again\n",
            paint(BAD.bold(), super::style::count(n, "PROBLEM"))
        ),
    }
}

/// The report for a script.
pub fn json(findings: &[Finding]) -> Value {
    let ok = findings.iter().all(|f| f.health < Health::Problem);
    json!({ "ok": ok, "checks": findings })
}
