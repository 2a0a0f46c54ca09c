//! What is said beside reports and escalations: who cannot be reached, what a person has to judge.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde_json::{Value, json};

use super::style::{BAD, BOLD, WAIT, paint, safe, width, wrap};
use crate::{
    renderer::filters::yaml,
    resolver::escalations::Remark,
    sender::notices::{
        escalations::{Add, Unreached},
        reports::NotNow,
    },
};

/// Said where there is something to tell and nobody to tell it to.
pub fn nobody(noun: &str, unreached: &[Unreached]) -> String {
    format!(
        "{}  there is nobody the {noun} could go to\n{}",
        paint(BAD.bold(), "NOT SENT"),
        self::unreached(unreached)
    )
}

/// Who cannot be reached, and what to add.
pub fn unreached(unreached: &[Unreached]) -> String {
    let mut out = String::new();
    if unreached.is_empty() {
        return out;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Nobody could be told:"));
    for one in unreached {
        let text = match one.line {
            Some(line) => format!("line {line}: {}", one.why),
            None => one.why.clone(),
        };
        let _ = writeln!(out, "  {}", wrap(&text, 4, width()));
    }
    let mut sections: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (section, line) in unreached
        .iter()
        .filter_map(|u| Some(entry(u.add.as_ref()?)))
    {
        sections.entry(section).or_default().insert(line);
    }
    if !sections.is_empty() {
        let _ = writeln!(out, "{}", paint(BOLD, "Add to packet.yaml:"));
    }
    for (section, lines) in sections {
        let indent = if section.is_empty() { "  " } else { "    " };
        if !section.is_empty() {
            let _ = writeln!(out, "  {section}:");
        }
        for line in lines {
            let _ = writeln!(out, "{indent}{}", safe(&line));
        }
    }
    out
}

/// The section and the line that lacks in `packet.yaml`.
fn entry(add: &Add) -> (&'static str, String) {
    match add {
        Add::Contact(name) => ("contacts", format!("{}: {{ email: … }}", yaml(name))),
        Add::Webhook(channel) => {
            let name = channel.trim_start_matches('#').to_uppercase();
            let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            ("slack", format!("{}: PACKET_SLACK_{name}", yaml(channel)))
        }
        Add::From => ("", "from: Team Name <team@example.com>".to_owned()),
    }
}

/// What only a person can judge.
pub fn open(open: &[Remark]) -> String {
    let mut out = String::new();
    if open.is_empty() {
        return out;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "For a person to judge:"));
    for one in open {
        let text = format!("line {}: {}", one.line, one.text);
        let _ = writeln!(out, "  {}", wrap(&text, 4, width()));
    }
    out
}

/// Why there is no report now; `dry_run` shows one all the same.
pub fn not_now(why: &NotNow, dry_run: bool) -> String {
    let why = match why {
        NotNow::Early { from, by, .. } => {
            format!("the document wants it by {by}; it goes out from {from} on")
        }
        NotNow::Over(event) => {
            format!("the document wants it until the event, which was {event}")
        }
        NotNow::Quiet(day) => {
            format!("nothing is open, and nothing changed since the report of {day}")
        }
    };
    let lead = match dry_run {
        true => "It would not go out now: ",
        false => "No report now: ",
    };
    format!("{}{}\n", paint(WAIT, lead), wrap(&safe(&why), 2, width()))
}

/// Who cannot be reached, for a script.
pub fn unreached_json(unreached: &[Unreached]) -> Value {
    let one = |u: &Unreached| {
        let add = u.add.as_ref().map(entry);
        let add = add.map(|(section, line)| json!({ "below": section, "line": line }));
        json!({ "line": u.line, "why": u.why, "add": add })
    };
    unreached.iter().map(one).collect()
}

/// What only a person can judge, for a script.
pub fn open_json(open: &[Remark]) -> Value {
    let one = |r: &Remark| json!({ "line": r.line, "text": r.text });
    open.iter().map(one).collect()
}

/// Why there is no report now, for a script; null where there is one.
pub fn not_now_json(why: Option<&NotNow>) -> Value {
    match why {
        None => Value::Null,
        Some(NotNow::Early { opens, by, .. }) => {
            json!({ "why": "early", "opens": opens, "by": by })
        }
        Some(NotNow::Over(event)) => json!({ "why": "over", "event": event.at }),
        Some(NotNow::Quiet(day)) => json!({ "why": "quiet", "since": day }),
    }
}
