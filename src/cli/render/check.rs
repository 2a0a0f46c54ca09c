//! `render --check`: whether a render would write anything; nothing is written.

use serde_json::Value;

use super::{Args, in_place};
use crate::{
    cli::{
        Context, Exit, Format,
        context::{print, print_json},
    },
    renderer::templates::Templates,
    report::rendering::{self, Staleness},
    sender::standing,
    workspace::{bundle::Bundle, living, situation::Situation, templates},
};

/// Looks at each document.
///
/// # Errors
/// A document or an output cannot be read.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let templates = templates::load(&context.workspace)?;
    let mut exit = Exit::Done;
    let mut objects = Vec::new();
    for path in context.documents(&args.documents)? {
        let situation = context.situation(&path, false)?;
        let mut found = look(context, &situation, &templates)?;
        if args.in_place {
            let text = in_place::text(context, &situation, args.resolve);
            let lines = in_place::new_lines(&situation.document.source, &text).len();
            if text != situation.document.source {
                let why = rendering::pending(lines);
                found.stale.insert(0, (path, why));
            }
        }
        if !found.is_fresh() {
            exit = Exit::Hold;
        }
        match context.format {
            // Why CI fails must be seen, however quiet it is.
            Format::Human if found.is_fresh() => context.say(&rendering::staleness(&found))?,
            Format::Human => print(&rendering::staleness(&found))?,
            _ => objects.push(rendering::staleness_json(&found)),
        }
    }
    if context.format != Format::Human {
        let value = match objects.len() {
            1 => objects.remove(0),
            _ => Value::Array(objects),
        };
        print_json(&value)?;
    }
    Ok(exit)
}

fn look(
    context: &Context,
    situation: &Situation,
    templates: &Templates,
) -> anyhow::Result<Staleness> {
    let living = super::living(context, situation, templates)?;
    let resolution = &situation.resolution;
    let mut found = Staleness {
        document: situation.document.path.clone(),
        blockers: resolution.blockers.clone(),
        stale: Vec::new(),
    };
    if !resolution.is_clear() {
        let path = &situation.document.path;
        found.stale = living::stale_draft(&context.workspace, &living, path);
        return Ok(found);
    }
    let bundle = Bundle::new(&context.workspace, &resolution.root)?;
    found.stale = bundle.stale(&resolution.files)?;
    let laid = situation.history.bundled.as_ref();
    let now = (
        situation.revision(),
        resolution.digest.clone().unwrap_or_default(),
    );
    let another = laid.is_some_and(|laid| *laid != now) && standing::current(situation).is_none();
    if another {
        let why = "is of an earlier digest".to_owned();
        found
            .stale
            .insert(0, (format!("{}/", resolution.root), why));
    }
    let root = &resolution.root;
    let living = living::stale(&context.workspace, root, &living, situation)?;
    found.stale.extend(living);
    Ok(found)
}
