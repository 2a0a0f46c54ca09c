//! What every command that sends notices does with them: show, ask, deliver, sum up.

use serde_json::Value;

use super::{
    Format, ask,
    context::{Context, Exit, print_json},
    render,
    send::{interrupt, progress::Lines},
};
use crate::{
    model::plan::DeliveryState,
    renderer::{safety, templates::Templates},
    report::{distribution, notices as shown},
    sender::{
        notices::Notices,
        routes::Transports,
        run::{Done, Wire},
    },
    workspace::{bundle::Bundle, situation::Situation},
};

/// What a command wants done with its notices.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    /// What one is called: "reminder".
    pub noun: &'a str,
    /// The command that sends them, as a person types it.
    pub command: &'a str,
    /// Show and write them, send nothing.
    pub dry_run: bool,
    /// Do not ask.
    pub yes: bool,
    /// What a person reads after the list or the summary; may be empty.
    pub after: String,
    /// Further fields of what a script reads: an object.
    pub fields: Value,
}

/// Shows or delivers notices. Call it with the workspace's lock held.
///
/// # Errors
/// The ledger or a file cannot be written; nobody is there to ask.
pub fn run(
    context: &Context,
    situation: &mut Situation,
    templates: &Templates,
    notices: &Notices,
    job: &Job<'_>,
) -> anyhow::Result<Exit> {
    let routes = context.routes();
    let standings = notices.standings(situation, &routes);
    let due = standings.iter().filter(|s| s.is_due()).count();
    if job.dry_run && due > 0 {
        let path = &situation.document.path;
        let stem = path.strip_suffix(".md").unwrap_or(path);
        let folder = notices.keep(&context.workspace, &format!("{}/{stem}", job.noun))?;
        let list = shown::plan(notices, &standings, job.noun);
        context.say_human(&format!("{list}{}{}", shown::kept(&folder), job.after))?;
        let mut value = shown::json(notices, &standings, None);
        value["folder"] = folder.into();
        finish(context, value, job)?;
        return Ok(Exit::Done);
    }
    let look = format!("{} --dry-run", job.command);
    let list = || shown::plan(notices, &standings, job.noun);
    if due > 0 && !ask::agreed(context, job.yes, &look, list, due)? {
        return Ok(Exit::Usage);
    }
    let done = match (due, job.dry_run) {
        (0, true) => Done::default(),
        _ => deliver(context, situation, templates, notices, due)?,
    };
    let summary = shown::summary(&done, job.noun, job.command);
    context.say_human(&format!("{summary}{}", job.after))?;
    let standings = notices.standings(situation, &routes);
    finish(context, shown::json(notices, &standings, Some(&done)), job)?;
    let failed = |(_, o): &(_, crate::model::plan::Outcome)| o.state != DeliveryState::Sent;
    let open = done.tried.iter().any(failed)
        || !(done.left.is_empty() && done.unknown.is_empty() && done.rejected.is_empty());
    Ok(if open { Exit::Undelivered } else { Exit::Done })
}

/// Delivers what is due, then brings the bundle's living files up to date.
fn deliver(
    context: &Context,
    situation: &mut Situation,
    templates: &Templates,
    notices: &Notices,
    due: usize,
) -> anyhow::Result<Done> {
    if due == 0 {
        // Lists what is left alone; opens no connection and asks for no password.
        return Ok(notices.left_alone(situation, &context.routes()));
    }
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
    let columns = distribution::Columns::over(notices.deliveries());
    let mut progress = Lines::new(context, columns, stop, due);
    let wire = Wire {
        routes: &routes,
        transports,
        sender: &sender,
        clock: context.clock,
        progress: &mut progress,
    };
    notices.keep_sent(&context.workspace, situation, &routes)?;
    let done = notices.deliver(situation, wire)?;
    progress.end();
    let root = &situation.resolution.root;
    if situation.resolution.is_clear() && context.workspace.root().join(root).is_dir() {
        let bundle = Bundle::new(&context.workspace, root)?;
        render::write_living(context, situation, &bundle, templates)?;
    }
    Ok(done)
}

fn finish(context: &Context, mut value: Value, job: &Job<'_>) -> anyhow::Result<()> {
    if context.format == Format::Human {
        return Ok(());
    }
    if let (Some(into), Some(from)) = (value.as_object_mut(), job.fields.as_object()) {
        into.extend(from.clone());
    }
    Ok(print_json(&value)?)
}
