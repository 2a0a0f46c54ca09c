//! By which transport each delivery goes, as configuration and environment stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use anyhow::Context;

use super::{
    credentials::{self, PasswordCase, PasswordSource, Secret, Webhook},
    outbox::Outbox,
    pace::{Pace, Paced},
    retry::{RetryPolicy, Retrying},
    slack::Slack,
    smtp::{self, SmtpTransport},
    transport::Transport,
};
use crate::{
    model::{config::Smtp, document::ChannelKind, plan::Via},
    workspace::{Workspace, configuration::Settings},
};

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
    mail: Box<dyn Transport>,
    slack: Box<dyn Transport>,
    outbox: Outbox,
}

impl Transports {
    /// Sets the transports up: asks for the password and checks webhooks, connects nowhere.
    pub fn new(
        workspace: &Workspace,
        settings: &Settings,
        environment: &BTreeMap<String, String>,
        given_clock: bool,
    ) -> anyhow::Result<Self> {
        let outbox = || Outbox::new(workspace.private("outbox"));
        let mail: Box<dyn Transport> = match &settings.config.smtp {
            Some(smtp) => mail(smtp, settings, environment, given_clock)?,
            None => Box::new(outbox()),
        };
        let mut webhooks = BTreeMap::new();
        for (channel, variable) in &settings.config.slack {
            let value = environment
                .get(variable)
                .map(String::as_str)
                .filter(|v| !v.is_empty());
            if value.is_none() {
                continue;
            }
            let webhook = Webhook::new(variable, value)?;
            if given_clock && !webhook.is_loopback() {
                return Err(NowElsewhere(format!("{variable} leads elsewhere")).into());
            }
            webhooks.insert(channel.clone(), webhook);
        }
        let slack = Box::new(Retrying::new(Slack::new(webhooks), RetryPolicy::default()));
        Ok(Transports {
            mail,
            slack,
            outbox: outbox(),
        })
    }

    /// The transport called `via`; `None` for the workspace's own files.
    pub fn get(&mut self, via: Via) -> Option<&mut dyn Transport> {
        match via {
            Via::Smtp => Some(&mut *self.mail),
            Via::Slack => Some(&mut *self.slack),
            Via::Outbox => Some(&mut self.outbox),
            Via::Workspace => None,
        }
    }

    /// Ends all connections politely.
    pub fn finish(&mut self) {
        self.mail.finish();
        self.slack.finish();
    }
}

fn mail(
    smtp: &Smtp,
    settings: &Settings,
    environment: &BTreeMap<String, String>,
    given_clock: bool,
) -> anyhow::Result<Box<dyn Transport>> {
    let set = smtp_settings(smtp, settings, environment)?;
    if given_clock && !set.is_loopback() {
        return Err(NowElsewhere(format!("the mail server is {}", smtp.host)).into());
    }
    let transport = Retrying::new(SmtpTransport::new(Arc::new(set)), RetryPolicy::default());
    Ok(match smtp.rate_per_minute {
        Some(rate) => Box::new(Paced::new(transport, Pace::new(rate))),
        None => Box::new(transport),
    })
}

/// Everything a connection to the mail server needs, the password included.
pub fn smtp_settings(
    smtp: &Smtp,
    settings: &Settings,
    environment: &BTreeMap<String, String>,
) -> anyhow::Result<smtp::Settings> {
    let variable = environment
        .get("PACKET_SMTP_PASSWORD")
        .map(|v| Secret::new(v.clone()));
    let env_host = environment.get("PACKET_SMTP_HOST").map(String::as_str);
    let source = credentials::password(&PasswordCase {
        host: &smtp.host,
        username: smtp.username.as_deref(),
        variable: variable.as_ref(),
        command: settings.password_command.as_deref(),
        user_host: settings.user_host.as_deref(),
        env_host,
    })?;
    let credentials = match source {
        None => None,
        Some(PasswordSource::Given(credentials)) => Some(credentials),
        Some(PasswordSource::Command { username, command }) => {
            let password = credentials::run_command(&command)?;
            Some(credentials::Credentials { username, password })
        }
    };
    let ca = match &settings.ca_file {
        Some(path) => Some(
            fs::read(path)
                .with_context(|| format!("cannot read the ca-file {}", path.display()))?,
        ),
        None => None,
    };
    Ok(smtp::Settings::new(smtp, credentials, ca))
}
