//! Who would get a notice, who got it, and who is not reminded.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    distribution::{self, Columns},
    style::{BOLD, GOOD, count, paint, safe, width, wrap},
};
use crate::{
    model::plan::DeliveryState,
    sender::{
        notices::{
            NoticeStanding, Notices,
            reminders::{Other, Why},
        },
        run::Done,
    },
};

/// What would go out; `noun` says what it is: "reminder".
pub fn plan(notices: &Notices, standings: &[NoticeStanding], noun: &str) -> String {
    let mut out = String::new();
    let due = standings.iter().filter(|s| s.is_due()).count();
    if due > 0 {
        let _ = writeln!(out, "{}", paint(BOLD, count(due, noun)));
    }
    let columns = Columns::over(notices.deliveries());
    for (delivery, standing) in notices.deliveries().iter().zip(standings) {
        distribution::would(&mut out, delivery, standing.state, standing.via, columns);
    }
    out
}

/// Stands over what is said about one of several documents.
pub fn about(path: &str) -> String {
    format!("{}\n", paint(BOLD, safe(path)))
}

/// Said after the list of a dry run; `folder` holds the messages.
pub fn kept(folder: &str) -> String {
    format!(
        "Nothing was sent. Messages to look at are in {}\n",
        paint(BOLD, format!("{folder}/"))
    )
}

/// The summary after a run; `command` goes on where it stopped.
pub fn summary(done: &Done, noun: &str, command: &str) -> String {
    let mut out = String::new();
    let sent = done
        .tried
        .iter()
        .filter(|(_, o)| o.state == DeliveryState::Sent)
        .count();
    let failed: Vec<_> = done
        .tried
        .iter()
        .filter(|(_, o)| o.state != DeliveryState::Sent)
        .collect();
    if done.tried.is_empty() && done.left.is_empty() {
        let _ = writeln!(
            out,
            "{}  no {noun} is due, so nothing was sent",
            paint(GOOD.bold(), "NOTHING TO SEND"),
        );
    } else {
        let _ = writeln!(
            out,
            "{}  {}",
            distribution::headline(done, true),
            count(sent, noun)
        );
        distribution::stayed(&mut out, done);
    }
    let who = |d| safe(&distribution::who(d));
    if !failed.is_empty() || !done.unknown.is_empty() || !done.rejected.is_empty() {
        let _ = writeln!(out, "{}", paint(BOLD, "Did not get it:"));
    }
    for (delivery, result) in failed {
        let advice = match result.state {
            DeliveryState::Unknown => "it may have arrived: ask them".to_owned(),
            DeliveryState::Rejected => "correct the address in packet.yaml".to_owned(),
            _ => format!("try again later: {command}"),
        };
        let text = format!("{} ({advice})", result.detail);
        let _ = writeln!(out, "  {}: {}", who(delivery), wrap(&text, 4, width()));
    }
    for delivery in &done.unknown {
        let _ = writeln!(
            out,
            "  {}: it is not known whether an earlier one arrived; it is not sent again",
            who(delivery)
        );
    }
    for delivery in &done.rejected {
        let _ = writeln!(
            out,
            "  {}: refused before; correct the address in packet.yaml",
            who(delivery)
        );
    }
    for (via, why) in &done.given_up {
        let _ = writeln!(
            out,
            "{} given up: {}",
            paint(BOLD, distribution::given_up(*via)),
            wrap(why, 4, width())
        );
    }
    if !done.left.is_empty() {
        let names: Vec<String> = done.left.iter().map(who).collect();
        let _ = writeln!(
            out,
            "{command} goes on where it stopped. Not tried yet: {}",
            wrap(&names.join(", "), 4, width())
        );
    }
    out
}

/// Who is not reminded, and why.
pub fn others(others: &[Other]) -> String {
    let mut out = String::new();
    if others.is_empty() {
        return out;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Not reminded:"));
    for other in others {
        let why = match other.why {
            Why::Confirmed => "has confirmed".to_owned(),
            Why::NotAsked => "nobody waits for a confirmation (no row in the tracker)".to_owned(),
            Why::TooSoon(next) => format!("too soon: the next reminder is due {next:.0}"),
            Why::NotSent(state) => format!("does not have the packet ({state}): packet send"),
            Why::Unknown(next) => format!(
                "it is not known whether the last reminder arrived; the next one is due {next:.0}"
            ),
            Why::Rejected => {
                "the last reminder was refused; correct the address in packet.yaml".to_owned()
            }
        };
        let _ = writeln!(out, "  {}: {why}", safe(&other.name));
    }
    out
}

/// A run or a dry run for a script.
pub fn json(notices: &Notices, standings: &[NoticeStanding], done: Option<&Done>) -> Value {
    let pairs = notices.deliveries().iter().zip(standings);
    let listed: Vec<Value> = pairs
        .map(|(d, s)| {
            json!({
                "key": d.key, "kind": d.kind, "names": d.names, "target": d.target,
                "sha256": d.sha256, "size": d.size, "message_id": d.message_id,
                "delivery": s.state, "via": s.via,
            })
        })
        .collect();
    let mut value = json!({ "notices": listed });
    if let Some(done) = done {
        value["run"] = distribution::json::done(None, done, done.left.len());
    }
    value
}

/// Who is not reminded, for a script.
pub fn others_json(others: &[Other]) -> Value {
    let one = |other: &Other| {
        let (why, next) = match other.why {
            Why::Confirmed => ("confirmed", None),
            Why::NotAsked => ("not-asked", None),
            Why::TooSoon(next) => ("too-soon", Some(next)),
            Why::NotSent(_) => ("not-sent", None),
            Why::Unknown(next) => ("unknown", Some(next)),
            Why::Rejected => ("rejected", None),
        };
        json!({ "name": other.name, "why": why, "next": next })
    };
    others.iter().map(one).collect()
}
