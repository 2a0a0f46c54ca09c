//! One writer at a time: the other is told who holds the lock.

use std::{
    fs::{File, TryLockError},
    io::{self, Read, Seek, Write},
};

use jiff::Timestamp;
use thiserror::Error;

use super::{Workspace, door, private};

/// As much is read of who holds the lock, in bytes.
const LONGEST: u64 = 4096;

/// Held until dropped; the operating system lets go when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock was not had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody else works in this workspace.
    #[error("another packet is at work here: {0}")]
    Held(String),
    /// The file system says no.
    #[error("cannot lock the workspace: {0}")]
    Io(#[from] io::Error),
}

/// Takes the workspace's lock for `what` ("send docs/a.md"), or says who holds it.
pub fn take(workspace: &Workspace, what: &str, now: Timestamp) -> Result<Lock, LockError> {
    private::ensure(workspace, "")?;
    let mut file = door::open_or_create(&workspace.private("lock"))?;
    match file.try_lock() {
        Ok(()) => {
            let user = super::ledger_file::os_user();
            file.set_len(0)?;
            file.rewind()?;
            writeln!(
                file,
                "process {} of {user}, {what}, since {now:.0}",
                std::process::id()
            )?;
            Ok(Lock { _file: file })
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.take(LONGEST).read_to_string(&mut holder)?;
            let holder = holder.trim();
            let holder = if holder.is_empty() {
                "it has not said who it is"
            } else {
                holder
            };
            Err(LockError::Held(holder.to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(LockError::Io(error)),
    }
}
