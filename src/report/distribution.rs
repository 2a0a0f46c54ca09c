//! Who would get what, and who got it.

pub mod json;
mod row;

use std::{fmt::Write, time::Duration};

use super::revisions;
use super::style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, safe, width, wrap};
use crate::{
    model::{
        diagnostic::Diagnostic,
        difference::SinceHeld,
        document::ChannelKind,
        plan::{DeliveryState, Outcome, Plan, PlannedDelivery, Via},
    },
    resolver::gates::NEWER_HOLDS,
    sender::{
        routes::Routes,
        run::Done,
        standing::{Standing, Whereabouts, whereabouts_of},
    },
    workspace::situation::LEDGER_ADOPTED,
};

pub use row::Columns;
pub(super) use row::{who, would};

const OUTBOX_ONLY: &str = "Nothing was sent, and without `smtp:` in packet.yaml nothing will leave this machine: mail goes to .packet/outbox/.";

/// The plan in plain words.
pub fn plan(
    plan: &Plan,
    standings: &[Standing],
    routes: &Routes,
    folder: &str,
    subject: &str,
    changes: Option<&SinceHeld>,
) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", paint(BOLD, "Subject"), safe(subject));
    let _ = writeln!(
        out,
        "{}  {} of {}\n",
        paint(BOLD, "Sends"),
        format_args!("revision {}", plan.revision),
        safe(&plan.document)
    );
    if let Some(changes) = changes {
        let _ = writeln!(out, "{}", revisions::text(changes));
    }
    let due: Vec<(&PlannedDelivery, &Standing)> = plan
        .deliveries
        .iter()
        .filter_map(|d| {
            standings
                .iter()
                .find(|s| s.wanted.key == d.key)
                .map(|s| (d, s))
        })
        .collect();
    let columns = Columns::over(due.iter().map(|(d, _)| *d));
    for (delivery, standing) in &due {
        would(&mut out, delivery, standing.state, standing.via, columns);
    }
    out.push('\n');
    if routes.leave_the_machine() {
        let _ = writeln!(
            out,
            "Nothing was sent. The exact messages are in {}",
            paint(BOLD, format!("{folder}/"))
        );
    } else {
        let _ = writeln!(
            out,
            "{}\nThe exact messages are in {}",
            wrap(OUTBOX_ONLY, 0, width()),
            paint(BOLD, format!("{folder}/"))
        );
    }
    let _ = writeln!(
        out,
        "Plan {}. To send exactly this: packet send --plan {}",
        paint(BOLD, &plan.id),
        plan.id
    );
    out
}

/// What to know after sending, a paragraph each: newer evidence that would hold what was sent with
/// older, a ledger that goes on from the bundle's copy.
pub fn remarks(diagnostics: &[Diagnostic]) -> String {
    let codes = [NEWER_HOLDS, LEDGER_ADOPTED];
    let worth = diagnostics.iter().filter(|d| codes.contains(&d.code));
    worth
        .map(|d| {
            format!(
                "{} {}\n",
                paint(WAIT, "note:"),
                wrap(&d.message, 6, width())
            )
        })
        .collect()
}

/// Why nothing is sent, and where a draft is.
pub fn blocked(document: &str, blockers: &[String], draft: Option<&str>) -> String {
    let mut out = format!(
        "{}  {} is not sent:\n",
        paint(WAIT.bold(), "BLOCKED"),
        safe(document)
    );
    for blocker in blockers {
        let _ = writeln!(out, "  ✘ {}", wrap(blocker, 4, width()));
    }
    if let Some(folder) = draft {
        let _ = writeln!(out, "A draft to look at is in {}/", safe(folder));
    }
    out
}

/// One line about a delivery that was tried.
pub fn outcome(delivery: &PlannedDelivery, outcome: &Outcome, columns: Columns) -> String {
    let (style, word) = match outcome.state {
        DeliveryState::Sent if outcome.via == Via::Outbox => (WAIT, "outbox"),
        DeliveryState::Sent => (GOOD, "sent"),
        DeliveryState::Rejected => (BAD, "REJECTED"),
        DeliveryState::Deferred | DeliveryState::Pending => (WAIT, "deferred"),
        DeliveryState::Unknown => (BAD, "UNKNOWN"),
    };
    let about = match outcome.state {
        DeliveryState::Sent => String::new(),
        _ => outcome.detail.clone(),
    };
    let word = format!(
        "{}{}",
        paint(style, word),
        " ".repeat(8usize.saturating_sub(word.len()))
    );
    let line = format!("  {word}  {}", columns.row(delivery));
    match about.as_str() {
        "" => line.trim_end().to_owned(),
        about => format!("{line}  {}", paint(DIM, about)),
    }
}

/// One line about a delivery that was put off.
pub fn waits(
    delivery: &PlannedDelivery,
    outcome: &Outcome,
    pause: Duration,
    columns: Columns,
) -> String {
    format!(
        "  {}     {}  {}",
        paint(WAIT, "waits"),
        columns.row(delivery),
        paint(
            DIM,
            format!("{}; again in {} s", outcome.detail, pause.as_secs())
        )
    )
}

/// Said once when somebody wants to stop.
pub fn stopping(in_flight: usize) -> String {
    match in_flight {
        0 => "Stopping: nothing more is sent".to_owned(),
        n => format!(
            "Stopping: waiting for {} on the way, so that their fate is known; Ctrl-C again ends at once",
            count(n, "delivery").replace("deliverys", "deliveries")
        ),
    }
}

/// The summary after a run.
pub fn summary(done: &Done, left: usize, document: &str) -> String {
    let mut out = String::new();
    let of = |state: DeliveryState| done.tried.iter().filter(move |(_, o)| o.state == state);
    let sent = of(DeliveryState::Sent).count();
    if done.tried.is_empty() && left == 0 && done.unknown.is_empty() && done.rejected.is_empty() {
        let _ = writeln!(
            out,
            "{}  {}",
            paint(GOOD.bold(), "NOTHING TO SEND"),
            wrap(
                &format!("everyone has this revision of {document} already, so nothing was sent"),
                17,
                width()
            ),
        );
        return out;
    }
    let _ = writeln!(
        out,
        "{}  {} made",
        headline(done, left == 0),
        count(sent, "delivery").replace("deliverys", "deliveries")
    );
    stayed(&mut out, done);
    let failed: Vec<_> = done
        .tried
        .iter()
        .filter(|(_, o)| o.state != DeliveryState::Sent)
        .collect();
    if !failed.is_empty() || !done.unknown.is_empty() || !done.rejected.is_empty() {
        let _ = writeln!(out, "{}", paint(BOLD, "Did not get it:"));
    }
    for (delivery, result) in failed {
        let advice = match result.state {
            DeliveryState::Unknown => {
                "it may have arrived: ask them; to send again: packet send --resend-unknown"
            }
            DeliveryState::Rejected => "correct the address in packet.yaml, then packet send",
            _ => "try again later: packet send",
        };
        let _ = writeln!(
            out,
            "  {}: {}",
            safe(&who(delivery)),
            wrap(&format!("{} ({advice})", result.detail), 4, width())
        );
    }
    for delivery in &done.unknown {
        let _ = writeln!(
            out,
            "  {}: it is not known whether an earlier message arrived; ask them, or packet send --resend-unknown",
            safe(&who(delivery))
        );
    }
    for delivery in &done.rejected {
        let _ = writeln!(
            out,
            "  {}: refused before; correct the address in packet.yaml, or try again with packet send --to \"{}\"",
            safe(&who(delivery)),
            delivery.names.first().unwrap_or(&delivery.target),
        );
    }
    for (via, why) in &done.given_up {
        let _ = writeln!(
            out,
            "{} given up: {}",
            paint(BOLD, given_up(*via)),
            wrap(why, 4, width())
        );
    }
    out.push_str(&left_out(done));
    out
}

/// What came of a run in a word or two; `SENT` only where all of it went. `whole`: nothing is left.
pub(super) fn headline(done: &Done, whole: bool) -> String {
    let made = || {
        let sent = |(_, o): &&(_, Outcome)| o.state == DeliveryState::Sent;
        done.tried.iter().filter(sent)
    };
    let whole = whole
        && done.left.is_empty()
        && done.unknown.is_empty()
        && done.rejected.is_empty()
        && made().count() == done.tried.len();
    let (style, word) = match (whereabouts_of(made().map(|(_, o)| o.via)), whole) {
        _ if made().next().is_none() => (WAIT, "NOTHING SENT"),
        (Whereabouts::Gone, true) => (GOOD, "SENT"),
        (Whereabouts::Outbox, true) => (WAIT, "IN THE OUTBOX"),
        (Whereabouts::Outbox, false) => (WAIT, "PARTLY IN THE OUTBOX"),
        (Whereabouts::Both, _) | (Whereabouts::Gone, false) => (WAIT, "PARTLY SENT"),
    };
    paint(style.bold(), word)
}

/// What went to the outbox, and how it would leave the machine.
pub(super) fn stayed(out: &mut String, done: &Done) {
    let sent = || {
        done.tried
            .iter()
            .filter(|(_, o)| o.state == DeliveryState::Sent)
    };
    let kept: Vec<&PlannedDelivery> = sent()
        .filter(|(_, o)| o.via == Via::Outbox)
        .map(|(d, _)| d)
        .collect();
    if kept.is_empty() {
        return;
    }
    if !sent().any(|(_, o)| matches!(o.via, Via::Smtp | Via::Slack)) {
        let _ = writeln!(
            out,
            "Nothing left this machine: the messages are in .packet/outbox/ (no `smtp:` in packet.yaml)"
        );
        return;
    }
    let _ = writeln!(
        out,
        "{}",
        paint(BOLD, "Stayed on this machine, in .packet/outbox/:")
    );
    for delivery in kept {
        let how = match delivery.kind {
            ChannelKind::Slack => "its webhook is not configured: `slack:` in packet.yaml",
            _ => "no mail server is configured: `smtp:` in packet.yaml",
        };
        let _ = writeln!(out, "  {} ({how})", safe(&who(delivery)));
    }
}

pub(super) fn given_up(via: Via) -> &'static str {
    match via {
        Via::Smtp => "The mail server was",
        Via::Slack => "Slack was",
        Via::Outbox => "The outbox was",
        Via::Workspace => "The workspace was",
    }
}

/// Who was not tried, and how to go on.
fn left_out(done: &Done) -> String {
    /// So many are named; the board shows all.
    const NAMED: usize = 12;
    if done.left.is_empty() {
        return String::new();
    }
    let mut names: Vec<String> = done.left.iter().take(NAMED).map(who).collect();
    if done.left.len() > NAMED {
        names.push(format!(
            "and {} more (packet status)",
            done.left.len() - NAMED
        ));
    }
    let how = match done.stopped {
        true => "Stopped half way; packet send goes on where it stopped",
        false => "Mend that (packet doctor helps), then packet send goes on where it stopped",
    };
    let text = format!("{how}. Not tried yet: {}", names.join(", "));
    format!("{}\n", wrap(&text, 4, width()))
}
