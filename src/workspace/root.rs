//! The workspace: a folder, and paths that stay inside it.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Component, Path, PathBuf},
};

use thiserror::Error;

use super::door;
use crate::resolver::layout::is_reserved;

/// A folder with documents, materials and evidence.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    /// The folder that typed paths begin at, from the root; empty for the root itself.
    here: PathBuf,
}

/// Why a path is not one of the workspace.
#[derive(Debug, Error)]
pub enum PathError {
    /// It is absolute, has `..`, or names nothing.
    #[error("`{0}` is not a path inside the workspace")]
    Outside(String),
    /// A link on the way leads out.
    #[error("`{0}` leads out of the workspace through a link")]
    Link(String),
    /// It passes through a link that stays inside, or leads nowhere.
    #[error("`{path}` passes through the link `{link}`; name the folder that the link leads to")]
    Through {
        /// The path asked for.
        path: String,
        /// The link, from the workspace root.
        link: String,
    },
    /// The workspace's own folders, or its root.
    #[error("`{0}` is the workspace itself, `.git` or `.packet`, where nothing may be laid")]
    Reserved(String),
    /// A file stands where a folder belongs.
    #[error("`{0}` is a file where a folder belongs; move what is in the way elsewhere")]
    File(String),
    /// A folder stands where a file belongs.
    #[error("`{0}` is a folder where a file belongs; move what is in the way elsewhere")]
    Folder(String),
    /// The file system says no.
    #[error("cannot read `{path}`: {source}")]
    Io {
        /// The path asked for.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl Workspace {
    /// Opens the folder `dir`; the error names it.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let root = dir.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "not a folder"));
        }
        Ok(Workspace {
            root,
            here: PathBuf::new(),
        })
    }

    /// The workspace that the folder `dir` is in: the nearest one upward that holds a `packet.yaml`,
    /// a `packet.yml` or `.packet/ledger/` and belongs to `user` or root, but none above a git
    /// checkout's top or above `home`. Where there is none, the folder itself.
    ///
    /// # Errors
    /// No such folder.
    pub fn find(dir: &Path, user: u32, home: Option<&Path>) -> io::Result<Self> {
        let own = Self::open(dir)?;
        let home = home.and_then(|home| home.canonicalize().ok());
        for folder in own.root.ancestors() {
            let owner = fs::metadata(folder).map(|meta| meta.uid());
            if !owner.is_ok_and(|owner| owner == user || owner == 0) {
                break;
            }
            let at = |name: &str| folder.join(name);
            let marked = door::is_file(&at("packet.yaml"))
                || door::is_file(&at("packet.yml"))
                || door::is_folder(&at(".packet/ledger"));
            if marked {
                let here = own.root.strip_prefix(folder).unwrap_or(Path::new(""));
                return Ok(Workspace {
                    root: folder.to_owned(),
                    here: here.to_owned(),
                });
            }
            if door::kind(&at(".git")).is_some() || home.as_deref() == Some(folder) {
                break;
            }
        }
        Ok(own)
    }

    /// The folder itself, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `.packet/` and what is below it.
    pub fn private(&self, below: &str) -> PathBuf {
        let folder = self.root.join(".packet");
        if below.is_empty() {
            folder
        } else {
            folder.join(below)
        }
    }

    /// A path as typed at the prompt, in the folder where packet was started, as one from the root.
    ///
    /// # Errors
    /// As [`relative`](Self::relative).
    pub fn typed(&self, typed: &Path) -> Result<String, PathError> {
        let mut inside = self.here.clone();
        for part in typed.components() {
            // `../` leads to the folder above, as far as the workspace goes.
            if part != Component::ParentDir || !inside.pop() {
                inside.push(part);
            }
        }
        self.relative(&inside)
    }

    /// A path from the root, or an absolute one, as one from the root with `/`.
    ///
    /// # Errors
    /// It leads out of the workspace, or names nothing.
    pub fn relative(&self, typed: &Path) -> Result<String, PathError> {
        let shown = typed.display().to_string();
        let inside = if typed.is_absolute() {
            let real = typed.canonicalize().map_err(|source| PathError::Io {
                path: shown.clone(),
                source,
            })?;
            real.strip_prefix(&self.root)
                .map(Path::to_path_buf)
                .map_err(|_| PathError::Outside(shown.clone()))?
        } else {
            typed.to_path_buf()
        };
        let mut parts = Vec::new();
        for part in inside.components() {
            match part {
                Component::CurDir => {}
                Component::Normal(name) => match name.to_str() {
                    Some(name) => parts.push(name.to_owned()),
                    None => return Err(PathError::Outside(shown)),
                },
                _ => return Err(PathError::Outside(shown)),
            }
        }
        if parts.is_empty() {
            return Err(PathError::Outside(shown));
        }
        Ok(parts.join("/"))
    }

    /// Where a workspace path may be written: inside, through no link and no file, not the root,
    /// and nowhere below a `.git` or `.packet`.
    pub fn writable(&self, path: &str) -> Result<PathBuf, PathError> {
        self.way(path).map(|(full, _)| full)
    }

    /// As [`writable`](Self::writable), for a folder: no file stands there.
    pub fn writable_folder(&self, path: &str) -> Result<PathBuf, PathError> {
        match self.way(path)? {
            (_, Some(meta)) if !meta.is_dir() => Err(PathError::File(path.to_owned())),
            (full, _) => Ok(full),
        }
    }

    /// As [`writable`](Self::writable), for a file: no folder stands there.
    pub fn writable_file(&self, path: &str) -> Result<PathBuf, PathError> {
        match self.way(path)? {
            (_, Some(meta)) if meta.is_dir() => Err(PathError::Folder(path.to_owned())),
            (full, _) => Ok(full),
        }
    }

    /// The full path, and what stands there already.
    fn way(&self, path: &str) -> Result<(PathBuf, Option<fs::Metadata>), PathError> {
        let relative = self.relative(Path::new(path))?;
        if is_reserved(&relative) {
            return Err(PathError::Reserved(path.to_owned()));
        }
        let mut at = String::new();
        let mut last = None;
        for part in relative.split('/') {
            if last.as_ref().is_some_and(|m: &fs::Metadata| !m.is_dir()) {
                return Err(PathError::File(at));
            }
            at = if at.is_empty() {
                part.to_owned()
            } else {
                format!("{at}/{part}")
            };
            last = match fs::symlink_metadata(self.root.join(&at)) {
                Ok(meta) if meta.file_type().is_symlink() => return Err(self.link(path, at)),
                Ok(meta) => Some(meta),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(source) => {
                    return Err(PathError::Io {
                        path: path.to_owned(),
                        source,
                    });
                }
            };
        }
        Ok((self.root.join(relative), last))
    }

    fn link(&self, path: &str, link: String) -> PathError {
        match self.root.join(&link).canonicalize() {
            Ok(real) if !real.starts_with(&self.root) => PathError::Link(path.to_owned()),
            _ => PathError::Through {
                path: path.to_owned(),
                link,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_laid_outside() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(dir.path()).unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("out")).unwrap();
        for (link, to) in [("in", "folder"), ("nowhere", "none"), ("round", "round")] {
            std::os::unix::fs::symlink(to, dir.path().join(link)).unwrap();
        }
        fs::create_dir(dir.path().join("folder")).unwrap();
        fs::write(dir.path().join("file"), "x").unwrap();
        for bad in [
            "..",
            "../x",
            "/etc/x",
            ".",
            "",
            ".git/x",
            ".packet",
            "out/x",
            "a/../../x",
            "a/.git/x",
            "a/.Packet",
            "a/.git./x",
            "file/x",
        ] {
            assert!(workspace.writable(bad).is_err(), "{bad}");
        }
        let why = |path: &str| workspace.writable_folder(path).unwrap_err().to_string();
        assert!(why("out/x").contains("leads out of the workspace"));
        assert!(why("in/x").contains("through the link `in`; name the folder"));
        assert!(why("nowhere").contains("through the link `nowhere`"));
        assert!(why("round/x").contains("through the link `round`"));
        assert!(why("file").contains("`file` is a file"));
        assert!(why("file/x").contains("`file` is a file"));
        assert!(workspace.writable_folder("folder").is_ok());
        assert!(workspace.writable_file("folder").is_err());
        assert!(workspace.writable_file("file").is_ok());
        assert!(workspace.writable("./a//b.md").unwrap().ends_with("a/b.md"));
    }
}
