//! Results to what a person or a script reads. The only place that formats output.

pub mod acknowledgements;
mod agenda;
pub mod annotations;
pub mod board;
pub mod decision;
pub mod diagnostics;
pub mod distribution;
pub mod doctor;
pub mod follow_up;
pub mod imports;
pub mod invitations;
pub mod json;
pub mod notices;
pub mod rendering;
pub mod revisions;
pub mod style;
pub mod timeline;
pub mod trail;
pub mod undelivered;
pub mod verification;
pub mod waiting;
pub mod watching;
