//! Who has confirmed, who is waited for and for how long, what became void and why.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, safe, width, wrap};
use crate::{
    model::{
        acknowledgement::{Acknowledgement, Acknowledgements},
        ledger::Said,
    },
    sender::standing::State,
};

/// What `ack` put on record about one recipient.
#[derive(Clone, Debug)]
pub struct Recorded {
    document: String,
    name: String,
    revision: u32,
    delivered: bool,
    /// What went on record, and when it was said.
    pub said: Vec<(Said, Timestamp)>,
    /// Why something else did not.
    pub unchanged: Vec<String>,
}

impl Recorded {
    /// Nothing yet, about `name` and a revision that was `delivered` to them or not.
    pub fn new(document: &str, name: &str, revision: u32, delivered: bool) -> Self {
        Recorded {
            document: document.to_owned(),
            name: name.to_owned(),
            revision,
            delivered,
            said: Vec::new(),
            unchanged: Vec::new(),
        }
    }
}

/// Why `ack` records nothing.
pub fn refused(why: &str) -> String {
    format!(
        "{}  {}\n",
        paint(WAIT.bold(), "NOT SENT"),
        wrap(why, 10, width())
    )
}

/// What was recorded, and who is still waited for.
pub fn recorded(recorded: &Recorded, standing: &Acknowledgements) -> String {
    let mut out = String::new();
    let name = safe(&recorded.name);
    for (said, at) in &recorded.said {
        let (style, word) = match said {
            Said::Reviewed => (GOOD, "REVIEWED"),
            Said::Acknowledged => (GOOD, "CONFIRMED"),
            Said::Blocked(_) => (WAIT, "BLOCKER"),
            Said::Resolved => (GOOD, "RESOLVED"),
            Said::Withdrawn => (WAIT, "TAKEN BACK"),
        };
        let words = match said {
            Said::Blocked(text) => format!(": {}", safe(text)),
            _ => String::new(),
        };
        let about = format!("revision {}, {at:.0}", recorded.revision);
        let _ = writeln!(
            out,
            "{}  {name}{words}  {}",
            paint(style.bold(), word),
            paint(DIM, about)
        );
    }
    for why in &recorded.unchanged {
        let _ = writeln!(out, "{}  {name}: {}", paint(BOLD, "UNCHANGED"), safe(why));
    }
    let person = standing.people.iter().find(|p| p.name == recorded.name);
    if let Some(void) = person.and_then(Acknowledgement::voided) {
        let why = format!("it does not count: {}", void.why);
        let _ = writeln!(out, "{} {}", paint(WAIT, "note:"), wrap(&why, 6, width()));
    }
    if !recorded.delivered && !recorded.said.is_empty() {
        let why = "nothing was delivered to them; this stands on your word alone";
        let _ = writeln!(out, "{} {}", paint(WAIT, "note:"), wrap(why, 6, width()));
    }
    out.push_str(&left(standing));
    out
}

/// One line: who is waited for, what is open.
pub fn left(standing: &Acknowledgements) -> String {
    if standing.is_complete() {
        return format!(
            "{}  everyone has confirmed and nothing stands in the way\n",
            paint(GOOD.bold(), "COMPLETE")
        );
    }
    let mut out = String::new();
    let expected = standing.people.iter().filter(|p| p.expected).count();
    let missing: Vec<String> = standing.missing().map(|p| safe(&p.name)).collect();
    if !missing.is_empty() {
        let text = format!(
            "waiting for {} of {expected}: {}",
            missing.len(),
            missing.join(", ")
        );
        let _ = writeln!(out, "{}", wrap(&text, 2, width()));
    }
    for name in &standing.strays {
        let text = format!(
            "the tracker row `{name}` is nobody's among the recipients, so nobody can confirm for it"
        );
        let _ = writeln!(out, "{}", wrap(&text, 2, width()));
    }
    let open = standing.people.iter().filter(|p| !p.blockers.is_empty());
    for person in open {
        let text = format!(
            "open: {} ({}); once it is settled: packet ack \"{}\" --resolve-blocker",
            person.blocker().unwrap_or_default(),
            person.name,
            person.name
        );
        let _ = writeln!(out, "{}", wrap(&text, 2, width()));
    }
    out
}

/// The board's section; nothing before the packet was sent.
pub fn section(standing: &Acknowledgements, now: Timestamp) -> String {
    let expected = standing.people.iter().filter(|p| p.expected).count();
    if standing.revision.is_none() || (expected == 0 && standing.strays.is_empty()) {
        return String::new();
    }
    let confirmed = expected - standing.missing().count();
    let mut out = format!(
        "{}  {}\n",
        paint(BOLD, "Acknowledgements"),
        paint(DIM, format!("{confirmed} of {expected} confirmed"))
    );
    let shown = |p: &&Acknowledgement| {
        p.expected || p.acknowledged.is_some() || p.reviewed.is_some() || !p.blockers.is_empty()
    };
    let wide = standing
        .people
        .iter()
        .filter(shown)
        .map(|p| p.name.chars().count())
        .max();
    for person in standing.people.iter().filter(shown) {
        line(&mut out, person, wide.unwrap_or(0), now);
    }
    for name in &standing.strays {
        let why = "is nobody's among the recipients";
        let _ = writeln!(
            out,
            "  {}   {}  {}",
            paint(BAD, "✘ nobody"),
            safe(name),
            paint(DIM, why)
        );
    }
    for mail in &standing.undecided {
        let who = match mail.names.as_slice() {
            [] => String::new(),
            names => format!(" ({})", names.join(" or ")),
        };
        let text = format!("mail from {}{who}: {}", mail.from, mail.why);
        let _ = writeln!(
            out,
            "  {}  {}",
            paint(WAIT, "! undecided  "),
            wrap(&text, 17, width())
        );
    }
    out.push('\n');
    out
}

fn line(out: &mut String, person: &Acknowledgement, wide: usize, now: Timestamp) {
    let name = safe(&person.name);
    let (style, word, about) = match (&person.acknowledged, person.asked) {
        (Some(word), _) => (GOOD, "✔ confirmed", format!("{:.0}  {}", word.at, word.how)),
        (None, _) if !person.expected => (DIM, "· not awaited", String::new()),
        (None, Some(since)) => (
            WAIT,
            "… waits",
            format!("for {} (since {since:.0})", age(since, now)),
        ),
        (None, None) => (WAIT, "… waits", "has not got it yet".to_owned()),
    };
    let gap = " ".repeat("· not awaited".chars().count() - word.chars().count());
    let text = format!("  {}{gap}  {name:wide$}", paint(style, word));
    let _ = match about.as_str() {
        "" => writeln!(out, "{}", text.trim_end()),
        about => writeln!(out, "{text}  {}", paint(DIM, about)),
    };
    let mut note = |style, label: &str, text: String| {
        let _ = writeln!(
            out,
            "                 {} {}",
            paint(style, label),
            wrap(&text, 24, width())
        );
    };
    if person.acknowledged.is_none()
        && let Some(word) = &person.reviewed
    {
        note(DIM, "reviewed:", format!("{:.0}, {}", word.at, word.how));
    }
    if let Some(void) = person.voided() {
        let word = &void.word;
        note(
            WAIT,
            "void:",
            format!(
                "confirmed revision {} on {:.0}, but {}",
                word.revision, word.at, void.why
            ),
        );
    }
    for blocker in &person.blockers {
        note(
            BAD,
            "open:",
            format!("{} (for {})", blocker.text, age(blocker.at, now)),
        );
    }
}

/// How long ago something was, in its largest unit: `3 days`.
pub fn age(since: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(since).as_secs().max(0) / 60;
    let of = |n: i64, noun: &str| count(usize::try_from(n).unwrap_or(0), noun);
    match minutes {
        0 => "less than a minute".to_owned(),
        1..120 => of(minutes, "minute"),
        120..2880 => of(minutes / 60, "hour"),
        _ => of(minutes / 1440, "day"),
    }
}

/// The same as [`recorded`] for scripts.
pub fn json(recorded: &Recorded, standing: &Acknowledgements, state: State) -> Value {
    let said = recorded
        .said
        .iter()
        .map(|(said, at)| json!({ "said": said.word(), "at": at }));
    json!({
        "document": recorded.document,
        "name": recorded.name,
        "revision": recorded.revision,
        "recorded": said.collect::<Vec<_>>(),
        "unchanged": recorded.unchanged,
        "missing": standing.missing().map(|p| &p.name).collect::<Vec<_>>(),
        "state": state,
    })
}
