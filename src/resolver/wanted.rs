//! Who and what a document's deliveries are for.

use std::collections::HashMap;

use crate::model::{
    document::{ChannelKind, Document},
    roster::Roster,
    wanted::{Wanted, channel_key, email_key},
};

/// Every delivery, in the order they are made: the folder, people, announcements, Slack, the
/// feedback document. Equal addresses get one message; people without an address get none.
pub fn deliveries(document: &Document, roster: &Roster) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut add = |key: String,
                   kind: ChannelKind,
                   recipient: Option<usize>,
                   channel: Option<usize>,
                   target: &str| {
        let index = *places.entry(key.clone()).or_insert_with(|| {
            wanted.push(Wanted {
                key,
                kind,
                recipients: Vec::new(),
                channels: Vec::new(),
                target: target.to_owned(),
            });
            wanted.len() - 1
        });
        wanted[index].recipients.extend(recipient);
        wanted[index].channels.extend(channel);
    };
    let of_kind = |kind: ChannelKind| {
        document
            .channels
            .iter()
            .enumerate()
            .filter(move |(_, c)| c.kind == kind)
    };
    for (index, channel) in of_kind(ChannelKind::Folder) {
        add(
            channel_key(channel.kind, &channel.target),
            channel.kind,
            None,
            Some(index),
            &channel.target,
        );
    }
    for (index, person) in roster.people.iter().enumerate() {
        if let Some(address) = &person.address {
            add(
                email_key(address),
                ChannelKind::Email,
                Some(index),
                None,
                address,
            );
        }
    }
    for kind in [
        ChannelKind::Email,
        ChannelKind::Slack,
        ChannelKind::Document,
    ] {
        for (index, channel) in of_kind(kind) {
            add(
                channel_key(kind, &channel.target),
                kind,
                None,
                Some(index),
                &channel.target,
            );
        }
    }
    wanted
}
