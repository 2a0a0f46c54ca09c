//! The other side of the wire, for tests: scripted and real.

pub mod certificates;
pub mod depot;
pub mod http;
pub mod postfix;
pub mod script;
pub mod smtp;
