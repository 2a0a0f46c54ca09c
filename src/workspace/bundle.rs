//! The bundle folder: frozen files under `SHA256SUMS`, living files beside them.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{
    Workspace,
    atomic::{self, Access},
    door,
    open::HashedFile,
    root::PathError,
    sums,
};
use crate::{
    model::{history::History, resolution::Laid},
    resolver::source::{OpenError, Reading},
};

/// The commit mark: written last, removed first. A folder without it is incomplete.
pub const SUMS: &str = "SHA256SUMS";

/// From so many files on, the file system is flushed as a whole.
const MANY: usize = 64;

/// A document's bundle folder.
#[derive(Debug)]
pub struct Bundle {
    workspace: Workspace,
    root: String,
    folder: PathBuf,
}

/// What laying the frozen files changed, by path below the bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New files.
    pub added: Vec<String>,
    /// Files with other content than before.
    pub changed: Vec<String>,
    /// Files that are no longer part of it.
    pub removed: Vec<String>,
    /// The sent revision whose files went to `revisions/<n>/`.
    pub kept: Option<u32>,
}

impl Changes {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }
}

/// Why a bundle was not written.
#[derive(Debug, Error)]
pub enum BundleError {
    /// The folder is not one to write into.
    #[error("the bundle folder: {0}")]
    Place(#[from] PathError),
    /// A file changed between being proved and being copied.
    #[error("`{0}` changed while it was copied; run the command again")]
    Moved(String),
    /// Something that packet did not write stands where a file belongs.
    #[error(
        "`{0}` is in the way: packet did not write it as it is; move it elsewhere, then run the command again"
    )]
    InTheWay(String),
    /// A file that was proved cannot be opened any more.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// The file system says no.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl Bundle {
    /// The bundle at `root`, a path from the workspace root; nothing is made yet.
    pub fn new(workspace: &Workspace, root: &str) -> Result<Self, BundleError> {
        let folder = workspace.writable_folder(root)?;
        Ok(Bundle {
            workspace: workspace.clone(),
            root: root.to_owned(),
            folder,
        })
    }

    /// Where a file of the bundle lies.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }

    /// Frozen files on disk by path, with their SHA-256, as `SHA256SUMS` lists them.
    pub fn listed(&self) -> BTreeMap<String, String> {
        door::read_text(&self.path(SUMS), door::LEDGER)
            .map(|text| sums::read(&text))
            .unwrap_or_default()
    }

    /// Lays the frozen `files`. Files of a sent revision (`keep`) are first moved to
    /// `revisions/<n>/`. Nothing is written where nothing differs.
    pub fn lay(
        &self,
        files: &[Laid],
        history: &History,
        keep: Option<u32>,
    ) -> Result<Changes, BundleError> {
        for file in files {
            self.workspace
                .writable(&format!("{}/{}", self.root, file.to))?;
        }
        let mut changes = Changes::default();
        self.finish_keeping(history)?;
        let mut old = self.listed();
        let wanted: BTreeMap<String, String> = files
            .iter()
            .map(|f| (f.to.clone(), f.from.sha256.clone()))
            .collect();
        let mut write = Vec::new();
        for file in files {
            match self.on_disk(&file.to)? {
                Some(hash) if hash == file.from.sha256 => {
                    // Adopted where it lies; the list says so.
                    if old.get(&file.to) != Some(&hash) {
                        changes.added.push(file.to.clone());
                    }
                }
                Some(hash) => {
                    self.must_be_own(&file.to, &hash, &old, history)?;
                    changes.changed.push(file.to.clone());
                    write.push(file);
                }
                None => {
                    changes.added.push(file.to.clone());
                    write.push(file);
                }
            }
        }
        changes.removed = old
            .keys()
            .filter(|path| !wanted.contains_key(*path))
            .cloned()
            .collect();
        if changes.is_empty() && door::is_file(&self.path(SUMS)) {
            return Ok(changes);
        }
        if let Some(revision) = keep.filter(|_| !old.is_empty()) {
            self.keep(revision, &old)?;
            changes.kept = Some(revision);
            write = files.iter().collect();
            old.clear();
        } else {
            self.remove(SUMS)?;
        }
        for path in changes.removed.iter().filter(|p| old.contains_key(*p)) {
            if self.on_disk(path)?.as_ref() == old.get(path) {
                self.remove(path)?;
            }
        }
        for file in write {
            self.copy(file, changes.kept)?;
        }
        let text = sums::write(&wanted);
        self.wrap(
            SUMS,
            atomic::write_derived(&self.path(SUMS), text.as_bytes(), Access::Shared),
        )?;
        Ok(changes)
    }

    /// What [`lay`](Self::lay) would change, by path from the workspace root and why; nothing is
    /// written.
    ///
    /// # Errors
    /// A file of the bundle cannot be read.
    pub fn stale(&self, files: &[Laid]) -> Result<Vec<(String, String)>, BundleError> {
        let mut stale = Vec::new();
        let listed = self.listed();
        for file in files {
            let why = match self.on_disk(&file.to)? {
                None => "is missing".to_owned(),
                Some(hash) if hash != file.from.sha256 => format!("is not `{}`", file.from.path),
                Some(_) => continue,
            };
            stale.push((self.shown(&file.to), why));
        }
        let wanted = files
            .iter()
            .map(|f| (f.to.clone(), f.from.sha256.clone()))
            .collect();
        let why = match door::is_file(&self.path(SUMS)) {
            false => Some("is missing"),
            true => (listed != wanted).then_some("lists other files or hashes"),
        };
        stale.extend(why.map(|w| (self.shown(SUMS), w.to_owned())));
        Ok(stale)
    }

    /// Writes a living file where its content differs; says whether it did.
    pub fn write_living(&self, name: &str, bytes: &[u8]) -> Result<bool, BundleError> {
        self.workspace.writable(&format!("{}/{name}", self.root))?;
        self.wrap(
            name,
            atomic::derive_if_changed(&self.path(name), bytes, Access::Shared),
        )
    }

    /// Makes the bundle and the `living` files in it survive a crash. What is in it can be derived
    /// again, so this is done once, before anybody is told of it.
    pub fn flush(&self, living: &[&str]) -> Result<(), BundleError> {
        let frozen = self.listed();
        let names = frozen.keys().map(String::as_str);
        let names = names.chain([SUMS]).chain(living.iter().copied());
        let files: Vec<PathBuf> = names
            .map(|n| self.path(n))
            .filter(|p| door::is_file(p))
            .collect();
        // The files of earlier revisions were moved, whole folders of them.
        let flushed = if files.len() > MANY || door::is_folder(&self.path("revisions")) {
            door::sync_all_of(&self.folder)
        } else {
            atomic::flush(&files)
        };
        self.wrap("", flushed)
    }

    /// Refuses living files that stood there before packet ever wrote a bundle here.
    pub fn refuse_foreign(&self, names: &[&str], history: &History) -> Result<(), BundleError> {
        let known = !history.laid.is_empty()
            || history.bundled.is_some()
            || door::is_file(&self.path(SUMS));
        match names.iter().find(|n| door::kind(&self.path(n)).is_some()) {
            Some(name) if !known => Err(BundleError::InTheWay(self.shown(name))),
            _ => Ok(()),
        }
    }

    fn shown(&self, below: &str) -> String {
        format!("{}/{below}", self.root)
    }

    fn wrap<T>(&self, below: &str, result: io::Result<T>) -> Result<T, BundleError> {
        result.map_err(|source| BundleError::Io {
            path: self.shown(below),
            source,
        })
    }

    /// The hash of a file of the bundle; `None` where there is none.
    fn on_disk(&self, below: &str) -> Result<Option<String>, BundleError> {
        match HashedFile::open(self.workspace.root(), &self.shown(below)) {
            Ok(file) => {
                let hash = self.wrap(below, Box::new(file).finish())?;
                Ok(Some(hash.sha256))
            }
            Err(OpenError::Missing { .. }) => Ok(None),
            Err(_) => Err(BundleError::InTheWay(self.shown(below))),
        }
    }

    fn must_be_own(
        &self,
        below: &str,
        hash: &str,
        old: &BTreeMap<String, String>,
        history: &History,
    ) -> Result<(), BundleError> {
        let own = old.get(below).is_some_and(|h| h == hash)
            || history.laid.contains(&(below.to_owned(), hash.to_owned()));
        if own {
            Ok(())
        } else {
            Err(BundleError::InTheWay(self.shown(below)))
        }
    }

    fn copy(&self, file: &Laid, kept: Option<u32>) -> Result<(), BundleError> {
        let root = self.workspace.root();
        // Evidence of a sent revision may be gone from its folder; the bundle kept it.
        let mut from = match (HashedFile::open(root, &file.from.path), kept) {
            (Ok(from), _) => from,
            (Err(_), Some(n)) => {
                HashedFile::open(root, &self.shown(&format!("revisions/{n}/{}", file.to)))?
            }
            (Err(error), None) => return Err(error.into()),
        };
        let target = self.path(&file.to);
        let result = (|| {
            let folder = target.parent().unwrap_or(Path::new("."));
            door::make_folders(folder, 0o777)?;
            let mut beside = atomic::beside(folder, Access::Shared)?;
            io::copy(&mut from, beside.as_file_mut())?;
            let hash = Box::new(from).finish()?;
            if hash.sha256 != file.from.sha256 {
                return Ok(false);
            }
            beside.place(&target)?;
            Ok(true)
        })();
        match self.wrap(&file.to, result)? {
            true => Ok(()),
            false => Err(BundleError::Moved(file.from.path.clone())),
        }
    }

    /// Moves the frozen files of a sent revision away; the list goes first, so that a crash
    /// leaves an incomplete folder, never a wrong one.
    fn keep(&self, revision: u32, old: &BTreeMap<String, String>) -> Result<(), BundleError> {
        let below = format!("revisions/{revision}");
        self.wrap(&below, door::make_folders(&self.path(&below), 0o777))?;
        let list = format!("{below}/{SUMS}");
        self.wrap(&list, door::rename(&self.path(SUMS), &self.path(&list)))?;
        self.move_listed(&below, old)
    }

    fn finish_keeping(&self, history: &History) -> Result<(), BundleError> {
        for revision in &history.revisions {
            let below = format!("revisions/{}", revision.number);
            if let Ok(text) = door::read_text(&self.path(&below).join(SUMS), door::LEDGER) {
                let list = sums::read(&text);
                if !door::is_file(&self.path(SUMS)) {
                    self.move_listed(&below, &list)?;
                }
            }
        }
        Ok(())
    }

    fn move_listed(&self, below: &str, list: &BTreeMap<String, String>) -> Result<(), BundleError> {
        for (path, hash) in list {
            let to = self.path(below).join(path);
            if self.on_disk(path)?.as_ref() != Some(hash) {
                continue;
            }
            // It was kept before, when the document had gone on and came back.
            if door::kind(&to).is_some() {
                if self.on_disk(&format!("{below}/{path}"))?.as_ref() == Some(hash) {
                    self.remove(path)?;
                }
                continue;
            }
            let folder = to.parent().unwrap_or(Path::new("."));
            let moved = door::make_folders(folder, 0o777)
                .and_then(|()| door::rename(&self.path(path), &to));
            self.wrap(path, moved)?;
        }
        self.wrap(below, door::sync_folder(&self.path(below)))
    }

    fn remove(&self, below: &str) -> Result<(), BundleError> {
        match door::remove_file(&self.path(below)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => self.wrap(below, Err(error)),
            _ => Ok(()),
        }
    }
}
