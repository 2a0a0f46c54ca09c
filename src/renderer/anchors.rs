//! Headings that can be linked to.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Tag, TagEnd};

/// A heading of the rendered text, for a table of contents.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Anchor {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// The id it can be reached by.
    pub id: String,
}

/// Gives each heading an id made of its text.
pub(super) fn add(events: &mut [Event<'_>]) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut repeats: BTreeMap<String, usize> = BTreeMap::new();
    let mut at = 0;
    while at < events.len() {
        let start = at;
        at += 1;
        let Event::Start(Tag::Heading { level, .. }) = &events[start] else {
            continue;
        };
        let level = *level as u8;
        let mut text = String::new();
        while at < events.len() && !matches!(events[at], Event::End(TagEnd::Heading(_))) {
            match &events[at] {
                Event::Text(t) | Event::Code(t) => text.push_str(t),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
            at += 1;
        }
        let slug = slug(&text);
        let mut id = slug.clone();
        while !taken.insert(id.clone()) {
            let count = repeats.entry(slug.clone()).or_insert(1);
            *count += 1;
            id = format!("{slug}-{count}");
        }
        if let Event::Start(Tag::Heading { id: place, .. }) = &mut events[start] {
            *place = Some(id.clone().into());
        }
        anchors.push(Anchor { level, text, id });
    }
    anchors
}

fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() {
        "section".to_owned()
    } else {
        // Kept apart from the ids of the page itself.
        format!("s-{}", words.join("-"))
    }
}
