//! Markdown to HTML that is safe to show: raw HTML becomes text, links lead only to http(s)
//! and mail addresses, nothing is loaded.

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

use super::{
    anchors::{self, Anchor},
    autolink, doc_hash,
};

/// How deep elements nest. What is deeper loses its markup, not its text: readers of HTML
/// recurse, and a message of nothing but `>` must not end them.
const DEEPEST: usize = 64;

/// What a page and a mail do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A document: lines of a paragraph run together, task items are disabled checkboxes,
    /// headings have ids, tables may scroll, comments are left out.
    Page,
    /// An author's message: line breaks are kept, task items are signs, bare URLs and mail
    /// addresses are links.
    Message,
}

/// HTML and the headings in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// A sequence of block elements.
    pub html: String,
    /// Its headings in order; none in a message.
    pub anchors: Vec<Anchor>,
}

/// Renders `markdown`; a page's front matter is left out.
pub fn render(markdown: &str, dialect: Dialect) -> Rendered {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut pass = Pass {
        dialect,
        out: Vec::new(),
        links: Vec::new(),
        images: Vec::new(),
        nesting: Vec::new(),
        verbatim: false,
        block: String::new(),
    };
    // Not left to the Markdown reader: it takes text between two rules for front matter, too.
    let source = match dialect {
        Dialect::Page => doc_hash::body(markdown),
        Dialect::Message => markdown,
    };
    for event in TextMergeStream::new(Parser::new_ext(source, options)) {
        pass.event(event);
    }
    let anchors = match dialect {
        Dialect::Page => anchors::add(&mut pass.out),
        Dialect::Message => Vec::new(),
    };
    let mut text = String::with_capacity(source.len() * 2);
    html::push_html(&mut text, pass.out.into_iter());
    Rendered {
        html: text,
        anchors,
    }
}

/// Whether `url` may be a link's target: http(s) or mail, of characters a URL can have.
pub(super) fn is_allowed(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
        && !url
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || "<>\"`".contains(c))
}

struct Pass<'a> {
    dialect: Dialect,
    out: Vec<Event<'a>>,
    /// Of each open link, whether it was kept.
    links: Vec<bool>,
    /// Of each open image, whether it became a link.
    images: Vec<bool>,
    /// Of each open element, whether it was kept.
    nesting: Vec<bool>,
    /// Inside a code block.
    verbatim: bool,
    /// The lines so far of an open HTML block.
    block: String,
}

impl<'a> Pass<'a> {
    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => {
                let kept = self.keeps(&tag);
                self.nesting.push(kept);
                if kept {
                    self.start(tag);
                }
            }
            Event::End(tag) => {
                if self.nesting.pop() == Some(true) {
                    self.end(tag);
                }
            }
            Event::Text(text) => self.text(text),
            Event::Html(html) => self.block.push_str(&html),
            Event::InlineHtml(html) => {
                self.raw(&html);
            }
            Event::SoftBreak if self.dialect == Dialect::Message => {
                self.out.push(Event::HardBreak);
            }
            Event::TaskListMarker(ticked) if self.dialect == Dialect::Message => {
                let sign = if ticked { "☑ " } else { "☐ " };
                self.out.push(Event::Text(sign.into()));
            }
            other => self.out.push(other),
        }
    }

    fn keeps(&self, tag: &Tag<'_>) -> bool {
        match tag {
            // A table's parts are kept or dropped with it.
            Tag::TableHead | Tag::TableRow | Tag::TableCell => self.nesting.last() == Some(&true),
            // Its text is written at its end.
            Tag::HtmlBlock => true,
            _ => self.nesting.len() < DEEPEST,
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Link { dest_url, .. } => {
                let kept = self.linked().is_none() && is_allowed(&dest_url);
                self.links.push(kept);
                if kept {
                    self.open(dest_url);
                }
            }
            Tag::Image { dest_url, .. } => {
                let kept = self.linked().is_none() && is_allowed(&dest_url);
                self.images.push(kept);
                if kept {
                    self.open(dest_url);
                }
            }
            Tag::HtmlBlock => self.block.clear(),
            Tag::CodeBlock(_) => {
                // Without the fence's language: nothing is highlighted, and the word is the
                // author's, inside an attribute.
                self.verbatim = true;
                self.out
                    .push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
            }
            Tag::Table(alignments) => {
                if self.dialect == Dialect::Page {
                    // Reachable by keyboard, so that it can be scrolled without a mouse.
                    let open = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table\">";
                    self.out.push(Event::Html(open.into()));
                }
                self.out.push(Event::Start(Tag::Table(alignments)));
            }
            other => self.out.push(Event::Start(other)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            TagEnd::Image => {
                if self.images.pop() == Some(true) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            TagEnd::HtmlBlock => {
                let block = std::mem::take(&mut self.block);
                self.out.push(Event::Start(Tag::Paragraph));
                if self.raw(block.trim_end()) {
                    self.out.push(Event::End(TagEnd::Paragraph));
                } else {
                    self.out.pop();
                }
            }
            TagEnd::CodeBlock => {
                self.verbatim = false;
                self.out.push(Event::End(TagEnd::CodeBlock));
            }
            TagEnd::Table => {
                self.out.push(Event::End(TagEnd::Table));
                if self.dialect == Dialect::Page {
                    self.out.push(Event::Html("</div>\n".into()));
                }
            }
            other => self.out.push(Event::End(other)),
        }
    }

    fn text(&mut self, text: CowStr<'a>) {
        if self.verbatim || self.linked().is_some() {
            self.out.push(Event::Text(text));
            return;
        }
        for piece in autolink::split(&text) {
            let shown = Event::Text(piece.text.to_owned().into());
            match piece.target {
                Some(target) => {
                    self.open(target.into());
                    self.out.push(shown);
                    self.out.push(Event::End(TagEnd::Link));
                }
                None => self.out.push(shown),
            }
        }
    }

    /// Raw HTML is the author's text: `<PENDING>` must be seen. Returns whether any is.
    fn raw(&mut self, html: &str) -> bool {
        let comment = html.starts_with("<!--") && html.ends_with("-->");
        if comment && self.dialect == Dialect::Page {
            return false;
        }
        for (at, line) in html.lines().enumerate() {
            if at > 0 {
                self.out.push(match self.dialect {
                    Dialect::Message => Event::HardBreak,
                    Dialect::Page => Event::SoftBreak,
                });
            }
            self.out.push(Event::Text(line.to_owned().into()));
        }
        true
    }

    fn open(&mut self, target: CowStr<'a>) {
        self.out.push(Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: target,
            title: "".into(),
            id: "".into(),
        }));
    }

    /// Whether a kept link is open: links do not nest in HTML.
    fn linked(&self) -> Option<()> {
        let kept = |open: &Vec<bool>| open.iter().any(|kept| *kept);
        (kept(&self.links) || kept(&self.images)).then_some(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
