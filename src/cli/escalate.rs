//! `packet escalate`: those who have to hear that something is late hear of it, once.

use std::path::PathBuf;

use serde_json::Value;

use super::{
    context::{Context, Exit},
    rounds::{self, Asked, Round},
};
use crate::{
    renderer::templates::{TemplateError, Templates},
    report::follow_up,
    sender::notices::{
        compose::{Mail, Post},
        escalations::{self, Unreached},
    },
    workspace::situation::Situation,
};

/// Tell those who have to hear that something is late, once each
///
/// An escalation is due when its own deadline has passed and it is not met, or when a trigger's
/// time has come and what it looks at holds. It goes to the channel, address or contact that the
/// line names, once for each item and deadline; a new deadline sets it going again. Exits 3 where
/// a line names somebody who cannot be reached; the others go all the same.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet escalate --dry-run\n  packet escalate --yes\n  packet escalate --dry-run --now 2026-10-31T18:00:00Z"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
    /// Show and write what would go out, send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Escalates what is due in each document.
///
/// # Errors
/// A document or the ledger cannot be read or written; nobody is there to ask.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let asked = Asked {
        documents: &args.documents,
        dry_run: args.dry_run,
        yes: args.yes,
    };
    rounds::run::<escalations::Round>(asked, context)
}

impl Round for escalations::Round {
    const NOUN: &'static str = "escalation";
    const COMMAND: &'static str = "packet escalate";
    const REPEATS: bool = true;

    fn look(
        context: &Context,
        situation: &Situation,
        templates: &Templates,
        _dry_run: bool,
    ) -> Result<Self, TemplateError> {
        let config = &context.settings.config;
        escalations::round(situation, config, &context.routes(), templates)
    }

    fn parts(&mut self) -> (&[Mail], &[Post], &mut Vec<Unreached>) {
        (&self.mails, &self.posts, &mut self.unreached)
    }

    fn unreached(&self) -> &[Unreached] {
        &self.unreached
    }

    fn is_idle(&self) -> bool {
        self.unreached.is_empty()
    }

    fn tail(&self) -> String {
        follow_up::open(&self.open)
    }

    fn field(&self) -> (&'static str, Value) {
        ("open", follow_up::open_json(&self.open))
    }

    fn exit(&self, exit: Exit) -> Exit {
        match self.unreached.is_empty() {
            true => exit,
            false => exit.max(Exit::Hold),
        }
    }
}
