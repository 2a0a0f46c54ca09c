//! One message over one connection: MAIL, RCPT, DATA, the message, the answer.

use std::{cell::Cell, thread};

use lettre::transport::smtp::{
    Error,
    client::SmtpConnection,
    commands::{Data, Mail, Rcpt, Rset},
    response::Response,
};

use super::{
    content::{self, Terminated},
    envelope::Envelope,
    fault::Fault,
    link::Link,
    settings::Settings,
    watch::{GivenUp, Step, Watch},
};

/// Up to this size, in bytes, a message leaves in one write. A larger one goes in blocks, so
/// that a line that breaks half way is known to have delivered nothing.
const ONE_WRITE: usize = 64 * 1024;

/// How one attempt ended without an acceptance.
pub enum Stop {
    /// The server refused it; the connection may still be of use.
    Refused(Fault),
    /// This server cannot carry it; it was not asked.
    Unfit(String),
    /// The connection was lost before any of the message left.
    LostBefore(Fault),
    /// The connection is gone, and certainly nothing was delivered.
    LostWithin(Fault),
    /// The connection was lost after the end may have left.
    LostAfter(Fault),
    /// Nobody waits any more.
    GivenUp,
}

impl From<GivenUp> for Stop {
    fn from(GivenUp: GivenUp) -> Self {
        Stop::GivenUp
    }
}

/// An attempt at one message.
pub struct Dialogue<'a> {
    /// How long to wait, and whom for.
    pub settings: &'a Settings,
    /// Told of every step.
    pub watch: &'a Watch,
    /// From whom to whom.
    pub envelope: &'a Envelope,
    /// The message, normalised.
    pub content: &'a [u8],
}

impl Dialogue<'_> {
    /// Delivers over `link`; returns the server's words of acceptance.
    pub fn run(&self, link: &mut Link) -> Result<Response, Stop> {
        let size = content::wire_size(self.content);
        let (mail, rcpt) = self
            .envelope
            .commands(&link.offered, size, self.content.is_ascii())
            .map_err(Stop::Unfit)?;
        link.connection
            .set_timeout(Some(self.settings.timeouts.command))
            .map_err(|e| Stop::LostBefore(Fault::lost(e.to_string())))?;
        self.undo(link)?;
        if link.offered.pipelining {
            self.open_at_once(link, &mail, &rcpt)?;
        } else {
            self.open_stepwise(link, mail, rcpt)?;
        }
        link.connection
            .set_timeout(Some(self.settings.timeouts.answer))
            .map_err(|e| Stop::LostBefore(Fault::lost(e.to_string())))?;
        // Whatever the answer to the final dot, the transaction is over (RFC 5321 section 3.3).
        link.open_transaction = false;
        let reply = match std::str::from_utf8(self.content) {
            Ok(text) if text.len() <= ONE_WRITE => self.send_at_once(link, text)?,
            _ => self.send_in_blocks(link)?,
        };
        match code(&reply) {
            200..=299 => Ok(reply),
            other => Err(Stop::LostAfter(Fault::unexpected(other))),
        }
    }

    /// RSET, if an earlier transaction was left open.
    fn undo(&self, link: &mut Link) -> Result<(), Stop> {
        if !link.open_transaction {
            return Ok(());
        }
        self.watch.enter(Step::Command)?;
        let reply = link.connection.command(Rset);
        match self.judge(reply, 200..=299) {
            Ok(()) => {
                link.open_transaction = false;
                Ok(())
            }
            // A server that cannot even reset is left for a new connection.
            Err(fault) => Err(Stop::LostBefore(Fault::lost(fault.before().detail))),
        }
    }

    fn open_stepwise(&self, link: &mut Link, mail: Mail, rcpt: Rcpt) -> Result<(), Stop> {
        self.watch.enter(Step::Command)?;
        let reply = link.connection.command(mail);
        self.judge(reply, 200..=299).map_err(stop_before)?;
        link.open_transaction = true;
        self.watch.enter(Step::Command)?;
        let reply = link.connection.command(rcpt);
        self.judge(reply, 200..=299).map_err(stop_before)?;
        self.watch.enter(Step::Command)?;
        let reply = link.connection.command(Data);
        self.judge(reply, 354..=354).map_err(stop_before)
    }

    /// RFC 2920: three commands in one write, then one answer for each.
    fn open_at_once(&self, link: &mut Link, mail: &Mail, rcpt: &Rcpt) -> Result<(), Stop> {
        self.watch.enter(Step::Command)?;
        link.open_transaction = true;
        let first = link.connection.command(format!("{mail}{rcpt}{Data}"));
        let mut refusal = self.note(None, first, 200..=299)?;
        self.watch.enter(Step::Command)?;
        let second = link.connection.read_response();
        refusal = self.note(refusal, second, 200..=299)?;
        self.watch.enter(Step::Command)?;
        let third = link.connection.read_response();
        match (refusal, self.judge(third, 354..=354)) {
            (None, Ok(())) => Ok(()),
            (None, Err(fault)) => Err(stop_before(fault)),
            (Some(refusal), Ok(())) => Err(self.take_back(link, refusal)?),
            (Some(refusal), Err(fault)) if fault.ends_connection() => {
                Err(Stop::LostWithin(refusal))
            }
            (Some(refusal), Err(_)) => Err(Stop::Refused(refusal)),
        }
    }

    /// Judges one of several answers; a refusal is kept while the others are read.
    fn note(
        &self,
        earlier: Option<Fault>,
        reply: Result<Response, Error>,
        wanted: std::ops::RangeInclusive<u16>,
    ) -> Result<Option<Fault>, Stop> {
        match (earlier, self.judge(reply, wanted)) {
            (earlier, Ok(())) => Ok(earlier),
            (None, Err(fault)) if fault.ends_connection() => Err(Stop::LostBefore(fault)),
            // The server's word about this message outlives its connection.
            (Some(refusal), Err(fault)) if fault.ends_connection() => {
                Err(Stop::LostWithin(refusal))
            }
            (None, Err(fault)) => Ok(Some(fault)),
            (earlier, Err(_)) => Ok(earlier),
        }
    }

    /// The server wants the message although it refused sender or recipient: an empty one
    /// without a valid recipient ends the transaction (RFC 2920 section 3.1).
    fn take_back(&self, link: &mut Link, refusal: Fault) -> Result<Stop, GivenUp> {
        self.watch.enter(Step::Command)?;
        match self.judge(link.connection.command(".\r\n"), 200..=599) {
            Err(fault) if fault.ends_connection() => Ok(Stop::LostWithin(refusal)),
            _ => Ok(Stop::Refused(refusal)),
        }
    }

    fn send_at_once(&self, link: &mut Link, text: &str) -> Result<Response, Stop> {
        self.watch.enter(Step::Answer)?;
        link.connection
            .command(Terminated(text))
            .map_err(|error| self.stop_after(&error))
    }

    fn send_in_blocks(&self, link: &mut Link) -> Result<Response, Stop> {
        let ended = Cell::new(false);
        let mut blocks = self.content.chunks(ONE_WRITE);
        // lettre asks for the next block when the one before is written, and writes the
        // terminator when there is none left.
        let watched = std::iter::from_fn(|| {
            let block = blocks.next();
            let step = if block.is_some() {
                Step::Block
            } else {
                Step::Answer
            };
            if self.watch.enter(step).is_err() {
                // The delivery has been called deferred. Ending here would send the terminator
                // and make a lie of it, so this thread sleeps until the process ends.
                loop {
                    thread::park();
                }
            }
            ended.set(block.is_none());
            block
        });
        match link.connection.message_iter(watched) {
            Ok(reply) => Ok(reply),
            Err(error) if ended.get() => Err(self.stop_after(&error)),
            Err(error) => Err(Stop::LostWithin(
                self.last_words(&mut link.connection, &error),
            )),
        }
    }

    /// A server that breaks off within a message may have said why.
    fn last_words(&self, connection: &mut SmtpConnection, error: &Error) -> Fault {
        match connection.read_response() {
            Err(words) if words.status().is_some() => Fault::read(&words, &self.settings.host),
            _ => Fault::read(error, &self.settings.host),
        }
    }

    fn stop_after(&self, error: &Error) -> Stop {
        match Fault::read(error, &self.settings.host) {
            refused @ Fault::Refused { .. } => Stop::Refused(refused),
            lost @ Fault::Lost { .. } => Stop::LostAfter(lost),
        }
    }

    fn judge(
        &self,
        reply: Result<Response, Error>,
        wanted: std::ops::RangeInclusive<u16>,
    ) -> Result<(), Fault> {
        match reply {
            Ok(reply) if wanted.contains(&code(&reply)) => Ok(()),
            Ok(reply) => Err(Fault::unexpected(code(&reply))),
            Err(error) => Err(Fault::read(&error, &self.settings.host)),
        }
    }
}

fn code(reply: &Response) -> u16 {
    reply.code().into()
}

fn stop_before(fault: Fault) -> Stop {
    if fault.ends_connection() {
        Stop::LostBefore(fault)
    } else {
        Stop::Refused(fault)
    }
}
