//! Plans on disk: `.packet/plans/ID/` with `plan.json` and the exact bytes of every message.

use std::io;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::{
    Workspace,
    atomic::{self, Access},
    door::{self, Kind},
    ledger_file::sha256_hex,
    private,
};
use crate::model::plan::{PLAN_VERSION, Plan};

/// How long a plan is used again.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// How long one is that was named by its id.
const NAMED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A plan and the bytes of its deliveries, in order; empty for the bundle folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The plan.
    pub plan: Plan,
    /// The bytes of each delivery.
    pub bytes: Vec<Vec<u8>>,
}

/// Why a kept plan cannot be used.
#[derive(Debug, Error)]
pub enum PlanError {
    /// Its files are not what they were.
    #[error("the plan {id} was changed on disk ({what}); run packet send --dry-run again")]
    Altered {
        /// The plan.
        id: String,
        /// Which file.
        what: String,
    },
    /// The file system says no.
    #[error("cannot keep the plan: {0}")]
    Io(#[from] io::Error),
}

/// The place of a plan, from the workspace root.
pub fn folder(id: &str) -> String {
    format!(".packet/plans/{id}")
}

/// Keeps a new plan, with files beside it; whatever had its id before goes, and so does what a
/// process left that died over a plan. The caller holds the workspace's lock.
///
/// Nothing is flushed: the hashes of the messages stand in `plan.json`, and a plan whose files
/// are not what they were is not used (see [`find`]).
pub fn keep(
    workspace: &Workspace,
    kept: &Kept,
    beside: &[(&str, Vec<u8>)],
) -> Result<(), PlanError> {
    private::ensure(workspace, "plans")?;
    let plans = workspace.private("plans");
    for entry in door::list(&plans)? {
        let unplaced = entry.name.to_string_lossy().starts_with(door::BESIDE);
        if unplaced && entry.kind == Kind::Folder {
            door::remove_folder(&plans.join(&entry.name))?;
        }
    }
    let json = serde_json::to_vec_pretty(&kept.plan).map_err(io::Error::other)?;
    let messages = kept.plan.deliveries.iter().zip(&kept.bytes);
    let mut files: Vec<(&str, &[u8])> = messages
        .filter_map(|(d, bytes)| Some((d.file.as_deref()?, bytes.as_slice())))
        .collect();
    files.extend(beside.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
    files.push(("plan.json", &json));
    let place = workspace.private(&format!("plans/{}", kept.plan.id));
    Ok(atomic::derive_folder(&place, &files)?)
}

/// Writes a file beside a plan that is kept already, where it differs.
pub fn refresh(workspace: &Workspace, id: &str, name: &str, bytes: &[u8]) -> Result<(), PlanError> {
    let path = workspace.private(&format!("plans/{id}/{name}"));
    atomic::write_if_changed(&path, bytes, Access::Private)?;
    Ok(())
}

/// The kept plan `id`, if there is one younger than a day (a week, where it was `named`) whose files
/// are as `plan.json` says. Both may have been put there by somebody else: what it says is no more
/// than a claim.
pub fn find(
    workspace: &Workspace,
    id: &str,
    now: Timestamp,
    named: bool,
) -> Result<Option<Kept>, PlanError> {
    let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric());
    if !plain {
        return Ok(None);
    }
    let folder = workspace.private(&format!("plans/{id}"));
    let text = match door::read(&folder.join("plan.json"), door::LEDGER) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let altered = |what: &str| PlanError::Altered {
        id: id.to_owned(),
        what: what.to_owned(),
    };
    let plan: Plan = serde_json::from_slice(&text).map_err(|_| altered("plan.json"))?;
    let age = now.duration_since(plan.created);
    if plan.version != PLAN_VERSION
        || age >= (if named { NAMED } else { FRESH })
        || age < SignedDuration::ZERO
    {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    for delivery in &plan.deliveries {
        let Some(file) = &delivery.file else {
            bytes.push(Vec::new());
            continue;
        };
        let read = door::read(&folder.join(file), door::MESSAGE).map_err(|_| altered(file))?;
        if delivery.sha256.as_deref() != Some(sha256_hex(&read).as_str()) {
            return Err(altered(file));
        }
        bytes.push(read);
    }
    Ok(Some(Kept { plan, bytes }))
}
