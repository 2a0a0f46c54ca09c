//! Deliveries that stay on this machine: mail in a Maildir, Slack messages as JSON files.
//!
//! A file's name follows from the message, so that a delivery repeated after a crash replaces
//! its file instead of doubling it.

use std::{
    collections::HashSet,
    io::{self, Write},
    path::PathBuf,
};

use sha2::{Digest, Sha256};

use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, Outcome, PlannedDelivery, Via},
    },
    workspace::door,
};

use super::transport::{self, Parcel, Transport};

/// Delivers into a folder: a Maildir (`tmp`, `new`, `cur`) and `slack/`.
#[derive(Debug)]
pub struct Outbox {
    root: PathBuf,
    /// Names of mail that somebody has read, which their mail program moved to `cur`.
    read: Option<HashSet<String>>,
}

impl Outbox {
    /// Delivers below `root`, which is made (0700) when the first delivery comes.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Outbox {
            root: root.into(),
            read: None,
        }
    }

    fn mail(&mut self, parcel: &Parcel<'_>) -> io::Result<String> {
        for folder in ["tmp", "new", "cur"] {
            door::make_folders(&self.root.join(folder), 0o700)?;
        }
        let name = format!("{}.packet", stem(parcel));
        if self.read_before(&name)? {
            return Ok(format!("cur/{name}"));
        }
        self.lay("new", &name, parcel.bytes)?;
        Ok(format!("new/{name}"))
    }

    fn slack(&self, parcel: &Parcel<'_>) -> io::Result<String> {
        for folder in ["tmp", "slack"] {
            door::make_folders(&self.root.join(folder), 0o700)?;
        }
        let name = format!("{}.json", stem(parcel));
        self.lay("slack", &name, parcel.bytes)?;
        Ok(format!("slack/{name}"))
    }

    /// Whether a mail program has moved this very message to `cur`, there followed by flags.
    fn read_before(&mut self, name: &str) -> io::Result<bool> {
        if self.read.is_none() {
            let mut names = HashSet::new();
            for entry in door::list(&self.root.join("cur"))? {
                let file = entry.name.to_string_lossy();
                names.insert(file.split(':').next().unwrap_or_default().to_owned());
            }
            self.read = Some(names);
        }
        Ok(self.read.as_ref().is_some_and(|names| names.contains(name)))
    }

    /// Writes to `tmp`, makes it durable, then renames it into `folder`.
    fn lay(&self, folder: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.root.join("tmp").join(name);
        match door::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = door::create_new(&temporary)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // The first error is the one to tell; a leftover in `tmp` is replaced next time.
            let _ = door::remove_file(&temporary);
            return Err(error);
        }
        let target = self.root.join(folder);
        door::rename(&temporary, &target.join(name))?;
        door::sync_folder(&target)
    }
}

impl Transport for Outbox {
    fn via(&self) -> Via {
        Via::Outbox
    }

    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome {
        let laid = match parcel.delivery.kind {
            ChannelKind::Email => self.mail(parcel),
            ChannelKind::Slack => self.slack(parcel),
            ChannelKind::Document | ChannelKind::Folder => {
                return transport::outcome(
                    Via::Outbox,
                    DeliveryState::Rejected,
                    "this channel is a file in the workspace and has no outbox",
                );
            }
        };
        match laid {
            Ok(name) => transport::outcome(
                Via::Outbox,
                DeliveryState::Sent,
                &format!("laid in the outbox as {name}; nothing left the machine"),
            ),
            Err(error) => transport::outcome(
                Via::Outbox,
                DeliveryState::Deferred,
                &format!(
                    "cannot write to the outbox {}: {error}; free some space or mend its permissions, then send again",
                    self.root.display()
                ),
            ),
        }
    }
}

/// A name that no other message and no other delivery shares. Mail programs order by date
/// header or file time, so that the Maildir convention's leading time is not needed.
fn stem(parcel: &Parcel<'_>) -> String {
    let PlannedDelivery {
        key, message_id, ..
    } = parcel.delivery;
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    // A notice that is composed anew after a crash has another date and the same Message-ID.
    let identity = message_id.as_ref().map_or(parcel.bytes, |id| id.as_bytes());
    let message = Sha256::digest(identity);
    let delivery = Sha256::digest(key.as_bytes());
    format!("{}.{}", hex(&message[..]), hex(&delivery[..4]))
}

#[cfg(test)]
mod tests;
