//! What every command that sends notices does with them: show, ask, deliver, sum up.

use serde_json::Value;

use super::{
    Format, ask,
    context::{Context, Exit, print_json},
    render,
    send::{interrupt, progress::Lines},
};
use crate::{
    model::{
        document::ChannelKind,
        ledger::Notice,
        plan::DeliveryState,
        wanted::{channel_key, email_key},
    },
    renderer::{safety, templates::Templates},
    report::{distribution, notices as shown},
    sender::{
        notices::{
            Composed, Notices,
            compose::{Desk, Mail, Post},
            escalations::{Add, Unreached},
            standing,
        },
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
    let (exit, value) = handle(context, situation, templates, notices, job)?;
    if context.format != Format::Human {
        print_json(&value)?;
    }
    Ok(exit)
}

/// The same for each of several documents: what goes wrong with one keeps none of the others from
/// theirs. `one` gives what a script reads about its document.
///
/// # Errors
/// The first that any of them met, after all had their turn.
pub fn each(
    context: &Context,
    paths: &[String],
    mut one: impl FnMut(&str) -> anyhow::Result<(Exit, Value)>,
) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    let mut values = Vec::new();
    let mut failed = None;
    for path in paths {
        if paths.len() > 1 {
            context.say_human(&shown::about(path))?;
        }
        match one(path) {
            Ok((end, value)) => {
                exit = exit.max(end);
                values.push(value);
            }
            Err(error) if paths.len() == 1 => return Err(error),
            Err(error) => {
                failed.get_or_insert(error.context(path.clone()));
            }
        }
    }
    if context.format != Format::Human {
        match (paths.len(), values.pop()) {
            (1, Some(only)) => print_json(&only)?,
            (_, last) => {
                values.extend(last);
                print_json(&Value::Array(values))?;
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(exit),
    }
}

/// Composes the mails and posts that somebody does not have yet, and says whether somebody has
/// theirs. What cannot be written keeps none of the others back.
pub fn compose(
    context: &Context,
    desk: &Desk<'_>,
    mails: &[Mail],
    posts: &[Post],
    unreached: &mut Vec<Unreached>,
) -> (Vec<Composed>, bool) {
    let routes = context.routes();
    let open = |notice: &Notice, key: &str, kind, target: &str| {
        let standing = standing(desk.situation, notice, key, routes.via(kind, target));
        standing.state != DeliveryState::Sent
    };
    let to = |mail: &&Mail| {
        let key = email_key(&mail.address);
        open(&mail.notice, &key, ChannelKind::Email, &mail.address)
    };
    let at = |post: &&Post| {
        let key = channel_key(ChannelKind::Slack, &post.channel);
        open(&post.notice, &key, ChannelKind::Slack, &post.channel)
    };
    let of = mails.len() + posts.len();
    let mails: Vec<&Mail> = mails.iter().filter(to).collect();
    let posts: Vec<&Post> = posts.iter().filter(at).collect();
    let some_have_it = mails.len() + posts.len() < of;
    let mut lack = |why: String, add: Option<Add>| {
        let line = None;
        unreached.push(Unreached { line, why, add });
    };
    let mut composed = Vec::new();
    let nameless = desk.config.from.is_none() && !mails.is_empty();
    if nameless {
        lack(
            "nobody is named as the sender of mail".to_owned(),
            Some(Add::From),
        );
    }
    let mails = mails.into_iter().filter(|_| !nameless);
    let mails = mails.map(|m| (desk.mail(m), &m.address));
    let posts = posts.into_iter().map(|p| (desk.post(p), &p.channel));
    for (made, whom) in mails.chain(posts) {
        match made {
            Ok(made) => composed.push(made),
            Err(error) => lack(format!("{whom}: {error:#}"), None),
        }
    }
    (composed, some_have_it)
}

/// Shows or delivers notices; what a script reads is for the caller to print.
///
/// # Errors
/// As [`run`].
pub fn handle(
    context: &Context,
    situation: &mut Situation,
    templates: &Templates,
    notices: &Notices,
    job: &Job<'_>,
) -> anyhow::Result<(Exit, Value)> {
    let routes = context.routes();
    let standings = notices.standings(situation, &routes);
    let due = standings.iter().filter(|s| s.is_due()).count();
    if job.dry_run && due > 0 {
        let path = &situation.document.path;
        let stem = path.strip_suffix(".md").unwrap_or(path);
        let folder = notices.keep(
            &context.workspace,
            &format!("{}/{stem}", job.noun.replace(' ', "-")),
        )?;
        let list = shown::plan(notices, &standings, job.noun);
        context.say_human(&format!("{list}{}{}", shown::kept(&folder), job.after))?;
        let mut value = shown::json(notices, &standings, None);
        value["folder"] = folder.into();
        return Ok((Exit::Done, whole(value, job)));
    }
    let look = format!("{} --dry-run", job.command);
    let list = || shown::plan(notices, &standings, job.noun);
    if due > 0 && !ask::agreed(context, job.yes, &look, list, due)? {
        let value = shown::json(notices, &standings, None);
        return Ok((Exit::Usage, whole(value, job)));
    }
    let done = match (due, job.dry_run) {
        (0, true) => Done::default(),
        _ => deliver(context, situation, templates, notices, due)?,
    };
    let summary = shown::summary(&done, job.noun, job.command);
    context.say_human(&format!("{summary}{}", job.after))?;
    let standings = notices.standings(situation, &routes);
    let value = whole(shown::json(notices, &standings, Some(&done)), job);
    let failed = |(_, o): &(_, crate::model::plan::Outcome)| o.state != DeliveryState::Sent;
    let open = done.tried.iter().any(failed)
        || !(done.left.is_empty() && done.unknown.is_empty() && done.rejected.is_empty());
    let exit = if open { Exit::Undelivered } else { Exit::Done };
    Ok((exit, value))
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
    // Without a sender there are only posts: no mail could be composed.
    let sender = match &config.from {
        Some(from) => safety::check_address("`from`", from)?.address(),
        None => String::new(),
    };
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

/// With the fields of the command's own.
fn whole(mut value: Value, job: &Job<'_>) -> Value {
    if let (Some(into), Some(from)) = (value.as_object_mut(), job.fields.as_object()) {
        into.extend(from.clone());
    }
    value
}
