//! Why no artifact decides, in words a person can act on.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    model::{
        moment::Moment,
        pattern::{Part, Pattern},
    },
    resolver::source::{NearMisses, Refused, SearchError},
};

/// Why no artifact decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The pattern names a folder.
    Folder {
        /// As written.
        path: String,
    },
    /// It is not known what matches.
    Search(SearchError),
    /// Nothing matches.
    Missing {
        /// The pattern as written.
        pattern: String,
        /// A path that would match, where the pattern wants a moment.
        example: Option<String>,
        /// What almost matches.
        near: NearMisses,
    },
    /// Several match, and some state no moment.
    NoMoment {
        /// Those without, sorted.
        paths: Vec<String>,
        /// How many match in all.
        among: usize,
    },
    /// The newest states a moment that is yet to come.
    Future {
        /// The newest.
        path: String,
        /// Its moment.
        moment: Moment,
        /// The present.
        now: Timestamp,
    },
    /// Several are the newest.
    Tie {
        /// All of them, sorted.
        paths: Vec<String>,
        /// The moment of the last of them.
        moment: Moment,
    },
    /// The newest, or one that may be, cannot be evidence.
    Refused(Refused),
}

impl Hold {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Hold::Folder { .. } => "folder",
            Hold::Search(SearchError::CannotRead { .. }) => "cannot-read",
            Hold::Search(_) => "too-many",
            Hold::Missing { .. } => "missing",
            Hold::NoMoment { .. } => "no-moment",
            Hold::Future { .. } => "future",
            Hold::Tie { .. } => "tie",
            Hold::Refused(_) => "refused",
        }
    }
}

impl std::fmt::Display for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Hold::Folder { path } => write!(
                f,
                "`{path}` is a folder, which proves nothing by itself; name the file, or give the gate a pattern under `gates:` in packet.yaml"
            ),
            Hold::Search(error) => error.fmt(f),
            Hold::Missing {
                pattern,
                example,
                near,
            } => missing(f, pattern, example.as_deref(), near),
            Hold::NoMoment { paths, among } => write!(
                f,
                "cannot tell which of {among} files is the newest: {} no single moment in the name; rename or remove what is not meant",
                names(paths, "has", "have")
            ),
            Hold::Future { path, moment, now } => write!(
                f,
                "the newest, `{path}`, is dated {moment}, which lies in the future (it is {now:.0}); correct its name or remove it"
            ),
            Hold::Tie { paths, moment } => write!(
                f,
                "{} equally new ({moment}), so neither can be preferred; keep one, or give their names full moments",
                names(paths, "is", "are")
            ),
            Hold::Refused(refused) => refused.fmt(f),
        }
    }
}

/// How many paths a message names.
const NAMED: usize = 5;

fn names(paths: &[String], one: &str, several: &str) -> String {
    let shown: Vec<_> = paths
        .iter()
        .take(NAMED)
        .map(|path| format!("`{path}`"))
        .collect();
    let verb = if paths.len() == 1 { one } else { several };
    let more = and_more(paths.len().saturating_sub(NAMED));
    format!("{}{more} {verb}", shown.join(", "))
}

/// ` and 3 more`, or nothing.
pub(super) fn and_more(count: usize) -> String {
    if count == 0 {
        String::new()
    } else {
        format!(" and {count} more")
    }
}

fn missing(
    f: &mut std::fmt::Formatter<'_>,
    pattern: &str,
    example: Option<&str>,
    near: &NearMisses,
) -> std::fmt::Result {
    write!(f, "no file matches `{pattern}`")?;
    if let Some(example) = example {
        write!(f, "; save the evidence under a name such as `{example}`")?;
    } else {
        f.write_str("; put the file there")?;
    }
    for (index, miss) in near.shown.iter().enumerate() {
        let lead = if index == 0 {
            ". Close, but not it: "
        } else {
            "; "
        };
        write!(f, "{lead}{miss}")?;
    }
    if near.more {
        f.write_str("; and more")?;
    }
    Ok(())
}

/// A path that `pattern` accepts, dated `now`, where it wants a date or a moment.
pub(super) fn example(pattern: &Pattern, now: Timestamp) -> Option<String> {
    let utc = now.to_zoned(TimeZone::UTC);
    let mut dated = false;
    let segment = |parts: &Vec<Part>| -> String {
        let part = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Date => utc.strftime("%Y-%m-%d").to_string(),
            Part::Timestamp => utc.strftime("%Y-%m-%dT%H-%M-%SZ").to_string(),
            Part::Name(name) => format!("<{name}>"),
            Part::Star => "*".to_owned(),
        };
        dated |= parts
            .iter()
            .any(|p| matches!(p, Part::Date | Part::Timestamp));
        parts.iter().map(part).collect()
    };
    let path = pattern
        .segments()
        .iter()
        .map(segment)
        .collect::<Vec<_>>()
        .join("/");
    dated.then_some(path)
}
