//! Two texts side by side, heading by heading.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::words::passages;
use crate::{
    model::difference::{Fate, Passage, Section},
    parser,
};

/// What a section of the front matter is called.
const FRONT: &str = "front matter";
/// Says nothing to a reader: it follows from the rest.
const DERIVED: &str = "doc_hash";

/// A heading and the passages below it, up to the next heading.
struct Part {
    heading: String,
    passages: Vec<String>,
}

/// The sections of `new` that differ from `old`, in order; then those that are gone.
pub fn sections(old: &str, new: &str) -> Vec<Section> {
    let (old, new) = (parts(old), parts(new));
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    let place: HashMap<&(&str, usize), usize> =
        old_keys.iter().enumerate().map(|(i, k)| (k, i)).collect();
    let mut taken = vec![false; old.len()];
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    for (index, key) in new_keys.iter().enumerate() {
        if let Some(&at) = place.get(key) {
            partner[index] = Some(at);
            taken[at] = true;
        }
    }
    let mut found = Vec::new();
    for (index, part) in new.iter().enumerate() {
        if let Some(at) = partner[index] {
            let passages = differing(&old[at].passages, &part.passages);
            if !passages.is_empty() {
                found.push(section(&part.heading, Fate::Changed, None, passages));
            }
            continue;
        }
        // The same words under another heading: it was renamed.
        let renamed = (0..old.len()).find(|&at| {
            !taken[at] && !part.passages.is_empty() && old[at].passages == part.passages
        });
        match renamed {
            Some(at) => {
                taken[at] = true;
                let was = Some(old[at].heading.clone());
                found.push(section(&part.heading, Fate::Changed, was, Vec::new()));
            }
            None => {
                let passages = differing(&[], &part.passages);
                found.push(section(&part.heading, Fate::Added, None, passages));
            }
        }
    }
    for (part, _) in old.iter().zip(taken).filter(|(_, taken)| !taken) {
        let passages = differing(&part.passages, &[]);
        found.push(section(&part.heading, Fate::Removed, None, passages));
    }
    // A beginning without words is nothing that comes or goes.
    found.retain(|s| !s.heading.is_empty() || !s.passages.is_empty());
    found
}

fn section(
    heading: &str,
    what: Fate,
    was_called: Option<String>,
    passages: Vec<Passage>,
) -> Section {
    Section {
        heading: heading.to_owned(),
        what,
        was_called,
        passages,
    }
}

/// Heading and which of that name it is, for a heading may occur more than once.
fn keys(parts: &[Part]) -> Vec<(&str, usize)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    parts
        .iter()
        .map(|part| {
            let number = seen.entry(&part.heading).or_default();
            *number += 1;
            (part.heading.as_str(), *number)
        })
        .collect()
}

fn parts(source: &str) -> Vec<Part> {
    let front = parser::read_front_matter(source, &mut Vec::new());
    let entries = front.entries.iter().filter(|e| e.key != DERIVED);
    let mut parts = vec![Part {
        heading: FRONT.to_owned(),
        passages: entries.map(|e| format!("{}: {}", e.key, e.value)).collect(),
    }];
    let mut at = front.body_start;
    let mut heading = String::new();
    for next in parser::headings(source) {
        let text = source.get(at..next.span.start).unwrap_or("");
        parts.push(Part {
            heading: std::mem::replace(&mut heading, next.text),
            passages: passages(text),
        });
        at = next.span.end;
    }
    parts.push(Part {
        heading,
        passages: passages(source.get(at..).unwrap_or("")),
    });
    parts
}

fn differing(old: &[String], new: &[String]) -> Vec<Passage> {
    let piece = |list: &[String], from: usize, len: usize| list[from..from + len].join(" ");
    let mut found = Vec::new();
    for change in capture_diff_slices(Algorithm::Myers, old, new) {
        match change {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete {
                old_index, old_len, ..
            } => found.push(Passage {
                before: piece(old, old_index, old_len),
                after: String::new(),
            }),
            DiffOp::Insert {
                new_index, new_len, ..
            } => found.push(Passage {
                before: String::new(),
                after: piece(new, new_index, new_len),
            }),
            // As many before as after: each has its successor.
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } if old_len == new_len => found.extend((0..old_len).map(|n| Passage {
                before: old[old_index + n].clone(),
                after: new[new_index + n].clone(),
            })),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => found.push(Passage {
                before: piece(old, old_index, old_len),
                after: piece(new, new_index, new_len),
            }),
        }
    }
    found
}
