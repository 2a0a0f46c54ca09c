//! A reader that hashes what passes through it: the bytes proved are the bytes hashed.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::model::evidence::FileHash;

/// Computes SHA-256 (FIPS 180-4) and size of everything read from `R`.
#[derive(Debug)]
pub struct Hashing<R> {
    inner: R,
    hash: Sha256,
    size: u64,
}

impl<R: Read> Hashing<R> {
    /// Nothing is read yet.
    pub fn new(inner: R) -> Self {
        Hashing {
            inner,
            hash: Sha256::new(),
            size: 0,
        }
    }

    /// Reads what is left, so that the hash covers all of it, and names it `path`.
    ///
    /// # Errors
    /// Those of reading.
    pub fn finish(mut self, path: &str) -> io::Result<FileHash> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(FileHash {
            path: path.to_owned(),
            sha256: hex(&self.hash.finalize()),
            size: self.size,
        })
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.size += count as u64;
        Ok(count)
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|b| [b >> 4, b & 15]);
    nibbles
        .map(|n| char::from(DIGITS[usize::from(n)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use super::*;

    #[test]
    fn covers_all_bytes_however_far_the_reader_came() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for read_first in 0..=3 {
            let mut reader = BufReader::with_capacity(2, Hashing::new(&b"abc"[..]));
            let mut start = vec![0; read_first];
            reader.read_exact(&mut start).unwrap();
            let _ = reader.fill_buf().unwrap();
            let hash = reader.into_inner().finish("a.txt").unwrap();
            assert_eq!((hash.sha256.as_str(), hash.size), (expected, 3));
        }
    }
}
