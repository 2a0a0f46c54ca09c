//! Mails on disk: mbox, Maildir, a folder of `.eml` files, or a single one. Nothing is altered.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::door;

/// The largest mail that is read, in bytes.
pub const LARGEST: u64 = 32 * 1024 * 1024;
/// The most mails that one import reads.
pub const MOST: usize = 100_000;

/// One mail as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where: a file's name, or a mail's number in its mbox.
    pub place: String,
    /// Its bytes; `None` where it is larger than [`LARGEST`] or cannot be read.
    pub bytes: Option<Vec<u8>>,
}

/// Why there are no mails.
#[derive(Debug, Error)]
pub enum MailboxError {
    /// It is none of the forms that are read.
    #[error(
        "{0} is no mailbox: it may be an mbox file, a Maildir (with cur and new), a folder of .eml files, or one .eml file"
    )]
    Unknown(String),
    /// There are more than [`MOST`].
    #[error("{0} holds more than {MOST} mails; move the old ones elsewhere first")]
    TooMany(String),
    /// The file system says no.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// Hands every mail of the mailbox at `path`, as seen from `root`, to `take`, one at a time.
///
/// # Errors
/// It is no mailbox, or cannot be read.
pub fn read(root: &Path, path: &Path, mut take: impl FnMut(Found)) -> Result<(), MailboxError> {
    let shown = path.display().to_string();
    let path = &root.join(path);
    let failed = |source| MailboxError::Io {
        path: shown.clone(),
        source,
    };
    if fs::metadata(path).map_err(failed)?.is_dir() {
        let files = files(path).map_err(failed)?;
        let Some(files) = files else {
            return Err(MailboxError::Unknown(shown));
        };
        if files.len() > MOST {
            return Err(MailboxError::TooMany(shown));
        }
        for file in files {
            let place = file
                .strip_prefix(path)
                .unwrap_or(&file)
                .display()
                .to_string();
            take(Found {
                place,
                bytes: whole(&file),
            });
        }
        return Ok(());
    }
    let mut reader = BufReader::new(door::named(path).map_err(failed)?);
    let start = reader.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Ok(());
    }
    if start.starts_with(b"From ") {
        return mbox(reader, &mut take).map_err(|error| match error {
            None => MailboxError::TooMany(shown.clone()),
            Some(source) => failed(source),
        });
    }
    if !begins_with_header(start) {
        return Err(MailboxError::Unknown(shown));
    }
    let place = path
        .file_name()
        .map_or(shown, |n| n.to_string_lossy().into_owned());
    take(Found {
        place,
        bytes: whole(path),
    });
    Ok(())
}

/// The files of a Maildir or a folder of `.eml` files, in order; `None` where it is neither.
fn files(folder: &Path) -> io::Result<Option<Vec<PathBuf>>> {
    let maildir = ["cur", "new"].map(|part| folder.join(part));
    let mut found = Vec::new();
    if maildir.iter().all(|part| part.is_dir()) {
        for part in maildir {
            found.extend(list(&part, |name| !name.starts_with('.'))?);
        }
        return Ok(Some(found));
    }
    found = list(folder, |name| name.to_lowercase().ends_with(".eml"))?;
    Ok((!found.is_empty()).then_some(found))
}

fn list(folder: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if wanted(&entry.file_name().to_string_lossy()) && entry.path().is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// A file's bytes; `None` where it is too large, or gone since it was listed.
fn whole(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = door::named(path).ok()?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= LARGEST).then_some(bytes)
}

fn begins_with_header(start: &[u8]) -> bool {
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let name = line.iter().position(|b| *b == b':').map(|at| &line[..at]);
    name.is_some_and(|n| !n.is_empty() && n.iter().all(|b| b.is_ascii_graphic()))
}

/// Whether a line begins the mail after `number` others: `From `, a sender and a date. Without the
/// date it is a line of text that somebody's program left unquoted; only the first may lack it.
fn separates(line: &[u8], number: usize) -> bool {
    let time = |w: &[u8]| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit();
    let year = |w: &[u8]| w.iter().all(u8::is_ascii_digit);
    line.starts_with(b"From ")
        && (number == 0 || (line.windows(3).any(time) && line.windows(4).any(year)))
}

/// Splits an mbox (RFC 4155, with the quoting of `mboxrd`). `None` as an error: there are too many.
fn mbox(mut reader: impl BufRead, take: &mut impl FnMut(Found)) -> Result<(), Option<io::Error>> {
    let mut mail: Option<Vec<u8>> = None;
    let (mut number, mut after_blank, mut too_large) = (0usize, true, false);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line without an end is cut into pieces: no mail fills the memory.
        let read = (&mut reader)
            .take(LARGEST)
            .read_until(b'\n', &mut line)
            .map_err(Some)?;
        let starts = read == 0 || (after_blank && separates(&line, number));
        if starts {
            if let Some(bytes) = mail.take() {
                take(Found {
                    place: format!("mail {number}"),
                    bytes: (!too_large).then_some(bytes),
                });
            }
            if read == 0 {
                return Ok(());
            }
            number += 1;
            if number > MOST {
                return Err(None);
            }
            too_large = false;
            mail = Some(Vec::new());
            after_blank = false;
            continue;
        }
        after_blank = matches!(line.as_slice(), b"\n" | b"\r\n");
        if let Some(mail) = &mut mail {
            let marks = line.iter().take_while(|b| **b == b'>').count();
            let quoted = marks > 0 && line[marks..].starts_with(b"From ");
            too_large |= (mail.len() + line.len()) as u64 > LARGEST;
            if !too_large {
                mail.extend_from_slice(&line[usize::from(quoted)..]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(path: &Path) -> Vec<(String, String)> {
        let mut all = Vec::new();
        read(Path::new(""), path, |found| {
            let bytes = found.bytes.unwrap_or_default();
            all.push((found.place, String::from_utf8(bytes).unwrap()));
        })
        .unwrap();
        all
    }

    #[test]
    fn all_forms_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(
            at("box"),
            "From a Tue\nA: 1\n\nx\n>From y\n>>From z\nFrom here on\n\nFrom b Tue Mar  3 09:00:00 2026\nB: 2\n\nFrom my side: no\n",
        )
        .unwrap();
        let found = mails(&at("box"));
        assert_eq!(
            found[0],
            (
                "mail 1".to_owned(),
                "A: 1\n\nx\nFrom y\n>From z\nFrom here on\n\n".to_owned()
            )
        );
        assert_eq!(found[1].1, "B: 2\n\nFrom my side: no\n");
        for part in ["md/cur", "md/new", "md/tmp", "eml", "none"] {
            fs::create_dir_all(at(part)).unwrap();
        }
        for name in [
            "md/cur/1:2,S",
            "md/new/2",
            "md/tmp/3",
            "md/new/.hidden",
            "eml/b.EML",
            "eml/note.txt",
        ] {
            fs::write(at(name), "A: 1\n\n").unwrap();
        }
        let places = |path: &str| {
            mails(&at(path))
                .into_iter()
                .map(|m| m.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(places("md"), ["cur/1:2,S", "new/2"]);
        assert_eq!(places("eml"), ["b.EML"]);
        assert_eq!(places("eml/b.EML"), ["b.EML"]);
        fs::write(at("empty"), "").unwrap();
        assert!(mails(&at("empty")).is_empty());
        for path in ["none", "eml/note.txt"] {
            fs::write(at("eml/note.txt"), "just words\n").unwrap();
            let error = read(Path::new(""), &at(path), |_| {}).unwrap_err();
            assert!(matches!(error, MailboxError::Unknown(_)), "{path}");
        }
    }
}
