//! `packet attest`: somebody's recorded word for a gate that no file can prove.

use std::path::PathBuf;

use serde_json::json;

use clap_complete::engine::ArgValueCompleter;

use super::{
    Format, complete,
    context::{Context, Exit, Misuse, print_json},
    names::{self, Attestable},
};
use crate::{
    model::{coordination::Metric, evidence::FileHash, ledger::Event, resolution::GateKind},
    report::style::{GOOD, paint, safe},
    resolver::{
        decision::{self, figure},
        escalations::lines,
        source::Reading,
        words,
    },
    workspace::{lock, open::HashedFile},
};

/// Record somebody's word for a gate that no check can prove
///
/// The word holds for the gate as it reads now: when its text changes, it has to be given again.
/// A gate with an evidence path can be attested where nothing in the file says otherwise and only
/// its words were not understood, or success is not said: by somebody who looked at the file, for
/// that file alone. A failure, or a file that is missing, cannot; see `packet waive`.
/// A success metric or readiness gate is attested the same way, for `packet report --final`: where
/// it asks for a number, the note gives it. So is an escalation line of which nothing in the document
/// shows whether it is done; then it is not escalated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet attest \"Card Reader Key\" --by \"Imani Osei\"\n  packet attest \"Card Reader Key\" --by \"Imani Osei\" --evidence photos/safe.jpg --note \"in the safe\"\n  packet attest \"Attendance\" --by \"Imani Osei\" --note \"11 of 12\""
)]
pub struct Args {
    /// The gate's name, as `packet status` shows it
    #[arg(value_name = "GATE", add = ArgValueCompleter::new(complete::gates))]
    gate: String,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    by: String,
    /// A file shown with it; its hash goes on record
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// A remark for the record
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The document, where packet.yaml lists several
    #[arg(long, value_name = "DOC")]
    document: Option<PathBuf>,
}

/// Records the attestation.
///
/// # Errors
/// No such gate, or it has an evidence path; the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let by = names::person("--by", &args.by)?;
    let note = args
        .note
        .as_deref()
        .map(|n| names::words("--note", n))
        .transpose()?;
    let _lock = lock::take(&context.workspace, "attest", context.clock.now())?;
    let mut situation = names::document_to_attest(context, args.document.as_ref(), &args.gate)?;
    let mut looked_at = None;
    let (name, text_sha256) = match names::attestable(&situation, &args.gate)? {
        Attestable::Gate(index, gate)
            if situation.resolution.gates[index].kind == GateKind::Artifact
                && situation.resolution.gates[index].attestable =>
        {
            let files: Vec<FileHash> = situation.resolution.gates[index]
                .proofs
                .iter()
                .map(|proof| proof.file.clone())
                .collect();
            looked_at = files.first().cloned();
            (gate.name.clone(), words::reading_sha256(gate, &files))
        }
        Attestable::Gate(index, gate) => {
            let result = &situation.resolution.gates[index];
            if result.kind == GateKind::Artifact {
                return Err(Misuse(format!(
                    "the gate \"{}\" is proved by its file, and no word settles what that says ({}); put the evidence in place, or: packet waive \"{}\" --by NAME --reason WHY",
                    gate.name, result.reason, gate.name
                ))
                .into());
            }
            (gate.name.clone(), result.text_sha256.clone())
        }
        Attestable::Metric(metric) => {
            figure(metric, note.as_deref().unwrap_or(""))?;
            (metric.name.clone(), decision::text_sha256(metric))
        }
        Attestable::Escalation(name, line) => {
            names::settled_elsewhere(&situation, line)?;
            (name, lines::text_sha256(line))
        }
    };
    let evidence = match &args.evidence {
        Some(file) => Some(shown(context, file)?),
        None => looked_at,
    };
    let event = Event::Attested {
        gate: name.clone(),
        text_sha256,
        evidence,
        note,
    };
    situation.append(&event, Some(&by), context.clock)?;
    if context.format == Format::Human {
        let line = format!(
            "{}  {} by {} (entry {} of the ledger)\nNext: packet status\n",
            paint(GOOD.bold(), "ATTESTED"),
            safe(&name),
            safe(&by),
            situation.ledger.entries().len()
        );
        context.say(&line)?;
    } else {
        print_json(&json!({ "gate": name, "by": by, "entry": situation.ledger.entries().last() }))?;
    }
    Ok(Exit::Done)
}

/// A metric with a number needs one, or a plain no.
fn figure(metric: &Metric, note: &str) -> Result<(), Misuse> {
    let Some(target) = metric.target else {
        return Ok(());
    };
    if decision::is_denied(note) || figure::read(note, target).is_some() {
        return Ok(());
    }
    let (unit, example) = if target.percent {
        ("%", "11 of 12")
    } else {
        ("", "7 items")
    };
    Err(Misuse(format!(
        "\"{}\" asks for at least {}{unit}; give the one figure: --note \"{example}\" (or --note \"not met: WHY\")",
        metric.name, target.at_least
    )))
}

fn shown(context: &Context, file: &std::path::Path) -> anyhow::Result<FileHash> {
    let path = context.workspace.typed(file)?;
    let mut file = HashedFile::open(context.workspace.root(), &path)?;
    std::io::copy(&mut file, &mut std::io::sink())?;
    Ok(Box::new(file).finish()?)
}
