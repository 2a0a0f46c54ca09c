//! What to do about deliveries of a revision that are not made.

use crate::{model::plan::DeliveryState, sender::standing::Standing};

/// A step for each thing to do, in words a person can act on.
pub fn steps(standings: &[Standing]) -> Vec<String> {
    let of = |state: DeliveryState| standings.iter().filter(move |s| s.state == state);
    let mut steps = Vec::new();
    let open = of(DeliveryState::Pending).chain(of(DeliveryState::Deferred));
    if open.count() > 0 {
        steps.push("send what is left: packet send".to_owned());
    }
    // `send` leaves both alone unless asked.
    for standing in of(DeliveryState::Rejected) {
        let target = &standing.wanted.target;
        let record = standing.record.as_ref();
        let name = record.and_then(|r| r.names.first()).unwrap_or(target);
        steps.push(format!(
            "{target} was refused: correct it in packet.yaml, then packet send; or try it again: packet send --to \"{name}\""
        ));
    }
    if of(DeliveryState::Unknown).count() > 0 {
        steps.push(
            "ask those listed as unknown whether it arrived; if not: packet send --resend-unknown"
                .to_owned(),
        );
    }
    steps
}
