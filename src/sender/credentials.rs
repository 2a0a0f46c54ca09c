//! Where secrets may come from, and to whom they may go.
//!
//! A workspace is foreign input: it may name a mail server, but not make us tell that server
//! a password. The decisions here are pure; [`run_command`] alone has an effect.

use std::{
    io::Read,
    net::IpAddr,
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use thiserror::Error;
use ureq::http::Uri;

use crate::model::config::Auth;

/// How much of a password command's output is read, in bytes.
const OUTPUT_LIMIT: u64 = 16 * 1024;

/// Text that must not be shown. Its `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text itself, for the wire alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An account and what it logs in with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account's name.
    pub username: String,
    /// What kind of secret it is.
    pub auth: Auth,
    secret: Arc<Mutex<Secret>>,
    /// The program that prints the secret; a token that has run out is asked for once more.
    command: Option<Vec<String>>,
}

impl Credentials {
    /// An account whose secret is at hand.
    pub fn new(username: impl Into<String>, auth: Auth, secret: Secret) -> Self {
        Credentials {
            username: username.into(),
            auth,
            secret: Arc::new(Mutex::new(secret)),
            command: None,
        }
    }

    /// An account whose secret a program prints; it is run at once.
    ///
    /// # Errors
    /// As [`run_command`].
    pub fn from_command(
        username: impl Into<String>,
        auth: Auth,
        command: Vec<String>,
    ) -> Result<Self, CredentialError> {
        let secret = run_command(&command, auth)?;
        Ok(Credentials {
            command: Some(command),
            ..Credentials::new(username, auth, secret)
        })
    }

    /// The password or the token in force.
    pub fn secret(&self) -> Secret {
        self.secret
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A token in place of one that was `refused`: the one that another connection fetched
    /// meanwhile, or what the program prints now. `None` where it would be the same again.
    ///
    /// # Errors
    /// The program fails.
    pub fn renewed(&self, refused: &Secret) -> Result<Option<Secret>, CredentialError> {
        let Some(command) = self.command.as_ref().filter(|_| self.auth == Auth::Xoauth2) else {
            return Ok(None);
        };
        let mut secret = self.secret.lock().unwrap_or_else(PoisonError::into_inner);
        if *secret == *refused {
            *secret = run_command(command, self.auth)?;
        }
        Ok(Some(secret.clone()).filter(|new| new != refused))
    }
}

/// Why a secret is not used. The texts say what to do and hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CredentialError {
    /// A user name is configured, but no password.
    #[error(
        "`{username}` needs a password: set PACKET_SMTP_PASSWORD, or `password-command` in your own configuration (~/.config/packet/config.yaml)"
    )]
    Missing {
        /// The account.
        username: String,
    },
    /// An account logs in with a token, and there is none.
    #[error(
        "`{username}` needs a token, because of `auth: xoauth2`: set `token-command` in your own configuration (~/.config/packet/config.yaml), or PACKET_SMTP_TOKEN"
    )]
    NoToken {
        /// The account.
        username: String,
    },
    /// The server is named by the workspace alone.
    #[error(
        "the password is not given to `{host}`, because only the workspace names that server; if it is right, set PACKET_SMTP_HOST={host} or name it under `smtp` in your own configuration (~/.config/packet/config.yaml)"
    )]
    UntrustedHost {
        /// The server.
        host: String,
    },
    /// The password command is not a program that can be found safely.
    #[error(
        "`{key}` must begin with a program's name or its full path, not `{program}`; write it as a list, such as [pass, show, mail]"
    )]
    Program {
        /// The command's key in the configuration.
        key: &'static str,
        /// What stands first in the list.
        program: String,
    },
    /// The password command failed.
    #[error("`{key}` ({program}) {what}; run it in a terminal to see why")]
    Command {
        /// The command's key in the configuration.
        key: &'static str,
        /// The program.
        program: String,
        /// What happened.
        what: String,
    },
    /// A webhook's variable has a name that could read other secrets.
    #[error("`{variable}` may not hold a webhook: its name must begin with PACKET_SLACK_")]
    WebhookName {
        /// The variable.
        variable: String,
    },
    /// The address in a webhook's variable cannot be used.
    #[error("the address in {variable} {what}")]
    WebhookUrl {
        /// The variable.
        variable: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// Everything the decision about a password rests on.
#[derive(Clone, Debug, Default)]
pub struct PasswordCase<'a> {
    /// The server in force.
    pub host: &'a str,
    /// The account in force; without one there is no login.
    pub username: Option<&'a str>,
    /// What it logs in with.
    pub auth: Auth,
    /// `PACKET_SMTP_PASSWORD`, or for a token `PACKET_SMTP_TOKEN`.
    pub variable: Option<&'a Secret>,
    /// `password-command` of the user's own configuration, or for a token `token-command`.
    pub command: Option<&'a [String]>,
    /// The server that the user's own configuration names.
    pub user_host: Option<&'a str>,
    /// `PACKET_SMTP_HOST`.
    pub env_host: Option<&'a str>,
}

/// Where the password or the token is to be taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// It is at hand.
    Given(Secret),
    /// This program prints it; see [`run_command`].
    Command(Vec<String>),
}

/// Decides whether there is a login, and where its password comes from. `None`: no login.
///
/// # Errors
/// When there is no password, or it would go to a server that only the workspace names.
pub fn password(case: &PasswordCase<'_>) -> Result<Option<PasswordSource>, CredentialError> {
    let Some(username) = case.username.filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let named = [case.user_host, case.env_host];
    let trusted = is_loopback(case.host)
        || named
            .iter()
            .flatten()
            .any(|host| same_host(host, case.host));
    if !trusted {
        return Err(CredentialError::UntrustedHost {
            host: case.host.to_owned(),
        });
    }
    if let Some(password) = case.variable.filter(|secret| !secret.expose().is_empty()) {
        return Ok(Some(PasswordSource::Given(password.clone())));
    }
    let username = username.to_owned();
    match (case.command, case.auth) {
        (Some(command), _) => Ok(Some(PasswordSource::Command(command.to_vec()))),
        (None, Auth::Password) => Err(CredentialError::Missing { username }),
        (None, Auth::Xoauth2) => Err(CredentialError::NoToken { username }),
    }
}

/// Runs a password or token command without a shell; the first line it prints is the secret.
///
/// # Errors
/// When the program has a relative path (a workspace could hold it), fails or prints nothing.
pub fn run_command(command: &[String], auth: Auth) -> Result<Secret, CredentialError> {
    let key = match auth {
        Auth::Password => "password-command",
        Auth::Xoauth2 => "token-command",
    };
    let program = command.first().map_or("", String::as_str);
    if program.is_empty() || (program.contains('/') && !program.starts_with('/')) {
        return Err(CredentialError::Program {
            key,
            program: program.to_owned(),
        });
    }
    let failed = |what: String| CredentialError::Command {
        key,
        program: program.to_owned(),
        what,
    };
    let mut child = Command::new(program)
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("could not be started: {error}")))?;
    let mut output = Vec::new();
    let read = match child.stdout.take() {
        Some(stdout) => stdout.take(OUTPUT_LIMIT).read_to_end(&mut output),
        None => Ok(0),
    };
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    read.map_err(|error| failed(format!("could not be read: {error}")))?;
    if !status.success() {
        return Err(failed(format!("ended with {status}")));
    }
    let text = String::from_utf8(output).map_err(|_| failed("printed no text".to_owned()))?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(Secret::new(line)),
        None => Err(failed("printed nothing".to_owned())),
    }
}

/// A Slack webhook's address. It is itself a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    url: Secret,
    loopback: bool,
}

impl Webhook {
    /// Takes the address from the environment variable `variable` with its `value`.
    ///
    /// # Errors
    /// When the variable is not named `PACKET_SLACK_…`, is unset, or holds no HTTPS address
    /// (plain HTTP is for loopback alone). The error never shows the value.
    pub fn new(variable: &str, value: Option<&str>) -> Result<Self, CredentialError> {
        let rest = variable.strip_prefix("PACKET_SLACK_").unwrap_or("");
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if rest.is_empty() || !rest.chars().all(plain) {
            return Err(CredentialError::WebhookName {
                variable: variable.to_owned(),
            });
        }
        let bad = |what| CredentialError::WebhookUrl {
            variable: variable.to_owned(),
            what,
        };
        let text = value.map_or("", str::trim);
        if text.is_empty() {
            return Err(bad(
                "is missing: set it to the address that Slack shows for the webhook",
            ));
        }
        let uri: Uri = text
            .parse()
            .map_err(|_| bad("is not a web address: copy it again from Slack"))?;
        let host = uri
            .host()
            .ok_or_else(|| bad("names no server: copy it again from Slack"))?;
        let loopback = is_loopback(host);
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            return Err(bad("holds a user name: remove what stands before the @"));
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if loopback => {}
            _ => return Err(bad("must begin with https://")),
        }
        Ok(Webhook {
            url: Secret::new(text),
            loopback,
        })
    }

    /// The address, for the wire alone.
    pub fn url(&self) -> &Secret {
        &self.url
    }

    /// Whether it leads to this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The server's name and port, and whether it speaks TLS; these may be shown.
    pub fn server(&self) -> Option<(String, u16, bool)> {
        let uri: Uri = self.url.expose().parse().ok()?;
        let tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Some((uri.host()?.to_owned(), port, tls))
    }

    /// The server's name, which may be shown.
    pub fn host(&self) -> Option<String> {
        let uri: Uri = self.url.expose().parse().ok()?;
        uri.host().map(str::to_owned)
    }
}

/// Whether `host` is this machine by name or address: `localhost`, `127.0.0.0/8`, `::1`.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => same_host(bare, "localhost"),
    }
}

fn same_host(one: &str, other: &str) -> bool {
    let plain = |host: &str| host.trim().trim_end_matches('.').to_ascii_lowercase();
    !one.trim().is_empty() && plain(one) == plain(other)
}

#[cfg(test)]
mod tests;
