//! Requirements in a gate's own words. The spellings stand in `vocabulary/table.rs` and, for
//! people, in `docs/gates.md`.
//!
//! What the table does not say is not guessed: a requirement that was guessed holds the wrong
//! gate. But one that was overlooked clears it, which is worse. So whatever looks like a demand
//! and was not read is kept as [`Requirement::Unread`].

mod bounds;
mod codes;
mod failures;
mod left;
mod lengths;
mod list;
mod measures;
mod net;
mod plainly;
mod quantities;
mod states;
mod statuses;
mod table;
mod tokens;

use std::ops::Range;

use super::readers::names::{Field, classify};
use crate::model::requirement::Requirement;
use plainly::Plain;
use tokens::{Kind, Token};

pub use crate::model::target::target;

/// What is known of a text while it is read. Ranges are of tokens.
struct Words<'a> {
    plain: &'a str,
    tokens: Vec<Token>,
    claimed: Vec<bool>,
    found: Vec<(Requirement, Range<usize>)>,
}

/// The requirements in `words`, in order, each with the bytes it was read from; demands that
/// cannot be read among them, as [`Requirement::Unread`].
///
/// The caller blanks out evidence paths and code spans that are targets (see [`target`]). What
/// is said of another time or case ("instead of HTTP 410") asks for nothing.
///
/// ```
/// use packet::resolver::vocabulary::read;
/// let found = read("sustained HTTP 200, sub-300ms");
/// let text: Vec<String> = found.iter().map(|(what, _)| what.to_string()).collect();
/// assert_eq!(text[1..], ["HTTP status 200", "duration below 300 ms"]);
/// ```
pub fn read(words: &str) -> Vec<(Requirement, Range<usize>)> {
    all(words, false).found
}

/// The requirements in the words of a gate whose evidence is a file: what is left of words of
/// denial, quantity, comparison or state is kept as [`Requirement::Unread`], and every word is
/// accounted for.
pub fn read_gate(words: &str) -> Read {
    all(words, true)
}

/// What was read in a text.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The requirements in order, each with the bytes it was read from.
    pub found: Vec<(Requirement, Range<usize>)>,
    /// Every word with what it was read as; of a gate alone.
    pub words: Vec<(String, String)>,
}

fn all(words: &str, closed: bool) -> Read {
    let plain = Plain::new(words);
    let tokens = tokens::cut(plain.text());
    let mut reading = Words {
        plain: plain.text(),
        claimed: vec![false; tokens.len()],
        tokens,
        found: Vec::new(),
    };
    statuses::read(&mut reading);
    lengths::read(&mut reading);
    failures::read(&mut reading);
    measures::sharpen(&mut reading);
    measures::read(&mut reading);
    if closed {
        states::read(&mut reading);
    }
    net::read(&mut reading);
    reading.lasting();
    let mut accounts = Vec::new();
    if closed {
        reading.close();
        accounts = left::account(&reading);
    }
    let accounts = accounts
        .into_iter()
        .map(|(range, account)| (plain.text()[range].to_owned(), account.to_owned()))
        .collect();
    let Words {
        tokens, mut found, ..
    } = reading;
    found.sort_by_key(|(_, range)| range.start);
    let bytes = |range: Range<usize>| {
        let start = tokens.get(range.start).map_or(0, |t| t.range.start);
        let end = tokens[..range.end.min(tokens.len())]
            .last()
            .map_or(start, |t| t.range.end);
        plain.origin(start..end.max(start))
    };
    Read {
        found: found
            .into_iter()
            .map(|(requirement, range)| (requirement, bytes(range)))
            .collect(),
        words: accounts,
    }
}

/// Whether the bound at `range` of `words` is said of a percentile or an average.
pub fn is_of_many(words: &str, range: &Range<usize>) -> bool {
    let plain = Plain::new(words);
    let tokens = tokens::cut(plain.text());
    let of_many = |t: &Token| table::OF_MANY.has(&t.text) || bounds::is_percentile(t);
    let inside = |t: &&Token| {
        let at = plain.origin(t.range.clone());
        at.end + 30 > range.start && at.start < range.end + 20
    };
    tokens.iter().filter(inside).any(of_many)
}

/// What a table's column is called, as far as its name has to be read together with `cell`: a
/// number there is measured in its unit or compared by its words. `None` where it says nothing.
pub fn head(head: &str, cell: &str) -> Option<String> {
    let digits = cell.bytes().any(|byte| byte.is_ascii_digit());
    if !digits || cell.split_whitespace().count() > 5 {
        return None;
    }
    let tokens = |text: &str| tokens::cut(Plain::new(text).text());
    let timed = |t: &Token| quantities::unit(t).is_some_and(|(_, long)| !long);
    // Its own unit is the one that counts.
    let bare = match head.split_once('(') {
        Some((name, _)) if tokens(cell).iter().any(timed) => name,
        _ => head,
    };
    let lists = [
        &table::BELOW,
        &table::AT_MOST,
        &table::AT_LEAST,
        &table::RECORDS,
        &table::STATUS,
        &table::MEASURED,
        &table::FAILURES,
    ];
    let told = |t: &Token| {
        if t.text == "age" {
            return true;
        }
        let field = matches!(
            classify(&t.text),
            Field::Duration(_) | Field::Unitless | Field::Status
        );
        lists.iter().any(|list| list.has(&t.text))
            || field
            || bounds::is_percentile(t)
            || (timed(t) && t.text.len() > 1)
    };
    let bare = bare.trim();
    tokens(bare).iter().any(told).then(|| bare.to_owned())
}

impl Words<'_> {
    fn free(&self, range: Range<usize>) -> bool {
        self.claimed
            .get(range)
            .is_some_and(|claimed| !claimed.contains(&true))
    }

    /// These tokens are dealt with.
    fn claim(&mut self, range: Range<usize>) {
        let end = range.end.min(self.claimed.len());
        self.claimed[range.start.min(end)..end].fill(true);
    }

    fn keep(&mut self, requirement: Requirement, range: Range<usize>) {
        self.claim(range.clone());
        self.found.push((requirement, range));
    }

    fn unread(&mut self, range: Range<usize>) {
        self.said(range, Requirement::Unread);
    }

    fn unlooked(&mut self, range: Range<usize>) {
        self.said(range, Requirement::Unlooked);
    }

    /// Keeps the words themselves.
    fn said(&mut self, range: Range<usize>, kept: fn(String) -> Requirement) {
        let end = range.end.min(self.tokens.len());
        let words = match self.tokens.get(range.start..end) {
            Some([first, .., last]) => &self.plain[first.range.start..last.range.end],
            Some([only]) => &self.plain[only.range.clone()],
            _ => return,
        };
        let words = words.trim_matches(['`', ' ', '.', ',', ';']).to_owned();
        self.keep(kept(words), range.start..end);
    }

    /// A token as it is written, its case kept.
    fn original(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |t| &self.plain[t.range.clone()])
    }

    /// What nothing looks for holds a gate, and so does what is left.
    fn close(&mut self) {
        for (requirement, _) in &mut self.found {
            if let Requirement::Unlooked(words) = requirement {
                *requirement = Requirement::Unread(std::mem::take(words));
            }
        }
        left::read(self);
    }

    /// `sustained`, but not `consistent with the plan`, which is agreement.
    fn lasting(&mut self) {
        for at in 0..self.tokens.len() {
            let agrees = self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.text == "with");
            let token = &self.tokens[at];
            let denied = table::DENIALS.before(&self.tokens, at).is_some();
            if token.kind == Kind::Word && table::LASTING.has(&token.text) && !agrees && !denied {
                self.keep(Requirement::Sustained, at..at + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests;
