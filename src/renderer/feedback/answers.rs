//! The lines in the feedback document about what recipients said.

use jiff::Timestamp;
use serde::Serialize;

use crate::renderer::templates::{TemplateError, TemplateErrorKind, Templates};

/// What recipients said since the feedback document was last told.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackAnswers {
    /// When it is written down.
    pub at: Timestamp,
    /// The document's title.
    pub title: String,
    /// What was said, oldest first.
    pub answers: Vec<FeedbackAnswer>,
}

/// One thing that a recipient said.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackAnswer {
    /// The comment that marks it, so that it is written once; see [`marker`](super::marker).
    pub marker: String,
    /// Who said it.
    pub name: String,
    /// Which revision they saw.
    pub revision: u32,
    /// When.
    pub at: Timestamp,
    /// `reviewed`, `confirmed`, `blocker`, `resolved` or `withdrawn`.
    pub said: String,
    /// What they asked or what stands in the way; a remark; empty where there is none.
    pub words: String,
    /// How it is known.
    pub how: String,
}

/// Writes the lines; they end with a line break.
pub fn feedback_answers(
    answers: &FeedbackAnswers,
    templates: &Templates,
) -> Result<String, TemplateError> {
    const FILE: &str = "feedback_answers.md.tera";
    let text = templates.render(FILE, answers)?;
    if answers.answers.iter().any(|a| !text.contains(&a.marker)) {
        let message =
            "it leaves out {{ item.marker }}, without which the line would be added again";
        return Err(TemplateError::new(
            TemplateErrorKind::BadOutput,
            FILE,
            message,
        ));
    }
    Ok(format!("{}\n", text.trim_end()))
}
