//! One delivery on one line: name, target, what it is.

use std::fmt::Write;

use crate::{
    model::{
        document::ChannelKind,
        plan::{DeliveryState, PlannedDelivery, Via},
    },
    report::style::{BAD, DIM, GOOD, paint, safe},
};

/// One line about a delivery that is looked at before it is made.
pub(in crate::report) fn would(
    out: &mut String,
    delivery: &PlannedDelivery,
    state: DeliveryState,
    via: Via,
    columns: Columns,
) {
    let (style, word) = match state {
        DeliveryState::Pending => (GOOD, "would get"),
        DeliveryState::Deferred => (GOOD, "again"),
        DeliveryState::Sent => (DIM, "has it"),
        DeliveryState::Rejected => (BAD, "rejected"),
        DeliveryState::Unknown => (BAD, "unknown"),
    };
    let _ = writeln!(
        out,
        "  {}{}  {}  {}",
        paint(style, word),
        " ".repeat(9usize.saturating_sub(word.len())),
        columns.row(delivery),
        paint(DIM, what(delivery, via)),
    );
}

/// Name and target of a delivery, on one line.
pub(in crate::report) fn who(delivery: &PlannedDelivery) -> String {
    format!("{}  {}", name(delivery), delivery.target)
}

fn name(delivery: &PlannedDelivery) -> String {
    match delivery.kind {
        ChannelKind::Email if delivery.names.is_empty() => "announcement".to_owned(),
        ChannelKind::Email => delivery.names.join(" and "),
        ChannelKind::Slack => "Slack".to_owned(),
        ChannelKind::Document => "feedback document".to_owned(),
        ChannelKind::Folder => "bundle folder".to_owned(),
    }
}

/// How wide names and targets are set, so that lines stand under each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns {
    name: usize,
    target: usize,
}

impl Columns {
    /// As wide as these deliveries need, within reason.
    pub fn over<'d>(deliveries: impl IntoIterator<Item = &'d PlannedDelivery>) -> Self {
        const WIDEST: usize = 48;
        let mut columns = Columns::default();
        for delivery in deliveries {
            columns.name = columns.name.max(name(delivery).chars().count());
            columns.target = columns.target.max(delivery.target.chars().count());
        }
        Columns {
            name: columns.name.min(WIDEST),
            target: columns.target.min(WIDEST),
        }
    }

    pub(super) fn row(self, delivery: &PlannedDelivery) -> String {
        let (name_width, target_width) = (self.name, self.target);
        let (name, target) = (safe(&name(delivery)), safe(&delivery.target));
        format!("{name:name_width$}  {target:target_width$}")
    }
}

/// What a delivery is, in words.
fn what(delivery: &PlannedDelivery, via: Via) -> String {
    let size = match delivery.size {
        0 => String::new(),
        n => format!(", {}", bytes(n)),
    };
    match (delivery.kind, via) {
        (ChannelKind::Email, Via::Outbox) => format!("a mail in the outbox{size}"),
        (ChannelKind::Email, _) => format!("a mail{size}"),
        (ChannelKind::Slack, Via::Outbox) => "a post, kept as JSON in the outbox".to_owned(),
        (ChannelKind::Slack, _) => "a post".to_owned(),
        (ChannelKind::Document, _) => "an entry at its end".to_owned(),
        (ChannelKind::Folder, _) => "evidence, materials, packet, log and checksums".to_owned(),
    }
}

fn bytes(size: u64) -> String {
    match size {
        0..1024 => format!("{size} bytes"),
        1024..1_048_576 => format!("{} KB", size / 1024),
        _ => format!("{:.1} MB", size as f64 / 1_048_576.0),
    }
}
