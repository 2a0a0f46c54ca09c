//! `render --in-place`: the source document is brought up to date, with a copy of what it was.

use std::collections::HashMap;

use crate::{
    cli::Context,
    renderer::{
        in_place::{self, words},
        packet_md::Scope,
    },
    report::rendering::InPlace,
    sender::{notices::final_reports, standing},
    workspace::{
        living,
        situation::{self, Situation},
        source,
    },
};

/// What the document would hold.
pub fn text(context: &Context, situation: &Situation, resolve: bool) -> String {
    let scope = if resolve {
        Scope::Resolved
    } else {
        Scope::Source
    };
    let current = standing::current(situation);
    let revision = current.or(situation.history.latest());
    in_place::in_place(
        &situation.document,
        living::markdown(situation, current, scope),
        &situation::grammar(&context.settings),
        situation.now,
        &words(&situation.resolution, revision),
        final_reports::last(&situation.history),
    )
}

/// Writes the document where that differs, and reads it again.
///
/// # Errors
/// It cannot be written, or changed meanwhile.
pub fn write(
    context: &Context,
    situation: Situation,
    resolve: bool,
) -> anyhow::Result<(Situation, InPlace)> {
    let path = situation.document.path.clone();
    let before = &situation.document.source;
    let after = text(context, &situation, resolve);
    if after == *before {
        return Ok((situation, InPlace::Unchanged));
    }
    let backup = source::replace(&context.workspace, &path, before, &after, situation.now)?;
    let lines = new_lines(before, &after);
    let again = context.situation(&path, false)?;
    Ok((again, InPlace::Written { backup, lines }))
}

/// The lines of `after` that `before` has not, each with its number from 1.
pub fn new_lines(before: &str, after: &str) -> Vec<(usize, String)> {
    let mut old: HashMap<&str, usize> = HashMap::new();
    for line in before.lines() {
        *old.entry(line).or_default() += 1;
    }
    let mut is_new = |line: &str| match old.get_mut(line) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    let numbered = after.lines().enumerate();
    let new = numbered.filter(|(_, line)| is_new(line));
    new.map(|(index, line)| (index + 1, line.to_owned()))
        .collect()
}
