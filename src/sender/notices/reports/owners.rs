//! Who owes something, and under which address.

use crate::{
    model::{config::Config, document::Document, timeline::Kind, wanted::email_key},
    parser::is_nobody,
    resolver::contacts::{self, Met},
    sender::notices::escalations::{Add, Unreached},
};

/// Somebody who owes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Their contacts' names; several where they share an address.
    pub names: Vec<String>,
    /// The address.
    pub address: String,
    /// What they owe: the sort and index of parts of the document.
    pub owes: Vec<(Kind, usize)>,
}

/// Everybody who owes something.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    /// Those with an address, in the document's order.
    pub reached: Vec<Owner>,
    /// Names that lead to no address.
    pub unreached: Vec<Unreached>,
}

/// The owners of dependencies and rows, and of the document itself.
pub fn owners(document: &Document, config: &Config) -> Owners {
    let mut owners = Owners::default();
    let parts = &document.coordination;
    for (index, dependency) in parts.dependencies.iter().enumerate() {
        if let Some(owner) = dependency.owner.as_deref().filter(|o| !is_nobody(o)) {
            let line = document.line(dependency.span);
            let owed = Some((Kind::Dependency, index));
            owners.add(config, &[owner], line, owed);
        }
    }
    for (index, row) in parts.owners.iter().enumerate() {
        let contact = row.contact.as_deref().filter(|c| !is_nobody(c));
        let names: Vec<&str> = contact.into_iter().chain(row.team.as_deref()).collect();
        let line = document.line(row.span);
        owners.add(config, &names, line, Some((Kind::Owner, index)));
    }
    if let Some(entry) = document.front.entry("owner")
        && !is_nobody(&entry.value)
    {
        let line = document.line(entry.span);
        owners.add(config, &[entry.value.as_str()], line, None);
    }
    owners
}

impl Owners {
    /// Adds who is met under the first of `names` that is anybody's; a name of several people is
    /// taken apart.
    fn add(&mut self, config: &Config, names: &[&str], line: usize, owes: Option<(Kind, usize)>) {
        for name in names {
            let whole = contacts::meet(config, name);
            let parts = contacts::split(name);
            if whole != Met::Nobody || parts.len() < 2 {
                if whole == Met::Nobody {
                    continue;
                }
                return self.take(name, &whole, line, owes);
            }
            let met: Vec<Met<'_>> = parts.iter().map(|p| contacts::meet(config, p)).collect();
            if met.iter().any(|m| *m != Met::Nobody) {
                for (part, met) in parts.iter().zip(&met) {
                    self.take(part, met, line, owes);
                }
                return;
            }
        }
        if let Some(first) = names.first() {
            for part in contacts::split(first) {
                self.take(&part, &Met::Nobody, line, owes);
            }
        }
    }

    fn take(&mut self, name: &str, met: &Met<'_>, line: usize, owes: Option<(Kind, usize)>) {
        if let Some(lack) = met.lack(name) {
            if !self.unreached.iter().any(|u| u.why == lack) {
                let line = Some(line);
                let add = met.to_add(name).map(Add::Contact);
                let why = lack;
                self.unreached.push(Unreached { line, why, add });
            }
            return;
        }
        let Met::Known { contact, address } = met else {
            return;
        };
        let key = email_key(address);
        let known = self
            .reached
            .iter()
            .position(|o| email_key(&o.address) == key);
        let at = known.unwrap_or(self.reached.len());
        if known.is_none() {
            self.reached.push(Owner {
                names: Vec::new(),
                address: (*address).to_owned(),
                owes: Vec::new(),
            });
        }
        let owner = &mut self.reached[at];
        if !owner.names.iter().any(|n| n == contact) {
            owner.names.push((*contact).to_owned());
        }
        if let Some(owed) = owes.filter(|owed| !owner.owes.contains(owed)) {
            owner.owes.push(owed);
        }
    }
}
