//! Configuration from `packet.yaml`, the user's own file and the environment.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};
use thiserror::Error;

use super::{Workspace, door};
use crate::{
    model::config::{Auth, Config, Security, Smtp},
    resolver::filter,
};

/// The workspace's file.
pub const FILE: &str = "packet.yaml";
/// How deep lists and maps may nest.
const DEEPEST: usize = 64;

/// Configuration in force, and what only the user may say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Everything merged.
    pub config: Config,
    /// Whether the workspace has a `packet.yaml`.
    pub has_file: bool,
    /// How to get the mail password: a program and its arguments, from the user's own file only.
    pub password_command: Option<Vec<String>>,
    /// How to get the mail account's token, likewise.
    pub token_command: Option<Vec<String>>,
    /// Further certificate authorities (PEM), from the user's own file or the environment only.
    pub ca_file: Option<PathBuf>,
    /// The mail host that the user's own file names: a password may go there.
    pub user_host: Option<String>,
}

/// What is wrong with a configuration file.
#[derive(Debug, Error)]
#[error("{file}{}: {message}", .line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// Line from 1, where known.
    pub line: Option<usize>,
    /// What is wrong, and the fix.
    pub message: String,
}

/// Reads all configuration. `environment` holds the variables; only `PACKET_*` and
/// `XDG_CONFIG_HOME`/`HOME` are looked at.
pub fn load(
    workspace: &Workspace,
    environment: &BTreeMap<String, String>,
) -> Result<Settings, ConfigError> {
    let mut settings = Settings::default();
    let file = door::read(&workspace.root().join(FILE), door::CONFIGURATION);
    if let Some(text) = text(FILE, file)? {
        settings.has_file = true;
        forbid_user_keys(&text)?;
        settings.config = parse(&text, FILE)?;
        filters(&settings.config, &text, FILE)?;
    }
    if let Some(path) = user_file(environment) {
        let shown = path.display().to_string();
        let file = door::read_named(&path, door::CONFIGURATION);
        if let Some(text) = text(&shown, file)? {
            user(&mut settings, &text, &shown)?;
        }
    }
    from_environment(&mut settings, environment)?;
    check(&settings)?;
    Ok(settings)
}

/// Where the user's own file lies, there or not.
pub fn user_file(environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let set = |name: &str| environment.get(name).filter(|v| !v.is_empty());
    let folder = match set("XDG_CONFIG_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(set("HOME")?).join(".config"),
    };
    Some(folder.join("packet").join("config.yaml"))
}

/// What `read` gives as text; a missing file is none.
fn text(shown: &str, read: io::Result<Vec<u8>>) -> Result<Option<String>, ConfigError> {
    let fail = |message: String| ConfigError {
        file: shown.to_owned(),
        line: None,
        message,
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fail(format!("cannot read it: {error}"))),
    };
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| fail("it is not UTF-8; save it as UTF-8".to_owned()))?;
    if deepest(&text) > DEEPEST {
        return Err(fail(format!(
            "it nests lists or maps more than {DEEPEST} deep; write it plainly"
        )));
    }
    Ok(Some(text))
}

/// How deep brackets nest at most: reading thousands of levels takes the reader minutes.
fn deepest(text: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

fn parse<T: DeserializeOwned + Default>(text: &str, file: &str) -> Result<T, ConfigError> {
    // A map silently keeps one of two equal keys; a YAML mapping refuses them.
    let value: Value = serde_yaml::from_str(text).map_err(|e| wrong(file, text, &e))?;
    if value.is_null() {
        return Ok(T::default());
    }
    serde_yaml::from_str(text).map_err(|e| wrong(file, text, &e))
}

fn wrong(file: &str, text: &str, error: &serde_yaml::Error) -> ConfigError {
    let words = error.to_string();
    let line = error.location().map(|l| l.line());
    let words = words.split(" at line ").next().unwrap_or(&words);
    let message = words
        .replace("unknown field", "unknown key")
        .replace(", expected one of ", "; known keys: ");
    let line = unknown_key(words)
        .and_then(|key| line_of(text, key))
        .or(line);
    ConfigError {
        file: file.to_owned(),
        line,
        message,
    }
}

fn unknown_key(words: &str) -> Option<&str> {
    words.split_once("unknown field `")?.1.split('`').next()
}

fn line_of(text: &str, key: &str) -> Option<usize> {
    let named = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        line.strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
            || line.contains(&format!("{{ {key}:"))
            || line.contains(&format!(", {key}:"))
    };
    text.lines().position(named).map(|n| n + 1)
}

/// Programs and certificates are the user's to name: a cloned workspace must not run anything.
fn forbid_user_keys(text: &str) -> Result<(), ConfigError> {
    let Ok(Value::Mapping(map)) = serde_yaml::from_str::<Value>(text) else {
        return Ok(());
    };
    for key in [
        "password-command",
        "token-command",
        "ca-file",
        "password",
        "token",
    ] {
        let inside = map
            .get("smtp")
            .and_then(Value::as_mapping)
            .is_some_and(|m| m.contains_key(key));
        if map.contains_key(key) || inside {
            let message = format!(
                "`{key}` is not allowed in a workspace; put it into your own configuration, ~/.config/packet/config.yaml"
            );
            return Err(ConfigError {
                file: FILE.to_owned(),
                line: line_of(text, key),
                message,
            });
        }
    }
    Ok(())
}

fn user(settings: &mut Settings, text: &str, file: &str) -> Result<(), ConfigError> {
    let mut map: Mapping = parse(text, file)?;
    let mut take = |key: &str| map.remove(key);
    let commands = ["password-command", "token-command"].map(|key| (key, take(key)));
    let ca = take("ca-file");
    let fail = |message: &str, key: &str| ConfigError {
        file: file.to_owned(),
        line: line_of(text, key),
        message: message.to_owned(),
    };
    for (key, value) in commands {
        let Some(value) = value else { continue };
        let list: Vec<String> = serde_yaml::from_value(value).map_err(|_| {
            let why = format!("`{key}` is a list: the program and its arguments, without a shell");
            fail(&why, key)
        })?;
        if list.is_empty() {
            return Err(fail(&format!("`{key}` is empty"), key));
        }
        match key {
            "token-command" => settings.token_command = Some(list),
            _ => settings.password_command = Some(list),
        }
    }
    if let Some(value) = ca {
        let path: PathBuf = serde_yaml::from_value(value)
            .map_err(|_| fail("`ca-file` is a path to a PEM file", "ca-file"))?;
        settings.ca_file = Some(path);
    }
    let rest = serde_yaml::to_string(&Value::Mapping(map)).unwrap_or_default();
    let own: Config = parse(&rest, file).map_err(|error| ConfigError {
        line: unknown_key_line(&error.message, text).or(error.line),
        ..error
    })?;
    filters(&own, text, file)?;
    if let Some(smtp) = &own.smtp {
        settings.user_host = Some(smtp.host.clone());
    }
    overlay(&mut settings.config, own);
    Ok(())
}

/// Every jq filter can be read; one that cannot would only be found out with the evidence.
fn filters(config: &Config, text: &str, file: &str) -> Result<(), ConfigError> {
    for (gate, rule) in &config.gates {
        for (key, filter) in [("each", &rule.each), ("all", &rule.all)] {
            let Some(Err(message)) = filter.as_deref().map(filter::check) else {
                continue;
            };
            return Err(ConfigError {
                file: file.to_owned(),
                line: line_of_rule(text, gate, key),
                message: format!("gate `{gate}`: `{key}`: {message}"),
            });
        }
    }
    Ok(())
}

/// The line of `key` below the gate's name.
fn line_of_rule(text: &str, gate: &str, key: &str) -> Option<usize> {
    let quotes = ['"', '\''];
    let named = |line: &str| {
        line.match_indices(gate).any(|(at, _)| {
            let before = line[..at].trim_end_matches(quotes);
            let after = line[at + gate.len()..].trim_start_matches(quotes);
            after.trim_start().starts_with(':')
                && before.chars().next_back().is_none_or(|c| " {,".contains(c))
        })
    };
    let gate = text.lines().position(named)?;
    let below: Vec<&str> = text.lines().skip(gate).collect();
    let holds = |line: &str| {
        line.split([' ', '{', ','])
            .any(|word| word == format!("{key}:"))
    };
    Some(gate + below.iter().position(|line| holds(line)).unwrap_or(0) + 1)
}

fn unknown_key_line(message: &str, text: &str) -> Option<usize> {
    line_of(
        text,
        message.split_once("unknown key `")?.1.split('`').next()?,
    )
}

fn overlay(base: &mut Config, own: Config) {
    base.from = own.from.or(base.from.take());
    base.reply_to = own.reply_to.or(base.reply_to.take());
    base.smtp = own.smtp.or(base.smtp.take());
    base.bundle_url = own.bundle_url.or(base.bundle_url.take());
    base.attach = own.attach.or(base.attach.take());
    base.trust_results_from = own.trust_results_from.or(base.trust_results_from.take());
    base.remind_every = own.remind_every.or(base.remind_every.take());
    base.notification = own.notification.or(base.notification.take());
    base.contacts.extend(own.contacts);
    base.gates.extend(own.gates);
    base.slack.extend(own.slack);
    base.materials.extend(own.materials);
    if !own.documents.is_empty() {
        base.documents = own.documents;
    }
    if !own.evidence_roots.is_empty() {
        base.evidence_roots = own.evidence_roots;
    }
    if own.recognise != Default::default() {
        base.recognise = own.recognise;
    }
}

fn from_environment(
    settings: &mut Settings,
    environment: &BTreeMap<String, String>,
) -> Result<(), ConfigError> {
    let set = |name: &str| environment.get(name).filter(|v| !v.is_empty()).cloned();
    let config = &mut settings.config;
    config.from = set("PACKET_FROM").or(config.from.take());
    config.reply_to = set("PACKET_REPLY_TO").or(config.reply_to.take());
    config.bundle_url = set("PACKET_BUNDLE_URL").or(config.bundle_url.take());
    if let Some(path) = set("PACKET_CA_FILE") {
        settings.ca_file = Some(PathBuf::from(path));
    }
    if let Some(host) = set("PACKET_SMTP_HOST") {
        config.smtp.get_or_insert_with(Smtp::default).host = host;
    }
    let wrong = |name: &str, message: &str| ConfigError {
        file: name.to_owned(),
        line: None,
        message: message.to_owned(),
    };
    if let Some(smtp) = &mut config.smtp {
        if let Some(port) = set("PACKET_SMTP_PORT") {
            smtp.port = Some(
                port.parse()
                    .map_err(|_| wrong("PACKET_SMTP_PORT", "it is not a port number"))?,
            );
        }
        if let Some(security) = set("PACKET_SMTP_SECURITY") {
            smtp.security = match security.as_str() {
                "starttls" => Security::Starttls,
                "tls" => Security::Tls,
                "none" => Security::None,
                _ => {
                    return Err(wrong(
                        "PACKET_SMTP_SECURITY",
                        "it is one of starttls, tls, none",
                    ));
                }
            };
        }
        smtp.username = set("PACKET_SMTP_USERNAME").or(smtp.username.take());
        if let Some(auth) = set("PACKET_SMTP_AUTH") {
            smtp.auth = match auth.as_str() {
                "password" => Auth::Password,
                "xoauth2" => Auth::Xoauth2,
                _ => return Err(wrong("PACKET_SMTP_AUTH", "it is one of password, xoauth2")),
            };
        }
    }
    Ok(())
}

fn check(settings: &Settings) -> Result<(), ConfigError> {
    let fail = |message: String| {
        Err(ConfigError {
            file: FILE.to_owned(),
            line: None,
            message,
        })
    };
    if settings
        .config
        .smtp
        .as_ref()
        .is_some_and(|s| s.host.trim().is_empty())
    {
        return fail("`smtp` needs a `host`".to_owned());
    }
    if let Some(smtp) = &settings.config.smtp {
        for (key, value, bounds) in [
            ("connections", smtp.connections.map(u16::from), 1..=16),
            ("attempts", smtp.attempts.map(u16::from), 1..=10),
            ("retry-seconds", smtp.retry_seconds, 0..=600),
        ] {
            if value.is_some_and(|v| !bounds.contains(&v)) {
                return fail(format!(
                    "`smtp`: `{key}` is a number from {} to {}",
                    bounds.start(),
                    bounds.end()
                ));
            }
        }
    }
    for (channel, variable) in &settings.config.slack {
        if !channel.starts_with('#') {
            return fail(format!(
                "`slack`: `{channel}` is not a channel; write it as \"#{channel}\""
            ));
        }
        if !variable.starts_with("PACKET_SLACK_") {
            return fail(format!(
                "`slack`: `{variable}` is not a variable for webhooks; its name must begin with PACKET_SLACK_, and the URL itself stays out of this file"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
