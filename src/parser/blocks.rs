//! The outline of a document: headings, items, paragraphs, fences and tables with their runs.

mod reader;

use super::{
    inline::{self, Run},
    spellings,
};
use crate::model::{document::Heading, span::Span};

pub(super) use reader::read;

/// What the recognisers read.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub headings: Vec<Heading>,
    pub blocks: Vec<Block>,
    pub items: Vec<Item>,
    /// Inline code spans, backticks included.
    pub code_spans: Vec<Span>,
    /// HTML comments.
    pub comments: Vec<Span>,
    /// Blocks of HTML, comments too, each with the heading it stands under.
    pub html: Vec<(Span, Option<usize>)>,
    /// Text outside code that is not seen where it stands, as it reads.
    pub hidden: Vec<(Span, String)>,
}

/// A block and the index of the heading it stands under.
#[derive(Debug)]
pub(super) struct Block {
    pub span: Span,
    pub heading: Option<usize>,
    pub kind: BlockKind,
}

#[derive(Debug)]
pub(super) enum BlockKind {
    /// The heading with this index begins.
    Heading(usize),
    /// Outside list items.
    Paragraph(Vec<Run>),
    Fence(Fence),
    Table(Table),
}

/// A code block.
#[derive(Debug)]
pub(super) struct Fence {
    /// First word of the info string, lower case.
    pub language: String,
    /// The bytes of the content, in pieces.
    pub pieces: Vec<Span>,
}

/// A table with its header.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub header: Vec<Cell>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Default)]
pub(super) struct Row {
    pub span: Span0,
    pub cells: Vec<Cell>,
}

/// A span with a default.
pub(super) type Span0 = Option<Span>;

#[derive(Debug, Default)]
pub(super) struct Cell {
    pub span: Span0,
    pub runs: Vec<Run>,
}

/// A list item. The words of nested items without a box belong to the item above.
#[derive(Debug)]
pub(super) struct Item {
    /// From its bullet to its end, nested items included.
    pub span: Span,
    /// Where its first nested task begins, else its end.
    pub own_end: usize,
    pub heading: Option<usize>,
    /// The three bytes of the box.
    pub marker: Option<Span>,
    pub ticked: bool,
    pub runs: Vec<Run>,
    /// The nearest task item around it.
    pub parent: Option<usize>,
}

impl Item {
    /// Whether it is a task item; `~~[ ] …~~` counts as a struck-out one.
    pub fn is_task(&self) -> bool {
        self.marker.is_some() || self.is_struck_task()
    }

    fn is_struck_task(&self) -> bool {
        let text = inline::text(&self.runs);
        inline::all_struck(&self.runs) && ["[ ]", "[x]", "[X]"].iter().any(|b| text.starts_with(b))
    }
}

impl Outline {
    /// Task items with their indices.
    pub fn tasks(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.is_task())
    }

    /// The heading with index `at` and those around it, innermost first, without the title.
    pub fn chain(&self, at: Option<usize>) -> Vec<&Heading> {
        let Some(at) = at else { return Vec::new() };
        let mut chain = vec![&self.headings[at]];
        let mut level = self.headings[at].level;
        for heading in self.headings[..at].iter().rev() {
            if heading.level < level {
                level = heading.level;
                if level > 1 {
                    chain.push(heading);
                }
            }
        }
        chain
    }

    /// Code blocks in order.
    pub fn fences(&self) -> impl Iterator<Item = (&Block, &Fence)> {
        self.blocks.iter().filter_map(|b| match &b.kind {
            BlockKind::Fence(fence) => Some((b, fence)),
            _ => None,
        })
    }

    /// Tables in order.
    pub fn tables(&self) -> impl Iterator<Item = (&Block, &Table)> {
        self.blocks.iter().filter_map(|b| match &b.kind {
            BlockKind::Table(table) => Some((b, table)),
            _ => None,
        })
    }

    /// The bytes of fences that hold commands.
    pub fn shell_fences(&self) -> Vec<Span> {
        self.fences()
            .filter(|(_, f)| spellings::is_shell(&f.language))
            .map(|(b, _)| b.span)
            .collect()
    }
}

impl Fence {
    /// The content.
    pub fn text(&self, source: &str) -> String {
        self.pieces.iter().map(|p| p.of(source)).collect()
    }
}
