//! What is made and what is left alone: `--to`, `--skip`, `--resend-unknown`, `--again`.

use super::standing::Standing;
use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, PlannedDelivery},
    },
    workspace::{plans::Kept, situation::Situation},
};

/// What is made, and what is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only these keys; empty means all. Named ones are tried again even where they were rejected.
    pub only: Vec<String>,
    /// Not these keys.
    pub skip: Vec<String>,
    /// Send again what may have arrived.
    pub resend_unknown: bool,
    /// These keys once more, whoever has them already.
    pub again: Vec<String>,
}

impl Choice {
    /// Whether the delivery `key` is among what was asked for.
    pub fn covers(&self, key: &str) -> bool {
        let named = self.names(key) || self.is_again(key);
        let all = self.only.is_empty() && self.again.is_empty();
        (all || named) && !self.skips(key)
    }

    /// Whether the delivery `key` is to be made once more.
    pub fn is_again(&self, key: &str) -> bool {
        self.again.iter().any(|k| k == key)
    }

    /// Whether the delivery `key` was left out by name.
    pub fn skips(&self, key: &str) -> bool {
        self.skip.iter().any(|k| k == key)
    }

    /// Whether a delivery that is asked for and stands so is to be made now.
    pub fn is_due(&self, standing: &Standing) -> bool {
        let key = &standing.wanted.key;
        self.covers(key)
            && match standing.state {
                DeliveryState::Pending | DeliveryState::Deferred => true,
                DeliveryState::Unknown => self.resend_unknown,
                DeliveryState::Rejected => self.names(key) || self.is_again(key),
                DeliveryState::Sent => self.is_again(key),
            }
    }

    fn names(&self, key: &str) -> bool {
        self.only.iter().any(|k| k == key)
    }
}

/// The keys that a name given with `--to` or `--skip` stands for.
///
/// # Errors
/// With the names that would be understood.
pub fn keys_for(name: &str, kept: &Kept, situation: &Situation) -> Result<Vec<String>, String> {
    use crate::resolver::people::same;
    let wanted = name.trim();
    let kinds = [
        ("email", ChannelKind::Email),
        ("slack", ChannelKind::Slack),
        ("document", ChannelKind::Document),
        ("folder", ChannelKind::Folder),
    ];
    let kind = kinds
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(wanted))
        .map(|(_, k)| *k);
    let role_of = |n: &str| {
        situation
            .document
            .recipients
            .iter()
            .find(|r| same(&r.name, n))
            .map(|r| r.role.as_str())
    };
    let fits = |d: &PlannedDelivery| {
        kind == Some(d.kind)
            || same(&d.target, wanted)
            || d.key.eq_ignore_ascii_case(wanted)
            || d.names
                .iter()
                .any(|n| same(n, wanted) || role_of(n).is_some_and(|r| same(r, wanted)))
    };
    let keys: Vec<String> = kept
        .plan
        .deliveries
        .iter()
        .filter(|d| fits(d))
        .map(|d| d.key.clone())
        .collect();
    if !keys.is_empty() {
        return Ok(keys);
    }
    let mut known: Vec<&str> = Vec::new();
    for delivery in &kept.plan.deliveries {
        known.extend(delivery.names.iter().map(String::as_str));
        if delivery.names.is_empty() {
            known.push(&delivery.target);
        }
    }
    known.extend(
        kinds
            .iter()
            .filter(|(_, k)| kept.plan.deliveries.iter().any(|d| d.kind == *k))
            .map(|(n, _)| *n),
    );
    Err(format!(
        "`{name}` is nobody and no channel of this packet; there are: {}",
        known.join(", ")
    ))
}
