//! The board: gates with verdicts and reasons, deliveries, and what to do next.

use std::fmt::Write;

use super::{
    acknowledgements, agenda, revisions,
    style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, safe, width, wrap},
    timeline::timeline,
    undelivered,
};
use crate::{
    model::{
        diagnostic::Severity,
        difference::SinceHeld,
        document::ChannelKind,
        plan::{DeliveryState, Via},
        resolution::{Filling, Source, Verdict},
    },
    sender::standing::{Standing, State, Whereabouts, state_word, whereabouts},
    workspace::situation::Situation,
};

/// One document's board. `verbose` adds notes of clear gates, how words were read, and paths.
/// `alone`: no other document is shown, so its timeline stands here.
pub fn board(
    situation: &Situation,
    state: State,
    standings: &[Standing],
    obstacles: &[String],
    changes: Option<&SinceHeld>,
    verbose: bool,
    alone: bool,
) -> String {
    let mut out = String::new();
    head(&mut out, situation, state, standings);
    gates(&mut out, situation, verbose);
    open_parts(&mut out, situation);
    if alone {
        out.push_str(&timeline(&[situation], verbose));
    }
    people(&mut out, situation, standings, verbose);
    out.push_str(&acknowledgements::section(
        &situation.acknowledgements(),
        situation.now,
    ));
    noticed(&mut out, situation);
    if let Some(changes) = changes {
        let _ = writeln!(out, "{}", revisions::text(changes));
    }
    next(&mut out, situation, state, standings, obstacles);
    out
}

fn head(out: &mut String, situation: &Situation, state: State, standings: &[Standing]) {
    let document = &situation.document;
    let said = state_word(state, standings);
    let style = match said {
        "sent" | "clear" | "complete" => GOOD,
        _ => WAIT,
    };
    let word = match agenda::is_one(situation) && state == State::Hold {
        true => "NOTHING TO CLEAR".to_owned(),
        false => said.to_uppercase(),
    };
    let _ = writeln!(out, "{}", paint(BOLD, document.title()));
    let mut facts = vec![document.path.clone()];
    if let Some(digest) = &situation.resolution.digest {
        facts.push(format!("revision {}", situation.revision()));
        facts.push(format!("digest {}", &digest[..12]));
    }
    if agenda::is_one(situation) {
        facts.extend(agenda::facts(situation));
    }
    if let Some(expires) = document.front.get("expires") {
        facts.push(format!("expires {expires}"));
    }
    let _ = writeln!(
        out,
        "{}  {}\n",
        paint(style.bold(), word),
        paint(DIM, facts.join(" · "))
    );
}

fn gates(out: &mut String, situation: &Situation, verbose: bool) {
    let document = &situation.document;
    if document.gates.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Gates"));
    for (gate, result) in document.gates.iter().zip(&situation.resolution.gates) {
        let (style, mark) = match result.verdict {
            Verdict::Clear => (GOOD, "✔ clear"),
            Verdict::Hold => (BAD, "✘ hold"),
            Verdict::Waived => (WAIT, "~ waived"),
        };
        let line = paint(DIM, format!("line {}", document.line(gate.span)));
        let _ = writeln!(
            out,
            "  {}{}  {}  {line}",
            paint(style, mark),
            " ".repeat("~ waived".len().saturating_sub(mark.chars().count())),
            paint(BOLD, &gate.name)
        );
        let _ = writeln!(out, "            {}", wrap(&result.reason, 12, width()));
        if verbose && !result.requirements.is_empty() {
            let read = format!("asks for: {}", result.requirements.join("; "));
            let _ = writeln!(
                out,
                "            {}",
                paint(DIM, "") + &wrap(&read, 12, width())
            );
        }
        if verbose && !result.words.is_empty() {
            let said: Vec<String> = result
                .words
                .iter()
                .map(|(word, read_as)| format!("{word} ({read_as})"))
                .collect();
            let read = format!("words: {}", said.join(", "));
            let _ = writeln!(
                out,
                "            {}",
                paint(DIM, "") + &wrap(&read, 12, width())
            );
        }
        if verbose {
            for proof in result.proofs.iter().filter(|p| !p.file.sha256.is_empty()) {
                let text = format!("{}  sha256 {}", proof.file.path, proof.file.sha256);
                let _ = writeln!(out, "            {}", paint(DIM, text));
            }
        }
        for note in &result.notes {
            let _ = writeln!(
                out,
                "            {} {}",
                paint(WAIT, "note:"),
                wrap(note, 18, width())
            );
        }
    }
    out.push('\n');
}

/// Open placeholders and leaves that a held gate does not already explain.
fn open_parts(out: &mut String, situation: &Situation) {
    let document = &situation.document;
    let mut lines = Vec::new();
    for (placeholder, filling) in document
        .placeholders
        .iter()
        .zip(&situation.resolution.placeholders)
    {
        if let Filling::Open(why) = filling {
            lines.push((
                document.line(placeholder.span),
                "placeholder".to_owned(),
                why.clone(),
            ));
        }
    }
    let drawn = document.layout.iter().flat_map(|l| &l.leaves);
    for (leaf, result) in drawn.zip(&situation.resolution.layout) {
        if let Source::Missing(why) = &result.source {
            lines.push((
                document.line(leaf.span),
                format!("leaf {}", leaf.path),
                why.clone(),
            ));
        }
    }
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Missing"));
    for (line, what, why) in lines {
        let _ = writeln!(
            out,
            "  {}  {}  {}",
            paint(BAD, "✘"),
            safe(&what),
            paint(DIM, format!("line {line}"))
        );
        let _ = writeln!(out, "     {}", wrap(&why, 5, width()));
    }
    out.push('\n');
}

fn people(out: &mut String, situation: &Situation, standings: &[Standing], verbose: bool) {
    let document = &situation.document;
    if document.recipients.is_empty() && document.channels.is_empty() {
        return;
    }
    let any = standings.iter().any(|s| s.record.is_some());
    if !any && !verbose {
        let known = situation
            .roster
            .people
            .iter()
            .filter(|p| p.address.is_some())
            .count();
        let _ = writeln!(
            out,
            "{}  {} ({} with an address), {}\n",
            paint(BOLD, "Recipients"),
            count(document.recipients.len(), "person").replace("persons", "people"),
            known,
            count(document.channels.len(), "channel"),
        );
        return;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Deliveries"));
    let names = document.recipients.iter().map(|r| r.name.chars().count());
    let targets = standings.iter().map(|s| s.wanted.target.chars().count());
    let widths = (
        names.max().unwrap_or(0).max("announcement".len()),
        targets.max().unwrap_or(0).min(48),
    );
    for (index, recipient) in document.recipients.iter().enumerate() {
        let standing = standings
            .iter()
            .find(|s| s.wanted.recipients.contains(&index));
        let address = situation
            .roster
            .people
            .get(index)
            .and_then(|p| p.address.as_deref());
        row(
            out,
            &recipient.name,
            address.unwrap_or("no address"),
            standing,
            widths,
        );
    }
    for standing in standings.iter().filter(|s| !s.wanted.channels.is_empty()) {
        let name = match standing.wanted.kind {
            ChannelKind::Email => "announcement",
            ChannelKind::Slack => "Slack",
            ChannelKind::Document => "feedback",
            ChannelKind::Folder => "bundle",
        };
        row(out, name, &standing.wanted.target, Some(standing), widths);
    }
    out.push('\n');
}

fn row(
    out: &mut String,
    name: &str,
    target: &str,
    standing: Option<&Standing>,
    widths: (usize, usize),
) {
    let state = standing.map_or(DeliveryState::Pending, |s| s.state);
    let style = match state {
        DeliveryState::Sent => GOOD,
        DeliveryState::Pending => DIM,
        DeliveryState::Deferred => WAIT,
        DeliveryState::Rejected | DeliveryState::Unknown => BAD,
    };
    let record = standing.and_then(|s| s.record.as_ref());
    let kept = state == DeliveryState::Sent && record.is_some_and(|r| r.via == Via::Outbox);
    let mut about = match (state, record) {
        (DeliveryState::Sent, Some(record)) => format!("{:.0}", record.at),
        (_, Some(record)) => record
            .outcome
            .as_ref()
            .map_or(String::new(), |o| o.detail.clone()),
        _ => String::new(),
    };
    if kept {
        about.push_str("  in the outbox only");
    }
    let (wide, far) = widths;
    let (name, target, word) = (
        safe(name),
        safe(target),
        if kept {
            "outbox".to_owned()
        } else {
            state.to_string()
        },
    );
    let gap = " ".repeat(8usize.saturating_sub(word.len()));
    let word = paint(style, &word);
    let line = format!("  {word}{gap}  {name:wide$}  {target:far$}");
    let line = match about.as_str() {
        "" => line.trim_end().to_owned(),
        about => format!("{line}  {}", paint(DIM, about)),
    };
    let _ = writeln!(out, "{line}");
}

fn noticed(out: &mut String, situation: &Situation) {
    let worth: Vec<_> = situation
        .diagnostics
        .iter()
        .filter(|d| d.severity > Severity::Note)
        .collect();
    if worth.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Noticed"));
    for diagnostic in worth {
        let style = if diagnostic.severity == Severity::Error {
            BAD
        } else {
            WAIT
        };
        let word = if diagnostic.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        let line = situation.document.line(diagnostic.span);
        let _ = writeln!(
            out,
            "  {}  line {line}: {}",
            paint(style, word),
            wrap(&diagnostic.message, 9, width())
        );
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(
                out,
                "         {}",
                paint(DIM, "→ ") + &wrap(help, 11, width())
            );
        }
    }
    out.push('\n');
}

/// What to do about answers that are missing or open.
fn answers(situation: &Situation) -> Vec<String> {
    let standing = situation.acknowledgements();
    let mut steps = Vec::new();
    if standing.missing().next().is_some() {
        steps.push(
            "record who confirms: packet ack NAME, or from replies: packet ack --import MAILBOX"
                .to_owned(),
        );
    }
    if !standing.undecided.is_empty() {
        steps.push(
            "decide what the mails mean that are listed as undecided: packet ack NAME, or packet ack NAME --blocker TEXT"
                .to_owned(),
        );
    }
    for person in standing.people.iter().filter(|p| !p.blockers.is_empty()) {
        steps.push(format!(
            "once it is settled: packet ack \"{}\" --resolve-blocker",
            person.name
        ));
    }
    steps
}

fn next(
    out: &mut String,
    situation: &Situation,
    state: State,
    standings: &[Standing],
    obstacles: &[String],
) {
    let mut steps: Vec<String> = Vec::new();
    // A document that sends nothing need not hear what sending lacks.
    let document = &situation.document;
    let sends = !(document.notifications.is_empty() && document.recipients.is_empty());
    if sends && state != State::Sent && state != State::Complete {
        steps.extend(obstacles.iter().cloned());
    }
    let held = situation
        .resolution
        .gates
        .iter()
        .filter(|g| g.verdict == Verdict::Hold)
        .count();
    match state {
        State::Hold if held > 0 => {
            steps.insert(
                0,
                format!(
                    "settle {} on hold, then look again: packet status",
                    count(held, "gate")
                ),
            );
        }
        State::Hold if agenda::is_one(situation) => steps = agenda::steps(situation),
        State::Hold => steps.insert(
            0,
            situation
                .resolution
                .blockers
                .first()
                .cloned()
                .unwrap_or_default(),
        ),
        State::Clear if obstacles.is_empty() => {
            steps.push("look at what would go out: packet send --dry-run".to_owned())
        }
        State::Partial => {
            steps.extend(undelivered::steps(standings));
            steps.extend(answers(situation));
        }
        State::Sent => steps.extend(answers(situation)),
        _ => {}
    }
    if matches!(state, State::Partial | State::Sent) && whereabouts(standings) != Whereabouts::Gone
    {
        steps.push(
            "what is in the outbox did not leave this machine: name a mail server (`smtp:`) or webhook (`slack:`) in packet.yaml, then packet send"
                .to_owned(),
        );
    }
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint(BOLD, "Next"));
    for step in steps {
        let _ = writeln!(out, "  → {}", wrap(&step, 4, width()));
    }
}
