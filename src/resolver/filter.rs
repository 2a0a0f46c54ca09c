//! jq filters over records: `each` and `all` of `packet.yaml`.
//!
//! A filter comes with a workspace that somebody else may have written. It works apart from this
//! process, in one that has no environment and may take no more than [`MEMORY`]; a batch of
//! records at a time. Only one that can do no harm (`.duration_ms < 300`) is asked about few
//! records in this process, for starting another takes longer than the answer. A batch that is not done within [`PATIENCE`], or whose process ends, holds.
//! Starting processes is an effect: [`Workers`] is the port for it.

mod guard;
mod lanes;
mod program;
mod record;
mod run;
mod tame;
mod work;

use std::{
    io::{self, Read, Write},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use program::Program;
pub use run::Run;
pub use work::serve;

/// How long a batch of records, or the list of all, may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How much memory the filters of one process may take, in bytes: 512 MiB.
pub const MEMORY: u64 = 512 << 20;

/// The stack that filters need, in bytes: deeply nested results are dropped recursively.
pub const STACK: usize = 256 << 20;

/// The largest list that `all` is asked about, in bytes of JSON: 16 MiB.
pub const LARGEST_LIST: usize = 16 << 20;

/// Over what a filter must be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantifier {
    /// Each record by itself.
    Each,
    /// The list of all records.
    All,
}

/// Starts processes that filters work in. [`crate::workspace`] implements it.
pub trait Workers {
    /// A process that runs [`serve`].
    ///
    /// # Errors
    /// It cannot be started.
    fn start(&self) -> io::Result<Worker>;
}

/// A process at work, as seen from outside.
pub struct Worker {
    /// What it reads.
    pub input: Box<dyn Write + Send>,
    /// What it writes.
    pub output: Box<dyn Read + Send>,
    /// Ends it, whatever it does. It is asked to end once.
    pub end: Box<dyn FnOnce() + Send>,
}

/// Where no process can be started: what needs a filter holds.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Workers for Nobody {
    fn start(&self) -> io::Result<Worker> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }
}

/// Whether `filter` can be read; if not, why, in words for a configuration error.
pub fn check(filter: &str) -> Result<(), String> {
    Program::compile(filter).map(|_| ())
}

#[cfg(test)]
mod tests;
