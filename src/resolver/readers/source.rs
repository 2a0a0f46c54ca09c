//! Lines of a file, one at a time, with limits on their length and on the whole.

use std::io::{self, BufRead};

use memchr::memchr;
use thiserror::Error;

/// The longest line that is read, in bytes: 1 MiB.
pub const LONGEST_LINE: usize = 1 << 20;

/// The largest file that is read, in bytes: 4 GiB.
pub const LARGEST_FILE: u64 = 4 << 30;

/// Why reading ended early.
#[derive(Debug, Error)]
pub enum Stop {
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What was read is no evidence.
    #[error("line {line}: {message}")]
    Unusable {
        /// The line, from 1; 0 where none is to blame.
        line: u64,
        /// What is the matter and how to mend it.
        message: String,
    },
}

impl Stop {
    /// Unusable from `line` on.
    pub fn at(line: u64, message: impl Into<String>) -> Self {
        Stop::Unusable {
            line,
            message: message.into(),
        }
    }
}

/// A reader cut into lines.
pub struct Lines<R> {
    reader: R,
    carry: Vec<u8>,
    pending: usize,
    number: u64,
    total: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `reader`.
    pub fn new(reader: R) -> Self {
        Lines {
            reader,
            carry: Vec::new(),
            pending: 0,
            number: 0,
            total: 0,
        }
    }

    /// The next line and its number from 1, without its `\n`.
    pub fn next_line(&mut self) -> Result<Option<(u64, &[u8])>, Stop> {
        self.reader.consume(std::mem::take(&mut self.pending));
        self.carry.clear();
        self.number += 1;
        loop {
            let held = fill(&mut self.reader)?;
            if held.is_empty() {
                let rest = (!self.carry.is_empty()).then_some((self.number, &self.carry[..]));
                return Ok(rest);
            }
            let found = memchr(b'\n', held);
            let length = found.unwrap_or(held.len());
            let used = found.map_or(held.len(), |at| at + 1);
            if self.carry.len() + length > LONGEST_LINE {
                return Err(too_long(self.number));
            }
            self.total += used as u64;
            if self.total > LARGEST_FILE {
                return Err(too_large(self.number));
            }
            if found.is_none() {
                self.carry.extend_from_slice(held);
                self.reader.consume(used);
            } else if self.carry.is_empty() {
                self.pending = used;
                let held = fill(&mut self.reader)?;
                return Ok(Some((self.number, held.get(..length).unwrap_or(held))));
            } else {
                self.carry.extend_from_slice(&held[..length]);
                self.reader.consume(used);
                return Ok(Some((self.number, &self.carry)));
            }
        }
    }
}

/// `fill_buf` that is tried again when a signal came between.
pub fn fill<R: BufRead>(reader: &mut R) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    reader.fill_buf()
}

/// The characters of a line, or why they are none.
pub fn utf8(line: u64, bytes: &[u8]) -> Result<&str, Stop> {
    std::str::from_utf8(bytes)
        .map_err(|_| Stop::at(line, "is not UTF-8 text; save the file as UTF-8"))
}

/// The text of a line, or why it is not text.
pub fn text(line: u64, bytes: &[u8]) -> Result<&str, Stop> {
    let text = utf8(line, bytes)?;
    if memchr(0, bytes).is_some() {
        return Err(Stop::at(
            line,
            "has a zero byte, so this is not text; record the evidence again",
        ));
    }
    Ok(text)
}

/// The error for a file above [`LARGEST_FILE`].
pub fn too_large(line: u64) -> Stop {
    Stop::at(
        line,
        "the file is larger than 4 GiB; split it or record less",
    )
}

fn too_long(line: u64) -> Stop {
    Stop::at(
        line,
        "the line is longer than 1 MiB; put each record on a line of its own",
    )
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn all(text: &str, capacity: usize) -> Vec<(u64, String)> {
        let mut lines = Lines::new(BufReader::with_capacity(capacity, text.as_bytes()));
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next_line().unwrap() {
            found.push((number, String::from_utf8(line.to_vec()).unwrap()));
        }
        found
    }

    #[test]
    fn buffers_of_any_size_give_the_same_lines() {
        let text = "a\n\nbcd\r\nlast";
        let expected = all(text, 64);
        assert_eq!(expected.len(), 4);
        assert_eq!(expected[3], (4, "last".into()));
        for capacity in 1..12 {
            assert_eq!(all(text, capacity), expected, "{capacity}");
        }
        assert!(all("", 4).is_empty());
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let endless = vec![b'x'; LONGEST_LINE + 1];
        let mut lines = Lines::new(&endless[..]);
        assert!(matches!(
            lines.next_line(),
            Err(Stop::Unusable { line: 1, .. })
        ));
        let mut exact = Lines::new(&endless[1..]);
        assert!(exact.next_line().unwrap().is_some());
    }
}
