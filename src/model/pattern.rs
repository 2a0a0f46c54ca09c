//! Patterns: relative paths with `<date>`, `<timestamp>`, other `<name>`s or `*` in them.

use thiserror::Error;

/// A piece of one path segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// These characters, exactly.
    Literal(String),
    /// `<date>`: a calendar date.
    Date,
    /// `<timestamp>`: a moment, or the time part of one.
    Timestamp,
    /// `<name>`: one or more characters of the segment.
    Name(String),
    /// `*`: any characters of the segment, also none.
    Star,
}

/// Why a path is refused as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// Nothing is left of it.
    #[error("the path is empty")]
    Empty,
    /// It starts at the file system's root or at a drive.
    #[error("`{0}` is an absolute path")]
    Absolute(String),
    /// It climbs out with `..`.
    #[error("`{0}` leads out of its folder with `..`")]
    Parent(String),
    /// It starts at somebody's home folder.
    #[error("`{0}` points into a home folder with `~`")]
    Home(String),
    /// It is a URL.
    #[error("`{0}` is a URL, not a path")]
    Url(String),
    /// It has backslashes.
    #[error("`{0}` has backslashes")]
    Backslash(String),
    /// It has percent escapes.
    #[error("`{0}` is percent-encoded")]
    PercentEncoded(String),
    /// It has control characters.
    #[error("`{0}` has control characters")]
    Control(String),
    /// A `<` has no `>`, or the other way round.
    #[error("`{0}` has a `<` or `>` without its partner")]
    Unpaired(String),
    /// It is longer than any real path.
    #[error("the path is longer than {limit} characters")]
    TooLong {
        /// The longest that is read.
        limit: usize,
    },
}

/// A relative path that stays inside the workspace, with its variable parts.
///
/// ```
/// use packet::model::pattern::Pattern;
/// let pattern = Pattern::parse("artifacts/<date>/probe_<timestamp>.log").unwrap();
/// assert_eq!(pattern.literal_prefix(), "artifacts");
/// assert!(Pattern::parse("../probe.log").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    segments: Vec<Vec<Part>>,
    folder: bool,
}

impl Pattern {
    /// The longest pattern that is read, in bytes.
    pub const LONGEST: usize = 1024;

    /// Reads a pattern. Absolute, `..`, `~`, URL, backslash and percent-encoded paths are refused.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        let refused = || printable(text);
        if text.len() > Self::LONGEST {
            return Err(PatternError::TooLong {
                limit: Self::LONGEST,
            });
        }
        if text.chars().any(char::is_control) {
            return Err(PatternError::Control(refused()));
        }
        if has_scheme(text) {
            return Err(PatternError::Url(refused()));
        }
        if text.starts_with('/') || has_drive(text) {
            return Err(PatternError::Absolute(refused()));
        }
        if text.starts_with('~') {
            return Err(PatternError::Home(refused()));
        }
        if text.contains('\\') {
            return Err(PatternError::Backslash(refused()));
        }
        if has_percent_escape(text) {
            return Err(PatternError::PercentEncoded(refused()));
        }
        let folder = text.ends_with('/');
        let mut segments = Vec::new();
        for segment in text.split('/').filter(|s| !s.is_empty() && *s != ".") {
            if segment == ".." {
                return Err(PatternError::Parent(refused()));
            }
            segments.push(parts(segment).ok_or_else(|| PatternError::Unpaired(refused()))?);
        }
        if segments.is_empty() {
            return Err(PatternError::Empty);
        }
        Ok(Pattern {
            text: text.to_owned(),
            segments,
            folder,
        })
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts of each path segment, first to last.
    pub fn segments(&self) -> &[Vec<Part>] {
        &self.segments
    }

    /// Whether it names a folder (it ends in `/`).
    pub fn is_folder(&self) -> bool {
        self.folder
    }

    /// Whether nothing in it varies.
    pub fn is_literal(&self) -> bool {
        self.segments.iter().all(|s| is_literal(s))
    }

    /// The folders before the first segment that varies; the file's own segment is never part of it.
    pub fn literal_prefix(&self) -> String {
        let fixed = self
            .segments
            .iter()
            .take(self.segments.len() - 1)
            .take_while(|s| is_literal(s));
        fixed.map(|s| literal(s)).collect::<Vec<_>>().join("/")
    }

    /// The path itself, where nothing in it varies; without a final `/`.
    pub fn literal_path(&self) -> Option<String> {
        self.is_literal().then(|| {
            self.segments
                .iter()
                .map(|s| literal(s))
                .collect::<Vec<_>>()
                .join("/")
        })
    }

    /// Whether two patterns accept the same paths, whatever the spelling of `./` and `//`.
    pub fn same_as(&self, other: &Pattern) -> bool {
        self.segments == other.segments && self.folder == other.folder
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_literal(segment: &[Part]) -> bool {
    segment.iter().all(|p| matches!(p, Part::Literal(_)))
}

fn literal(segment: &[Part]) -> String {
    segment
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.as_str(),
            Part::Date | Part::Timestamp | Part::Name(_) | Part::Star => "",
        })
        .collect()
}

fn parts(segment: &str) -> Option<Vec<Part>> {
    let mut found: Vec<Part> = Vec::new();
    let mut literal = String::new();
    let mut rest = segment;
    while let Some(at) = rest.find(['<', '>', '*']) {
        literal.push_str(&rest[..at]);
        let (part, used) = match &rest[at..=at] {
            "*" => (Part::Star, 1),
            "<" => {
                let close = rest[at..].find('>')?;
                let name = &rest[at + 1..at + close];
                if name.is_empty() || name.contains('<') {
                    return None;
                }
                (named(name), close + 1)
            }
            _ => return None,
        };
        if !literal.is_empty() {
            found.push(Part::Literal(std::mem::take(&mut literal)));
        }
        if !(part == Part::Star && found.last() == Some(&Part::Star)) {
            found.push(part);
        }
        rest = &rest[at + used..];
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        found.push(Part::Literal(literal));
    }
    Some(found)
}

fn named(name: &str) -> Part {
    match name.to_ascii_lowercase().as_str() {
        "date" => Part::Date,
        "timestamp" => Part::Timestamp,
        _ => Part::Name(name.to_owned()),
    }
}

fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let named = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    named && (rest.starts_with("//") || scheme.eq_ignore_ascii_case("file"))
}

fn has_drive(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

fn has_percent_escape(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|w| w[0] == b'%' && w[1].is_ascii_hexdigit() && w[2].is_ascii_hexdigit())
}

fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_parts() {
        let pattern = Pattern::parse("artifacts/<env>/a_<timestamp>*.log").unwrap();
        assert_eq!(pattern.segments()[1], [Part::Name("env".into())]);
        assert_eq!(
            pattern.segments()[2],
            [
                Part::Literal("a_".into()),
                Part::Timestamp,
                Part::Star,
                Part::Literal(".log".into())
            ]
        );
        assert!(!pattern.is_folder() && !pattern.is_literal());
        let literal = Pattern::parse("./artifacts//a.log").unwrap();
        assert_eq!(literal.literal_path().as_deref(), Some("artifacts/a.log"));
    }

    #[test]
    fn refuses_by_name() {
        let refused = |text: &str| Pattern::parse(text).unwrap_err().to_string();
        assert!(refused("/etc/passwd").contains("absolute"));
        assert!(refused("C:/x.log").contains("absolute"));
        assert!(refused("a/../../x").contains(".."));
        assert!(refused("~/x.log").contains("home"));
        assert!(refused("file:///x.log").contains("URL"));
        assert!(refused("file:x.log").contains("URL"));
        assert!(refused("artifacts\\x.log").contains("backslash"));
        assert!(refused("artifacts/%2e%2e/x.log").contains("percent"));
        assert!(refused("a/<date/x.log").contains("partner"));
        assert!(refused("./").contains("empty"));
        assert!(refused("a\u{7}b").contains("\\u{7}"));
    }
}
