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
    // `Name <a@b>` and `a@b` are one mailbox, as are a domain and its ASCII form (RFC 5891).
    let bare = match address.rsplit_once('<') {
        Some((_, rest)) => rest.trim_end().trim_end_matches('>'),
        None => address,
    };
    let bare = bare.trim().to_lowercase();
    let ascii = bare.rsplit_once('@').and_then(|(local, domain)| {
        let domain = idna::domain_to_ascii(domain).ok()?;
        Some(format!("{local}@{domain}"))
    });
    format!("email:{}", ascii.unwrap_or(bare))
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
