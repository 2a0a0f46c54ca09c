//! From the events of the Markdown reader to the outline.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Block, BlockKind, Cell, Fence, Item, Outline, Row, Table};
use crate::{
    model::{diagnostic::Diagnostic, document::Heading, span::Span, unseen},
    parser::inline::{self, Run, Style},
};

/// Reads the outline of `source` from byte `start`.
pub(in crate::parser) fn read(source: &str, start: usize, found: &mut Vec<Diagnostic>) -> Outline {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let body = source.get(start..).unwrap_or("");
    let mut reader = Reader {
        source,
        outline: Outline::default(),
        heading: None,
        style: Depths::default(),
        links: Vec::new(),
        images: Vec::new(),
        stack: Vec::new(),
        open: Open::Nothing,
        fence: None,
        table: None,
    };
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        let span = Span::new(range.start + start, range.end + start);
        reader.event(event, span, found);
    }
    reader.outline
}

#[derive(Default)]
struct Depths {
    strong: usize,
    struck: usize,
}

/// Which collector takes inline text that is not in an item or a cell.
enum Open {
    Nothing,
    Heading(u8, Span, Vec<Run>),
    Paragraph(Span, Vec<Run>),
}

struct Reader<'a> {
    source: &'a str,
    outline: Outline,
    heading: Option<usize>,
    style: Depths,
    links: Vec<Option<String>>,
    images: Vec<String>,
    stack: Vec<usize>,
    open: Open,
    fence: Option<(Span, Fence)>,
    table: Option<(Span, Table, Option<Row>)>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span, found: &mut Vec<Diagnostic>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.outline.html.push((span, self.heading)),
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, found),
            Event::Text(text) => match &mut self.fence {
                Some((_, fence)) => fence.pieces.push(span),
                None => {
                    self.hidden(&text, span);
                    self.run(text.into_string(), span, false);
                }
            },
            Event::Code(text) => {
                self.outline.code_spans.push(span);
                self.run(text.into_string(), span, true);
            }
            Event::SoftBreak | Event::HardBreak => self.run("\n".to_owned(), span, false),
            Event::InlineHtml(html) if html.starts_with("<!--") => self.outline.comments.push(span),
            Event::InlineHtml(html) => self.run(html.into_string(), span, false),
            Event::Html(html) => self.html(&html, span),
            Event::TaskListMarker(ticked) => self.marker(ticked, span),
            _ => {}
        }
    }

    fn html(&mut self, html: &str, span: Span) {
        // A block of HTML comes line by line; a comment is known by the line that opens it.
        let continued =
            self.outline.comments.last().is_some_and(|last| {
                last.end == span.start && !last.of(self.source).contains("-->")
            });
        if continued {
            if let Some(last) = self.outline.comments.last_mut() {
                last.end = span.end;
            }
            return;
        }
        if html.trim_start().starts_with("<!--") {
            self.outline.comments.push(span);
        }
    }

    /// Keeps a character reference for something unseen, and what counts as white space but breaks
    /// the line or controls something.
    fn hidden(&mut self, text: &str, span: Span) {
        let raw = span.of(self.source);
        if raw != text {
            if unseen::first(text).is_some() {
                self.outline.hidden.push((span, text.to_owned()));
            }
            return;
        }
        let swallowed = |c: char| c.is_whitespace() && c != '\t' && is_unseen(c);
        for (at, c) in raw.match_indices(swallowed) {
            let start = span.start + at;
            let place = Span::new(start, start + c.len());
            self.outline.hidden.push((place, c.to_owned()));
        }
    }

    fn marker(&mut self, ticked: bool, span: Span) {
        if let Some(&at) = self.stack.last() {
            let item = &mut self.outline.items[at];
            item.marker = Some(Span::new(span.start, span.start + 3));
            item.ticked = ticked;
            // A nested item becomes a task of its own; the task above ends where it begins.
            let start = item.span.start;
            let mut above = item.parent;
            while let Some(parent) = above {
                let parent = &mut self.outline.items[parent];
                parent.own_end = parent.own_end.min(start);
                above = parent.parent;
            }
        }
    }

    fn run(&mut self, text: String, span: Span, code: bool) {
        let run = Run {
            text,
            span,
            style: Style {
                strong: self.style.strong > 0,
                struck: self.style.struck > 0,
                code,
            },
            link: self.links.last().cloned().flatten(),
            image: self.images.last().cloned(),
        };
        if let Some((_, table, row)) = &mut self.table {
            let cells = row.as_mut().map_or(&mut table.header, |r| &mut r.cells);
            if let Some(cell) = cells.last_mut() {
                cell.runs.push(run);
            }
            return;
        }
        match &mut self.open {
            Open::Heading(_, _, runs) | Open::Paragraph(_, runs) => runs.push(run),
            Open::Nothing => {
                if let Some(&at) = self.stack.last() {
                    let owner = self.owner(at);
                    self.outline.items[owner].runs.push(run);
                }
            }
        }
    }

    /// The task that the words of item `at` belong to.
    fn owner(&self, at: usize) -> usize {
        let item = &self.outline.items[at];
        match item.parent {
            Some(parent) if item.marker.is_none() => parent,
            _ => at,
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { level, .. } => {
                self.open = Open::Heading(level as u8, span, Vec::new());
            }
            Tag::Paragraph if self.stack.is_empty() => {
                self.open = Open::Paragraph(span, Vec::new());
            }
            Tag::Paragraph => self.run("\n".to_owned(), Span::new(span.start, span.start), false),
            Tag::Item => self.start_item(span),
            Tag::Strong => self.style.strong += 1,
            Tag::Strikethrough => self.style.struck += 1,
            Tag::Link { dest_url, .. } => self.links.push(Some(dest_url.into_string())),
            Tag::Image { dest_url, .. } => {
                self.links.push(self.links.last().cloned().flatten());
                self.images.push(dest_url.into_string());
                // Without a text of its own a picture would leave no run behind.
                self.run(String::new(), Span::new(span.start, span.start), false);
            }
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => {
                        let word = info.split([' ', ',', '{', '\t']).find(|w| !w.is_empty());
                        word.unwrap_or("").trim_start_matches('.').to_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.fence = Some((
                    span,
                    Fence {
                        language,
                        pieces: Vec::new(),
                    },
                ));
            }
            Tag::Table(_) => self.table = Some((span, Table::default(), None)),
            Tag::TableRow => {
                if let Some((_, _, row)) = &mut self.table {
                    *row = Some(Row {
                        span: Some(span),
                        cells: Vec::new(),
                    });
                }
            }
            Tag::TableCell => {
                if let Some((_, table, row)) = &mut self.table {
                    let cells = row.as_mut().map_or(&mut table.header, |r| &mut r.cells);
                    cells.push(Cell {
                        span: Some(span),
                        runs: Vec::new(),
                    });
                }
            }
            _ => {}
        }
    }

    fn start_item(&mut self, span: Span) {
        // The words of an item without a box go to the task around it, so its parent is that task.
        let parent = self
            .stack
            .iter()
            .rev()
            .copied()
            .find(|&at| self.outline.items[at].is_task());
        if let Some(owner) = parent {
            self.outline.items[owner].runs.push(Run::gap(span.start));
        }
        self.outline.items.push(Item {
            span,
            own_end: span.end,
            heading: self.heading,
            marker: None,
            ticked: false,
            runs: Vec::new(),
            parent,
        });
        self.stack.push(self.outline.items.len() - 1);
    }

    fn end(&mut self, tag: TagEnd, found: &mut Vec<Diagnostic>) {
        match tag {
            TagEnd::Heading(_) => {
                if let Open::Heading(level, span, runs) =
                    std::mem::replace(&mut self.open, Open::Nothing)
                {
                    self.add_heading(level, inline::text(&runs), span);
                }
            }
            TagEnd::Paragraph => {
                if let Open::Paragraph(span, runs) =
                    std::mem::replace(&mut self.open, Open::Nothing)
                {
                    self.paragraph(span, runs);
                }
            }
            TagEnd::Item => {
                self.stack.pop();
            }
            TagEnd::Strong => self.style.strong = self.style.strong.saturating_sub(1),
            TagEnd::Strikethrough => self.style.struck = self.style.struck.saturating_sub(1),
            TagEnd::Link => {
                self.links.pop();
            }
            TagEnd::Image => {
                self.links.pop();
                self.images.pop();
            }
            TagEnd::CodeBlock => {
                if let Some((span, fence)) = self.fence.take() {
                    unclosed(self.source, span, found);
                    self.block(span, BlockKind::Fence(fence));
                }
            }
            TagEnd::TableRow => {
                if let Some((_, table, row)) = &mut self.table
                    && let Some(row) = row.take()
                {
                    table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some((span, table, _)) = self.table.take() {
                    self.block(span, BlockKind::Table(table));
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self, span: Span, runs: Vec<Run>) {
        let last = inline::lines(&runs)
            .last()
            .map(|line| line.to_vec())
            .unwrap_or_default();
        let bold = last
            .iter()
            .all(|r| r.style.strong || r.text.trim().is_empty());
        let title = inline::text(&last);
        let whole = last.len() == runs.len();
        self.block(span, BlockKind::Paragraph(runs));
        // `**Label:**` on a line of its own right before a list heads that list.
        if bold && !title.is_empty() && (whole || title.ends_with(':')) {
            let start = last.first().map_or(span.start, |r| r.span.start);
            self.add_heading(
                7,
                title.trim_end_matches(':').to_owned(),
                Span::new(start, span.end),
            );
        }
    }

    fn add_heading(&mut self, level: u8, text: String, span: Span) {
        self.outline.headings.push(Heading { level, text, span });
        let index = self.outline.headings.len() - 1;
        self.heading = Some(index);
        self.block(span, BlockKind::Heading(index));
    }

    fn block(&mut self, span: Span, kind: BlockKind) {
        self.outline.blocks.push(Block {
            span,
            heading: self.heading,
            kind,
        });
    }
}

fn is_unseen(c: char) -> bool {
    unseen::first(c.encode_utf8(&mut [0; 4])).is_some()
}

/// Reports a fence that runs to the end of the document without a closing line.
fn unclosed(source: &str, span: Span, found: &mut Vec<Diagnostic>) {
    let text = span.of(source);
    let opening = text.trim_start();
    let Some(mark) = opening.chars().next().filter(|c| matches!(c, '`' | '~')) else {
        return;
    };
    let width = opening.chars().take_while(|&c| c == mark).count();
    let lines: Vec<&str> = text.lines().collect();
    let closes = |line: &str| {
        let line = line
            .trim_start_matches(|c: char| c == '>' || c.is_whitespace())
            .trim_end();
        line.chars().count() >= width && line.chars().all(|c| c == mark)
    };
    if lines.len() > 1 && lines.last().is_some_and(|l| closes(l)) {
        return;
    }
    let first = Span::new(
        span.start,
        span.start + lines.first().map_or(0, |l| l.len()),
    );
    found.push(
        Diagnostic::error(
            "fence-unclosed",
            first,
            "the code fence is not closed, so everything after it is read as code",
        )
        .help(format!(
            "add a line `{}` where the block ends",
            mark.to_string().repeat(width)
        )),
    );
}
