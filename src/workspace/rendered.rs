//! What the last rendering of each document was made from and what it left, so that the next one
//! can tell that there is nothing to do without reading it all again.
//!
//! Only a rendering that was clear and found everything in place is remembered: `.packet/rendered`
//! lists every path that had a part in it, with one sum over what the file system says of them. It
//! counts while none of them changed, in the same configuration, by the same program, and until the
//! clock could make a difference: an hour at most. Nothing but `render` goes by it.

mod entry;
mod form;
mod sum;
#[cfg(test)]
mod tests;

use std::{io, thread, time::SystemTime};

use jiff::Timestamp;

use super::{
    Workspace,
    atomic::{self, Access},
    door, private,
    situation::Situation,
};
use crate::model::config::Config;
use entry::Entry;
pub use sum::common;

/// Where it lies below `.packet/`.
const FILE: &str = "rendered";
/// From so many documents on, several threads look at them.
const MANY: usize = 32;

/// The remembered renderings of a workspace.
#[derive(Debug, Default)]
pub struct Rendered {
    common: u64,
    documents: Vec<String>,
    entries: Vec<Entry>,
}

impl Rendered {
    /// Reads what is remembered, if it was under the same conditions: `common` is their sum. What
    /// cannot be read is forgotten, for it can be made again.
    pub fn read(workspace: &Workspace, common: u64) -> Self {
        let text = door::read_text(&workspace.private(FILE), door::LEDGER).unwrap_or_default();
        let read = form::parse(&text).filter(|read| read.common == common);
        read.unwrap_or(Rendered {
            common,
            ..Rendered::default()
        })
    }

    /// The documents of `packet.yaml`, where they are known.
    pub fn documents(&self) -> Option<&[String]> {
        (!self.documents.is_empty()).then_some(self.documents.as_slice())
    }

    /// For each of `documents` the remembered rendering, if a new one at `now` could only repeat it.
    pub fn fresh(&self, workspace: &Workspace, documents: &[String], now: Timestamp) -> Vec<Fresh> {
        let Ok(root) = &sum::root(workspace) else {
            return vec![None; documents.len()];
        };
        let one = |document: &String| {
            let at = self.entries.binary_search_by(|e| e.document.cmp(document));
            let entry = self.entries.get(at.ok()?)?;
            entry.holds(root, now).then(|| entry.folder.clone())
        };
        if documents.len() < MANY {
            return documents.iter().map(one).collect();
        }
        in_parallel(documents, one)
    }

    /// Remembers a rendering that left nothing to do; `start` is when its reading began. Where
    /// something could have changed since, it is not remembered.
    pub fn note(
        &mut self,
        workspace: &Workspace,
        situation: &Situation,
        config: &Config,
        start: SystemTime,
    ) {
        let document = &situation.document.path;
        let at = self.entries.binary_search_by(|e| e.document.cmp(document));
        match (at, Entry::of(workspace, situation, config, start)) {
            (Ok(at), Some(entry)) => self.entries[at] = entry,
            (Err(at), Some(entry)) => self.entries.insert(at, entry),
            (Ok(at), None) => drop(self.entries.remove(at)),
            (Err(_), None) => {}
        }
    }

    /// Writes what is remembered, with the documents of `packet.yaml`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&mut self, workspace: &Workspace, documents: Vec<String>) -> io::Result<()> {
        self.documents = documents;
        private::ensure(workspace, "")?;
        let (path, text) = (workspace.private(FILE), self.to_string());
        atomic::derive_if_changed(&path, text.as_bytes(), Access::Private).map(drop)
    }
}

/// The bundle of a document whose rendering still holds.
pub type Fresh = Option<String>;

fn in_parallel(documents: &[String], one: impl Fn(&String) -> Fresh + Sync) -> Vec<Fresh> {
    let lanes = thread::available_parallelism().map_or(1, usize::from);
    let parts = documents.chunks(documents.len().div_ceil(lanes.min(8)));
    let look = |part: &[String]| part.iter().map(&one).collect::<Vec<Fresh>>();
    thread::scope(|scope| {
        let started: Vec<_> = parts
            .map(|part| (part.len(), scope.spawn(|| look(part))))
            .collect();
        let done = started.into_iter().map(|(size, thread)| {
            // What was not looked at to the end is made again.
            thread.join().unwrap_or_else(|_| vec![None; size])
        });
        done.flatten().collect()
    })
}
