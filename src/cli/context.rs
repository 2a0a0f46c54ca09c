//! What every command starts from: workspace, settings, clock, format.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::Value;

use super::Format;
use crate::{
    model::moment::Moment,
    parser::moments,
    sender::{leaks, obstacles, routes::Routes, standing},
    workspace::{
        Workspace,
        clock::Clock,
        configuration::{self, ConfigError, Settings},
        documents::{self, DocumentError},
        situation::{self, Situation},
        templates,
    },
};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: done or clear.
    Done,
    /// 1: failed to run.
    Failed,
    /// 2: usage or configuration.
    Usage,
    /// 3: on hold or blocked.
    Hold,
    /// 4: some deliveries failed or are unknown.
    Undelivered,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Hold => 3,
            Exit::Undelivered => 4,
        })
    }
}

impl Exit {
    /// The code that an error ends with: configuration and usage are 2, the rest is 1.
    pub fn of_error(error: &anyhow::Error) -> Self {
        if error.is::<crate::sender::notices::compose::Refused>() {
            return Exit::Hold;
        }
        let usage = error.downcast_ref::<ConfigError>().is_some()
            || error.downcast_ref::<Misuse>().is_some()
            || error
                .downcast_ref::<crate::renderer::templates::TemplateError>()
                .is_some()
            || error.downcast_ref::<templates::LoadError>().is_some()
            || error
                .downcast_ref::<crate::sender::credentials::CredentialError>()
                .is_some()
            || error
                .downcast_ref::<crate::sender::routes::NowElsewhere>()
                .is_some()
            || matches!(error.downcast_ref(), Some(DocumentError::NoneNamed));
        if usage { Exit::Usage } else { Exit::Failed }
    }
}

/// The command was used wrongly; the text says how to use it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misuse(pub String);

/// What every command line says.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// The folder to work in.
    pub directory: &'a Path,
    /// How results are printed.
    pub format: Format,
    /// The moment in place of the clock's.
    pub now: Option<&'a str>,
    /// Say less.
    pub quiet: bool,
    /// Say more.
    pub verbose: bool,
}

impl Start<'_> {
    /// The workspace that the folder is in; no file in it is read.
    ///
    /// # Errors
    /// No such folder.
    pub fn workspace(&self) -> anyhow::Result<Workspace> {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let user = rustix::process::getuid().as_raw();
        Workspace::find(self.directory, user, home.as_deref())
            .with_context(|| format!("cannot work in `{}`", self.directory.display()))
    }

    /// The clock.
    ///
    /// # Errors
    /// A moment that is none.
    pub fn clock(&self) -> anyhow::Result<Clock> {
        Ok(Clock::new(self.now.map(moment).transpose()?))
    }

    /// Reads configuration and environment.
    ///
    /// # Errors
    /// No such folder, a mistake in a configuration file, a moment that is none.
    pub fn context(&self) -> anyhow::Result<Context> {
        let workspace = self.workspace()?;
        let environment = environment();
        let settings = configuration::load(&workspace, &environment)?;
        Ok(Context {
            workspace,
            settings,
            environment,
            clock: self.clock()?,
            format: self.format,
            quiet: self.quiet,
            verbose: self.verbose,
        })
    }
}

/// Everything a command needs.
#[derive(Clone)]
pub struct Context {
    /// The workspace.
    pub workspace: Workspace,
    /// Configuration in force.
    pub settings: Settings,
    /// `PACKET_*`, `HOME` and the XDG folders as they were at the start.
    pub environment: BTreeMap<String, String>,
    /// The clock.
    pub clock: Clock,
    /// How results are printed.
    pub format: Format,
    /// Say less.
    pub quiet: bool,
    /// Say more.
    pub verbose: bool,
}

impl Context {
    /// The same with the configuration as it is now.
    ///
    /// # Errors
    /// A mistake in a configuration file.
    pub fn reloaded(&self) -> Result<Self, ConfigError> {
        let settings = configuration::load(&self.workspace, &self.environment)?;
        Ok(Context {
            settings,
            ..self.clone()
        })
    }

    /// The documents to act on.
    ///
    /// # Errors
    /// None is named, or a name is not one of the workspace.
    pub fn documents(&self, named: &[PathBuf]) -> anyhow::Result<Vec<String>> {
        Ok(documents::chosen(
            &self.workspace,
            named,
            &self.settings.config.documents,
        )?)
    }

    /// The one document to act on.
    ///
    /// # Errors
    /// As [`documents`](Self::documents), or there are several.
    pub fn document(&self, named: Option<&PathBuf>) -> anyhow::Result<String> {
        let list: Vec<PathBuf> = named.into_iter().cloned().collect();
        let mut paths = self.documents(&list)?;
        match (paths.pop(), paths.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                paths.extend(last);
                Err(Misuse(format!("name one of the documents: {}", paths.join(", "))).into())
            }
        }
    }

    /// Reads one document whole.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn situation(&self, path: &str, new_evidence: bool) -> anyhow::Result<Situation> {
        let mut situation = situation::read(
            &self.workspace,
            &self.settings,
            path,
            self.clock.now(),
            new_evidence,
        )?;
        situation
            .diagnostics
            .sort_by_key(|d| (d.span.start, d.code));
        Ok(situation)
    }

    /// By which transports deliveries would go.
    pub fn routes(&self) -> Routes {
        Routes::of(&self.settings, &self.environment)
    }

    /// Everything that keeps a document from being sent: what it waits for, then what sending lacks.
    pub fn blockers(&self, situation: &Situation) -> (Vec<String>, Vec<String>) {
        let mut obstacles = obstacles::obstacles(situation, &self.settings.config, &self.workspace);
        obstacles.extend(self.leaks(situation, leaks::Scope::Materials));
        let all = situation
            .resolution
            .blockers
            .iter()
            .chain(&obstacles)
            .cloned()
            .collect();
        (all, obstacles)
    }

    /// Credentials that would go out, each with its place.
    pub fn leaks(&self, situation: &Situation, scope: leaks::Scope) -> Vec<String> {
        leaks::leaks(&self.workspace, situation, &self.settings.config, scope)
    }

    /// The document's state and the standing of its deliveries.
    pub fn standing(&self, situation: &Situation) -> (standing::State, Vec<standing::Standing>) {
        let standings = standing::standings(situation, &self.routes());
        (standing::state(situation, &standings), standings)
    }

    /// Prints a result where people read it: not for a script, and not if asked to be quiet.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn say_human(&self, text: &str) -> io::Result<()> {
        match self.format {
            Format::Human => self.say(text),
            _ => Ok(()),
        }
    }

    /// Prints a result for people, unless asked to be quiet.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn say(&self, text: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { print(text) }
    }
}

/// Prints to standard output; colour only on terminals that want it.
///
/// # Errors
/// Standard output is closed.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints one JSON value and a newline.
///
/// # Errors
/// Standard output is closed.
pub fn print_json(value: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")
}

/// A moment given at the prompt.
///
/// # Errors
/// It is none.
pub fn moment(text: &str) -> anyhow::Result<Timestamp> {
    typed(text).map(|m| m.first())
}

/// The last instant of a moment given at the prompt: a date means all of that day, UTC.
///
/// # Errors
/// It is none.
pub fn last_moment(text: &str) -> anyhow::Result<Timestamp> {
    typed(text).map(|m| m.last())
}

/// The first and the last instant of a moment given at the prompt.
///
/// # Errors
/// It is none.
pub fn span(text: &str) -> anyhow::Result<(Timestamp, Timestamp)> {
    typed(text).map(|m| (m.first(), m.last()))
}

fn typed(text: &str) -> anyhow::Result<Moment> {
    moments::parse(text).ok_or_else(|| {
        Misuse(format!(
            "`{text}` is not a moment; write it like 2025-10-12T12:00:00Z"
        ))
        .into()
    })
}

/// The variables that are looked at.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
        .filter(|(k, _)| {
            k.starts_with("PACKET_")
                || ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].contains(&k.as_str())
        })
        .collect()
}
