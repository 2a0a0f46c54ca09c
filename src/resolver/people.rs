//! Who is who: recipients to contacts, tracker rows to recipients.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::{
    config::{Config, Contact},
    diagnostic::Diagnostic,
    document::{Document, Recipient, TrackerRow},
    roster::{Person, Roster},
    span::Span,
};

/// Matches people by name, role, key or alias, ignoring case. Two hits are an error.
pub fn roster(document: &Document, config: &Config) -> Roster {
    let mut roster = Roster::default();
    let names = Names::of(&config.contacts);
    for recipient in &document.recipients {
        let person = person(recipient, config, &names, &mut roster.diagnostics);
        roster.people.push(person);
    }
    let mut listed = HashSet::new();
    for recipient in &document.recipients {
        if !listed.insert(fold(&recipient.name)) {
            roster.diagnostics.push(
                Diagnostic::warning(
                    "recipient-duplicate",
                    recipient.span,
                    format!("`{}` is listed twice", recipient.name),
                )
                .help("they get one message; remove one of the two lines"),
            );
        }
    }
    roster.names = goes_by(document, config, &roster.people);
    for row in document.tracker_rows() {
        let found = row_of(row, document, &roster.names, &mut roster.diagnostics);
        roster.rows.push(found);
    }
    concerns(document, config, &mut roster);
    roster
}

/// The recipients that go by `name`: their own name, role, contact or alias. One person listed
/// twice is found once.
pub fn find(roster: &Roster, name: &str) -> Vec<usize> {
    hits(&roster.names, name)
}

fn hits(names: &HashMap<String, Vec<usize>>, name: &str) -> Vec<usize> {
    names.get(&fold(name)).cloned().unwrap_or_default()
}

/// What each recipient goes by, folded.
fn goes_by(document: &Document, config: &Config, people: &[Person]) -> HashMap<String, Vec<usize>> {
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, (recipient, person)) in document.recipients.iter().zip(people).enumerate() {
        let mut own = vec![fold(&recipient.name), fold(&recipient.role)];
        if let Some((key, contact)) = person
            .contact
            .as_ref()
            .and_then(|key| config.contacts.get_key_value(key))
        {
            let others = contact.aliases.iter().chain(&contact.role);
            own.extend(others.chain([key]).map(|name| fold(name)));
        }
        for name in own.into_iter().filter(|n| !n.is_empty()) {
            let hits = names.entry(name).or_default();
            // One person listed twice is still one person.
            let known = |i: &usize| {
                *i == index || (person.contact.is_some() && people[*i].contact == person.contact)
            };
            if !hits.iter().any(known) {
                hits.push(index);
            }
        }
    }
    names
}

/// Whom a change of each material concerns. A list with a name that is nobody's, or an empty one,
/// says nothing: the change concerns everyone.
fn concerns(document: &Document, config: &Config, roster: &mut Roster) {
    for (path, names) in &config.materials {
        let path = path.trim_start_matches("./");
        let mut people = Vec::new();
        let mut all = !names.is_empty();
        for name in names {
            let hits = find(roster, name);
            if hits.is_empty() {
                all = false;
                if document.mentions.iter().any(|m| m.path == path) {
                    roster.diagnostics.push(
                        Diagnostic::warning(
                            "material-concerns-nobody",
                            Span::new(0, 0),
                            format!("`materials:` in packet.yaml says that `{path}` concerns `{name}`, who is nobody among the recipients"),
                        )
                        .help("write the name as it stands in the document; until then a change of it concerns everyone"),
                    );
                }
            }
            people.extend(hits);
        }
        if all {
            roster.concerns.insert(path.to_owned(), people);
        }
    }
}

/// The contacts by all they go by, so that thousands of people are matched in one pass.
struct Names<'a>(HashMap<String, BTreeSet<&'a str>>);

impl<'a> Names<'a> {
    fn of(contacts: &'a BTreeMap<String, Contact>) -> Self {
        let mut names: HashMap<String, BTreeSet<&str>> = HashMap::new();
        for (key, contact) in contacts {
            let others = contact.aliases.iter().chain(&contact.role);
            for name in others.chain([key]) {
                names.entry(fold(name)).or_default().insert(key);
            }
        }
        Names(names)
    }

    /// The contacts that go by `name`, in order.
    fn find(&self, name: &str) -> Vec<&'a str> {
        let found = self.0.get(&fold(name));
        found.into_iter().flatten().copied().collect()
    }
}

/// Whether two names are the same but for case and spacing.
pub fn same(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

/// A name without regard to case and spacing.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn person(
    recipient: &Recipient,
    config: &Config,
    names: &Names<'_>,
    found: &mut Vec<Diagnostic>,
) -> Person {
    let mut hits = names.find(&recipient.name);
    for hit in names.find(&recipient.role) {
        if !hits.contains(&hit) {
            hits.push(hit);
        }
    }
    match hits.as_slice() {
        [] => {
            if !config.contacts.is_empty() {
                found.push(
                    Diagnostic::warning(
                        "recipient-unknown",
                        recipient.span,
                        format!("no contact goes by `{}`", recipient.name),
                    )
                    .help(format!(
                        "add `{}: {{ email: … }}` under `contacts:` in packet.yaml",
                        recipient.name
                    )),
                );
            }
            Person::default()
        }
        [key] => {
            let contact = &config.contacts[*key];
            Person {
                contact: Some((*key).to_owned()),
                address: contact.address().map(str::to_owned),
                addresses: contact
                    .email
                    .as_ref()
                    .map_or_else(Vec::new, |e| e.all().to_vec()),
            }
        }
        several => {
            let names = several.join("` and `");
            found.push(
                Diagnostic::error(
                    "recipient-ambiguous",
                    recipient.span,
                    format!("`{}` may be the contacts `{names}`", recipient.name),
                )
                .help("let only one contact in packet.yaml go by this name or role"),
            );
            Person::default()
        }
    }
}

fn row_of(
    row: &TrackerRow,
    document: &Document,
    names: &HashMap<String, Vec<usize>>,
    found: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let mut found_as = hits(names, &row.name);
    if found_as.is_empty()
        && let Some(role) = &row.role
    {
        found_as = hits(names, role);
    }
    match found_as.as_slice() {
        [one] => Some(*one),
        [] => {
            found.push(
                Diagnostic::warning("tracker-unmatched", row.span, format!("the tracker row `{}` is nobody's among the recipients", row.name))
                    .help(format!("name a contact in packet.yaml that goes by both names, such as `aliases: [{}]`", row.name)),
            );
            None
        }
        several => {
            let names: Vec<&str> = several
                .iter()
                .map(|&i| document.recipients[i].name.as_str())
                .collect();
            found.push(
                Diagnostic::error(
                    "tracker-ambiguous",
                    row.span,
                    format!(
                        "the tracker row `{}` may be `{}`",
                        row.name,
                        names.join("` or `")
                    ),
                )
                .help("write the recipient's own name into the row"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser;

    const TEXT: &str = "# T\n\n## Primary Recipients\n- [ ] **Lead (Ann Lee):** read\n- [ ] **Ops:** check\n\n| Stakeholder | Sent | Acknowledged |\n|---|---|---|\n| ann  lee | | |\n| Ops Desk | | |\n| Nobody | | |\n";

    fn read(yaml: &str) -> (Roster, Vec<&'static str>) {
        let config: Config = serde_yaml::from_str(yaml).unwrap();
        let (document, _) = parser::parse("a.md", TEXT, &parser::Grammar::default());
        let roster = roster(&document, &config);
        let codes = roster.diagnostics.iter().map(|d| d.code).collect();
        (roster, codes)
    }

    #[test]
    fn names_roles_and_aliases_match() {
        let (roster, codes) = read(
            "contacts:\n  ann lee: { email: [a@x.org, b@x.org] }\n  Operations: { email: o@x.org, aliases: [Ops, Ops Desk] }",
        );
        assert_eq!(roster.people[0].address.as_deref(), Some("a@x.org"));
        assert_eq!(roster.people[1].address.as_deref(), Some("o@x.org"));
        assert_eq!(roster.rows, [Some(0), Some(1), None]);
        assert_eq!(codes, ["tracker-unmatched"]);
    }

    #[test]
    fn two_hits_are_an_error() {
        let (roster, codes) =
            read("contacts:\n  Ann Lee: { email: a@x.org }\n  Lead: { email: l@x.org }");
        assert_eq!(roster.people[0].address, None);
        assert!(codes.contains(&"recipient-ambiguous"), "{codes:?}");
    }
}
