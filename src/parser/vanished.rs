//! What looks like a gate, a recipient or a channel and is read as none of them.
//!
//! Whoever wrote it believes that it counts: a gate that vanishes clears silently, a recipient that
//! vanishes is forgotten. So each is reported with how to write it.

mod html;

use super::{
    Grammar,
    blocks::{BlockKind, Item, Outline},
    boxes::{self, Box},
    inline::{self, Run},
    paths, recipients, tracker,
};
use crate::model::{
    diagnostic::{Diagnostic, Severity},
    document::{Document, Gate, GatePath},
    span::Span,
};

const AS_GATE: &str =
    "write it as a task item, such as `- [ ] **Name:** what must hold, at artifacts/…`";
const AS_TASK: &str = "write `- [ ] ` with one blank between the brackets, and one behind them";

/// Reports it all. `taken` are the items that were read as recipients and channels.
pub(super) fn report(
    outline: &Outline,
    grammar: &Grammar,
    document: &Document,
    taken: &[usize],
    found: &mut Vec<Diagnostic>,
) {
    let look = Look {
        outline,
        grammar,
        document,
        taken,
    };
    for item in &outline.items {
        look.item(item, found);
    }
    for (span, heading) in &outline.html {
        look.html(*span, *heading, found);
    }
    for block in &outline.blocks {
        match &block.kind {
            BlockKind::Heading(index) => look.misspelt(*index, found),
            BlockKind::Paragraph(runs) => {
                for line in inline::lines(runs) {
                    look.line(line, block.heading, true, found);
                }
                look.paragraph(runs, block.span, block.heading, found);
            }
            BlockKind::Table(table) if look.under_gates(block.heading) => {
                let other = tracker::columns(table, grammar).is_none();
                let heads = |c: &super::blocks::Cell| {
                    grammar.spellings.heads_evidence(&inline::text(&c.runs))
                };
                let cells = table.rows.iter().flat_map(|r| &r.cells);
                let proofs = cells.flat_map(|c| look.unproved(&c.runs)).next();
                if other && !table.header.iter().any(heads) && proofs.is_some() {
                    found.push(
                        Diagnostic::error(
                            "gates-table",
                            block.span,
                            "this table names evidence, but none of its columns is one of evidence, so its rows are no gates",
                        )
                        .help("write `Evidence` over the column with the paths"),
                    );
                }
            }
            _ => {}
        }
    }
}

struct Look<'a> {
    outline: &'a Outline,
    grammar: &'a Grammar,
    document: &'a Document,
    taken: &'a [usize],
}

impl Look<'_> {
    fn under_gates(&self, heading: Option<usize>) -> bool {
        let chain = self.outline.chain(heading);
        let heads = |text: &str| self.grammar.spellings.heads_gates(text);
        chain.iter().any(|h| heads(&h.text))
    }

    /// Whether something stands where each task counts.
    fn matters(&self, heading: Option<usize>) -> bool {
        let chain = self.outline.chain(heading);
        let spellings = &self.grammar.spellings;
        chain.iter().any(|h| {
            spellings.heads_gates(&h.text)
                || spellings.heads_recipients(&h.text).is_some()
                || h.text.to_lowercase().contains("channel")
        })
    }

    /// Evidence in some words that no gate proves.
    fn unproved(&self, runs: &[Run]) -> Vec<GatePath> {
        let document = self.document;
        let roots = &self.grammar.roots;
        let mut paths = paths::in_runs(&document.source, runs, document.folder(), roots);
        paths.retain(|path| {
            let known = document.gates.iter().flat_map(|g| &g.paths);
            !known
                .into_iter()
                .any(|k| match (&k.pattern, &path.pattern) {
                    (Ok(a), Ok(b)) => a.same_as(b),
                    _ => false,
                })
        });
        paths
    }

    fn item(&self, item: &Item, found: &mut Vec<Diagnostic>) {
        let mut boxed = false;
        for (index, line) in inline::lines(&item.runs).into_iter().enumerate() {
            // The box of a task item is no part of its words; a bullet before a later line is.
            if index > 0 || !item.is_task() {
                boxed |= self.line(line, item.heading, index > 0, found);
            }
        }
        if boxed || item.is_task() || item.parent.is_some() || item.runs.is_empty() {
            return;
        }
        let own = || Span::new(item.span.start, self.own_end(item));
        let spellings = &self.grammar.spellings;
        let nearest = item.heading.map(|h| self.outline.headings[h].text.as_str());
        let bold = inline::bold_lead(&item.runs).map(|(lead, _)| lead);
        let people = recipients::group(self.outline, self.grammar, item.heading).is_some()
            && nearest.is_some_and(|h| spellings.heads_recipients(h).is_some());
        let among_channels = nearest.is_some_and(|h| h.to_lowercase().contains("channel"));
        let channel = inline::lead(&item.runs)
            .map(|(lead, _)| lead)
            .filter(|lead| among_channels && spellings.channel(lead).is_some());
        if let Some(lead) = channel {
            let message = format!("the channel `{lead}` has no box, so nothing goes there");
            found.push(
                Diagnostic::error("channel-without-box", own(), message)
                    .help("write `- [ ] ` before it, or put it under another heading"),
            );
        } else if let (true, Some(lead)) = (people, &bold) {
            let message = format!("`{lead}` has no box, so nobody is written to");
            found.push(
                Diagnostic::error("recipient-without-box", own(), message).help(
                    "write `- [ ] **Role (Person Name):** what they are asked`, or put it under another heading",
                ),
            );
        } else if self.under_gates(item.heading) && !people {
            if !self.unproved(&item.runs).is_empty() {
                let message = "this names evidence, but has no box, so it is no gate";
                found.push(Diagnostic::error("gate-without-box", own(), message).help(AS_GATE));
            } else if bold.is_some() {
                let message = "this has no box, so it is no gate";
                found.push(Diagnostic::warning("gate-without-box", own(), message).help(AS_GATE));
            }
        }
    }

    fn own_end(&self, item: &Item) -> usize {
        let within = |at: &usize| item.span.start < *at && *at < item.own_end;
        let starts = self.outline.items.iter().map(|i| i.span.start);
        starts.filter(within).min().unwrap_or(item.own_end)
    }

    /// Whether a line begins with something that is nearly a box; says so.
    fn line(
        &self,
        line: &[Run],
        heading: Option<usize>,
        bare: bool,
        found: &mut Vec<Diagnostic>,
    ) -> bool {
        let Some(kind) = boxes::nearly(line, bare) else {
            return false;
        };
        let (Some(first), Some(last)) = (line.first(), line.last()) else {
            return false;
        };
        let span = Span::new(first.span.start, last.span.end);
        let evidence = !self.unproved(line).is_empty();
        let severity = match kind {
            Box::Empty => Severity::Warning,
            _ if evidence || self.matters(heading) => Severity::Error,
            Box::Brackets | Box::Html => Severity::Warning,
            // Signs such as ☑ are at home in all kinds of lists.
            Box::Sign => return false,
        };
        let message = match kind {
            Box::Empty => "this box has no words, so it is nothing",
            _ => "this is nearly a task item, but is not read as one",
        };
        let diagnostic = match severity {
            Severity::Error => Diagnostic::error("task-box", span, message),
            _ => Diagnostic::warning("task-box", span, message),
        };
        found.push(diagnostic.help(AS_TASK));
        true
    }

    /// A paragraph that names evidence under the gates, or that should have been a heading.
    fn paragraph(
        &self,
        runs: &[Run],
        span: Span,
        heading: Option<usize>,
        found: &mut Vec<Diagnostic>,
    ) {
        if self.under_gates(heading) && !self.unproved(runs).is_empty() {
            let message = "this names evidence, but is no task item, so it is no gate";
            found.push(Diagnostic::warning("gate-without-box", span, message).help(AS_GATE));
        }
        let lines = inline::lines(runs);
        let Some(last) = lines.last() else { return };
        let is_heading = |at: usize| {
            let headings = &self.outline.headings;
            headings
                .iter()
                .any(|h| h.span.start <= at && at < h.span.end)
        };
        if last.first().is_none_or(|r| is_heading(r.span.start)) {
            return;
        }
        let text = boxes::without_tags(&inline::text(last));
        let apart = !text.starts_with('#');
        self.heading(
            text.trim_matches(['#', '*', '_', ':', ' ']),
            span,
            apart,
            found,
        );
    }

    /// Reports `text` where it would head tasks behind it, if it were a heading; those right behind
    /// it alone where it may as well be `prose`.
    fn heading(&self, text: &str, span: Span, prose: bool, found: &mut Vec<Diagnostic>) {
        let spellings = &self.grammar.spellings;
        let of_gates = spellings.heads_gates(text);
        let of_people = spellings.heads_recipients(text).is_some();
        if text.chars().count() > 80 || !(of_gates || of_people) {
            return;
        }
        let lost = |(index, item): (usize, &Item)| {
            let between = Span::new(span.end.min(item.span.start), item.span.start);
            let between = between.of(&self.document.source);
            item.span.start >= span.end
                && (!prose || between.trim().is_empty())
                && !self.taken.contains(&index)
        };
        let Some((_, first)) = self.outline.tasks().find(|t| lost(*t)) else {
            return;
        };
        let gates = of_gates && !self.under_gates(first.heading);
        let people = of_people && !self.matters(first.heading);
        if gates || people {
            let what = if gates { "gates" } else { "recipients" };
            let message = format!(
                "`{text}` is no heading, so the tasks below it are not read as {what} because of it"
            );
            found.push(
                Diagnostic::error("heading-unread", span, message)
                    .help(format!("write `### {text}` on a line of its own")),
            );
        }
    }

    /// Warns of a heading that is nearly one over gates, with tasks below it that are none.
    fn misspelt(&self, index: usize, found: &mut Vec<Diagnostic>) {
        let heading = &self.outline.headings[index];
        let Some(meant) = self.grammar.spellings.nearly_heads_gates(&heading.text) else {
            return;
        };
        let lost = self.outline.tasks().any(|(i, item)| {
            let gate = |g: &Gate| g.span.start == item.span.start;
            item.heading == Some(index)
                && !self.taken.contains(&i)
                && !self.document.gates.iter().any(gate)
        });
        if lost {
            let message = format!(
                "`{}` is nearly a heading over gates, so the tasks below it are none",
                heading.text
            );
            found.push(
                Diagnostic::warning("heading-misspelt", heading.span, message)
                    .help(format!("write `{meant}`, if that is meant")),
            );
        }
    }
}
