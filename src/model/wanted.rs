//! The deliveries that a document asks for, before any is planned.

use super::document::ChannelKind;

/// One delivery that a document asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Unique in the document and stable: see [`email_key`] and [`channel_key`].
    pub key: String,
    /// What sort of place.
    pub kind: ChannelKind,
    /// Indices of the recipients it is for; none for an announcement or a channel.
    pub recipients: Vec<usize>,
    /// Indices of the channels it serves.
    pub channels: Vec<usize>,
    /// Address, `#channel`, file or folder.
    pub target: String,
}

/// The key of a mail delivery: equal addresses have one.
pub fn email_key(address: &str) -> String {
    format!("email:{}", address.trim().to_lowercase())
}

/// The key of a channel's delivery.
pub fn channel_key(kind: ChannelKind, target: &str) -> String {
    match kind {
        ChannelKind::Email => email_key(target),
        ChannelKind::Slack => format!("slack:{target}"),
        ChannelKind::Document => format!("document:{target}"),
        ChannelKind::Folder => format!("folder:{}", target.trim_end_matches('/')),
    }
}
