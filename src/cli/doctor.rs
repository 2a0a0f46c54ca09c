//! `packet doctor`: whether mail would work, without sending anything.

use std::path::PathBuf;

use super::{
    Format,
    context::{Context, Exit, print, print_json},
};
use crate::{
    report::doctor as report,
    sender::doctor::{Finding, Health, Patient, examine},
    workspace::documents::DocumentError,
};

/// Try configuration, mail server, recipients and webhooks; nothing is sent
///
/// Connects to the mail server as a send would, logs in, and asks whether it would take the sender
/// and each recipient; then it takes leave without a message. Webhooks are reached, not posted to.
/// Exits 3 where something would keep a send from working, 2 where that is the configuration.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet doctor\n  packet doctor docs/launch_packet.md\n  packet doctor --format json"
)]
pub struct Args {
    /// Documents whose recipients are asked about; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
}

/// Examines and reports.
///
/// # Errors
/// A document is named that is not there, or standard output is closed.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let mut situations = Vec::new();
    let mut unread = Vec::new();
    for path in documents(args, context)? {
        match context.situation(&path, false) {
            Ok(situation) => situations.push(situation),
            Err(error) => unread.push(Finding {
                what: format!("document {path}"),
                health: Health::Problem,
                detail: format!("{error:#}"),
            }),
        }
    }
    let patient = Patient {
        workspace: &context.workspace,
        settings: &context.settings,
        environment: &context.environment,
        situations: &situations,
        clock: context.clock,
    };
    let mut findings: Vec<Finding> = Vec::new();
    let human = context.format == Format::Human;
    let mut tell = |finding: Finding| {
        if human && (!context.quiet || finding.health >= Health::Problem) {
            // A closed pipe ends the report, not the examination.
            print(&report::line(&finding)).ok();
        }
        findings.push(finding);
    };
    unread.into_iter().for_each(&mut tell);
    examine(&patient, &mut tell);
    if human {
        context.say(&report::summary(&findings))?;
        context.say(&report::holds(&situations))?;
    } else {
        print_json(&report::json(&findings, &situations))?;
    }
    Ok(match findings.iter().map(|f| f.health).max() {
        Some(Health::Misconfigured) => Exit::Usage,
        Some(Health::Problem) => Exit::Hold,
        _ => Exit::Done,
    })
}

/// None at all is fine here: the server can be tried without a document.
fn documents(args: &Args, context: &Context) -> anyhow::Result<Vec<String>> {
    match context.documents(&args.documents) {
        Err(error) if matches!(error.downcast_ref(), Some(DocumentError::NoneNamed)) => {
            Ok(Vec::new())
        }
        other => other,
    }
}
