//! The files of a folder or an archive, hashed, with the texts that say something about the rest.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::{
    model::evidence::hex,
    workspace::{bundle::SUMS, door, final_report},
};

/// The longest ledger that is read, in bytes; other texts are far shorter.
const LEDGER: u64 = 256 * 1024 * 1024;
/// As much of any other text as is read, in bytes: what a message says of itself stands at its
/// beginning.
const TEXT: u64 = 8 * 1024 * 1024;
/// As much of a message as is read.
const MESSAGE: u64 = 64 * 1024;

/// Files by path below the top, with `/`.
#[derive(Debug, Default)]
pub struct Tree {
    /// SHA-256 of each file, in hex.
    pub files: BTreeMap<String, String>,
    /// The beginnings of those that are read.
    pub texts: BTreeMap<String, Vec<u8>>,
    /// What is no file: its path, and what it is.
    pub odd: Vec<(String, &'static str)>,
}

impl Tree {
    /// Every file below `top`; links are not followed.
    ///
    /// # Errors
    /// A folder or a file cannot be read.
    pub fn of_folder(top: &Path) -> io::Result<Self> {
        let mut tree = Tree::default();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(top.join(&folder))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = match folder.as_str() {
                    "" => name,
                    folder => format!("{folder}/{name}"),
                };
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    tree.add(path, &mut door::named(&entry.path())?)?;
                } else if kind.is_symlink() {
                    tree.odd.push((path, "a link"));
                } else {
                    tree.odd.push((path, "neither a file nor a folder"));
                }
            }
        }
        tree.odd.sort();
        Ok(tree)
    }

    /// Reads one file to its end.
    ///
    /// # Errors
    /// It cannot be read, or is a ledger beyond all measure.
    pub fn add(&mut self, path: String, reader: &mut dyn Read) -> io::Result<()> {
        let keep = kept(&path);
        let (mut hasher, mut text) = (Sha256::new(), Vec::new());
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(read);
            let room = keep.saturating_sub(text.len() as u64);
            if keep == LEDGER && read.len() as u64 > room {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    format!("{path} has more than {LEDGER} bytes"),
                ));
            }
            let take = usize::try_from(room).unwrap_or(usize::MAX).min(read.len());
            text.extend_from_slice(&read[..take]);
        }
        if keep > 0 {
            self.texts.insert(path.clone(), text);
        }
        self.files.insert(path, hex(&hasher.finalize()));
        Ok(())
    }

    /// A text below `at`, where it is there and is UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.texts.get(path)?).ok()
    }
}

fn kept(path: &str) -> u64 {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "ledger.ndjson" => LEDGER,
        SUMS | "distribution_log.md" | "archive.json" | final_report::FILE => TEXT,
        _ if path.contains("messages/") => MESSAGE,
        _ => 0,
    }
}
