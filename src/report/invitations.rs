//! What people are invited to, and who is not.

use std::fmt::Write;

use serde_json::{Value, json};

use super::style::{BAD, BOLD, DIM, GOOD, WAIT, paint, safe, width, wrap};
use crate::{
    model::{
        diagnostic::Diagnostic,
        occasion::{Occasion, Time},
    },
    resolver::involved::Involved,
    sender::notices::invitations::{Listed, Step},
    workspace::situation::Situation,
};

/// The occasions with what happens with each, then who has no address.
pub fn occasions(all: &[Listed], people: &Involved) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint(BOLD, "Occasions:"));
    for listed in all {
        let (style, word) = match listed.step {
            Step::New => (GOOD, "new"),
            Step::Changed => (WAIT, "changed"),
            Step::Same => (DIM, "as it was"),
            Step::Cancelled => (BAD, "cancelled"),
            Step::Over => (DIM, "is over"),
        };
        let gap = " ".repeat("cancelled".len() - word.len());
        let what = match &listed.occasion {
            Some(occasion) => format!("{}, {}", occasion.title, when(occasion)),
            None => format!("{}, {}", listed.invited.kind.word(), listed.invited.begins),
        };
        let _ = writeln!(
            out,
            "  {}{gap}  {}",
            paint(style, word),
            wrap(&what, 13, width())
        );
        if !listed.left_out.is_empty() {
            let names = listed.left_out.join(", ");
            let text = format!(
                "{names}: invited before and no longer in the document; tell them yourself"
            );
            let _ = writeln!(out, "             {}", wrap(&text, 13, width()));
        }
    }
    if !people.unreached.is_empty() {
        let _ = writeln!(
            out,
            "{} {}",
            paint(BOLD, "No address, so not invited:"),
            wrap(&people.unreached.join(", "), 2, width())
        );
    }
    out
}

fn when(occasion: &Occasion) -> String {
    let begins = &occasion.begins;
    let local = begins.local();
    match (occasion.time(), occasion.length) {
        (Time::Day(day, _), _) => format!("{day}, the whole day (no time is named)"),
        (Time::Hours(..), length) => {
            let zone = &begins.zone.name;
            let long = match length {
                Some(length) => format!("{} min", length.as_mins()),
                None => "1 h (how long is not stated)".to_owned(),
            };
            format!("{} {zone}, {long}", local.strftime("%F %H:%M"))
        }
    }
}

/// The same for a script.
pub fn json(all: &[Listed]) -> Value {
    let one = |listed: &Listed| {
        let occasion = listed.occasion.as_ref();
        let (from, to) = match occasion.map(Occasion::time) {
            Some(Time::Hours(from, to)) => (from.to_string(), Some(to.to_string())),
            Some(Time::Day(from, to)) => (from.to_string(), Some(to.to_string())),
            None => (listed.invited.begins.clone(), None),
        };
        json!({
            "kind": listed.invited.kind,
            "title": occasion.map(|o| &o.title),
            "line": occasion.map(|o| o.line),
            "begins": from,
            "ends": to,
            "length_stated": occasion.is_some_and(|o| o.length.is_some()),
            "place": occasion.and_then(|o| o.place.as_ref()),
            "uid": listed.invited.uid,
            "sequence": listed.invited.sequence,
            "step": listed.step,
            "left_out": listed.left_out,
        })
    };
    all.iter().map(one).collect()
}

/// Times that cannot be read, so that nobody is invited.
pub fn blocked(situation: &Situation, unread: &[&Diagnostic]) -> String {
    let mut out = format!(
        "{}  nobody was invited: {} has times that cannot be read\n",
        paint(BAD.bold(), "BLOCKED"),
        safe(&situation.document.path)
    );
    for found in unread {
        let text = format!(
            "line {}: {}",
            situation.document.line(found.span),
            found.message
        );
        let _ = writeln!(out, "  {}", wrap(&text, 4, width()));
    }
    out.push_str("Next: packet check\n");
    out
}

/// The same for a script.
pub fn blocked_json(situation: &Situation, unread: &[&Diagnostic]) -> Value {
    let one = |found: &&Diagnostic| {
        json!({
            "line": situation.document.line(found.span),
            "code": found.code,
            "message": found.message,
        })
    };
    json!({ "blockers": unread.iter().map(one).collect::<Vec<_>>() })
}
