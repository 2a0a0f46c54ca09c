//! A stretch of text without markup that knows which bytes it came from.

use std::ops::Range;

use crate::{
    model::span::Span,
    parser::inline::{Run, fold},
};

/// Runs as one text. White space stays, so that places can be found again.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrase {
    pub text: String,
    /// Where each run starts in the text, and its bytes in the source.
    pieces: Vec<(usize, Span)>,
}

impl Phrase {
    pub fn new(source: &str, runs: &[Run]) -> Self {
        let mut phrase = Phrase::default();
        for run in runs {
            let within = run.span.of(source);
            // A code span has its marks around the text; a lead's colon was cut off in front.
            let lead = within.find(&run.text).unwrap_or(0);
            let bytes = Span::new(run.span.start + lead, run.span.end);
            phrase.pieces.push((phrase.text.len(), bytes));
            phrase.text.push_str(&run.text);
        }
        phrase
    }

    /// White space folded, ends trimmed.
    pub fn folded(&self) -> String {
        fold(&self.text)
    }

    /// The bytes that a part of the text came from.
    pub fn span(&self, range: Range<usize>) -> Span {
        let place = |at: usize| {
            let piece = self.pieces.iter().rev().find(|(start, _)| *start <= at);
            piece.map_or(0, |(start, span)| (span.start + at - start).min(span.end))
        };
        let start = place(range.start);
        let last = range.end.saturating_sub(1).max(range.start);
        Span::new(start, place(last) + usize::from(range.end > range.start))
    }

    /// All its bytes.
    pub fn whole(&self) -> Span {
        let first = self.pieces.first().map_or(0, |(_, span)| span.start);
        let last = self.pieces.last().map_or(first, |(_, span)| span.end);
        Span::new(first, last)
    }
}
