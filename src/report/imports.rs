//! What was read from replies: mail by mail, then who is still waited for.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    acknowledgements::left,
    style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, safe, width, wrap},
};
use crate::model::{acknowledgement::Acknowledgements, ledger::TakenFor};

/// What one import found.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Whether nothing goes on record.
    pub dry_run: bool,
    /// How many mails there were.
    pub read: usize,
    /// How many of them had been imported before.
    pub known: usize,
    /// How many were sent from here.
    pub own: usize,
    /// How many are about something else.
    pub unrelated: usize,
    /// Those too large to read, or gone; where they are.
    pub unreadable: Vec<String>,
    /// Those that concern a document, by their date.
    pub lines: Vec<Line>,
}

/// One mail that concerns a document.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where the mail is.
    pub place: String,
    /// Its From.
    pub from: String,
    /// Its Subject.
    pub subject: String,
    /// The document.
    pub document: String,
    /// Whom it is from, or may be from.
    pub names: Vec<String>,
    /// The revision it answers; `None` where it answers no mail of ours.
    pub revision: Option<u32>,
    /// What it was taken for; `None` where nothing went on record.
    pub taken_for: Option<TakenFor>,
    /// Why.
    pub why: String,
}

impl Line {
    fn is_open(&self) -> bool {
        matches!(self.taken_for, None | Some(TakenFor::Undecided))
    }
}

/// What was done, mail by mail.
pub fn text(import: &Import, standings: &[(String, Acknowledgements)]) -> String {
    let mut out = String::new();
    for line in &import.lines {
        let (style, word) = match line.taken_for {
            Some(TakenFor::Confirmation) => (GOOD, "✔ confirmed"),
            Some(TakenFor::Remark) => (WAIT, "? blocker"),
            Some(TakenFor::Accepted) => (GOOD, "✔ comes"),
            Some(TakenFor::Declined) => (BAD, "✘ declines"),
            Some(TakenFor::Tentative) => (WAIT, "? perhaps"),
            Some(TakenFor::Automatic) => (DIM, "· automatic"),
            Some(TakenFor::Bounce) => (BAD, "✘ bounced"),
            Some(TakenFor::Undecided) | None => (WAIT, "! undecided"),
        };
        let gap = " ".repeat("✔ confirmed".chars().count() - word.chars().count());
        let about = format!("{} from {}: {}", line.place, line.from, line.why);
        let _ = writeln!(
            out,
            "  {}{gap}  {}",
            paint(style, word),
            wrap(&about, 15, width())
        );
        if line.is_open() {
            let several = standings.len() > 1;
            for name in &line.names {
                let of = if several {
                    format!(" --document {}", line.document)
                } else {
                    String::new()
                };
                let command = format!("if it confirms: packet ack \"{name}\"{of}");
                let _ = writeln!(out, "               {}", safe(&command));
            }
        }
    }
    for place in &import.unreadable {
        let _ = writeln!(
            out,
            "  {}  {}: too large, or it cannot be read",
            paint(BAD, "✘ not read "),
            safe(place)
        );
    }
    let _ = writeln!(
        out,
        "{}  {}",
        paint(BOLD, "READ"),
        wrap(&summary(import), 6, width())
    );
    if import.dry_run {
        let _ = writeln!(
            out,
            "A dry run: nothing was recorded. Without --dry-run it is."
        );
    }
    for (document, standing) in standings {
        if standings.len() > 1 {
            let _ = writeln!(out, "{}", paint(BOLD, document));
        }
        out.push_str(&left(standing));
    }
    out
}

fn summary(import: &Import) -> String {
    let of = |kind: TakenFor| {
        import
            .lines
            .iter()
            .filter(|l| l.taken_for == Some(kind))
            .count()
    };
    let open = import.lines.iter().filter(|l| l.is_open()).count();
    let parts = [
        (of(TakenFor::Confirmation), "confirmed"),
        (of(TakenFor::Remark), "asked or refused something"),
        (of(TakenFor::Accepted), "accepted the invitation"),
        (of(TakenFor::Declined), "declined it"),
        (of(TakenFor::Tentative), "may come"),
        (of(TakenFor::Bounce), "reported a failed delivery"),
        (of(TakenFor::Automatic), "automatic"),
        (open, "for you to decide"),
        (import.unreadable.len(), "not read"),
        (import.own, "sent from here"),
        (import.known, "known already"),
        (import.unrelated, "about something else"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    let mails = count(import.read, "mail");
    if said.is_empty() {
        mails
    } else {
        format!("{mails}: {}", said.join(", "))
    }
}

/// The same for scripts.
pub fn json(import: &Import, standings: &[(String, Acknowledgements)]) -> Value {
    json!({
        "dry_run": import.dry_run,
        "read": import.read,
        "known": import.known,
        "own": import.own,
        "unrelated": import.unrelated,
        "unreadable": import.unreadable,
        "mails": import.lines.iter().map(|l| json!({
            "place": l.place,
            "from": l.from,
            "subject": l.subject,
            "document": l.document,
            "names": l.names,
            "revision": l.revision,
            "taken_for": l.taken_for,
            "why": l.why,
        })).collect::<Vec<_>>(),
        "documents": standings.iter().map(|(document, standing)| json!({
            "document": document,
            "missing": standing.missing().map(|p| &p.name).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}
