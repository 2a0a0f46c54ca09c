//! The workspace: a folder, and paths that stay inside it.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use thiserror::Error;

/// A folder with documents, materials and evidence.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
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
    /// The workspace's own folders, or its root.
    #[error("`{0}` is the workspace itself, `.git` or `.packet`, where nothing may be laid")]
    Reserved(String),
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
        Ok(Workspace { root })
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

    /// A path as typed at the prompt (from `here`, a folder), as one from the root with `/`.
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

    /// Where a workspace path may be written: inside, through no link, not the root, `.git` or `.packet`.
    pub fn writable(&self, path: &str) -> Result<PathBuf, PathError> {
        let relative = self.relative(Path::new(path))?;
        let first = relative.split('/').next().unwrap_or("");
        if first.eq_ignore_ascii_case(".git") || first.eq_ignore_ascii_case(".packet") {
            return Err(PathError::Reserved(path.to_owned()));
        }
        let mut at = self.root.clone();
        for part in relative.split('/') {
            at.push(part);
            match fs::symlink_metadata(&at) {
                Ok(meta) if meta.file_type().is_symlink() => {
                    return Err(PathError::Link(path.to_owned()));
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => {
                    return Err(PathError::Io {
                        path: path.to_owned(),
                        source,
                    });
                }
            }
        }
        Ok(self.root.join(relative))
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
        ] {
            assert!(workspace.writable(bad).is_err(), "{bad}");
        }
        assert!(workspace.writable("./a//b.md").unwrap().ends_with("a/b.md"));
    }
}
