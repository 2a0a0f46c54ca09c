//! By which transport each delivery goes, as configuration and environment stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;

use super::{
    credentials::{
        self, CredentialError, Credentials, PasswordCase, PasswordSource, Secret, Webhook,
    },
    outbox::Outbox,
    pace::Pace,
    retry::RetryPolicy,
    run::Limits,
    slack::{Patience, Slack},
    smtp::{self, SmtpTransport},
    stop::Stop,
    transport::Transport,
};
use crate::{
    model::{
        config::{Auth, Smtp},
        document::ChannelKind,
        plan::Via,
    },
    workspace::{Workspace, configuration::Settings, door},
};

/// Connections to the mail server unless told otherwise: while one message is on the wire, the
/// intent of the next is written. Servers that allow an account few connections allow two.
const USUAL_CONNECTIONS: u8 = 2;
/// The most connections to one mail server.
const MOST_CONNECTIONS: usize = 16;

/// A given clock with effects that leave the machine.
#[derive(Debug, thiserror::Error)]
#[error(
    "--now can only be used with the outbox or a server on this machine, and {0}; leave it out"
)]
pub struct NowElsewhere(String);

/// Where deliveries would go now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    smtp: bool,
    slack: BTreeSet<String>,
}

impl Routes {
    /// From configuration and environment; looks at which variables are set, not at what they hold.
    pub fn of(settings: &Settings, environment: &BTreeMap<String, String>) -> Self {
        let set = |name: &String| environment.get(name).is_some_and(|v| !v.is_empty());
        let slack = settings
            .config
            .slack
            .iter()
            .filter(|(_, variable)| set(variable));
        Routes {
            smtp: settings.config.smtp.is_some(),
            slack: slack.map(|(channel, _)| channel.clone()).collect(),
        }
    }

    /// The transport for a delivery of this kind to this target.
    pub fn via(&self, kind: ChannelKind, target: &str) -> Via {
        match kind {
            ChannelKind::Email if self.smtp => Via::Smtp,
            ChannelKind::Slack if self.slack.contains(target) => Via::Slack,
            ChannelKind::Email | ChannelKind::Slack => Via::Outbox,
            ChannelKind::Document | ChannelKind::Folder => Via::Workspace,
        }
    }

    /// Whether anything at all leaves the machine.
    pub fn leave_the_machine(&self) -> bool {
        self.smtp || !self.slack.is_empty()
    }
}

/// The transports themselves, opened when first used.
pub struct Transports {
    mail: Option<(Arc<smtp::Settings>, Limits)>,
    webhooks: BTreeMap<String, Webhook>,
    outbox: PathBuf,
    stop: Stop,
}

impl Transports {
    /// Sets the transports up: asks for the password and checks webhooks, connects nowhere.
    /// Pauses end early when somebody wants to `stop`.
    ///
    /// # Errors
    /// A password is missing, a webhook cannot be used, or a given clock would reach others.
    pub fn new(
        workspace: &Workspace,
        settings: &Settings,
        environment: &BTreeMap<String, String>,
        given_clock: bool,
        stop: Stop,
    ) -> anyhow::Result<Self> {
        let mail = match &settings.config.smtp {
            Some(smtp) => Some(mail(smtp, settings, environment, given_clock)?),
            None => None,
        };
        let webhooks = webhooks(settings, environment)?;
        for (channel, webhook) in &webhooks {
            if given_clock && !webhook.is_loopback() {
                let variable = settings
                    .config
                    .slack
                    .get(channel)
                    .map_or("", String::as_str);
                return Err(NowElsewhere(format!("{variable} leads elsewhere")).into());
            }
        }
        Ok(Transports {
            mail,
            webhooks,
            outbox: workspace.private("outbox"),
            stop,
        })
    }

    /// The transport called `via`, once for each connection, and how it is to be used; none for
    /// the workspace's own files.
    pub fn take(&mut self, via: Via) -> (Vec<Box<dyn Transport>>, Limits) {
        let one = |policy| Limits {
            connections: 1,
            policy,
            pace: Pace::default(),
        };
        // A folder that cannot be written is not a server that comes back by itself.
        let at_once = RetryPolicy {
            first: Duration::ZERO,
            ..RetryPolicy::never()
        };
        match (via, &self.mail) {
            (Via::Smtp, Some((settings, limits))) => {
                let connect =
                    || -> Box<dyn Transport> { Box::new(SmtpTransport::new(Arc::clone(settings))) };
                let transports = (0..limits.connections).map(|_| connect()).collect();
                (transports, limits.clone())
            }
            (Via::Slack, _) => {
                let stop = self.stop.clone();
                let webhooks = std::mem::take(&mut self.webhooks);
                let sleep = Box::new(move |pause| stop.sleep(pause));
                let slack = Slack::with_patience(webhooks, Patience::default(), sleep);
                (vec![Box::new(slack)], one(RetryPolicy::default()))
            }
            (Via::Outbox, _) => (vec![Box::new(Outbox::new(&self.outbox))], one(at_once)),
            (Via::Smtp, None) | (Via::Workspace, _) => (Vec::new(), one(at_once)),
        }
    }
}

/// The webhook of each channel that has one, as configuration and environment stand.
///
/// # Errors
/// A variable holds no address that can be used; the text names it, never its value.
pub fn webhooks(
    settings: &Settings,
    environment: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Webhook>, CredentialError> {
    let mut found = BTreeMap::new();
    for (channel, variable) in &settings.config.slack {
        let value = environment.get(variable).map(String::as_str);
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            found.insert(channel.clone(), Webhook::new(variable, Some(value))?);
        }
    }
    Ok(found)
}

fn mail(
    smtp: &Smtp,
    settings: &Settings,
    environment: &BTreeMap<String, String>,
    given_clock: bool,
) -> anyhow::Result<(Arc<smtp::Settings>, Limits)> {
    let set = smtp_settings(smtp, settings, environment)?;
    if given_clock && !set.is_loopback() {
        return Err(NowElsewhere(format!("the mail server is {}", smtp.host)).into());
    }
    let usual = RetryPolicy::default();
    let limits = Limits {
        connections: usize::from(smtp.connections.unwrap_or(USUAL_CONNECTIONS))
            .clamp(1, MOST_CONNECTIONS),
        policy: RetryPolicy {
            attempts: smtp.attempts.map_or(usual.attempts, u32::from),
            first: smtp
                .retry_seconds
                .map_or(usual.first, |s| Duration::from_secs(s.into())),
            ..usual
        },
        pace: Pace::new(smtp.rate_per_minute.unwrap_or(0)),
    };
    Ok((Arc::new(set), limits))
}

/// Everything a connection to the mail server needs, the password included.
pub fn smtp_settings(
    smtp: &Smtp,
    settings: &Settings,
    environment: &BTreeMap<String, String>,
) -> anyhow::Result<smtp::Settings> {
    let (name, command) = match smtp.auth {
        Auth::Password => ("PACKET_SMTP_PASSWORD", &settings.password_command),
        Auth::Xoauth2 => ("PACKET_SMTP_TOKEN", &settings.token_command),
    };
    let variable = environment.get(name).map(|v| Secret::new(v.clone()));
    let env_host = environment.get("PACKET_SMTP_HOST").map(String::as_str);
    let source = credentials::password(&PasswordCase {
        host: &smtp.host,
        username: smtp.username.as_deref(),
        auth: smtp.auth,
        variable: variable.as_ref(),
        command: command.as_deref(),
        user_host: settings.user_host.as_deref(),
        env_host,
    })?;
    let username = smtp.username.as_deref().unwrap_or_default();
    let credentials = match source {
        None => None,
        Some(PasswordSource::Given(secret)) => Some(Credentials::new(username, smtp.auth, secret)),
        Some(PasswordSource::Command(command)) => {
            Some(Credentials::from_command(username, smtp.auth, command)?)
        }
    };
    let ca = match &settings.ca_file {
        Some(path) => Some(
            door::read_named(path, door::CONFIGURATION)
                .with_context(|| format!("cannot read the ca-file {}", path.display()))?,
        ),
        None => None,
    };
    Ok(smtp::Settings::new(smtp, credentials, ca))
}
