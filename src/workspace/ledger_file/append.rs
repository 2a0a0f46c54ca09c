//! Appending to the ledger: whole lines, in one write, durable on return.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
    sync::OnceLock,
};

use super::{Ledger, LedgerError, sha256_hex};
use crate::{
    model::ledger::{Actor, Entry, Event, LEDGER_VERSION},
    workspace::{atomic, clock::Clock, door, private},
};

/// Room kept for the outcome of a delivery that is about to be made, in bytes.
const ROOM: u64 = 8 * 1024;
/// What is set aside beyond that in one go, so that not every entry has to ask for its own.
const AHEAD: u64 = 64 * 1024;

/// The operating system's name for the user at work.
pub fn os_user() -> String {
    static KNOWN: OnceLock<String> = OnceLock::new();
    let look = || {
        let uid = rustix::process::getuid().as_raw();
        let users = door::read_named(Path::new("/etc/passwd"), door::CONFIGURATION);
        let known = users.ok().and_then(|text| {
            String::from_utf8_lossy(&text).lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
            })
        });
        known.unwrap_or_else(|| format!("uid {uid}"))
    };
    KNOWN.get_or_init(look).clone()
}

impl Ledger {
    /// Appends one event and fsyncs it; on return it is on disk.
    ///
    /// # Errors
    /// As [`append_all`](Self::append_all).
    pub fn append(
        &mut self,
        event: &Event,
        by: Option<&str>,
        clock: Clock,
    ) -> Result<(), LedgerError> {
        self.append_all(std::slice::from_ref(event), by, clock)
    }

    /// Appends events in order with one write and one fsync; on return all are on disk.
    ///
    /// A crash on the way leaves the first few of them, whole, and at most one torn line.
    ///
    /// # Errors
    /// The file system says no; then none of them is in the ledger.
    pub fn append_all(
        &mut self,
        events: &[Event],
        by: Option<&str>,
        clock: Clock,
    ) -> Result<(), LedgerError> {
        if events.is_empty() {
            return Ok(());
        }
        let opened = Event::Opened {
            document: self.document.clone(),
        };
        let opens = self.entries.is_empty() && !matches!(events[0], Event::Opened { .. });
        let mut added = Added::default();
        if opens {
            added.push(self, &opened, None, clock)?;
        }
        for event in events {
            added.push(self, event, by, clock)?;
        }
        self.write(added).map_err(|source| self.io_error(source))
    }

    fn io_error(&self, source: io::Error) -> LedgerError {
        LedgerError::Io {
            path: self.path.display().to_string(),
            source,
        }
    }

    fn write(&mut self, added: Added) -> io::Result<()> {
        let fresh = self.entries.is_empty() || self.adopted.is_some();
        if fresh {
            private::ensure_parent(&self.path, &self.folder)?;
        }
        if let Some(text) = &self.adopted {
            atomic::write(&self.path, text.as_bytes(), atomic::Access::Private)?;
            self.adopted = None;
        }
        let mut file = match self.file.take() {
            Some(file) => file,
            None => door::open_or_create(&self.path)?,
        };
        let end = self.whole_length(&mut file)?;
        file.seek(SeekFrom::Start(end))?;
        let needed = end + added.text.len() as u64 + added.room;
        if added.room > 0 && needed > self.reserved {
            self.reserved = reserve(&file, end, needed)?;
        }
        let mut durable = || {
            file.write_all(added.text.as_bytes())?;
            file.sync_all()?;
            match self.path.parent().filter(|_| fresh) {
                Some(folder) => door::sync_folder(folder),
                None => Ok(()),
            }
        };
        if let Err(error) = durable() {
            // A full disk may leave half a line: take it back, so that the file stays whole.
            file.set_len(end).ok();
            self.reserved = 0;
            return Err(error);
        }
        self.file = Some(file);
        self.torn = None;
        self.entries.extend(added.entries);
        self.hashes.extend(added.hashes);
        Ok(())
    }

    /// Cuts a torn line off and returns where the next one goes.
    fn whole_length(&self, file: &mut File) -> io::Result<u64> {
        let length = file.seek(SeekFrom::End(0))?;
        let torn = self.torn.as_ref().map_or(0, |t| t.len() as u64);
        let whole = length.saturating_sub(torn);
        if torn > 0 {
            file.set_len(whole)?;
        }
        Ok(whole)
    }
}

/// Entries made, not yet written.
#[derive(Default)]
struct Added {
    text: String,
    entries: Vec<Entry>,
    hashes: Vec<String>,
    /// Bytes more that must find their place: what is sent is put on record even if the disk
    /// fills up meanwhile.
    room: u64,
}

impl Added {
    fn push(
        &mut self,
        ledger: &Ledger,
        event: &Event,
        by: Option<&str>,
        clock: Clock,
    ) -> Result<(), LedgerError> {
        let last = self.entries.last().or(ledger.entries.last());
        let head = self.hashes.last().or(ledger.hashes.last());
        if matches!(event, Event::Intended { .. }) {
            self.room += ROOM;
        }
        let (kind, payload) = event.parts();
        let entry = Entry {
            v: LEDGER_VERSION,
            seq: last.map_or(1, |e| e.seq + 1),
            at: clock.now(),
            clock: clock.beside(),
            actor: Actor {
                claimed: by.map(str::to_owned),
                os_user: os_user(),
            },
            kind,
            payload,
            prev: head.cloned().unwrap_or_default(),
        };
        let line =
            serde_json::to_string(&entry).map_err(|e| ledger.io_error(io::Error::other(e)))?;
        self.hashes.push(sha256_hex(line.as_bytes()));
        self.entries.push(entry);
        self.text.push_str(&line);
        self.text.push('\n');
        Ok(())
    }
}

/// Sets the bytes from `from` to `until` aside for `file`, which keeps its size, and some more
/// where there is room; says up to where.
fn reserve(file: &File, from: u64, until: u64) -> io::Result<u64> {
    if door::reserve(file, from, until + AHEAD).is_ok() {
        return Ok(until + AHEAD);
    }
    // A file system without this promises nothing; the entry is written all the same.
    door::reserve(file, from, until).map(|_| until)
}
