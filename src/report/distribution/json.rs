//! Plans and runs for scripts.

use serde_json::{Value, json};

use crate::{
    model::plan::Plan,
    sender::{run::Done, standing::Standing},
};

/// The plan for a script.
pub fn plan(plan: &Plan, folder: &str, standings: &[Standing]) -> Value {
    let deliveries: Vec<Value> = plan
        .deliveries
        .iter()
        .map(|d| {
            let standing = standings.iter().find(|s| s.wanted.key == d.key);
            json!({
                "key": d.key, "kind": d.kind, "names": d.names, "target": d.target, "file": d.file,
                "sha256": d.sha256, "size": d.size, "message_id": d.message_id,
                "delivery": standing.map(|s| s.state), "via": standing.map(|s| s.via),
            })
        })
        .collect();
    json!({
        "plan": plan.id, "document": plan.document, "revision": plan.revision, "digest": plan.digest,
        "created": plan.created, "folder": folder, "deliveries": deliveries,
    })
}

/// A run for a script.
pub fn done(plan: Option<&str>, done: &Done, left: usize) -> Value {
    let tried: Vec<Value> = done
        .tried
        .iter()
        .map(|(d, o)| json!({ "key": d.key, "names": d.names, "target": d.target, "outcome": o }))
        .collect();
    json!({
        "plan": plan,
        "tried": tried,
        "left": left,
        "unknown": done.unknown.iter().map(|d| &d.key).collect::<Vec<_>>(),
        "rejected": done.rejected.iter().map(|d| &d.key).collect::<Vec<_>>(),
        "untried": done.left.iter().map(|d| &d.key).collect::<Vec<_>>(),
        "given_up": done.given_up.iter().map(|(via, why)| json!({ "via": via, "why": why })).collect::<Vec<_>>(),
        "stopped": done.stopped,
    })
}
