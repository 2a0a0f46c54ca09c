//! What `report` and `escalate` have in common: one document after the other, each with what it has
//! to tell whom, and with what is said where there is nobody to tell it to.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    context::{Context, Exit},
    notices::{self, Job},
};
use crate::{
    model::ledger::Event,
    renderer::templates::{TemplateError, Templates},
    report::follow_up,
    sender::notices::{
        Notices,
        compose::{Desk, Mail, Post},
        escalations::Unreached,
    },
    workspace::{lock, situation::Situation, templates},
};

/// What a command has to tell about one document.
pub trait Round: Sized {
    /// What one message is called: "report".
    const NOUN: &'static str;
    /// The command, as a person types it.
    const COMMAND: &'static str;
    /// Whether who cannot be reached is said again where nothing goes out.
    const REPEATS: bool;

    /// Looks at the document. `dry_run` shows what would not go out now, too.
    ///
    /// # Errors
    /// A template fails.
    fn look(
        context: &Context,
        situation: &Situation,
        templates: &Templates,
        dry_run: bool,
    ) -> Result<Self, TemplateError>;

    /// What goes to people and channels, and who cannot be reached.
    fn parts(&mut self) -> (&[Mail], &[Post], &mut Vec<Unreached>);

    /// Who cannot be reached.
    fn unreached(&self) -> &[Unreached];

    /// What goes on record before the first message.
    fn opening(&self) -> Option<Event> {
        None
    }

    /// Whether it is as it should be that there is nobody to tell anything.
    fn is_idle(&self) -> bool;

    /// Said below the list or the summary, above who cannot be reached.
    fn lead(&self, _dry_run: bool) -> String {
        String::new()
    }

    /// Said below that.
    fn tail(&self) -> String {
        String::new()
    }

    /// What a script reads beside the messages: a name and its value.
    fn field(&self) -> (&'static str, Value);

    /// How the command ends; `exit` is how the messages fared.
    fn exit(&self, exit: Exit) -> Exit {
        exit
    }
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Documents; those of packet.yaml where none is named.
    pub documents: &'a [PathBuf],
    /// Show and write what would go out, send nothing.
    pub dry_run: bool,
    /// Do not ask.
    pub yes: bool,
}

/// Goes round the documents.
///
/// # Errors
/// A document or the ledger cannot be read or written; nobody is there to ask.
pub fn run<R: Round>(asked: Asked<'_>, context: &Context) -> anyhow::Result<Exit> {
    let paths = context.documents(asked.documents)?;
    notices::each(context, &paths, |path| one::<R>(asked, context, path))
}

fn one<R: Round>(asked: Asked<'_>, context: &Context, path: &str) -> anyhow::Result<(Exit, Value)> {
    let what = format!("{} {path}", R::COMMAND.trim_start_matches("packet "));
    let _lock = lock::take(&context.workspace, &what, context.clock.now())?;
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(path, false)?;
    let mut round = R::look(context, &situation, &templates, asked.dry_run)?;
    let desk = Desk {
        situation: &situation,
        config: &context.settings.config,
        templates: &templates,
    };
    let (mails, posts, unreached) = round.parts();
    let (composed, some_have_it) = notices::compose(context, &desk, mails, posts, unreached);
    let notices = Notices::new(composed).opening(round.opening());
    let mut fields = json!({
        "document": path,
        "unreached": follow_up::unreached_json(round.unreached()),
    });
    let (name, own) = round.field();
    fields[name] = own;
    if notices.deliveries().is_empty() && !some_have_it && !round.is_idle() {
        let nobody = follow_up::nobody(R::NOUN, round.unreached());
        context.say_human(&format!("{nobody}{}", round.tail()))?;
        fields["notices"] = json!([]);
        return Ok((Exit::Hold, fields));
    }
    let told = R::REPEATS || asked.dry_run || notices.has_due(&situation, &context.routes());
    let unreached = match told {
        true => follow_up::unreached(round.unreached()),
        false => String::new(),
    };
    let job = Job {
        noun: R::NOUN,
        command: R::COMMAND,
        dry_run: asked.dry_run,
        yes: asked.yes,
        after: format!("{}{unreached}{}", round.lead(asked.dry_run), round.tail()),
        fields,
    };
    let (exit, value) = notices::handle(context, &mut situation, &templates, &notices, &job)?;
    Ok((round.exit(exit), value))
}
