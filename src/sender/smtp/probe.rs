//! Trying a mail server without sending anything: connection, encryption, login, and whether it
//! would take the sender and each recipient (MAIL and RCPT, then RSET; never DATA).

use std::net::TcpStream;

use lettre::transport::smtp::{
    client::SmtpConnection,
    commands::{Mail, Rset},
    response::Response,
};

use super::{
    capabilities::Capabilities,
    envelope::Envelope,
    fault::Fault,
    link::{self, Link, NoLink, Stage},
    settings::Settings,
    watch::Watch,
};
use crate::model::{
    config::Security,
    plan::{DeliveryState, Outcome},
};

/// So many recipients are asked about in one transaction; servers limit that.
const AT_ONCE: usize = 50;

/// What was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The server's name and port.
    Server,
    /// TLS, and that the server answers over it.
    Encryption,
    /// Name and password.
    Login,
    /// The envelope's sender.
    Sender,
    /// One recipient's address.
    Recipient(String),
}

/// Hears of each step and what came of it: the server's words, or why not. A refusal for now
/// (4xx) is [`DeliveryState::Deferred`], one for good is [`DeliveryState::Rejected`].
pub type Hear<'a> = &'a mut dyn FnMut(Step, Result<String, Outcome>);

/// Tries the server; ends at the first step without which the next makes no sense.
pub fn probe(settings: &Settings, sender: &str, recipients: &[String], hear: Hear<'_>) {
    let watch = Watch::default();
    let security = settings.security;
    // With TLS from the first byte, being reached and being greeted are two things.
    if security == Security::Tls {
        match reach(settings) {
            Err(outcome) => return hear(Step::Server, Err(outcome)),
            Ok(()) => hear(Step::Server, Ok(String::new())),
        }
    }
    let mut stage = None;
    let link = Link::open_telling(settings, &watch, &mut |s| stage = Some(s));
    if stage.is_some() && security != Security::Tls {
        hear(Step::Server, Ok(String::new()));
    }
    if stage >= Some(Stage::Encrypted) && security != Security::None {
        hear(Step::Encryption, Ok(String::new()));
    }
    let mut link = match link {
        Ok(link) => link,
        Err(NoLink::GivenUp) => return,
        Err(NoLink::Because { outcome, .. }) => {
            let step = match (stage, security) {
                (Some(Stage::Encrypted | Stage::LoggedIn), _) => Step::Login,
                (Some(Stage::Reached), Security::Starttls) | (None, Security::Tls) => {
                    Step::Encryption
                }
                _ => Step::Server,
            };
            return hear(step, Err(outcome));
        }
    };
    if settings.credentials.is_some() {
        hear(Step::Login, Ok(String::new()));
    }
    ask(&mut link, settings, sender, recipients, hear);
    // The farewell changes nothing any more.
    let _ = link.connection.quit();
}

fn reach(settings: &Settings) -> Result<(), Outcome> {
    let addresses = link::resolve(settings).map_err(|why| match why {
        NoLink::Because { outcome, .. } => outcome,
        NoLink::GivenUp => Fault::lost("it took too long".to_owned()).before(),
    })?;
    let mut last = String::new();
    for address in addresses {
        match TcpStream::connect_timeout(&address, settings.timeouts.connect) {
            Ok(_) => return Ok(()),
            Err(error) => last = error.to_string(),
        }
    }
    let text = format!(
        "{}:{} cannot be reached ({last}); check `host` and `port` under `smtp`, and the network",
        settings.host, settings.port
    );
    Err(Fault::lost(text).before())
}

/// MAIL once for each group of recipients, RCPT for each, RSET at the end.
fn ask(link: &mut Link, settings: &Settings, sender: &str, recipients: &[String], hear: Hear<'_>) {
    let host = &settings.host;
    if let Err(error) = link.connection.set_timeout(Some(settings.timeouts.command)) {
        return hear(Step::Sender, Err(Fault::lost(error.to_string()).before()));
    }
    let mut told = false;
    for group in recipients.chunks(AT_ONCE) {
        // The sender may be asked about without any recipient of the group being fit.
        let mail = group
            .iter()
            .find_map(|to| Envelope::new(sender, to).ok())
            .map_or_else(|| Envelope::new(sender, sender), Ok)
            .and_then(|envelope| bare(&envelope, &link.offered));
        let mail = match mail {
            Ok(mail) => mail,
            Err(why) => return hear(Step::Sender, Err(refused(&why))),
        };
        let answer = judge(link.connection.command(mail), host);
        match answer {
            Err(fault) => return hear(Step::Sender, Err(fault.before())),
            Ok(words) if !told => hear(Step::Sender, Ok(words)),
            Ok(_) => {}
        }
        told = true;
        for to in group {
            let result = recipient(&mut link.connection, &link.offered, sender, to, host);
            let lost = matches!(&result, Err(fault) if fault.ends_connection());
            hear(
                Step::Recipient(to.clone()),
                result.map_err(|fault| fault.before()),
            );
            if lost {
                return;
            }
        }
        if judge(link.connection.command(Rset), host).is_err() {
            return;
        }
    }
}

fn recipient(
    connection: &mut SmtpConnection,
    offered: &Capabilities,
    sender: &str,
    to: &str,
    host: &str,
) -> Result<String, Fault> {
    let unfit = |text: String| Fault::Refused { code: 553, text };
    let envelope = Envelope::new(sender, to).map_err(unfit)?;
    let (_, rcpt) = envelope.commands(offered, 1, true).map_err(unfit)?;
    judge(connection.command(rcpt), host)
}

fn bare(envelope: &Envelope, offered: &Capabilities) -> Result<Mail, String> {
    envelope.commands(offered, 1, true).map(|(mail, _)| mail)
}

fn judge(
    reply: Result<Response, lettre::transport::smtp::Error>,
    host: &str,
) -> Result<String, Fault> {
    match reply {
        Ok(reply) if reply.is_positive() => Ok(reply.message().collect::<Vec<_>>().join(" ")),
        Ok(reply) => Err(Fault::unexpected(reply.code().into())),
        Err(error) => Err(Fault::read(&error, host)),
    }
}

fn refused(why: &str) -> Outcome {
    super::fault::said(DeliveryState::Rejected, why)
}
