//! The audit trail: what the ledger says, one line an entry.

use std::fmt::Write;

use serde_json::Value;

use super::style::{BOLD, DIM, GOOD, paint, safe};
use crate::model::{
    ledger::{Entry, Event, NoticeKind, Said},
    plan::{DeliveryState, Outcome, Via},
};

/// The entries as a table, oldest first, and the head of the chain.
pub fn trail(document: &str, entries: &[Entry], head: Option<&str>, torn: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint(BOLD, document));
    for entry in entries {
        let who = entry
            .actor
            .claimed
            .as_deref()
            .unwrap_or(&entry.actor.os_user);
        let _ = writeln!(
            out,
            "  {:>4}  {}  {:14}  {}",
            entry.seq,
            paint(DIM, format!("{:.0}", entry.at)),
            safe(who),
            safe(&said(entry)),
        );
    }
    if torn {
        let _ = writeln!(
            out,
            "  the last line was cut short by a crash; the next entry takes its place"
        );
    }
    match head {
        Some(head) => {
            let _ = writeln!(out, "  head {}", paint(DIM, head));
        }
        None => {
            let _ = writeln!(out, "  nothing has happened yet");
        }
    }
    out
}

/// The line after a successful check.
pub fn verified(document: &str, entries: usize, head: Option<&str>) -> String {
    let head = head.map_or_else(|| "no entries".to_owned(), |h| format!("head {h}"));
    format!(
        "{}  {}: {entries} entries in order, each following from the one before; {head}\n",
        paint(GOOD.bold(), "VERIFIED"),
        safe(document)
    )
}

/// What an entry says, in words.
fn said(entry: &Entry) -> String {
    let Some(event) = entry.event() else {
        return format!("{} {}", entry.kind, entry.payload);
    };
    match event {
        Event::Opened { document } => format!("ledger of {document} opened"),
        Event::Attested {
            gate,
            note,
            evidence,
            ..
        } => {
            let note = note.map_or(String::new(), |n| format!(": {n}"));
            let shown = evidence.map_or(String::new(), |e| format!(" (shown: {})", e.path));
            format!("attested {gate}{note}{shown}")
        }
        Event::Waived { gate, reason, .. } => format!("waived {gate}: {reason}"),
        Event::Bundled {
            revision, files, ..
        } => {
            format!("bundle of revision {revision} laid, {} files", files.len())
        }
        Event::Started {
            revision,
            plan,
            subject,
            ..
        } => {
            format!("revision {revision} goes out (plan {plan}): {subject}")
        }
        Event::Intended {
            key, names, via, ..
        } => format!("about to deliver {key}{} by {via}", for_whom(&names)),
        Event::Delivered { key, outcome, .. } => became(&key, &outcome),
        Event::Answered {
            revision,
            name,
            said,
            note,
            reply,
            ..
        } => {
            let what = match said {
                Said::Reviewed => "has reviewed".to_owned(),
                Said::Acknowledged => "has confirmed".to_owned(),
                Said::Blocked(text) => format!("reports a blocker, {text}, for"),
                Said::Resolved => "has no blocker any more for".to_owned(),
                Said::Withdrawn => "takes back the confirmation of".to_owned(),
            };
            let note = note.map_or(String::new(), |n| format!(": {n}"));
            let mail = reply.map_or(String::new(), |r| format!(" (mail from {})", r.from));
            format!("{name} {what} revision {revision}{note}{mail}")
        }
        Event::Imported { reply, why, .. } => format!("read a mail from {}: {why}", reply.from),
        Event::NoticeIntended {
            notice,
            key,
            names,
            via,
            ..
        } => {
            let whom = for_whom(&names);
            format!(
                "about to deliver {} to {key}{whom} by {via}",
                named(notice.kind)
            )
        }
        Event::NoticeDelivered {
            notice,
            key,
            outcome,
        } => format!("{}: {}", named(notice.kind), became(&key, &outcome)),
        Event::Reported(snapshot) => format!("the report of {} is made", snapshot.day),
    }
}

fn for_whom(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(" for {}", names.join(", "))
    }
}

fn became(key: &str, outcome: &Outcome) -> String {
    let plain = outcome.detail.is_empty() || outcome.via == Via::Outbox;
    let words = if outcome.state == DeliveryState::Sent && plain {
        String::new()
    } else {
        format!(": {}", outcome.detail)
    };
    format!("{} {key} by {}{words}", outcome.state, outcome.via)
}

fn named(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Reminder => "a reminder",
        NoticeKind::Report => "the report",
        NoticeKind::FinalReport => "the final report",
        NoticeKind::Escalation => "an escalation",
        NoticeKind::Invitation => "an invitation",
    }
}

/// One entry for a compliance archive: `timestamp`, `email` where it is about an address, `kind`,
/// `payload`, and where to find it again.
pub fn event(document: &str, entry: &Entry) -> Value {
    let mut event = serde_json::json!({ "timestamp": entry.at });
    let key = entry.payload["key"].as_str();
    if let Some(address) = key.and_then(|k| k.strip_prefix("email:")) {
        event["email"] = address.into();
    }
    event["kind"] = entry.kind.as_str().into();
    event["payload"] = entry.payload.clone();
    event["document"] = document.into();
    event["seq"] = entry.seq.into();
    event["actor"] = serde_json::json!(entry.actor);
    if let Some(clock) = entry.clock {
        event["clock"] = serde_json::json!(clock);
    }
    event
}

/// Entries as a script reads them.
pub fn json(document: &str, entries: &[Entry], head: Option<&str>) -> Value {
    serde_json::json!({ "document": document, "entries": entries, "head": head })
}
