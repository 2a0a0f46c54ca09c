//! A connection that is ready for messages: reached, encrypted, logged in.

use std::{
    net::{SocketAddr, ToSocketAddrs},
    time::Duration,
};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials as Login, Mechanism},
    client::{Certificate, SmtpConnection, TlsParameters},
    commands::{Auth as AuthCommand, Ehlo},
    extension::ClientId,
    response::{Response, Severity},
};

use crate::{
    model::{
        config::{Auth, Security},
        plan::{DeliveryState, Outcome},
    },
    sender::credentials::{Credentials, Secret},
};

use super::{
    capabilities::Capabilities,
    fault::{self, Fault},
    settings::Settings,
    watch::{GivenUp, Step, Watch},
};

/// How long we listen for words that a server must not have said before encryption.
const LISTEN: Duration = Duration::from_millis(1);

/// Why there is no connection.
pub enum NoLink {
    /// What becomes of the message at hand; `stuck` until the settings are mended.
    Because {
        /// Always deferred.
        outcome: Outcome,
        /// Whether the next attempt would end the same.
        stuck: bool,
    },
    /// Nobody waits any more.
    GivenUp,
}

impl From<GivenUp> for NoLink {
    fn from(GivenUp: GivenUp) -> Self {
        NoLink::GivenUp
    }
}

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It has greeted us.
    Reached,
    /// It answers over TLS, where that is wanted.
    Encrypted,
    /// Logged in, where there is an account.
    LoggedIn,
}

/// A connection and what is known of it.
pub struct Link {
    /// lettre's connection.
    pub connection: SmtpConnection,
    /// What the server offers, as told over the final protection.
    pub offered: Capabilities,
    /// Whether a message went over it before.
    pub used: bool,
    /// Whether a transaction was begun and must be undone by RSET.
    pub open_transaction: bool,
}

impl Link {
    /// Connects, encrypts as the settings demand (never less), asks what is offered, logs in.
    pub fn open(settings: &Settings, watch: &Watch) -> Result<Self, NoLink> {
        Self::open_telling(settings, watch, &mut |_| {})
    }

    /// As [`open`](Self::open); `tell` hears of each stage that is reached.
    pub fn open_telling(
        settings: &Settings,
        watch: &Watch,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<Self, NoLink> {
        watch.enter(Step::Connect)?;
        let addresses = resolve(settings)?;
        let tls = tls(settings)?;
        let hello = ClientId::Domain(settings.hello.clone());
        let wrapped = match settings.security {
            Security::Tls => tls.as_ref(),
            Security::Starttls | Security::None => None,
        };
        watch.enter(Step::Connect)?;
        let limit = Some(settings.timeouts.connect);
        let mut connection = SmtpConnection::connect(&addresses[..], limit, &hello, wrapped, None)
            .map_err(|e| unreachable(&e, settings))?;
        tell(Stage::Reached);
        if let (Security::Starttls, Some(tls)) = (settings.security, &tls) {
            watch.enter(Step::Connect)?;
            encrypt(&mut connection, settings, tls, &hello)?;
        }
        watch.enter(Step::Connect)?;
        // lettre keeps only part of what EHLO tells; SIZE and PIPELINING matter here.
        let reply = connection
            .command(Ehlo::new(hello))
            .map_err(|e| unreachable(&e, settings))?;
        let offered = Capabilities::read(&reply);
        tell(Stage::Encrypted);
        if let Some(credentials) = &settings.credentials {
            watch.enter(Step::Connect)?;
            log_in(&mut connection, &offered, settings, credentials)?;
        }
        tell(Stage::LoggedIn);
        Ok(Link {
            connection,
            offered,
            used: false,
            open_transaction: false,
        })
    }
}

fn deferred(text: &str, stuck: bool) -> NoLink {
    NoLink::Because {
        outcome: fault::said(DeliveryState::Deferred, text),
        stuck,
    }
}

/// A server that is down or refuses us concerns no single message: always deferred.
fn unreachable(error: &Error, settings: &Settings) -> NoLink {
    match Fault::read(error, &settings.host) {
        Fault::Refused { code, text } => NoLink::Because {
            outcome: fault::replied(DeliveryState::Deferred, code, &text),
            stuck: false,
        },
        Fault::Lost { text, lasting } => deferred(
            &format!(
                "cannot use the mail server {}:{}: {text}",
                settings.host, settings.port
            ),
            lasting,
        ),
    }
}

/// The addresses of the server; loopback alone where the name is this machine's.
pub fn resolve(settings: &Settings) -> Result<Vec<SocketAddr>, NoLink> {
    let host = settings.host.as_str();
    let local = settings.is_loopback();
    if settings.security == Security::None && !local {
        return Err(deferred(
            &format!(
                "mail does not go to {host} unencrypted; set `security` to starttls or tls under `smtp`"
            ),
            true,
        ));
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = (bare, settings.port).to_socket_addrs().map_err(|error| {
        deferred(
            &format!("the mail server {host} cannot be found ({error}); check `host` under `smtp` and the network"),
            false,
        )
    })?;
    let addresses: Vec<_> = found.filter(|a| !local || a.ip().is_loopback()).collect();
    if addresses.is_empty() {
        return Err(deferred(
            &format!("the mail server {host} has no address"),
            false,
        ));
    }
    Ok(addresses)
}

fn tls(settings: &Settings) -> Result<Option<TlsParameters>, NoLink> {
    if settings.security == Security::None {
        return Ok(None);
    }
    let host = settings.host.trim_start_matches('[').trim_end_matches(']');
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = &settings.ca_pem {
        let authority = Certificate::from_pem(pem)
            .ok()
            .filter(|_| pem.windows(11).any(|w| w == b"-----BEGIN "))
            .ok_or_else(|| {
                deferred("the file under `ca-file` holds no certificate in PEM form; ask for the authority's certificate as text that begins with -----BEGIN CERTIFICATE-----", true)
            })?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build_rustls().map(Some).map_err(|error| {
        deferred(
            &format!("the encryption cannot be set up ({error}); check `ca-file`"),
            true,
        )
    })
}

fn encrypt(
    connection: &mut SmtpConnection,
    settings: &Settings,
    tls: &TlsParameters,
    hello: &ClientId,
) -> Result<(), NoLink> {
    let host = &settings.host;
    if !connection.can_starttls() {
        return Err(deferred(
            &format!(
                "{host} offers no encryption (STARTTLS) at port {}, so nothing was sent; try `security: tls` with port 465",
                settings.port
            ),
            true,
        ));
    }
    connection
        .starttls(tls, hello)
        .map_err(|e| unreachable(&e, settings))?;
    // Whatever was said in the clear after the go-ahead still waits in the connection's buffer
    // and would pass for encrypted words (CVE-2011-0411). Listening finds it; a server in step
    // has nothing to say now. One forged reply alone has already been taken for that to EHLO:
    // then every later answer comes one too late, and the login (235) or DATA (354) notices.
    let heard = connection
        .set_timeout(Some(LISTEN))
        .map(|()| connection.read_response());
    let silent = matches!(&heard, Ok(Err(error)) if fault::is_silence(error));
    if !silent || !connection.is_encrypted() {
        return Err(deferred(
            &format!(
                "{host} spoke before the encryption was in place; someone may be tampering with the connection, so nothing was sent"
            ),
            false,
        ));
    }
    connection
        .set_timeout(Some(settings.timeouts.connect))
        .map_err(|error| deferred(&format!("the connection failed ({error})"), false))
}

fn log_in(
    connection: &mut SmtpConnection,
    offered: &Capabilities,
    settings: &Settings,
    credentials: &Credentials,
) -> Result<(), NoLink> {
    let host = &settings.host;
    if !connection.is_encrypted() && !settings.is_loopback() {
        return Err(deferred(
            &format!("the password is not sent to {host} unencrypted"),
            true,
        ));
    }
    let mechanism = offered
        .mechanism(credentials.auth)
        .ok_or_else(|| deferred(&no_mechanism(host, offered, credentials.auth), true))?;
    let secret = credentials.secret();
    let answer = attempt(connection, mechanism, &credentials.username, &secret);
    if !refuses_for_good(&answer) {
        return judge_login(answer, settings, credentials);
    }
    // A token runs out within the hour; the program that fetches them is asked once more.
    match credentials.renewed(&secret) {
        Ok(None) => judge_login(answer, settings, credentials),
        Ok(Some(token)) => {
            let answer = attempt(connection, mechanism, &credentials.username, &token);
            judge_login(answer, settings, credentials)
        }
        Err(error) => Err(deferred(&error.to_string(), true)),
    }
}

/// What a server that offers only what we lack is to be told apart by.
fn no_mechanism(host: &str, offered: &Capabilities, auth: Auth) -> String {
    let list = offered.mechanisms.join(", ");
    match auth {
        _ if offered.mechanisms.is_empty() => {
            format!(
                "{host} offers no login here; remove `username` if it needs none, or try port 587 with `security: starttls`"
            )
        }
        Auth::Password if offered.mechanism(Auth::Xoauth2).is_some() => format!(
            "{host} takes no passwords; it offers {list}. Set `auth: xoauth2` under `smtp`; the book's chapter on delivery says how to get a token"
        ),
        Auth::Password => format!(
            "{host} offers only {list}, and a password goes by PLAIN or LOGIN alone; ask whoever runs the server to allow one of these, or for a relay"
        ),
        Auth::Xoauth2 => format!(
            "{host} offers only {list}, and a token goes by XOAUTH2 alone; remove `auth: xoauth2` under `smtp` if it takes a password"
        ),
    }
}

fn attempt(
    connection: &mut SmtpConnection,
    mechanism: Mechanism,
    username: &str,
    secret: &Secret,
) -> Result<Response, Error> {
    let login = Login::new(username.to_owned(), secret.expose().to_owned());
    let mut answer =
        AuthCommand::new(mechanism, login.clone(), None).and_then(|auth| connection.command(auth));
    // LOGIN asks twice; a server that goes on asking is not waited for.
    for _ in 0..3 {
        match &answer {
            // A refused token is explained first; an empty line asks for the refusal itself.
            Ok(reply) if reply.has_code(334) && mechanism == Mechanism::Xoauth2 => {
                answer = connection.command("\r\n");
            }
            Ok(reply) if reply.has_code(334) => {
                answer = AuthCommand::new_from_response(mechanism, login.clone(), reply)
                    .and_then(|auth| connection.command(auth));
            }
            _ => break,
        }
    }
    answer
}

fn refuses_for_good(answer: &Result<Response, Error>) -> bool {
    match answer {
        Ok(reply) => reply.code().severity == Severity::PermanentNegativeCompletion,
        Err(error) => error.is_permanent(),
    }
}

fn judge_login(
    answer: Result<Response, Error>,
    settings: &Settings,
    credentials: &Credentials,
) -> Result<(), NoLink> {
    match answer {
        Ok(reply) if reply.has_code(235) => Ok(()),
        Ok(reply) => Err(deferred(
            &format!(
                "the login at {} failed: it answered {}",
                settings.host,
                reply.code()
            ),
            false,
        )),
        Err(error) => match Fault::read(&error, &settings.host) {
            Fault::Refused { code, text } => {
                let outcome = fault::replied(DeliveryState::Deferred, code, &text);
                // After a refusal for good, more attempts would only lock the account.
                let stuck = code >= 500;
                let advice = match (stuck, credentials.auth) {
                    (true, Auth::Password) => "; check the user name and the password",
                    (true, Auth::Xoauth2) => {
                        "; check the user name, and that `token-command` prints a token that may send mail"
                    }
                    (false, _) => "; send again later",
                };
                let detail = format!(
                    "{} refused the login of {}: {}{advice}",
                    settings.host, credentials.username, outcome.detail
                );
                Err(NoLink::Because {
                    outcome: Outcome { detail, ..outcome },
                    stuck,
                })
            }
            Fault::Lost { .. } => Err(unreachable(&error, settings)),
        },
    }
}
