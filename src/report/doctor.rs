//! The doctor's report: one line a check.

use serde_json::{Value, json};

use super::style::{BAD, GOOD, WAIT, paint, safe, width, wrap};
use crate::{
    model::resolution::Verdict,
    sender::doctor::{Finding, Health},
    workspace::situation::Situation,
};

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

/// How many gates hold, a line a document: that mail works does not mean that it would go out.
pub fn holds(situations: &[Situation]) -> String {
    let line = |situation: &Situation| {
        let path = safe(&situation.document.path);
        match (held(situation), situation.resolution.is_clear()) {
            (_, true) => format!("Apart from that: {path} is clear\n"),
            (0, false) => format!("Apart from that: {path} is on hold; see packet status\n"),
            (n, false) => {
                let verb = if n == 1 { "holds" } else { "hold" };
                let gates = super::style::count(n, "gate");
                format!("Apart from that: {gates} of {path} {verb}; see packet status\n")
            }
        }
    };
    situations.iter().map(line).collect()
}

fn held(situation: &Situation) -> usize {
    let gates = situation.resolution.gates.iter();
    gates.filter(|g| g.verdict == Verdict::Hold).count()
}

/// The line at the end.
pub fn summary(findings: &[Finding]) -> String {
    let problems = findings.iter().filter(|f| f.health >= Health::Problem);
    match problems.count() {
        0 => format!(
            "{}  nothing was sent\n",
            paint(GOOD.bold(), "MAIL WOULD WORK")
        ),
        n => format!(
            "{}  nothing was sent; look at the lines with ✘ and run packet doctor again\n",
            paint(BAD.bold(), super::style::count(n, "PROBLEM"))
        ),
    }
}

/// The report for a script.
pub fn json(findings: &[Finding], situations: &[Situation]) -> Value {
    let ok = findings.iter().all(|f| f.health < Health::Problem);
    let documents: Vec<Value> = situations
        .iter()
        .map(|s| {
            let clear = s.resolution.is_clear();
            json!({ "document": s.document.path, "clear": clear, "gates_on_hold": held(s) })
        })
        .collect();
    json!({ "ok": ok, "checks": findings, "documents": documents })
}
