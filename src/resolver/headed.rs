//! The words of a row of a table, where a cell says `< 300` and its column `p95 (ms)`.

use std::ops::Range;

use crate::model::span::Span;

use super::vocabulary;

/// A row's words with what its columns are called before the cells that need it.
#[derive(Debug)]
pub struct Wording {
    /// The words.
    pub text: String,
    /// Where in them something was put that is not among the row's bytes, and how long it is.
    added: Vec<(usize, usize)>,
}

impl Wording {
    /// `words` are the bytes from `start` on, what must not be read as blanks; `heads` the cells
    /// among them, each with what its column is called.
    pub fn of(words: &str, start: usize, heads: &[(Span, String)]) -> Self {
        let mut wording = Wording {
            text: String::with_capacity(words.len()),
            added: Vec::new(),
        };
        let mut from = 0;
        for (cell, head) in heads {
            let place = Span::new(
                cell.start.saturating_sub(start),
                cell.end.saturating_sub(start),
            );
            let said = words.get(place.start..place.end).unwrap_or("");
            if place.start < from {
                continue;
            }
            if let (Some(head), Some(before)) =
                (vocabulary::head(head, said), words.get(from..place.start))
            {
                wording.text.push_str(before);
                let head = format!(" {head} ");
                wording.added.push((wording.text.len(), head.len()));
                wording.text.push_str(&head);
                from = place.start;
            }
        }
        wording.text.push_str(words.get(from..).unwrap_or(""));
        wording
    }

    /// The bytes of the row that `range` of the text stands for.
    pub fn origin(&self, range: &Range<usize>) -> Range<usize> {
        self.back(range.start)..self.back(range.end)
    }

    fn back(&self, place: usize) -> usize {
        let mut shift = 0;
        for (at, length) in &self.added {
            if place >= at + length {
                shift += length;
            } else if place > *at {
                return at - shift;
            }
        }
        place - shift
    }
}
