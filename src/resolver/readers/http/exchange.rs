//! One request and its answer, as far as it was read.

use crate::resolver::readers::names::Field;

/// What a log held.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Exchanges, redirects collapsed.
    pub exchanges: u64,
    /// Redirects that were followed.
    pub redirects: u64,
}

/// What is looked for in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchanges {
    /// Nothing: it is text, of which only the encoding is looked at.
    None,
    /// Answers and write-outs.
    Whole,
    /// The same, and numbers of three digits are statuses.
    Bare,
}

/// What is known of an exchange; offsets are lines after its first.
#[derive(Default)]
pub(super) struct Exchange {
    pub(super) line: u64,
    pub(super) status: Option<(u16, usize)>,
    pub(super) failure: Option<(String, usize)>,
    pub(super) fields: Vec<(Field, String, String, usize)>,
    pub(super) location: Option<String>,
    pub(super) verbose: bool,
    pub(super) echoed: bool,
    /// Something stands after the headers, so that what follows is another exchange.
    pub(super) closed: bool,
}

impl Exchange {
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(known, ..)| *known == field)
    }

    pub(super) fn counts(&self) -> bool {
        let tells = |field: &Field| !matches!(field, Field::Target | Field::At | Field::Unitless);
        self.status.is_some()
            || self.failure.is_some()
            || self.fields.iter().any(|(field, ..)| tells(field))
    }

    pub(super) fn redirects(&self) -> bool {
        let moved = matches!(self.status, Some((301 | 302 | 303 | 307 | 308, _)));
        moved && self.location.is_some() && !self.closed
    }
}

/// Whether a `Location` of `to` sends to the path that was asked next.
pub(super) fn leads_to(to: &str, path: &str) -> bool {
    let to = to.split('#').next().unwrap_or(to);
    let local = match to.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?']).map_or("/", |at| &rest[at..]),
        None => to,
    };
    // A relative location is joined to a path that is not known here.
    local == path || (!local.starts_with('/') && path.ends_with(local.trim_start_matches("./")))
}
