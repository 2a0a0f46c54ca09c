//! Everybody whom a document involves: its recipients, and those who owe something.

use crate::model::{config::Config, document::Document, roster::Roster};

use super::{
    contacts::{self, Met},
    people::same,
};
use crate::model::wanted::email_key;

/// Who can be written to, and who cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Involved {
    /// One for each address, in the order of the document.
    pub reached: Vec<Reached>,
    /// Names without an address, each once.
    pub unreached: Vec<String>,
}

/// Who reads mail at one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The address.
    pub address: String,
    /// Their names, as in the document.
    pub names: Vec<String>,
}

/// The recipients, then the owners of dependencies, matrix rows and the next review. A name is
/// looked for among the contacts; several names in one cell are looked for one by one.
pub fn involved(document: &Document, roster: &Roster, config: &Config) -> Involved {
    let mut all = Involved::default();
    for (recipient, person) in document.recipients.iter().zip(&roster.people) {
        match &person.address {
            Some(address) => all.add(&recipient.name, address),
            None => all.miss(&recipient.name),
        }
    }
    let parts = &document.coordination;
    for row in &parts.owners {
        let names = row.contact.iter().chain(&row.team);
        let mut found = names.map(|name| find(config, name));
        match found.find(|f| !f.is_empty()) {
            Some(found) => found.iter().for_each(|(n, a)| all.add(n, a)),
            None => all.miss(row.owner().unwrap_or_default()),
        }
    }
    let owners = parts.dependencies.iter().filter_map(|d| d.owner.as_deref());
    let review = parts.next_review.iter().filter_map(|r| r.owner.as_deref());
    for owner in owners.chain(review) {
        let found = find(config, owner);
        if found.is_empty() && !all.knows(owner, document) {
            all.miss(owner);
        }
        for (name, address) in &found {
            all.add(name, address);
        }
    }
    all
}

impl Involved {
    fn add(&mut self, name: &str, address: &str) {
        let key = email_key(address);
        let known = self.reached.iter_mut();
        match known.into_iter().find(|r| email_key(&r.address) == key) {
            Some(reached) if reached.names.iter().any(|n| same(n, name)) => {}
            // A contact that owes something and gets the packet is greeted by one name.
            Some(_) => {}
            None => self.reached.push(Reached {
                address: address.to_owned(),
                names: vec![name.to_owned()],
            }),
        }
        self.unreached.retain(|n| !same(n, name));
    }

    fn miss(&mut self, name: &str) {
        let known = self.unreached.iter().any(|n| same(n, name));
        if !known && !name.is_empty() {
            self.unreached.push(name.to_owned());
        }
    }

    /// Whether an owner is a team of the matrix, whose contact is asked instead.
    fn knows(&self, owner: &str, document: &Document) -> bool {
        let rows = &document.coordination.owners;
        let is_team = |name: &str| {
            rows.iter()
                .any(|r| r.team.as_deref().is_some_and(|t| same(t, name)))
        };
        contacts::split(owner).iter().all(|name| is_team(name))
    }
}

/// The contacts that `text` names, each with its address: the one that goes by all of it, else
/// those that go by its single names. A name that two contacts go by is nobody's.
fn find(config: &Config, text: &str) -> Vec<(String, String)> {
    let known = |met: Met<'_>| match met {
        Met::Known { contact, address } => Some((contact.to_owned(), address.to_owned())),
        Met::NoAddress(_) | Met::Several(_) | Met::Nobody => None,
    };
    match contacts::meet(config, text) {
        Met::Nobody => {
            let names = contacts::split(text).into_iter();
            names
                .filter_map(|name| known(contacts::meet(config, &name)))
                .collect()
        }
        met => known(met).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_names_in_one_cell() {
        let yaml = "contacts:\n  Web lead: { email: web@example.com, aliases: [Web Team] }\n  Ann: { email: [ann@example.com, b@example.com] }\n  Bo: { email: bo@example.com, aliases: [Desk] }\n  Cy: { email: cy@example.com, aliases: [Desk] }\n";
        let config: Config = serde_yaml::from_str(yaml).unwrap();
        let names =
            |text| -> Vec<String> { find(&config, text).into_iter().map(|(_, a)| a).collect() };
        assert_eq!(
            names("web team + Ann"),
            ["web@example.com", "ann@example.com"]
        );
        assert_eq!(names("Desk"), Vec::<String>::new());
        assert_eq!(names("Visitor services with Ann"), ["ann@example.com"]);
        assert_eq!(
            names("Ann;  WEB  lead"),
            ["ann@example.com", "web@example.com"]
        );
    }
}
