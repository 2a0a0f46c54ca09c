//! Plain data: what a document says, what evidence shows, what was and will be sent.
//!
//! Nothing here reads a clock, a file or a socket, and nothing imports from the rest of the
//! crate. Constructors enforce what a type promises; there are no setters.

pub mod acknowledgement;
pub mod answer;
pub mod change_log;
pub mod config;
pub mod coordination;
pub mod deadline;
pub mod decision;
pub mod diagnostic;
pub mod difference;
pub mod document;
pub mod evidence;
pub mod history;
pub mod ledger;
pub mod mail;
pub mod measure;
pub mod moment;
pub mod occasion;
pub mod pattern;
pub mod period;
pub mod plan;
pub mod recognise;
pub mod requirement;
pub mod resolution;
pub mod roots;
pub mod roster;
pub mod snapshot;
pub mod span;
pub mod target;
pub mod timeline;
pub mod unseen;
pub mod verification;
pub mod wanted;
pub mod word;
