//! The port through which evidence is found and read; [`crate::workspace`] implements it.

use std::io::{self, BufRead};

use thiserror::Error;

use super::filter::{Nobody, Workers};
use crate::model::{
    evidence::{Candidate, FileHash},
    pattern::Pattern,
};

/// A place that holds evidence.
pub trait EvidenceSource {
    /// Every file whose path matches `pattern`. Nothing is opened.
    ///
    /// # Errors
    /// A folder on the way that cannot be read, or a limit that is exceeded: what matches is not
    /// known then. A folder that does not exist is no error.
    fn candidates(&self, pattern: &Pattern) -> Result<Found, SearchError>;

    /// Opens the file at `path`, from the workspace root and with `/`.
    ///
    /// # Errors
    /// It is missing, cannot be read, is no file, or leads out of the workspace.
    fn open<'a>(&'a self, path: &str) -> Result<Box<dyn Reading + 'a>, OpenError>;

    /// What starts the processes that jq filters over this evidence work in.
    fn workers(&self) -> &dyn Workers {
        &Nobody
    }
}

/// A file being read.
pub trait Reading: BufRead {
    /// Reads what is left and says what was read, from the first byte to the last.
    ///
    /// # Errors
    /// Those of reading.
    fn finish(self: Box<Self>) -> io::Result<FileHash>;
}

/// What matches a pattern, and what almost does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The files, in no particular order.
    pub candidates: Vec<Candidate>,
    /// What matches by name and cannot be evidence.
    pub refused: Vec<Refused>,
    /// What a person may have meant to match.
    pub near: NearMisses,
    /// How many names were not UTF-8 and so not looked at.
    pub not_utf8: usize,
}

/// A path that matches by name and cannot be evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The path and its moment.
    pub candidate: Candidate,
    /// Why not.
    pub why: Refusal,
}

/// Why a path that matches is no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A link whose target lies outside the workspace.
    LeadsOut,
    /// A link whose target does not exist, or that leads to itself.
    BrokenLink,
    /// A folder.
    Folder,
    /// A pipe, socket or device.
    Special,
    /// It lies in the document's own bundle, or where the tool keeps its records.
    Own,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = &self.candidate.path;
        match self.why {
            Refusal::LeadsOut => write!(
                f,
                "`{path}` is reached by a link that leads out of the workspace; put the file itself there"
            ),
            Refusal::BrokenLink => write!(
                f,
                "`{path}` is a link that leads nowhere; remove it or put the file itself there"
            ),
            Refusal::Folder => write!(f, "`{path}` is a folder, not a file; move or rename it"),
            Refusal::Special => {
                write!(
                    f,
                    "`{path}` is a pipe, socket or device, not a file; remove it"
                )
            }
            Refusal::Own => write!(
                f,
                "`{path}` lies among the files that packet itself writes; evidence must come from elsewhere"
            ),
        }
    }
}

/// Names that almost match: the first few, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NearMisses {
    /// The first few.
    pub shown: Vec<NearMiss>,
    /// Whether there are more.
    pub more: bool,
}

impl NearMisses {
    /// How many are kept.
    pub const SHOWN: usize = 5;

    /// Keeps `miss`, or that there are more.
    pub fn add(&mut self, miss: NearMiss) {
        if self.is_full() {
            self.more = true;
        } else {
            self.shown.push(miss);
        }
    }

    /// Whether there is no need to look for more.
    pub fn is_full(&self) -> bool {
        self.shown.len() >= Self::SHOWN
    }
}

/// A path that almost matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearMiss {
    /// From the workspace root, with `/`.
    pub path: String,
    /// What keeps it from matching, to be read after the path.
    pub why: String,
}

impl std::fmt::Display for NearMiss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.path, self.why)
    }
}

/// Why it is not known what matches.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SearchError {
    /// A folder that exists and cannot be listed.
    #[error("cannot read `{path}`: {reason}; make it readable")]
    CannotRead {
        /// From the workspace root.
        path: String,
        /// The operating system's words.
        reason: String,
    },
    /// More names than are looked at.
    #[error(
        "more than {limit} names to look at for `{pattern}`; move old files elsewhere or give a narrower pattern"
    )]
    TooManyNames {
        /// The pattern.
        pattern: String,
        /// How many are looked at.
        limit: usize,
    },
    /// More matches than are weighed.
    #[error(
        "more than {limit} files match `{pattern}`; move old files elsewhere or give a narrower pattern"
    )]
    TooManyMatches {
        /// The pattern.
        pattern: String,
        /// How many are weighed.
        limit: usize,
    },
}

/// Why a file was not opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Nothing is there.
    #[error("`{path}` does not exist")]
    Missing {
        /// From the workspace root.
        path: String,
    },
    /// It is there and cannot be read.
    #[error("cannot read `{path}`: {reason}; make it readable")]
    CannotRead {
        /// From the workspace root.
        path: String,
        /// The operating system's words.
        reason: String,
    },
    /// A folder, pipe, socket or device.
    #[error("`{path}` is {what}, not a file")]
    NotAFile {
        /// From the workspace root.
        path: String,
        /// What it is, with its article.
        what: &'static str,
    },
    /// It lies outside the workspace, or a link on the way leads there.
    #[error("`{path}` leads out of the workspace; put the file itself there")]
    LeadsOut {
        /// As it was asked for.
        path: String,
    },
}
