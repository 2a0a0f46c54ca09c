//! One writer at a time: the other is told who holds the lock.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
};

use jiff::Timestamp;
use thiserror::Error;

use super::{Workspace, private};

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
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(workspace.private("lock"))?;
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
            file.read_to_string(&mut holder)?;
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
