//! Who gets the notification: task items under primary and secondary headings.

use super::{
    Grammar,
    blocks::{Item, Outline},
    inline,
};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Group, Recipient},
};

/// Recipients, and the items they were read from.
#[derive(Debug, Default)]
pub(super) struct People {
    pub recipients: Vec<Recipient>,
    pub items: Vec<usize>,
}

pub(super) fn read(
    outline: &Outline,
    grammar: &Grammar,
    taken: &[usize],
    found: &mut Vec<Diagnostic>,
) -> People {
    let mut people = People::default();
    for (index, item) in outline.tasks() {
        if taken.contains(&index) || item.parent.is_some_and(|p| people.items.contains(&p)) {
            continue;
        }
        let Some(group) = group(outline, grammar, item.heading) else {
            continue;
        };
        people.items.push(index);
        let Some(marker) = item.marker else {
            found.push(
                Diagnostic::note(
                    "recipient-struck",
                    item.span,
                    "a struck-out recipient is left out",
                )
                .help("remove the `~~` to write to them again"),
            );
            continue;
        };
        if inline::all_struck(&item.runs) {
            found.push(
                Diagnostic::note(
                    "recipient-struck",
                    item.span,
                    "a struck-out recipient is left out",
                )
                .help("remove the `~~` to write to them again"),
            );
            continue;
        }
        let (name, role, ask) = who(item);
        if name.is_empty() {
            found.push(
                Diagnostic::error(
                    "recipient-nameless",
                    item.span,
                    "a recipient without a name",
                )
                .help("write `**Role (Person Name):** what they are asked`"),
            );
            continue;
        }
        people.recipients.push(Recipient {
            name,
            role,
            group,
            ask,
            span: item.span,
            marker,
            ticked: item.ticked,
        });
    }
    people
}

/// The list of recipients that what stands under `heading` belongs to. Within the gates a heading
/// must speak of people alone: the tasks of any other, such as `Primary contact checks`, are gates.
pub(super) fn group(outline: &Outline, grammar: &Grammar, heading: Option<usize>) -> Option<Group> {
    let spellings = &grammar.spellings;
    let chain = outline.chain(heading);
    let gates = chain.iter().position(|h| spellings.heads_gates(&h.text));
    let nearer = &chain[..gates.unwrap_or(chain.len())];
    nearer
        .iter()
        .filter(|h| gates.is_none() || spellings.heads_people_alone(&h.text))
        .find_map(|h| spellings.heads_recipients(&h.text))
}

/// Name, role and ask from `**Role (Person):** ask`.
fn who(item: &Item) -> (String, String, String) {
    let (lead, rest) =
        inline::lead(&item.runs).unwrap_or_else(|| (inline::text(&item.runs), Vec::new()));
    let ask = inline::text(&rest);
    let bracket = lead.rfind('(').filter(|_| lead.ends_with(')'));
    match bracket {
        Some(open) if !lead[open + 1..lead.len() - 1].trim().is_empty() => {
            let person = lead[open + 1..lead.len() - 1].trim().to_owned();
            let role = lead[..open].trim().to_owned();
            let role = if role.is_empty() {
                person.clone()
            } else {
                role
            };
            (person, role, ask)
        }
        _ => (lead.clone(), lead, ask),
    }
}
