//! Evidence held in memory, for tests of whatever reads evidence.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read},
};

use super::{
    hashing::Hashing,
    matching::Matcher,
    source::{EvidenceSource, Found, OpenError, Reading, Refused, SearchError},
};
use crate::model::{evidence::FileHash, pattern::Pattern};

/// Files by path; `refused` and `error` are handed out as they are.
#[derive(Clone, Debug, Default)]
pub struct MemoryEvidence {
    files: BTreeMap<String, Vec<u8>>,
    /// Matches of every pattern that cannot be evidence.
    pub refused: Vec<Refused>,
    /// What every search fails with.
    pub error: Option<SearchError>,
}

impl MemoryEvidence {
    /// These files, each a path and its bytes.
    pub fn new<'a, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (&'a str, B)>) -> Self {
        let files = files.into_iter();
        let files = files.map(|(path, bytes)| (path.to_owned(), bytes.as_ref().to_vec()));
        MemoryEvidence {
            files: files.collect(),
            ..Self::default()
        }
    }
}

impl EvidenceSource for MemoryEvidence {
    fn candidates(&self, pattern: &Pattern) -> Result<Found, SearchError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let matcher = Matcher::new(pattern);
        let candidates = self
            .files
            .keys()
            .filter_map(|path| matcher.candidate(path))
            .collect();
        Ok(Found {
            candidates,
            refused: self.refused.clone(),
            ..Found::default()
        })
    }

    fn open<'a>(&'a self, path: &str) -> Result<Box<dyn Reading + 'a>, OpenError> {
        let bytes = self.files.get(path).ok_or_else(|| OpenError::Missing {
            path: path.to_owned(),
        })?;
        let reader = BufReader::new(Hashing::new(bytes.as_slice()));
        Ok(Box::new(MemoryFile {
            path: path.to_owned(),
            reader,
        }))
    }
}

struct MemoryFile<'a> {
    path: String,
    reader: BufReader<Hashing<&'a [u8]>>,
}

impl Read for MemoryFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl BufRead for MemoryFile<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.reader.consume(amount);
    }
}

impl Reading for MemoryFile<'_> {
    fn finish(self: Box<Self>) -> io::Result<FileHash> {
        self.reader.into_inner().finish(&self.path)
    }
}

#[test]
fn finds_and_reads_like_a_disk() {
    let evidence = MemoryEvidence::new([("a/p_2025-10-12.log", "abc"), ("a/other.log", "x")]);
    let found = evidence
        .candidates(&Pattern::parse("a/p_<timestamp>.log").unwrap())
        .unwrap();
    assert_eq!(found.candidates.len(), 1);
    let mut file = evidence.open(&found.candidates[0].path).unwrap();
    let mut text = String::new();
    file.read_line(&mut text).unwrap();
    assert_eq!((text.as_str(), file.finish().unwrap().size), ("abc", 3));
    assert!(evidence.open("a/none.log").is_err());
}
