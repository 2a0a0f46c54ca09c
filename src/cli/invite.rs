//! `packet invite`: calendar invitations to the session and its reviews.

use std::path::PathBuf;

use serde_json::json;

use super::{
    Context, Exit, Format,
    context::{Misuse, print_json},
    notices::{self, Job},
};
use crate::{
    report::invitations as shown,
    resolver::{involved, occasions},
    sender::notices::{
        Notices,
        compose::{Desk, Refused},
        invitations::{self, Host},
    },
    workspace::{lock, templates},
};

/// Send calendar invitations to the session and its reviews
///
/// Everybody with an address gets the session, the follow-up review a day before it and the next
/// review, as far as the document says when they are. A second run sends nothing. Where time,
/// title or place has changed since, everybody gets an update of the same appointment.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet invite --dry-run\n  packet invite docs/launch_coordination.md --yes"
)]
pub struct Args {
    /// The document; that of packet.yaml unless named
    #[arg(value_name = "DOC")]
    document: Option<PathBuf>,
    /// Write the messages to look at, send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Invites.
///
/// # Errors
/// The document cannot be read, the ledger or a file cannot be written.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let path = context.document(args.document.as_ref())?;
    let _lock = lock::take(&context.workspace, "invite", context.clock.now())?;
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(&path, false)?;
    let config = &context.settings.config;
    let unread = occasions::unread(&situation.document, &situation.diagnostics);
    if !unread.is_empty() {
        if context.format == Format::Human {
            context.say(&shown::blocked(&situation, &unread))?;
        } else {
            print_json(&shown::blocked_json(&situation, &unread))?;
        }
        return Ok(Exit::Hold);
    }
    let people = involved::involved(&situation.document, &situation.roster, config);
    let host = Host {
        from: config.from.as_deref(),
        people: &people.reached,
        bundle_url: config.bundle_url.as_deref(),
    };
    let round = invitations::round(&situation, host)?;
    if round.occasions.is_empty() {
        return Err(Misuse(format!(
            "{path} does not say when anything takes place; write a line such as `**Event:** 2025-10-16 13:00 ET` or `**Next Review:** 2025-10-17 09:00 ET`"
        ))
        .into());
    }
    if people.reached.is_empty() {
        return Err(Refused::nobody().into());
    }
    let desk = Desk {
        situation: &situation,
        config,
        templates: &templates,
    };
    let mails = round.mails.iter().map(|m| desk.mail(m));
    let notices = Notices::new(mails.collect::<anyhow::Result<Vec<_>>>()?);
    let job = Job {
        noun: "invitation",
        command: "packet invite",
        dry_run: args.dry_run,
        yes: args.yes,
        after: shown::occasions(&round.occasions, &people),
        fields: json!({
            "occasions": shown::json(&round.occasions),
            "not_invited": people.unreached,
        }),
    };
    notices::run(context, &mut situation, &templates, &notices, &job)
}
