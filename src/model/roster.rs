//! People: recipients with their addresses, and which tracker row is whose.

use std::collections::{BTreeMap, HashMap};

use super::diagnostic::Diagnostic;

/// Recipients matched to contacts, and tracker rows matched to recipients.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// One for each recipient of the document, in order.
    pub people: Vec<Person>,
    /// For each tracker row, top to bottom: the index of its recipient.
    pub rows: Vec<Option<usize>>,
    /// All that recipients go by (name, role, contact, alias), folded: the recipients' indices.
    pub names: HashMap<String, Vec<usize>>,
    /// Whom a change of a material concerns, by its path, where configuration says so and
    /// everyone named is a recipient.
    pub concerns: BTreeMap<String, Vec<usize>>,
    /// What does not match, or matches twice.
    pub diagnostics: Vec<Diagnostic>,
}

/// A recipient's contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The contact's name in the configuration.
    pub contact: Option<String>,
    /// The address to write to.
    pub address: Option<String>,
    /// All the contact's addresses.
    pub addresses: Vec<String>,
}
