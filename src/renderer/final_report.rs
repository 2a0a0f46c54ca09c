//! The final report: the decision, and what it rests on.
//!
//! It holds no clock: the same facts give the same bytes, so that it is sent once.

use serde::Serialize;

use super::{
    doc_hash::sealed,
    templates::{TemplateError, Templates},
};
use crate::model::decision::{
    Answer, Assessment, Confirmations, Decision, Held, Item, Judged, Known, Needed,
};

/// What the report is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The report's own path, from the workspace root.
    pub path: &'a str,
    /// The document's path.
    pub document: &'a str,
    /// Its title.
    pub title: &'a str,
    /// When the whole is looked at next, and what then; `None` where the document does not say.
    pub next: Option<&'a str>,
}

/// Writes the report, its own `doc_hash` included.
///
/// # Errors
/// The template fails.
pub fn final_report(
    about: About<'_>,
    assessment: &Assessment,
    templates: &Templates,
) -> Result<String, TemplateError> {
    const FILE: &str = "final_report.md.tera";
    sealed(FILE, |doc_hash| {
        templates.render(FILE, &Values::new(about, assessment, doc_hash))
    })
}

/// The decision in a sentence or two.
pub fn summary(assessment: &Assessment) -> String {
    let all = assessment.points().count();
    let of = |answer| assessment.points().filter(|p| p.answer == answer).count();
    let (met, not_met, open) = (of(Answer::Met), of(Answer::NotMet), of(Answer::Open));
    if assessment.before.is_some() {
        return "The event has not begun, so nobody can judge it yet.".to_owned();
    }
    let mut text = format!("{met} of {all} points met");
    if not_met > 0 {
        text.push_str(&format!(", {not_met} not met"));
    }
    if open > 0 {
        text.push_str(&format!(", {open} not known"));
    }
    text.push('.');
    match assessment.decision {
        Decision::Go => text.push_str(" Nothing stands in the way."),
        Decision::NoGo => text.push_str(" What is not met has to be mended first."),
        Decision::Undecided => {
            if !assessment.on_hold.is_empty() && open == 0 {
                text.push_str(" Gates are on hold.");
            }
            text.push_str(" It cannot be decided until somebody says what is missing.");
        }
    }
    let by_word = assessment
        .points()
        .filter(|p| p.known == Known::Attested)
        .count();
    if by_word > 0 {
        text.push_str(&format!(" {by_word} judged by a person's word alone."));
    }
    if let Some(who) = &assessment.decides
        && assessment.decision != Decision::Go
    {
        text.push_str(&format!(" It lies with: {who}."));
    }
    text
}

/// The fields of `final_report.md.tera`.
#[derive(Serialize)]
struct Values<'a> {
    path: &'a str,
    document: &'a str,
    title: &'a str,
    doc_hash: &'a str,
    decision: Decision,
    summary: String,
    open: Vec<&'a Judged>,
    metrics: Vec<Point<'a>>,
    readiness: Vec<Point<'a>>,
    dependencies: &'a [Needed],
    on_hold: &'a [Held],
    items: &'a [Item],
    confirmations: &'a Confirmations,
    confirmed: usize,
    missing: String,
    next: Option<&'a str>,
}

/// A point with its mark.
#[derive(Serialize)]
struct Point<'a> {
    mark: &'static str,
    name: &'a str,
    text: &'a str,
    why: &'a str,
    answer: Answer,
    known: Known,
}

impl<'a> Values<'a> {
    fn new(about: About<'a>, assessment: &'a Assessment, doc_hash: &'a str) -> Self {
        let confirmations = &assessment.confirmations;
        Values {
            path: about.path,
            document: about.document,
            title: about.title,
            doc_hash,
            decision: assessment.decision,
            summary: super::filters::prose(&summary(assessment)),
            open: assessment
                .points()
                .filter(|p| p.answer == Answer::Open)
                .collect(),
            metrics: assessment.metrics.iter().map(Point::new).collect(),
            readiness: assessment.readiness.iter().map(Point::new).collect(),
            dependencies: &assessment.dependencies,
            on_hold: &assessment.on_hold,
            items: &assessment.items,
            confirmations,
            confirmed: confirmations
                .asked
                .saturating_sub(confirmations.missing.len()),
            missing: confirmations.missing.join(", "),
            next: about.next,
        }
    }
}

impl<'a> Point<'a> {
    fn new(judged: &'a Judged) -> Self {
        Point {
            mark: match judged.answer {
                Answer::Met => "✅",
                Answer::NotMet => "❌",
                Answer::Open => "❓",
            },
            name: &judged.name,
            text: &judged.text,
            why: &judged.why,
            answer: judged.answer,
            known: judged.known,
        }
    }
}
