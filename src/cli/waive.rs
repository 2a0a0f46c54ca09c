//! `packet waive`: somebody's recorded decision to go ahead despite a hold.

use std::path::PathBuf;

use serde_json::json;

use clap_complete::engine::ArgValueCompleter;

use super::{
    Format, complete,
    context::{Context, Exit, Misuse, print_json},
    names::{self, Attestable},
};
use crate::{
    model::{evidence::FileHash, ledger::Event, resolution::Verdict},
    report::style::{WAIT, paint, safe, width, wrap},
    resolver::escalations::lines,
    sender::leaks,
    workspace::{lock, situation::Situation},
};

/// Record somebody's decision to go ahead despite a hold
///
/// The waiver holds for the gate as it reads now and for the evidence that holds it now: when
/// either changes, it is void. Its name and reason go into the messages and the log. Once a packet
/// is sent, what it was sent with counts; `--new-evidence` looks at newer evidence instead, for a
/// `send --new-evidence`. An escalation line of which nothing in the document shows whether it is done
/// is waived the same way; then it is not escalated. A line that looks like a password and is none is
/// named by its place, FILE:LINE; the waiver holds for that line as it reads now.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet waive \"Portal Probe\" --by \"Ana Ruiz\" --reason \"known outage, back on Monday\""
)]
pub struct Args {
    /// The gate's name, as `packet status` shows it; or FILE:LINE of a line that looks like a
    /// credential and is none
    #[arg(value_name = "GATE|FILE:LINE", add = ArgValueCompleter::new(complete::gates))]
    gate: String,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why; it is shown wherever the gate is
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Decide about evidence newer than what went out before
    #[arg(long)]
    new_evidence: bool,
    /// The document, where packet.yaml lists several
    #[arg(long, value_name = "DOC")]
    document: Option<PathBuf>,
}

/// Records the waiver.
///
/// # Errors
/// No such gate, or it is not on hold; the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let by = names::person("--by", &args.by)?;
    let reason = names::words("--reason", &args.reason)?;
    let _lock = lock::take(&context.workspace, "waive", context.clock.now())?;
    if let Some(place) = leaks::place(&args.gate) {
        return line(args, context, place, (&by, &reason));
    }
    let mut situation = names::document_to_waive(
        context,
        args.document.as_ref(),
        &args.gate,
        args.new_evidence,
    )?;
    let (index, gate) = match names::attestable(&situation, &args.gate)? {
        Attestable::Gate(index, gate) => (index, gate),
        Attestable::Escalation(name, line) => {
            names::settled_elsewhere(&situation, line)?;
            let event = Event::Waived {
                gate: name.clone(),
                text_sha256: lines::text_sha256(line),
                artifacts: Vec::new(),
                reason: reason.clone(),
            };
            situation.append(&event, Some(&by), context.clock)?;
            let despite = "nothing in the document shows whether it is done";
            return told(context, &situation, (&name, &by, &reason, despite));
        }
        Attestable::Metric(metric) => {
            return Err(Misuse(format!(
                "\"{}\" is what the event is judged by, which nobody can waive; say how it was: packet attest \"{}\" --by NAME",
                metric.name, metric.name
            ))
            .into());
        }
    };
    let result = &situation.resolution.gates[index];
    if result.verdict != Verdict::Hold {
        let state = if result.verdict == Verdict::Clear {
            "clear"
        } else {
            "waived already"
        };
        let newer = if args.new_evidence || !newer_holds(context, &situation, index)? {
            ""
        } else {
            ", but newer evidence would hold it: to go ahead with that, add --new-evidence"
        };
        return Err(Misuse(format!(
            "the gate \"{}\" is {state}; there is nothing to waive{newer}",
            gate.name
        ))
        .into());
    }
    let (name, held) = (gate.name.clone(), result.reason.clone());
    let artifacts: Vec<FileHash> = result.proofs.iter().map(|p| p.file.clone()).collect();
    let event = Event::Waived {
        gate: name.clone(),
        text_sha256: result.text_sha256.clone(),
        artifacts,
        reason: reason.clone(),
    };
    situation.append(&event, Some(&by), context.clock)?;
    told(context, &situation, (&name, &by, &reason, &held))
}

/// Records that a line holds no credential although it looks like one. The line's hash goes on
/// record: another line is looked at anew.
///
/// # Errors
/// Nothing on that line looks like a credential; the ledger cannot be written.
fn line(
    args: &Args,
    context: &Context,
    (path, number): (&str, u64),
    (by, reason): (&str, &str),
) -> anyhow::Result<Exit> {
    let document = context.document(args.document.as_ref())?;
    let mut situation = context.situation(&document, args.new_evidence)?;
    let found = leaks::found(&context.workspace, &situation, leaks::Scope::All);
    let leak = found
        .into_iter()
        .find_map(|(file, leak)| leak.ok().filter(|leak| file == path && leak.line == number));
    let Some(leak) = leak else {
        return Err(Misuse(format!(
            "nothing on line {number} of {path} looks like a credential that would go out; the lines that do are listed by: packet send --dry-run"
        ))
        .into());
    };
    let event = Event::Waived {
        gate: format!("{path}:{number}"),
        text_sha256: leak.line_sha256.clone(),
        artifacts: Vec::new(),
        reason: reason.to_owned(),
    };
    situation.append(&event, Some(by), context.clock)?;
    let despite = format!("it looks like {}", leak.kind);
    told(context, &situation, (&args.gate, by, reason, &despite))
}

/// Says what went on record.
fn told(
    context: &Context,
    situation: &Situation,
    (name, by, reason, despite): (&str, &str, &str, &str),
) -> anyhow::Result<Exit> {
    if context.format == Format::Human {
        let line = format!(
            "{}  {} by {}: {}\n  despite: {}\nNext: packet status\n",
            paint(WAIT.bold(), "WAIVED"),
            safe(name),
            safe(by),
            safe(reason),
            wrap(despite, 11, width()),
        );
        context.say(&line)?;
    } else {
        print_json(
            &json!({ "gate": name, "by": by, "reason": reason, "entry": situation.ledger.entries().last() }),
        )?;
    }
    Ok(Exit::Done)
}

/// Whether the gate at `index` would hold with evidence newer than what was sent.
fn newer_holds(context: &Context, situation: &Situation, index: usize) -> anyhow::Result<bool> {
    let newer = context.situation(&situation.document.path, true)?;
    let result = newer.resolution.gates.get(index);
    Ok(result.is_some_and(|r| r.verdict == Verdict::Hold))
}
