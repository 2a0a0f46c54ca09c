//! The texts of reports and escalations, as Markdown, from their templates.

use serde::Serialize;

use super::templates::{TemplateError, Templates};

/// The fields of `report.md.tera`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The whole in a sentence.
    pub summary: String,
    /// Its parts in order, empty ones left out.
    pub sections: Vec<Section>,
}

/// A heading and what stands below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// A line each. Markdown.
    pub items: Vec<String>,
    /// How many lines were left out.
    pub more: usize,
}

/// The fields of `escalation.md.tera`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Escalation {
    /// What is late. Markdown.
    pub headline: String,
    /// What there is to know.
    pub facts: Vec<Fact>,
    /// What is asked of the reader.
    pub ask: String,
}

/// A label and its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// The text.
    pub text: String,
}

/// The text of a report.
///
/// # Errors
/// The template fails.
pub fn report(report: &Report, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("report.md.tera", report)
}

/// The text of an escalation.
///
/// # Errors
/// The template fails.
pub fn escalation(told: &Escalation, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("escalation.md.tera", told)
}
