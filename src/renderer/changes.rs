//! What changed since an earlier revision, in words for mail, Slack and the log.

use crate::model::difference::{Artifact, Difference, Fate, MaterialDifference, Passage, Section};

/// How much of a passage is shown, in characters.
const SHOWN: usize = 240;
/// How many passages of one heading are shown.
const PASSAGES: usize = 3;
/// How many changes one message shows.
const LINES: usize = 30;

/// Whether one person is to confirm the new revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// They have not confirmed yet.
    Please,
    /// They confirmed this revision, and that no longer counts.
    Again(u32),
    /// They confirmed this revision, and that still counts.
    Stays(u32),
}

/// The changes as Markdown, for the head of a message; `confirm` has each reader's name.
pub fn markdown(difference: &Difference, confirm: &[(String, Confirm)]) -> String {
    let lines = lines(difference);
    let list: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
    let text = format!("{}\n{}", list.join("\n"), asked(confirm));
    text.trim_end().to_owned()
}

fn asked(people: &[(String, Confirm)]) -> String {
    let mut text = String::new();
    for (name, confirm) in people {
        let said = match confirm {
            Confirm::Please => "Please confirm this revision.".to_owned(),
            Confirm::Again(n) => {
                format!("Please confirm again: your confirmation of revision {n} no longer counts.")
            }
            Confirm::Stays(n) => {
                format!(
                    "You need not confirm again: your confirmation of revision {n} still counts."
                )
            }
        };
        // Who reads it alone needs no name.
        let name = match people.len() {
            1 => String::new(),
            _ => format!("{}: ", super::filters::line(name)),
        };
        text.push_str(&format!("\n{name}{said}\n"));
    }
    text
}

/// One line for each change, without line breaks: `“Fallback steps” in Scanner guide: was “…”,
/// now “…”`.
pub fn lines(difference: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((before, after)) = &difference.subject {
        lines.push(format!(
            "The subject: was {}, now {}",
            quoted(before),
            quoted(after)
        ));
    }
    sections("the message", &difference.message, &mut lines);
    if difference.message_unknown {
        lines.push("The message reads otherwise".to_owned());
    }
    for change in &difference.materials {
        material(change, &mut lines);
    }
    for change in &difference.evidence {
        let what = match change.gate.as_str() {
            "" => "Evidence".to_owned(),
            gate => format!("Evidence for {gate}"),
        };
        lines.push(match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                format!("{what}: was {}, now {}", artifact(before), artifact(after))
            }
            (None, Some(after)) => format!("{what}: new {}", artifact(after)),
            (Some(before), None) => format!("{what}: no longer {}", artifact(before)),
            (None, None) => continue,
        });
    }
    if difference.is_empty() {
        lines.push("Another message of the document; this one is as before".to_owned());
    }
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(format!("and {more} more; compare the files"));
    }
    lines
}

fn material(change: &MaterialDifference, lines: &mut Vec<String>) {
    let title = &change.title;
    match change.what {
        Fate::Added => lines.push(format!("{title} is new")),
        Fate::Removed => lines.push(format!("{title} is no longer part of it")),
        Fate::Changed if change.sections.is_empty() => lines.push(format!(
            "{title} is another file, but no heading reads otherwise"
        )),
        Fate::Changed => sections(title, &change.sections, lines),
    }
}

fn sections(of: &str, sections: &[Section], lines: &mut Vec<String>) {
    for section in sections {
        let place = match section.heading.as_str() {
            "" => format!("The beginning of {of}"),
            heading if heading == of => format!("The beginning of {}", shortened(of)),
            heading => format!("“{}” in {of}", shortened(heading)),
        };
        lines.push(match (section.what, &section.was_called) {
            (_, Some(was)) => format!("{place}: was called “{}”", shortened(was)),
            (Fate::Added, _) => format!("{place} is new{}", after(&section.passages)),
            (Fate::Removed, _) => format!("{place} is gone"),
            (Fate::Changed, _) => format!("{place}: {}", passages(&section.passages)),
        });
    }
}

fn after(passages: &[Passage]) -> String {
    match passages.first() {
        Some(passage) => format!(": {}", quoted(&passage.after)),
        None => String::new(),
    }
}

fn passages(passages: &[Passage]) -> String {
    let mut told: Vec<String> = passages
        .iter()
        .take(PASSAGES)
        .map(|p| match (p.before.as_str(), p.after.as_str()) {
            ("", after) => format!("new: {}", quoted(after)),
            (before, "") => format!("no longer {}", quoted(before)),
            (before, after) => format!("was {}, now {}", quoted(before), quoted(after)),
        })
        .collect();
    let more = passages.len().saturating_sub(PASSAGES);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join("; ")
}

fn artifact(artifact: &Artifact) -> String {
    let name = artifact.path.rsplit('/').next().unwrap_or(&artifact.path);
    format!("`{}`", shortened(name).replace('`', "'"))
}

fn quoted(text: &str) -> String {
    format!("“{}”", shortened(text))
}

/// One line of at most [`SHOWN`] characters, cut between words.
fn shortened(text: &str) -> String {
    let line = super::filters::line(text);
    if line.chars().count() <= SHOWN {
        return line;
    }
    let cut: String = line.chars().take(SHOWN).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{cut} …")
}

#[cfg(test)]
mod tests;
