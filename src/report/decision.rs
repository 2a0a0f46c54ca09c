//! Go or no-go, on the terminal.

use std::fmt::Write;

use super::style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, width, wrap};
use crate::{
    model::decision::{Answer, Assessment, Decision, Judged},
    renderer::final_report,
    workspace::final_archive::Kept,
};

/// The decision, then every point.
pub fn assessment(assessment: &Assessment) -> String {
    let style = match assessment.decision {
        Decision::Go => GOOD,
        Decision::NoGo => BAD,
        Decision::Undecided => WAIT,
    };
    let mut out = format!(
        "{}  {}\n",
        paint(style.bold(), assessment.decision.word()),
        wrap(&final_report::summary(assessment), 2, width())
    );
    if let Some(at) = assessment.before {
        let _ = writeln!(out, "It begins {at:.0}. Nothing is written or sent before.");
    }
    for (title, points) in [
        ("Success metrics", &assessment.metrics),
        ("Readiness gates", &assessment.readiness),
    ] {
        if !points.is_empty() {
            let _ = writeln!(out, "{}", paint(BOLD, title));
            points.iter().for_each(|point| one(&mut out, point));
        }
    }
    if !assessment.on_hold.is_empty() {
        let names: Vec<&str> = assessment.on_hold.iter().map(|g| g.name.as_str()).collect();
        let text = format!("gates on hold: {} (packet status)", names.join(", "));
        let _ = writeln!(out, "{}", wrap(&text, 2, width()));
    }
    out
}

fn one(out: &mut String, point: &Judged) {
    let (style, word) = match point.answer {
        Answer::Met => (GOOD, "met"),
        Answer::NotMet => (BAD, "not met"),
        Answer::Open => (WAIT, "open"),
    };
    let gap = " ".repeat("not met".len() - word.len());
    let _ = writeln!(
        out,
        "  {}{gap}  {}  {}",
        paint(style, word),
        paint(BOLD, &point.name),
        paint(DIM, format!("line {}", point.line))
    );
    let _ = writeln!(out, "           {}", wrap(&point.why, 11, width()));
    if let Some(ask) = &point.ask {
        let _ = writeln!(
            out,
            "           {} {}",
            paint(WAIT, "→"),
            wrap(ask, 13, width())
        );
    }
}

/// Where the report lies.
pub fn written(path: &str, new: bool) -> String {
    let word = if new {
        "was written to"
    } else {
        "is as it was in"
    };
    format!("The report {word} {}\n", paint(BOLD, path))
}

/// What came of putting everything on record into one file.
pub fn kept(kept: &Kept) -> String {
    let text = match kept {
        Kept::Written(path, archived) => {
            let (messages, _) = archived.messages;
            format!(
                "The archive, with the ledger and {}, was written to {path}. To check it: packet verify {path}",
                count(messages, "message")
            )
        }
        Kept::There(path) => format!("The archive is there already: {path}"),
        Kept::Refused(path) => format!(
            "No archive was written: {path} is another file, and was left as it is. Move it away, then run this again"
        ),
        Kept::InBundle(folder) => format!(
            "No archive was written: {folder}/ lies in the bundle, which cannot hold its own archive. Name another folder in the document, or: packet archive -o FILE"
        ),
        Kept::Misfit(checked) => format!(
            "No archive was written: the bundle {} is not what is on record. See why: packet verify {}",
            checked.path, checked.path
        ),
        Kept::Gone(root) => format!(
            "No archive was written: the bundle {root} is on record, and its folder is gone. Put it back, or make it anew: packet render; then run this again"
        ),
    };
    format!("{}\n", wrap(&text, 2, width()))
}

/// Said in a dry run.
pub fn would_keep(folder: &str) -> String {
    let text = format!("The archive of everything on record would go into {folder}/");
    format!("{}\n", wrap(&text, 2, width()))
}

/// Said where the document names no folder.
pub fn kept_nowhere() -> String {
    let text = "The document names no folder for what is kept, so nothing is archived. To have it done: a line such as `**Archive:** artifacts/ops/DAY/`; by hand: packet archive";
    format!("{}\n", wrap(text, 2, width()))
}

/// Who has no address; empty where everybody has one.
pub fn unreached(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!(
        "{} {}\n",
        paint(BOLD, "No address, so not told:"),
        wrap(&names.join(", "), 2, width())
    )
}
