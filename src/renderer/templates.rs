//! The templates in force: the built-in ones, and a workspace's own in their place.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;
use tera::{Context, Tera};

use super::{bounds, doc_hash::sha256_hex, filters, markup};

/// The largest text a template may write, in bytes.
pub const LARGEST_OUTPUT: usize = 16 * 1024 * 1024;

/// Every template: its file name in `templates/` and the text it has unless overridden.
const BUILT_IN: [(&str, &str); 15] = [
    (
        "distribution_log.md.tera",
        include_str!("../../templates/distribution_log.md.tera"),
    ),
    (
        "escalation.md.tera",
        include_str!("../../templates/escalation.md.tera"),
    ),
    (
        "feedback_answers.md.tera",
        include_str!("../../templates/feedback_answers.md.tera"),
    ),
    (
        "feedback_entry.md.tera",
        include_str!("../../templates/feedback_entry.md.tera"),
    ),
    (
        "final_report.md.tera",
        include_str!("../../templates/final_report.md.tera"),
    ),
    ("mail.css", include_str!("../../templates/mail.css")),
    (
        "mail.html.tera",
        include_str!("../../templates/mail.html.tera"),
    ),
    (
        "mail.txt.tera",
        include_str!("../../templates/mail.txt.tera"),
    ),
    (
        "notice.html.tera",
        include_str!("../../templates/notice.html.tera"),
    ),
    (
        "notice.json.tera",
        include_str!("../../templates/notice.json.tera"),
    ),
    (
        "notice.txt.tera",
        include_str!("../../templates/notice.txt.tera"),
    ),
    ("packet.css", include_str!("../../templates/packet.css")),
    (
        "packet.html.tera",
        include_str!("../../templates/packet.html.tera"),
    ),
    (
        "report.md.tera",
        include_str!("../../templates/report.md.tera"),
    ),
    (
        "slack.json.tera",
        include_str!("../../templates/slack.json.tera"),
    ),
];

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// A file in the workspace's `templates/` has no template's name.
    UnknownName,
    /// It uses what a workspace's template may not.
    Refused,
    /// Tera cannot read it.
    Syntax,
    /// It failed while it was filled in, for example over an unknown variable.
    Render,
    /// What it wrote is longer than [`LARGEST_OUTPUT`].
    TooMuchOutput,
    /// What it wrote cannot be used: broken JSON, or markup that must not go out.
    BadOutput,
}

/// A template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("templates/{file}{}: {message}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct TemplateError {
    /// What is wrong.
    pub kind: TemplateErrorKind,
    /// File name of the template.
    pub file: String,
    /// Line in it, from 1, where one is known.
    pub line: Option<usize>,
    /// What happened, and what to do.
    pub message: String,
}

impl TemplateError {
    pub(super) fn new(kind: TemplateErrorKind, file: &str, message: impl Into<String>) -> Self {
        TemplateError {
            kind,
            file: file.to_owned(),
            line: None,
            message: message.into(),
        }
    }

    fn tera(fallback: TemplateErrorKind, file: &str, error: &tera::Error) -> Self {
        let (kind, report) = match error.kind() {
            tera::ErrorKind::SyntaxError(report) => (TemplateErrorKind::Syntax, Some(report)),
            tera::ErrorKind::RenderingError(report) => (TemplateErrorKind::Render, Some(report)),
            tera::ErrorKind::Io(_) => (TemplateErrorKind::TooMuchOutput, None),
            _ => (fallback, None),
        };
        let message = match (kind, report) {
            (TemplateErrorKind::TooMuchOutput, _) => {
                format!("it writes more than {LARGEST_OUTPUT} bytes; shorten its loops")
            }
            (_, Some(report)) => report.message().to_owned(),
            (_, None) => error.to_string(),
        };
        TemplateError {
            kind,
            file: file.to_owned(),
            line: report.map(|r| r.span().start_line),
            message,
        }
    }
}

/// The templates in force.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    sources: BTreeMap<&'static str, String>,
    hash: String,
}

impl Templates {
    /// The built-in templates, those in `overrides` (file name to content) in their place.
    ///
    /// A workspace's template is foreign input: what it may do is in [`super::bounds`].
    pub fn new(overrides: &BTreeMap<String, String>) -> Result<Templates, TemplateError> {
        let mut sources: BTreeMap<&'static str, String> = BUILT_IN
            .iter()
            .map(|(name, text)| (*name, (*text).to_owned()))
            .collect();
        for (name, text) in overrides {
            let Some(entry) = sources.get_mut(name.as_str()) else {
                return Err(TemplateError::new(
                    TemplateErrorKind::UnknownName,
                    name,
                    format!(
                        "there is no template of this name; rename or remove it (there are {})",
                        names().collect::<Vec<_>>().join(", ")
                    ),
                ));
            };
            check_override(name, text)?;
            *entry = text.clone();
        }
        let hash = hash(&sources);
        let mut tera = Tera::new();
        tera.autoescape_on([".html.tera"]);
        filters::register(&mut tera);
        for (name, text) in sources.iter().filter(|(name, _)| name.ends_with(".tera")) {
            tera.add_raw_template(name, text)
                .map_err(|e| TemplateError::tera(TemplateErrorKind::Syntax, name, &e))?;
        }
        Ok(Templates {
            tera,
            sources,
            hash,
        })
    }

    /// SHA-256, in lower-case hex, over the names and bytes of all templates in force.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Whether the template `name` is the one built in.
    pub(super) fn is_built_in(&self, name: &str) -> bool {
        let built_in = BUILT_IN.iter().find(|(n, _)| *n == name);
        built_in.is_some_and(|(_, text)| self.text(name) == *text)
    }

    /// The text of a template that is not filled in, such as `mail.css`.
    pub(super) fn text(&self, name: &str) -> &str {
        self.sources.get(name).map_or("", String::as_str)
    }

    /// Fills in the template `name` with the fields of `values`.
    pub(super) fn render(
        &self,
        name: &str,
        values: &impl Serialize,
    ) -> Result<String, TemplateError> {
        let failed = |e: tera::Error| TemplateError::tera(TemplateErrorKind::Render, name, &e);
        let context = Context::from_serialize(values).map_err(failed)?;
        let mut out = Bounded(Vec::new());
        self.tera
            .render_to(name, &context, &mut out)
            .map_err(failed)?;
        let bad = |message: String| TemplateError::new(TemplateErrorKind::BadOutput, name, message);
        let text = String::from_utf8(out.0).map_err(|_| bad("it wrote no UTF-8".to_owned()))?;
        if name.ends_with(".html.tera") {
            markup::check(&text).map_err(bad)?;
        }
        Ok(text)
    }
}

/// The names a workspace's templates may have.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

fn check_override(name: &str, text: &str) -> Result<(), TemplateError> {
    if name.ends_with(".tera") {
        return bounds::check(text).map_err(|refusal| TemplateError {
            line: Some(refusal.line),
            ..TemplateError::new(TemplateErrorKind::Refused, name, refusal.message)
        });
    }
    // A `<` would end the element that holds the styles.
    let offence = text.contains('<').then_some("<");
    match offence.or_else(|| markup::loading_style(text)) {
        Some(word) => Err(TemplateError::new(
            TemplateErrorKind::Refused,
            name,
            format!(
                "`{word}` is not available in a workspace's styles; nothing is loaded from elsewhere"
            ),
        )),
        None if text.len() > bounds::LARGEST => Err(TemplateError::new(
            TemplateErrorKind::Refused,
            name,
            format!(
                "the file is larger than {} bytes; shorten it",
                bounds::LARGEST
            ),
        )),
        None => Ok(()),
    }
}

fn hash(sources: &BTreeMap<&'static str, String>) -> String {
    let mut all = String::new();
    for (name, text) in sources {
        // The lengths keep one template's end from passing for another's start.
        all.push_str(&format!("{} {name}\n{}\n{text}", name.len(), text.len()));
    }
    sha256_hex(all.as_bytes())
}

struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST_OUTPUT {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
