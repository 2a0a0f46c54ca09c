//! Who a name in the text is among the contacts.

use super::people::fold;
use crate::model::config::Config;

/// What a name comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met<'c> {
    /// One contact, with the address to write to.
    Known {
        /// Its name in the configuration.
        contact: &'c str,
        /// The address.
        address: &'c str,
    },
    /// One contact without an address.
    NoAddress(&'c str),
    /// More than one contact goes by it.
    Several(Vec<&'c str>),
    /// No contact goes by it.
    Nobody,
}

impl Met<'_> {
    /// Why nobody can be written to under `name`; `None` where somebody can.
    pub fn lack(&self, name: &str) -> Option<String> {
        match self {
            Met::Known { .. } => None,
            Met::NoAddress(contact) => Some(format!("the contact `{contact}` has no address")),
            Met::Several(contacts) => Some(format!(
                "`{name}` may be the contacts `{}`; let only one of them in packet.yaml go by this name or role",
                contacts.join("` and `")
            )),
            Met::Nobody => Some(format!("no contact goes by `{name}`")),
        }
    }

    /// The contact to write into `packet.yaml`, where that is what lacks.
    pub fn to_add(&self, name: &str) -> Option<String> {
        match self {
            Met::Nobody => Some(name.to_owned()),
            Met::NoAddress(contact) => Some((*contact).to_owned()),
            Met::Known { .. } | Met::Several(_) => None,
        }
    }
}

/// The contact that goes by `name`: its key, an alias or its role, ignoring case and spacing.
pub fn meet<'c>(config: &'c Config, name: &str) -> Met<'c> {
    let wanted = fold(name);
    let goes_by = |own: &str| fold(own) == wanted;
    let hits: Vec<_> = config
        .contacts
        .iter()
        .filter(|(key, contact)| {
            let mut others = contact.aliases.iter().chain(&contact.role);
            goes_by(key) || others.any(|own| goes_by(own))
        })
        .collect();
    match hits.as_slice() {
        [] => Met::Nobody,
        [(key, contact)] => match contact.address() {
            Some(address) => Met::Known {
                contact: key,
                address,
            },
            None => Met::NoAddress(key),
        },
        several => Met::Several(several.iter().map(|(key, _)| key.as_str()).collect()),
    }
}

/// The single names of `QA + Web Team`; one name where it names one.
pub fn split(names: &str) -> Vec<String> {
    let mut parts = vec![names.to_owned()];
    for mark in ["+", "&", ",", ";", "/", " and ", " with "] {
        let cut = parts.iter().flat_map(|p| p.split(mark).map(str::to_owned));
        parts = cut.collect();
    }
    let parts = parts.iter().map(|p| p.trim().to_owned());
    parts.filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_met_and_what_lacks_is_said() {
        let config: Config = serde_yaml::from_str(
            "contacts:\n  Ann Lee: { email: a@x.org, aliases: [Stores Lead], role: Stores }\n  Bo: { role: Quay }\n  Cy: { email: c@x.org, aliases: [quay] }",
        )
        .unwrap();
        let known = Met::Known {
            contact: "Ann Lee",
            address: "a@x.org",
        };
        for name in ["ann  lee", "stores lead", "STORES"] {
            assert_eq!(meet(&config, name), known, "{name}");
            assert_eq!(meet(&config, name).lack(name), None);
        }
        for (name, words) in [
            ("Bo", "the contact `Bo` has no address"),
            ("Quay", "`Bo` and `Cy`"),
            ("Manager", "no contact goes by `Manager`"),
        ] {
            let met = meet(&config, name);
            let lack = met.lack(name).unwrap();
            assert!(lack.contains(words), "{lack}");
            assert_eq!(met.to_add(name).is_some(), name != "Quay");
        }
        assert_eq!(split("QA + Web Team, Ann"), ["QA", "Web Team", "Ann"]);
        assert_eq!(split("Band and Andrea"), ["Band", "Andrea"]);
    }
}
