//! How to reach a mail server and how long to wait for it.

use std::time::Duration;

use crate::{
    model::config::{Security, Smtp},
    sender::credentials::{self, Credentials},
};

/// Everything a connection needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Host name or address; also the name that the certificate must bear.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login, if the server wants one.
    pub credentials: Option<Credentials>,
    /// Certificates (PEM) to trust besides the public ones.
    pub ca_pem: Option<Vec<u8>>,
    /// What we call ourselves in EHLO.
    pub hello: String,
    /// How long to wait at each step.
    pub timeouts: Timeouts,
}

impl Settings {
    /// From the configuration; `credentials` and `ca_pem` are decided elsewhere.
    pub fn new(smtp: &Smtp, credentials: Option<Credentials>, ca_pem: Option<Vec<u8>>) -> Self {
        Settings {
            host: smtp.host.trim().to_owned(),
            port: smtp.port(),
            security: smtp.security,
            credentials,
            ca_pem,
            // An address literal, for the machine's name is nobody's business (RFC 5321 4.1.4).
            hello: "[127.0.0.1]".to_owned(),
            timeouts: Timeouts::default(),
        }
    }

    /// Whether the server is this machine.
    pub fn is_loopback(&self) -> bool {
        credentials::is_loopback(&self.host)
    }
}

/// How long to wait at each step (compare RFC 5321 section 4.5.3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For name, connection, greeting and TLS, each.
    pub connect: Duration,
    /// For the reply to a command.
    pub command: Duration,
    /// For each block of the message to leave.
    pub block: Duration,
    /// For the reply to the final dot. Long, because giving up here leaves the delivery unknown.
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(20),
            command: Duration::from_secs(120),
            block: Duration::from_secs(180),
            answer: Duration::from_secs(600),
        }
    }
}

impl Timeouts {
    /// The same limit everywhere, for tests.
    pub fn all(limit: Duration) -> Self {
        Timeouts {
            connect: limit,
            command: limit,
            block: limit,
            answer: limit,
        }
    }
}
