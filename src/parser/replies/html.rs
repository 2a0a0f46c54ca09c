//! HTML mail as text: quotes become lines that begin with `>`, so that they are known as such.
//!
//! html5ever's tokenizer reads it, in one pass; nesting is followed here, so that no mail can make
//! a tree that takes long.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};

/// Elements whose text nobody sees, and struck-out text, which is taken back.
const HIDDEN: &[&str] = &[
    "style", "script", "head", "title", "template", "noscript", "s", "strike", "del",
];
/// Elements that stand within a line; all others begin and end lines.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "o:p", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];
/// Elements that have no end.
const EMPTY: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
];
/// Classes and ids that mail programs give to quotes without a `blockquote`.
const QUOTES: &[&str] = &[
    "yahoo_quoted",
    "ms-outlook-mobile-reference-message",
    "protonmail_quote",
    "zmail_extra",
];
/// How deep elements are followed.
const DEEPEST: usize = 512;

/// An open element.
struct Open {
    name: String,
    quotes: bool,
    hides: bool,
}

/// The text of HTML as its reader sees it; quotes begin with `>`.
pub(super) fn text(html: &str) -> String {
    let page = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = page.feed(&input);
    page.end();
    let mut page = page.sink.0.into_inner();
    page.end_line();
    page.out
}

#[derive(Default)]
struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.words(&text),
            Token::TagToken(tag) => return page.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Page {
    out: String,
    line: String,
    open: Vec<Open>,
    quotes: usize,
    hides: usize,
}

impl Page {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if !INLINE.contains(&name) {
            self.end_line();
        }
        if tag.kind == TagKind::EndTag {
            self.close(name);
            return TokenSinkResult::Continue;
        }
        if name == "img" {
            self.picture(tag);
        }
        if tag.self_closing || EMPTY.contains(&name) {
            return TokenSinkResult::Continue;
        }
        if self.open.len() < DEEPEST {
            let of = |names: &[&str]| names.iter().any(|n| attribute(tag, n).is_some_and(quotes));
            let element = Open {
                quotes: name == "blockquote" || of(&["class", "id"]),
                hides: HIDDEN.contains(&name) || attribute(tag, "style").is_some_and(hidden),
                name: name.to_owned(),
            };
            self.quotes += usize::from(element.quotes);
            self.hides += usize::from(element.hides);
            self.open.push(element);
        }
        // What stands in these is no markup.
        match name {
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    /// Closes the innermost element of that name, and those that were left open in it.
    fn close(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|o| o.name == name) else {
            return;
        };
        for element in self.open.drain(at..) {
            self.quotes -= usize::from(element.quotes);
            self.hides -= usize::from(element.hides);
        }
    }

    /// A picture that stands for a sign: its `alt` is what its reader sees.
    fn picture(&mut self, tag: &Tag) {
        if let Some(alt) = attribute(tag, "alt").filter(|alt| alt.chars().count() <= 4) {
            self.words(alt);
        }
    }

    fn words(&mut self, text: &str) {
        if self.hides > 0 {
            return;
        }
        for word in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let blank = word.ends_with(|c: char| c.is_ascii_whitespace());
            self.line
                .push_str(word.trim_end_matches(|c: char| c.is_ascii_whitespace()));
            if blank && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    /// Ends a line; of nested quotes one mark is enough to know it as quoted.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if self.quotes > 0 {
            self.out.push_str("> ");
        }
        self.out.push_str(line.trim());
        self.out.push('\n');
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    let found = tag.attrs.iter().find(|a| &*a.name.local == name)?;
    Some(&found.value)
}

fn quotes(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    QUOTES.iter().any(|q| value.contains(q))
}

fn hidden(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    ["display:none", "visibility:hidden", "mso-hide:all"]
        .iter()
        .any(|way| style.contains(way))
}
