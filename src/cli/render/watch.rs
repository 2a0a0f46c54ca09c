//! `render --watch`: renders what a change concerns, until somebody ends it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    time::{Duration, Instant, SystemTime},
};

use super::Args;
use crate::{
    cli::{Context, Exit, Format, context::print, send::interrupt},
    renderer::templates,
    report::{rendering, watching},
    sender::stop::Stop,
    workspace::{
        lock::{self, LockError},
        templates as own,
        watch::{self, Inputs, Look, Reach},
    },
};

/// How long between two looks, at least; what is the same over two looks has settled.
const PAUSE: Duration = Duration::from_millis(200);
/// A look that takes long is followed by a pause so many times as long.
const REST: u32 = 10;
/// A burst that does not end is rendered in the middle after so many looks.
const PATIENCE: u32 = 10;

/// Renders everything, then what changes concern.
///
/// # Errors
/// The configuration or the first document named cannot be used; later errors are printed.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<Exit> {
    let stop = interrupt::listen()?;
    let mut watch = Watch {
        args,
        context: context.clone(),
        documents: BTreeMap::new(),
        seen: Look::new(),
    };
    watch.take_documents()?;
    let all: BTreeSet<String> = watch.documents.keys().cloned().collect();
    watch.seen = watch.reach().look(&context.workspace);
    // Somebody else at work: they are rendered as soon as that has ended.
    let mut waiting = watch.render(&all, &[])?;
    watch.say(&watching::begins(all.len()))?;
    let mut pause = PAUSE;
    loop {
        stop.sleep(pause);
        if stop.asked() {
            watch.say(watching::ENDS)?;
            return Ok(Exit::Done);
        }
        let started = Instant::now();
        let reach = watch.reach();
        let first = reach.look(&watch.context.workspace);
        pause = PAUSE.max(started.elapsed() * REST);
        let now = watch.settled(&reach, first, &stop);
        let changed = watch::changed(&watch.seen, &now);
        if changed.is_empty() && waiting.is_empty() {
            continue;
        }
        watch.seen = now;
        let mut concerned = watch.concerned(&changed);
        concerned.append(&mut waiting);
        waiting = watch.render(&concerned, &changed)?;
    }
}

struct Watch<'a> {
    args: &'a Args,
    context: Context,
    /// What each document depends on, as last read.
    documents: BTreeMap<String, Inputs>,
    seen: Look,
}

impl Watch<'_> {
    /// The documents there are now; those that are new depend on themselves so far.
    fn take_documents(&mut self) -> anyhow::Result<()> {
        let paths = self.context.documents(&self.args.documents)?;
        let mut old = std::mem::take(&mut self.documents);
        for path in paths {
            let inputs = old.remove(&path);
            let inputs = inputs.unwrap_or_else(|| Inputs::unread(&path));
            self.documents.insert(path, inputs);
        }
        Ok(())
    }

    fn reach(&self) -> Reach {
        Reach::over(self.documents.values(), common())
    }

    /// A look once nothing changes any more, so that a burst is one change.
    fn settled(&self, reach: &Reach, mut now: Look, stop: &Stop) -> Look {
        if now == self.seen {
            return now;
        }
        for _ in 0..PATIENCE {
            stop.sleep(PAUSE);
            let next = reach.look(&self.context.workspace);
            if next == now {
                break;
            }
            now = next;
        }
        now
    }

    /// The documents that a change of these files concerns; configuration is read again where it
    /// is among them.
    fn concerned(&mut self, changed: &[String]) -> BTreeSet<String> {
        let common: BTreeSet<String> = common().collect();
        if changed.iter().any(|path| common.contains(path)) {
            let read = self.context.reloaded().map_err(anyhow::Error::from);
            let taken = read.and_then(|context| {
                self.context = context;
                self.take_documents()
            });
            if let Err(error) = taken {
                self.complain(&watching::cause(changed), &error);
                return BTreeSet::new();
            }
            return self.documents.keys().cloned().collect();
        }
        let documents = self.documents.iter();
        let hit = documents.filter(|(_, inputs)| changed.iter().any(|path| inputs.concern(path)));
        hit.map(|(path, _)| path.clone()).collect()
    }

    /// Renders these documents; returns those that have to wait for somebody else's work.
    fn render(
        &mut self,
        documents: &BTreeSet<String>,
        changed: &[String],
    ) -> anyhow::Result<BTreeSet<String>> {
        if documents.is_empty() {
            return Ok(BTreeSet::new());
        }
        let workspace = self.context.workspace.clone();
        let now = self.context.clock.now();
        let _lock = match lock::take(&workspace, "render --watch", now) {
            Ok(lock) => lock,
            Err(LockError::Held(_)) => return Ok(documents.clone()),
            Err(error) => return Err(error.into()),
        };
        let templates = match own::load(&workspace) {
            Ok(templates) => templates,
            Err(error) => {
                self.complain(&watching::cause(changed), &error.into());
                return Ok(BTreeSet::new());
            }
        };
        let (reach, start) = (self.reach(), SystemTime::now());
        for path in documents {
            let causes = self.causes(path, changed);
            if let Err(error) = self.render_one(path, &causes, &templates) {
                self.complain(&watching::cause(&causes), &error);
            }
        }
        // What was written here is no change; what others wrote meanwhile is one.
        let after = self.reach().look(&workspace);
        for path in documents {
            let ledger = watch::ledger(path);
            match after.get(&ledger) {
                Some(stamp) => self.seen.insert(ledger, *stamp),
                None => self.seen.remove(&ledger),
            };
        }
        for (path, stamp) in after {
            // An input that this rendering found out about is known from now on, unless it may
            // have been written since it was read.
            if !reach.covers(&path) && !stamp.is_since(start) {
                self.seen.insert(path, stamp);
            }
        }
        Ok(BTreeSet::new())
    }

    fn render_one(
        &mut self,
        path: &str,
        causes: &[String],
        templates: &templates::Templates,
    ) -> anyhow::Result<()> {
        let mut situation = self.context.situation(path, false)?;
        let inputs = Inputs::of(&situation, &self.context.settings.config);
        self.documents.insert(path.to_owned(), inputs);
        let rendering = super::render(&self.context, &mut situation, templates)?;
        if self.context.format == Format::Human {
            return self.say(&watching::line(&rendering, causes));
        }
        let mut object = rendering::json(&rendering);
        object["because"] = causes.into();
        Ok(print(&format!("{object}\n"))?)
    }

    /// Those of the changed files that concern the document; all where none does by itself.
    fn causes(&self, document: &str, changed: &[String]) -> Vec<String> {
        let inputs = self.documents.get(document);
        let mine = |path: &&String| inputs.is_some_and(|i| i.concern(path));
        let own: Vec<String> = changed.iter().filter(mine).cloned().collect();
        if own.is_empty() {
            changed.to_vec()
        } else {
            own
        }
    }

    fn say(&self, text: &str) -> anyhow::Result<()> {
        Ok(self.context.say_human(text)?)
    }

    fn complain(&self, cause: &str, error: &anyhow::Error) {
        let text = watching::error(cause, &format!("{error:#}"));
        // With standard error closed there is nobody to tell, and watching goes on.
        writeln!(anstream::stderr(), "{text}").ok();
    }
}

/// Files that concern every document.
fn common() -> impl Iterator<Item = String> {
    let names = templates::names().map(|name| format!("templates/{name}"));
    names.chain(["packet.yaml".to_owned()])
}
