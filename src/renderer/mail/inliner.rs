//! Styles moved to the elements they are for, once for letters of the same shape.

use std::collections::HashMap;

use super::press::REMEMBERED;
use crate::renderer::{
    markup,
    templates::{TemplateError, TemplateErrorKind, Templates},
};

/// What stands in for a letter's own words; private-use characters that no text has.
const STAND_INS: [char; 3] = ['\u{f5e10}', '\u{f5e11}', '\u{f5e12}'];

/// Moves styles, and remembers the outcome for letters that differ in plain words alone.
pub(super) struct Inliner {
    /// HTML with stand-ins, before and after; `None` where nothing may be remembered.
    shapes: Option<HashMap<String, String>>,
}

impl Inliner {
    /// A template of somebody else's may have words decide over styles; then each letter is
    /// worked out on its own. With the one built in they stand between tags and nowhere else.
    pub fn new(templates: &Templates) -> Self {
        let known = ["mail.html.tera", "notice.html.tera", "mail.css"];
        let remembers = known.iter().all(|name| templates.is_built_in(name));
        Inliner {
            shapes: remembers.then(HashMap::new),
        }
    }

    /// `html`, written by the template `file`, with its styles inlined; `own` are up to three texts that only this letter has.
    pub fn inlined(
        &mut self,
        html: String,
        file: &str,
        own: &[&str],
    ) -> Result<String, TemplateError> {
        let Some(shapes) = &mut self.shapes else {
            return inlined(&html, file);
        };
        let words: Vec<(&str, char)> = own
            .iter()
            .copied()
            .zip(STAND_INS)
            .filter(|(word, _)| is_plain(word))
            .collect();
        let Some(shape) = stand_in(&html, &words) else {
            return inlined(&html, file);
        };
        if let Some(known) = shapes.get(&shape) {
            return Ok(words
                .iter()
                .rev()
                .fold(known.clone(), |text, (word, c)| text.replace(*c, word)));
        }
        let done = inlined(&html, file)?;
        let pattern = stand_in(&done, &words).filter(|p| counts(p) == counts(&shape));
        if let Some(pattern) = pattern.filter(|_| shapes.len() < REMEMBERED) {
            shapes.insert(shape, pattern);
        }
        Ok(done)
    }
}

/// `text` with each word replaced by its stand-in, in order; `None` where a stand-in is in it.
fn stand_in(text: &str, words: &[(&str, char)]) -> Option<String> {
    if text.contains(STAND_INS) {
        return None;
    }
    let mut shape = text.to_owned();
    for (word, c) in words {
        shape = shape.replace(word, c.encode_utf8(&mut [0; 4]));
    }
    Some(shape)
}

/// How often each stand-in occurs: a word that styles or tags also use occurs more often afterwards.
fn counts(text: &str) -> [usize; 3] {
    STAND_INS.map(|c| text.matches(c).count())
}

/// Whether HTML writes `word` as it is and no reader of HTML changes it.
fn is_plain(word: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || " -.,;:()".contains(c);
    word.starts_with(char::is_alphanumeric)
        && word.ends_with(|c: char| c.is_alphanumeric() || ".:;)".contains(c))
        && word.chars().all(inner)
}

/// Mail programs drop style sheets: each rule moves to the elements it is for. What cannot
/// move, the rules for dark screens, stays in the head.
fn inlined(html: &str, file: &str) -> Result<String, TemplateError> {
    let bad = |message| TemplateError::new(TemplateErrorKind::BadOutput, file, message);
    let text = css_inline::CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(false)
        .keep_at_rules(true)
        .build()
        .inline(html)
        .map_err(|e| bad(format!("its styles cannot be inlined: {e}")))?;
    // Inlining writes every tag anew.
    markup::check(&text).map_err(bad)?;
    Ok(text)
}
