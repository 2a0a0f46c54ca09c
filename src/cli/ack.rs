//! `packet ack`: what recipients said, recorded by hand or read from their replies.

mod import;

use std::path::PathBuf;

use jiff::Timestamp;

use clap_complete::engine::ArgValueCompleter;

use super::{
    Format, complete,
    context::{Context, Exit, Misuse, print, print_json, span},
    names, render,
};
use crate::{
    model::{
        acknowledgement::Acknowledgement,
        history::Revision,
        ledger::{Event, Said},
        plan::DeliveryState,
    },
    report::acknowledgements::{self as report, Recorded},
    resolver::people::same,
    sender::{answers, standing},
    workspace::{bundle::Bundle, lock, situation::Situation, templates},
};

/// Record that somebody has confirmed, reviewed, or asked something
///
/// Without an option: NAME has confirmed. The options record something else instead, or beside it
/// with --acknowledged. It goes on record with the revision that was sent to them; a later revision
/// may make it void. Exits 3 where nothing was sent yet.
///
/// --import reads replies instead and alters no mailbox. Only what somebody wrote anew counts, not
/// what they quote; what is not certain is listed for you to decide.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet ack \"Morgan Reed\"\n  packet ack \"Morgan Reed\" --reviewed --acknowledged --at 2027-03-05T08:00Z\n  packet ack \"Morgan Reed\" --blocker \"Which door is it?\"\n  packet ack \"Morgan Reed\" --resolve-blocker --note \"the north door\"\n  packet ack \"Morgan Reed\" --withdraw\n  packet ack --import ~/Maildir\n  packet ack --import replies.mbox --dry-run"
)]
pub struct Args {
    /// The recipient: name, role, alias or address, as `packet status` shows them
    #[arg(value_name = "NAME", required_unless_present = "import", add = ArgValueCompleter::new(complete::recipients))]
    name: Option<String>,
    /// Read replies: an mbox file, a Maildir, a folder of .eml files, or one .eml file
    #[arg(long, value_name = "PATH", conflicts_with_all = ["name", "reviewed", "acknowledged", "blocker", "resolve_blocker", "withdraw", "at", "note"])]
    import: Option<PathBuf>,
    /// With --import: show what the mails would be taken for, and record nothing
    #[arg(long, requires = "import")]
    dry_run: bool,
    /// They have reviewed the evidence; not yet a confirmation
    #[arg(long)]
    reviewed: bool,
    /// They have confirmed; what is recorded without any option
    #[arg(long)]
    acknowledged: bool,
    /// They ask something, or something stands in the way
    #[arg(long, value_name = "TEXT")]
    blocker: Option<String>,
    /// What they asked or reported is settled
    #[arg(long)]
    resolve_blocker: bool,
    /// They take their review and their confirmation back
    #[arg(long, conflicts_with_all = ["reviewed", "acknowledged"])]
    withdraw: bool,
    /// When they said so; now unless given
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
    /// A remark for the record
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Who records it
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The document, where packet.yaml lists several
    #[arg(long, value_name = "DOC")]
    document: Option<PathBuf>,
}

/// Records what was said, then brings the packet's files up to date.
///
/// # Errors
/// Nobody goes by the name; a moment that cannot be; the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let line = |what: &str, text: &Option<String>| {
        let read = text.as_deref().map(|t| names::words(what, t));
        read.transpose()
    };
    let (by, note) = (line("--by", &args.by)?, line("--note", &args.note)?);
    if let Some(path) = &args.import {
        let document = args.document.as_ref();
        return import::run(context, path, document, by.as_deref(), args.dry_run);
    }
    let said = said(args, line("--blocker", &args.blocker)?);
    let given = args.name.as_deref().unwrap_or_default();
    let _lock = lock::take(&context.workspace, "ack", context.clock.now())?;
    let mut situation = names::document_with_recipient(context, args.document.as_ref(), given)?;
    let index = names::recipient(&situation, given)?;
    let name = situation.document.recipients[index].name.clone();
    let Some(seen) = seen(&situation, &name) else {
        let why = format!(
            "nothing of {} was sent yet, so nobody can have answered; send it first: packet send",
            situation.document.path
        );
        match context.format {
            Format::Human => print(&report::refused(&why))?,
            _ => print_json(&serde_json::json!({ "blockers": [why] }))?,
        }
        return Ok(Exit::Hold);
    };
    let (revision, delivered) = (seen.revision.number, seen.at.is_some());
    let from = seen.at.unwrap_or(seen.revision.started);
    let when = when(args.at.as_deref(), from, context.clock.now(), revision)?;
    let standing = situation.acknowledgements();
    let person = standing.people.get(index).cloned().unwrap_or_default();
    let mut recorded = Recorded::new(&situation.document.path, &name, revision, delivered);
    let mut events = Vec::new();
    // A word that changes nothing else settles a mail that waits for somebody's decision.
    let mails = &standing.undecided;
    let waits = mails.iter().any(|m| m.names.iter().any(|n| same(n, &name)));
    for said in said {
        let settles = waits && matches!(said, Said::Acknowledged | Said::Reviewed);
        if let Some(known) = known(&said, &person, when)?.filter(|_| !settles) {
            recorded.unchanged.push(known);
            continue;
        }
        recorded.said.push((said.clone(), when));
        events.push(Event::Answered {
            revision,
            name: name.clone(),
            said,
            when,
            note: note.clone(),
            reply: None,
        });
    }
    situation.append_all(&events, by.as_deref(), context.clock)?;
    follow(context, &situation)?;
    let after = situation.acknowledgements();
    let (state, _) = context.standing(&situation);
    match context.format {
        Format::Human => context.say(&report::recorded(&recorded, &after))?,
        _ => print_json(&report::json(&recorded, &after, state))?,
    }
    Ok(Exit::Done)
}

/// What the options say; a confirmation where they say nothing.
fn said(args: &Args, blocker: Option<String>) -> Vec<Said> {
    let other = args.reviewed || args.resolve_blocker || args.withdraw || blocker.is_some();
    let mut said = Vec::new();
    let mut add = |wanted: bool, what: Said| said.extend(wanted.then_some(what));
    add(args.withdraw, Said::Withdrawn);
    add(args.reviewed, Said::Reviewed);
    add(args.acknowledged || !other, Said::Acknowledged);
    add(args.resolve_blocker, Said::Resolved);
    said.extend(blocker.map(Said::Blocked));
    said
}

/// The revision somebody had before them, and when they were sent it.
struct Seen<'a> {
    revision: &'a Revision,
    at: Option<Timestamp>,
}

/// The newest revision that was sent to `name`, from the current one back; where nothing reached
/// them, the current one. `None` where nobody was sent anything.
fn seen<'a>(situation: &'a Situation, name: &str) -> Option<Seen<'a>> {
    let arrived = |state| matches!(state, DeliveryState::Sent | DeliveryState::Unknown);
    let mut on_record: Vec<&Revision> = situation.history.revisions.iter().collect();
    on_record.sort_by_key(|r| std::cmp::Reverse(r.number));
    on_record.retain(|r| r.deliveries.values().any(|d| arrived(d.state)));
    let current = situation.current().map(|r| r.number);
    on_record.sort_by_key(|r| Some(r.number) != current);
    let theirs = on_record.iter().find_map(|revision| {
        let mut deliveries = revision.deliveries.values();
        let own = deliveries.find(|d| arrived(d.state) && d.names.iter().any(|n| same(n, name)))?;
        let at = Some(own.at);
        Some(Seen { revision, at })
    });
    theirs.or_else(|| {
        on_record
            .first()
            .map(|revision| Seen { revision, at: None })
    })
}

/// The moment given with `--at`, else now. A date means that day: the first instant at which they
/// could have answered.
fn when(
    at: Option<&str>,
    sent: Timestamp,
    now: Timestamp,
    revision: u32,
) -> anyhow::Result<Timestamp> {
    let Some(text) = at else {
        return Ok(now.max(sent));
    };
    let (first, last) = span(text)?;
    if first > now {
        return Err(Misuse(format!("--at {text} lies in the future")).into());
    }
    if last < sent {
        let why = format!(
            "--at {text} lies before revision {revision} was sent to them ({sent:.0}); nobody can have answered then"
        );
        return Err(Misuse(why).into());
    }
    Ok(first.max(sent).min(last))
}

/// Why recording `said` would change nothing; `None` where it changes something.
fn known(said: &Said, person: &Acknowledgement, when: Timestamp) -> Result<Option<String>, Misuse> {
    let on_record =
        |word: &str, at: Timestamp| Some(format!("{word} on {at:.0} is on record already"));
    Ok(match said {
        Said::Reviewed => person
            .reviewed
            .as_ref()
            .and_then(|w| on_record("their review", w.at)),
        Said::Acknowledged => person
            .acknowledged
            .as_ref()
            .and_then(|w| on_record("their confirmation", w.at)),
        Said::Blocked(text) => {
            let same = person.blockers.iter().find(|b| b.text == *text);
            same.and_then(|b| on_record("this blocker", b.at))
        }
        Said::Resolved if person.blockers.is_empty() => Some("no blocker is open".to_owned()),
        Said::Resolved => None,
        Said::Withdrawn => match person.times.iter().max() {
            None => Some("there is no confirmation to take back".to_owned()),
            Some(last) if *last > when => {
                return Err(Misuse(format!(
                    "they answered on {last:.0}, which is later than {when:.0}; give --withdraw a later --at"
                )));
            }
            Some(_)
                if person.reviewed.is_none()
                    && person.acknowledged.is_none()
                    && person.void.is_empty() =>
            {
                Some("it was taken back already".to_owned())
            }
            Some(_) => None,
        },
    })
}

/// Brings the packet's files and the feedback document up to date with the record.
///
/// # Errors
/// A file cannot be written; what was recorded stays on record.
pub(super) fn follow(context: &Context, situation: &Situation) -> anyhow::Result<()> {
    let templates = templates::load(&context.workspace)?;
    let bundle = Bundle::new(&context.workspace, &situation.resolution.root)?;
    if situation.history.bundled.is_some() && bundle.path("").is_dir() {
        if standing::current(situation).is_some() {
            render::write_living(context, situation, &bundle, &templates)?;
        } else {
            // The document has moved on: its packet is not the one that was answered. The copy of
            // the ledger is kept up all the same.
            bundle.write_living("ledger.ndjson", situation.ledger.text()?.as_bytes())?;
        }
    }
    answers::tell(&context.workspace, situation, &templates)?;
    Ok(())
}
