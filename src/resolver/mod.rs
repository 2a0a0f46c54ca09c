//! Evidence to verdicts: patterns, choice, readers, requirements, words, placeholders, layout.
//!
//! Nothing here opens a file or reads a clock: evidence comes through [`source::EvidenceSource`],
//! the present is an argument. [`resolve::resolve`] puts the parts together.

pub mod acknowledgements;
pub mod changes;
pub mod choice;
pub mod claims;
pub mod contacts;
pub mod coordination;
pub mod credentials;
pub mod decision;
pub mod demands;
pub mod digest;
pub mod escalations;
pub mod examine;
pub mod filter;
pub mod gates;
pub mod hashing;
mod headed;
pub mod involved;
pub mod judge;
pub mod layout;
pub mod matching;
pub mod materials;
#[cfg(test)]
pub mod memory;
mod mentions;
pub mod messages;
pub mod near;
pub mod occasions;
pub mod people;
pub mod readers;
pub mod replies;
pub mod resolve;
pub mod show;
pub mod source;
pub mod vocabulary;
pub mod wanted;
pub mod words;
