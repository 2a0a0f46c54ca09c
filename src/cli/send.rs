//! `packet send`: the distribution, or with `--dry-run` all of it but the last step.

pub(super) mod interrupt;
pub(super) mod progress;
mod remind;
mod wait;

use std::{collections::HashSet, path::PathBuf};

use jiff::Timestamp;

use self::progress::Lines;
use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use super::{
    Format, ask, complete,
    context::{Context, Exit, Misuse, print, print_json},
    render,
};
use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, Outcome, PlannedDelivery, Via},
    },
    renderer::{safety, templates::Templates},
    report::{distribution, revisions},
    sender::{
        changes,
        choice::{self, Choice},
        feedback::Feedback,
        handed_over, leaks,
        planning::{self, Draft},
        routes::Transports,
        run::{self, Done},
        standing,
    },
    workspace::{
        bundle::Bundle,
        living,
        lock::{self, Lock, LockError},
        plans,
        plans::Kept,
        sent,
        situation::Situation,
        templates,
    },
};

/// Send the packet to each person once
///
/// `--dry-run` is the real plan without the last step: no connection, no password; every message
/// is written below .packet/plans/ to look at, and what was looked at is what goes out.
/// A second `send` sends nothing to those who have it. Exits 3 while the document is on hold or
/// something keeps it from being sent, 4 where some deliveries failed. Ctrl-C finishes the messages
/// on the way and leaves the rest to the next `send`; a second one ends at once.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet send --dry-run\n  packet send\n  packet send --plan 1f0c2a9b77d1 --yes\n  packet send --to \"Morgan Reed\"\n  packet send --skip slack\n  packet send --when-clear --until 2027-03-05T08:00Z --yes\n  packet send --remind --yes"
)]
pub struct Args {
    /// The document, where packet.yaml lists several
    #[arg(value_name = "DOC")]
    document: Option<PathBuf>,
    /// Show and write everything that would go out, send nothing
    #[arg(long)]
    dry_run: bool,
    /// Send exactly this plan, as --dry-run printed it
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Only this person or channel; may be given several times
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::recipients))]
    to: Vec<String>,
    /// Not this person or channel; may be given several times
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::recipients))]
    skip: Vec<String>,
    /// Send to this person or channel once more, although they have it; may be given several times
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::recipients))]
    again: Vec<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Send evidence newer than what went out before, as a new revision
    #[arg(long)]
    new_evidence: bool,
    /// Send again what may have arrived already
    #[arg(long)]
    resend_unknown: bool,
    /// Remind those who have the packet and have not confirmed; sends the packet to nobody
    #[arg(long, conflicts_with_all = ["plan", "to", "skip", "again", "new_evidence", "resend_unknown", "when_clear"])]
    remind: bool,
    /// Wait for the evidence, and send as soon as the gates clear
    #[arg(long, conflicts_with_all = ["dry_run", "plan"])]
    when_clear: bool,
    /// Wait no longer than this; then exit 3 and say what is missing
    #[arg(long, value_name = "MOMENT", requires = "when_clear")]
    until: Option<String>,
}

/// Plans, shows, asks, sends.
///
/// # Errors
/// Anything but a hold or a failed delivery, which are exit codes.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let path = context.document(args.document.as_ref())?;
    if args.when_clear {
        return wait::run(args, context, &path);
    }
    let _lock = lock(context, &path)?;
    if args.remind {
        return remind::run(args, context, &path);
    }
    locked(args, context, &path)
}

fn lock(context: &Context, path: &str) -> Result<Lock, LockError> {
    let what = format!("send {path}");
    lock::take(&context.workspace, &what, context.clock.now())
}

/// The same with the lock already held.
fn locked(args: &Args, context: &Context, path: &str) -> anyhow::Result<Exit> {
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(path, args.new_evidence)?;
    let blockers = all_blockers(context, &situation);
    if !blockers.is_empty() {
        return blocked(args, context, &mut situation, &templates, &blockers);
    }
    let draft = Draft {
        workspace: &context.workspace,
        situation: &situation,
        config: &context.settings.config,
        templates: &templates,
        routes: &context.routes(),
    };
    let (kept, was_kept) = planning::plan(&draft, args.dry_run, args.plan.is_some())?;
    insist(args, &kept, was_kept)?;
    let carried = leaks::in_messages(&situation.history, &kept);
    if !carried.is_empty() {
        return blocked(args, context, &mut situation, &templates, &carried);
    }
    let choice = choice(args, &kept, &situation)?;
    let config = &context.settings.config;
    let changes = changes::since_held(&context.workspace, &situation, config);
    let (subject, _) = planning::message(&situation, config);
    let gates = crate::report::json::document(&situation, context.standing(&situation).0, &[], &[]);
    let report = serde_json::to_vec_pretty(&gates["gates"])?;
    if was_kept {
        plans::refresh(&context.workspace, &kept.plan.id, "gates.json", &report)?;
    } else {
        plans::keep(&context.workspace, &kept, &[("gates.json", report)])?;
    }
    let folder = plans::folder(&kept.plan.id);
    let standings = standing::standings(&situation, &context.routes());
    if let Some(place) = handed_over::place(&context.environment) {
        let known = handed_over::read(&place, &kept.plan.digest)
            .with_context(|| format!("cannot read your own record {}", place.display()))?;
        let deliveries = &kept.plan.deliveries;
        let here = (&context.workspace, kept.plan.document.as_str());
        let made = handed_over::made_elsewhere(&known, here, deliveries, &standings, &choice);
        let why: Vec<String> = made
            .iter()
            .map(|(d, e)| handed_over::refusal(d, e))
            .collect();
        if !why.is_empty() {
            return blocked(args, context, &mut situation, &templates, &why);
        }
    }
    let shown = || {
        let (plan, routes) = (&kept.plan, context.routes());
        distribution::plan(
            plan,
            &standings,
            &routes,
            &folder,
            &subject,
            changes.as_ref(),
        )
    };
    if args.dry_run {
        match context.format {
            Format::Human => {
                context.say(&shown())?;
            }
            _ => {
                let plan = distribution::json::plan(&kept.plan, &folder, &standings);
                print_json(&revisions::with_changes(plan, changes.as_ref()))?;
            }
        }
        return Ok(Exit::Done);
    }
    let due = standings.iter().filter(|s| choice.is_due(s)).count();
    if due > 0 && !ask::agreed(context, args.yes, "packet send --dry-run", shown, due)? {
        return Ok(Exit::Usage);
    }
    deliver(context, &mut situation, &kept, &folder, &choice, &templates)
}

/// Everything that keeps the document from being sent, credentials in it included.
fn all_blockers(context: &Context, situation: &Situation) -> Vec<String> {
    let (blockers, _) = context.blockers(situation);
    if !blockers.is_empty() {
        return blockers;
    }
    context.leaks(situation, leaks::Scope::All)
}

/// A document that cannot be sent: drafts to look at, the reasons, exit 3.
fn blocked(
    args: &Args,
    context: &Context,
    situation: &mut Situation,
    templates: &Templates,
    blockers: &[String],
) -> anyhow::Result<Exit> {
    let mut draft = None;
    if args.dry_run && !situation.resolution.is_clear() {
        draft = Some(render::render(context, situation, templates)?.folder);
    }
    if context.format == Format::Human {
        print(&distribution::blocked(
            &situation.document.path,
            blockers,
            draft.as_deref(),
        ))?;
    } else {
        print_json(&serde_json::json!({ "blockers": blockers, "draft": draft }))?;
    }
    Ok(Exit::Hold)
}

/// `--plan ID` insists: the plan must be that of the document as it is, and still be kept.
fn insist(args: &Args, kept: &Kept, was_kept: bool) -> Result<(), Misuse> {
    match &args.plan {
        Some(id) if *id != kept.plan.id => Err(Misuse(format!(
            "the plan {id} is not that of the document as it is now: something changed since it was made; look again with packet send --dry-run"
        ))),
        // The id is not of the clock: a new plan of the same id has another date and other tokens.
        Some(id) if !was_kept => Err(Misuse(format!(
            "the plan {id} is not kept: it is older than a week or was removed; look again with packet send --dry-run"
        ))),
        _ => Ok(()),
    }
}

fn choice(args: &Args, kept: &Kept, situation: &Situation) -> Result<Choice, Misuse> {
    let all = |names: &[String]| -> Result<Vec<String>, Misuse> {
        let mut keys = Vec::new();
        for name in names {
            keys.extend(choice::keys_for(name, kept, situation).map_err(Misuse)?);
        }
        Ok(keys)
    };
    Ok(Choice {
        only: all(&args.to)?,
        skip: all(&args.skip)?,
        resend_unknown: args.resend_unknown,
        again: all(&args.again)?,
    })
}

/// Makes the deliveries, then brings the living files up to date.
fn deliver(
    context: &Context,
    situation: &mut Situation,
    kept: &Kept,
    folder: &str,
    choice: &Choice,
    templates: &Templates,
) -> anyhow::Result<Exit> {
    let config = &context.settings.config;
    let routes = context.routes();
    let sender = safety::check_address("`from`", config.from.as_deref().unwrap_or(""))?.address();
    let stop = interrupt::listen()?;
    let transports = Transports::new(
        &context.workspace,
        &context.settings,
        &context.environment,
        context.clock.is_given(),
        stop.clone(),
    )?;
    // The bundle is laid before anybody is told of it, by mail or otherwise.
    let rendering = render::render(context, situation, templates)?;
    let bundle = Bundle::new(&context.workspace, &rendering.folder)?;
    let standings = standing::standings(situation, &routes);
    keep_sent(context, kept, folder, &standings, choice)?;
    bundle.flush(living::LIVING)?;
    let (subject, body) = planning::message(situation, config);
    let mut own = Own {
        feedback: Feedback {
            workspace: &context.workspace,
            templates,
            plan: &kept.plan,
            subject: &subject,
        },
        routes: routes.clone(),
    };
    let due = standings.iter().filter(|s| choice.is_due(s)).count();
    let mut progress = Lines::new(
        context,
        distribution::Columns::over(&kept.plan.deliveries),
        stop,
        due,
    );
    let clock = context.clock;
    let mut recorder = handed_over::Recorder::new(
        &mut progress,
        handed_over::place(&context.environment),
        (&context.workspace, &kept.plan.document, &kept.plan.digest),
        &routes,
        || clock.now(),
    );
    let wire = run::Wire {
        routes: &routes,
        transports,
        sender: &sender,
        clock: context.clock,
        progress: &mut recorder,
    };
    let means = run::Means {
        wire,
        own: &mut own,
        message: (&subject, &body),
    };
    let done = run::run(situation, kept, choice, means)?;
    let failed = recorder.failed();
    progress.end();
    if let Some(error) = failed {
        context.say_human(&format!(
            "Your own record of what was sent could not be written ({error}); another copy of this workspace would not know of it.\n"
        ))?;
    }
    render::write_living(context, situation, &bundle, templates)?;
    finish(context, situation, kept, &done)
}

/// Keeps the bytes of what is about to go out, before any of it does.
fn keep_sent(
    context: &Context,
    kept: &Kept,
    folder: &str,
    standings: &[standing::Standing],
    choice: &Choice,
) -> std::io::Result<()> {
    let due: HashSet<&str> = standings
        .iter()
        .filter(|s| choice.is_due(s))
        .map(|s| s.wanted.key.as_str())
        .collect();
    let all = kept.plan.deliveries.iter().zip(&kept.bytes);
    let messages = all.filter(|(d, _)| due.contains(d.key.as_str()));
    let messages = messages.map(|(delivery, bytes)| (delivery, bytes.as_slice()));
    sent::keep(
        &context.workspace,
        &kept.plan.document,
        Some(folder),
        messages,
    )
}

fn finish(
    context: &Context,
    situation: &Situation,
    kept: &Kept,
    done: &Done,
) -> anyhow::Result<Exit> {
    let standings = standing::standings(situation, &context.routes());
    let left = standings
        .iter()
        .filter(|s| matches!(s.state, DeliveryState::Pending | DeliveryState::Deferred))
        .count();
    match context.format {
        Format::Human => {
            context.say(&distribution::summary(done, left, &situation.document.path))?;
            context.say(&distribution::remarks(&situation.diagnostics))?;
        }
        _ => print_json(&distribution::json::done(Some(&kept.plan.id), done, left))?,
    }
    let failed = done
        .tried
        .iter()
        .any(|(_, o)| o.state != DeliveryState::Sent);
    let open =
        failed || !done.left.is_empty() || !done.unknown.is_empty() || !done.rejected.is_empty();
    Ok(if open { Exit::Undelivered } else { Exit::Done })
}

/// The bundle folder is laid by then; the feedback document gets its entry.
struct Own<'a> {
    feedback: Feedback<'a>,
    routes: crate::sender::routes::Routes,
}

impl run::Own for Own<'_> {
    fn deliver(
        &mut self,
        situation: &Situation,
        delivery: &PlannedDelivery,
        at: Timestamp,
    ) -> Outcome {
        match delivery.kind {
            ChannelKind::Document => self.feedback.deliver(situation, delivery, &self.routes, at),
            _ => Outcome {
                state: DeliveryState::Sent,
                via: Via::Workspace,
                code: None,
                enhanced: None,
                detail: String::new(),
            },
        }
    }
}
