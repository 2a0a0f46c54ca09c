//! `packet ack --import`: what recipients said, read from their replies.

use std::{
    collections::{BTreeMap, HashSet},
    io::IsTerminal,
    path::Path,
    time::Duration,
};

use indicatif::ProgressBar;

use super::follow;
use crate::{
    cli::{
        Format,
        context::{Context, Exit, Misuse, print_json},
        names,
    },
    model::{
        ledger::Event,
        mail::{Content, Mail},
    },
    parser::replies as reading,
    report::imports::{self as report, Import, Line},
    resolver::replies::{About, Finding, Register, Sender, reply},
    workspace::{
        lock,
        mailbox::{self, MailboxError},
        situation::Situation,
    },
};

/// How often the sign of life is drawn.
const TICK: Duration = Duration::from_millis(200);

/// So many entries are appended to a ledger at once.
const AT_ONCE: usize = 2_000;

/// Reads the mailbox at `path`, records what its mails say, lists what a person has to decide.
///
/// # Errors
/// It is no mailbox, or cannot be read; a ledger cannot be written.
pub(super) fn run(
    context: &Context,
    path: &Path,
    document: Option<&std::path::PathBuf>,
    by: Option<&str>,
    dry_run: bool,
) -> anyhow::Result<Exit> {
    let _lock = lock::take(&context.workspace, "ack --import", context.clock.now())?;
    let mut situations = match document {
        Some(_) => vec![context.situation(&context.document(document)?, false)?],
        None => names::documents(context, false)?,
    };
    let mut import = Import {
        dry_run,
        ..Import::default()
    };
    let mails = read(context, path, &mut import)?;
    let mut events: BTreeMap<usize, Vec<Event>> = BTreeMap::new();
    let senders: Vec<Sender<'_>> = situations.iter().map(|s| sender(context, s)).collect();
    let register = Register::new(&senders);
    let mut seen: HashSet<String> = HashSet::new();
    let mut said: HashSet<(usize, String)> = HashSet::new();
    for (place, mail) in mails {
        let marks = reply(&mail).marks();
        if marks.iter().any(|m| seen.contains(m)) {
            import.known += 1;
            continue;
        }
        match register.judge(&mail, context.clock.now()) {
            Finding::Known => import.known += 1,
            Finding::Own => import.own += 1,
            Finding::Unrelated => unrelated(&mut import, &situations, place, &mail),
            Finding::About(mut about) => {
                import.lines.push(line(&situations, place, &mail, &about));
                // What somebody says again in another mail adds nothing to the record.
                about.events.retain(|event| match event {
                    Event::Answered {
                        revision,
                        name,
                        said: what,
                        ..
                    } => said.insert((about.sender, format!("{revision} {name} {what:?}"))),
                    _ => true,
                });
                events.entry(about.sender).or_default().extend(about.events);
            }
        }
        seen.extend(marks);
    }
    drop(register);
    drop(senders);
    if !dry_run {
        for (index, events) in events {
            let situation = &mut situations[index];
            for some in events.chunks(AT_ONCE) {
                situation.append_all(some, by, context.clock)?;
            }
        }
        for situation in situations.iter().filter(|s| !s.history.imported.is_empty()) {
            follow(context, situation)?;
        }
    }
    let asked = situations.iter().filter(|s| s.history.latest().is_some());
    let standings: Vec<_> = asked
        .map(|s| (s.document.path.clone(), s.acknowledgements()))
        .collect();
    match context.format {
        Format::Human => context.say(&report::text(&import, &standings))?,
        _ => print_json(&report::json(&import, &standings))?,
    }
    Ok(Exit::Done)
}

fn sender<'a>(context: &'a Context, situation: &'a Situation) -> Sender<'a> {
    Sender {
        document: &situation.document,
        roster: &situation.roster,
        history: &situation.history,
        trusted: context.settings.config.trust_results_from.as_deref(),
    }
}

/// All mails, oldest first: what was said last is said last.
fn read(
    context: &Context,
    path: &Path,
    import: &mut Import,
) -> anyhow::Result<Vec<(String, Mail)>> {
    let watched = std::io::stderr().is_terminal() && !context.quiet;
    let bar = watched.then(ProgressBar::new_spinner);
    if let Some(bar) = &bar {
        bar.enable_steady_tick(TICK);
    }
    let mut mails = Vec::new();
    let found = mailbox::read(context.workspace.root(), path, |found| {
        import.read += 1;
        if let Some(bar) = &bar {
            bar.set_message(format!("{} mails read", import.read));
        }
        match found.bytes {
            Some(bytes) => mails.push((found.place, reading::read(&bytes))),
            None => import.unreadable.push(found.place),
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    found.map_err(|error| match error {
        MailboxError::Io { .. } => anyhow::Error::from(error),
        wrong => Misuse(wrong.to_string()).into(),
    })?;
    mails.sort_by_key(|(_, mail)| (mail.date.is_none(), mail.date));
    Ok(mails)
}

fn line(situations: &[Situation], place: String, mail: &Mail, about: &About) -> Line {
    Line {
        place,
        from: mail.from.join(", "),
        subject: mail.subject.clone(),
        document: situations[about.sender].document.path.clone(),
        names: about.names.clone(),
        revision: Some(about.revision),
        taken_for: Some(about.taken_for),
        why: about.why.clone(),
    }
}

/// Mail about something else is no business of ours; a new mail from a recipient may be an answer.
fn unrelated(import: &mut Import, situations: &[Situation], place: String, mail: &Mail) {
    let written = matches!(mail.content, Content::Words(_));
    let from = mail
        .from
        .first()
        .filter(|_| written && mail.from.len() == 1);
    for situation in situations.iter().filter(|s| s.history.latest().is_some()) {
        let Some(index) = from.and_then(|from| names::owner(situation, from)) else {
            continue;
        };
        let name = situation.document.recipients[index].name.clone();
        import.lines.push(Line {
            place,
            from: mail.from.join(", "),
            subject: mail.subject.clone(),
            document: situation.document.path.clone(),
            why: format!("from {name}, but it answers no mail that was sent from here"),
            names: vec![name],
            revision: None,
            taken_for: None,
        });
        return;
    }
    import.unrelated += 1;
}
