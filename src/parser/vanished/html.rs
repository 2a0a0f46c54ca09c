//! Gates, recipients and their headings inside raw HTML, which is read as none of them.

use super::Look;
use crate::{
    model::{diagnostic::Diagnostic, span::Span},
    parser::{boxes, spellings},
};

const APART: &str =
    "leave an empty line between the HTML and the Markdown, or write it without HTML";

impl Look<'_> {
    /// Reports what a block of HTML hides.
    pub(super) fn html(&self, span: Span, heading: Option<usize>, found: &mut Vec<Diagnostic>) {
        let source = &self.document.source;
        let Some(text) = without_comments(span.of(source)) else {
            let first = source[span.start..].find(['\n', '\r']);
            let line = Span::new(span.start, first.map_or(span.end, |n| span.start + n));
            found.push(
                Diagnostic::error(
                    "comment-unclosed",
                    line,
                    "the comment is not closed, so everything after it is left out",
                )
                .help("add `-->` where it ends"),
            );
            return;
        };
        let heads = text.lines().find_map(|line| self.headed(line, heading));
        if let Some(text) = &heads {
            let message = format!("`{text}` is a heading in HTML, which is not read as one");
            found.push(
                Diagnostic::error("heading-in-html", span, message).help(format!(
                    "write `### {text}`, with an empty line before and behind"
                )),
            );
        }
        let lower = text.to_lowercase();
        let boxed = [
            "[ ]",
            "[x]",
            "type=\"checkbox",
            "type=checkbox",
            "type='checkbox",
        ];
        let task = boxed.iter().any(|b| lower.contains(b));
        let evidence = self.grammar.roots.iter().any(|root| text.contains(root));
        let gate = evidence && (task || self.under_gates(heading));
        if !task && !gate {
            return;
        }
        let message = "a task item inside raw HTML is not read as one";
        found.push(if gate || heads.is_some() || self.matters(heading) {
            Diagnostic::error("task-in-html", span, message).help(APART)
        } else {
            Diagnostic::warning("task-in-html", span, message).help(APART)
        });
    }

    /// What a line of HTML says, where it would head gates, recipients or a message and nothing
    /// around it does.
    fn headed(&self, line: &str, heading: Option<usize>) -> Option<String> {
        const TAGS: &[&str] = &[
            "<h", "<summary", "<b>", "<strong", "<legend", "<dt", "<caption",
        ];
        let lower = line.to_lowercase();
        let most = if TAGS.iter().any(|t| lower.contains(t)) {
            80
        } else {
            40
        };
        let text = boxes::without_tags(line);
        let text = text.trim_matches(['#', '*', '_', ':', ' ']).to_owned();
        if text.chars().count() > most {
            return None;
        }
        let spellings = &self.grammar.spellings;
        let heads = spellings.heads_gates(&text) && !self.under_gates(heading)
            || spellings.heads_recipients(&text).is_some() && !self.matters(heading)
            || spellings::after_subject(&text).is_some_and(|s| !s.is_empty());
        heads.then_some(text)
    }
}

/// A block without its comments; `None` where one is not closed.
fn without_comments(block: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = block;
    while let Some(open) = rest.find("<!--") {
        out.push_str(&rest[..open]);
        // `<!-->` is a comment as a whole (CommonMark 0.31).
        let close = rest[open + 2..].find("-->")?;
        rest = &rest[open + 2 + close + 3..];
    }
    out.push_str(rest);
    Some(out)
}
