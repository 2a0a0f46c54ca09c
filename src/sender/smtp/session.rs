//! The life of one connection over many messages: opened when needed, used again, given up.

use std::sync::Arc;

use crate::model::plan::{DeliveryState, Outcome};

use super::{
    content,
    dialogue::{Dialogue, Stop},
    envelope::Envelope,
    fault,
    link::{Link, NoLink},
    settings::Settings,
    watch::{GivenUp, Watch},
};

/// What a session has to say about one message.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What came of it.
    pub outcome: Outcome,
    /// Whether the settings must be mended before any message can go.
    pub stuck: bool,
    /// Whether there was no connection to try it over.
    pub down: bool,
}

/// A connection that may or may not be open.
pub struct Session {
    settings: Arc<Settings>,
    watch: Watch,
    link: Option<Link>,
}

impl Session {
    /// Not connected yet.
    pub fn new(settings: Arc<Settings>, watch: Watch) -> Self {
        Session {
            settings,
            watch,
            link: None,
        }
    }

    /// Delivers one message.
    ///
    /// # Errors
    /// When nobody waits for it any more.
    pub fn deliver(
        &mut self,
        sender: &str,
        recipient: &str,
        message: &[u8],
    ) -> Result<Verdict, GivenUp> {
        let envelope = match Envelope::new(sender, recipient) {
            Ok(envelope) => envelope,
            Err(why) => return Ok(verdict(fault::said(DeliveryState::Rejected, &why))),
        };
        let content = content::normalised(message);
        loop {
            let mut link = match self.link() {
                Ok(link) => link,
                Err(NoLink::Because { outcome, stuck }) => {
                    return Ok(Verdict {
                        outcome,
                        stuck,
                        down: true,
                    });
                }
                Err(NoLink::GivenUp) => return Err(GivenUp),
            };
            let used = std::mem::replace(&mut link.used, true);
            let settings = Arc::clone(&self.settings);
            let dialogue = Dialogue {
                settings: &settings,
                watch: &self.watch,
                envelope: &envelope,
                content: &content,
            };
            let outcome = match dialogue.run(&mut link) {
                Ok(reply) => {
                    self.link = Some(link);
                    let words: Vec<_> = reply.message().collect();
                    fault::replied(DeliveryState::Sent, reply.code().into(), &words.join(" "))
                }
                Err(Stop::Refused(fault)) => {
                    if !fault.ends_connection() {
                        self.link = Some(link);
                    }
                    fault.before()
                }
                Err(Stop::Unfit(why)) => {
                    self.link = Some(link);
                    fault::said(DeliveryState::Rejected, &why)
                }
                // Servers close idle connections; a fresh one tells whether there is more to it.
                Err(Stop::LostBefore(_)) if used => continue,
                Err(Stop::LostBefore(fault) | Stop::LostWithin(fault)) => fault.before(),
                Err(Stop::LostAfter(fault)) => fault.after(),
                Err(Stop::GivenUp) => return Err(GivenUp),
            };
            return Ok(verdict(outcome));
        }
    }

    /// Takes leave of the server, if connected.
    pub fn quit(&mut self) {
        if let Some(mut link) = self.link.take() {
            // The server's farewell changes nothing any more, so nobody waits long for it.
            let limit = Some(self.settings.timeouts.connect);
            if link.connection.set_timeout(limit).is_ok() {
                let _ = link.connection.quit();
            }
        }
    }

    fn link(&mut self) -> Result<Link, NoLink> {
        match self.link.take() {
            Some(link) => Ok(link),
            None => Link::open(&self.settings, &self.watch),
        }
    }
}

fn verdict(outcome: Outcome) -> Verdict {
    Verdict {
        outcome,
        stuck: false,
        down: false,
    }
}
