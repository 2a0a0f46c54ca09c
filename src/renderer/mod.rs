//! Verdicts to Markdown, HTML, mail, log, Slack and feedback. Pure: no clock, file or socket.

pub mod anchors;
mod autolink;
pub mod bounds;
pub mod calendar;
pub mod changes;
pub mod doc_hash;
pub mod edits;
pub mod feedback;
pub mod filters;
pub mod final_report;
pub mod html;
pub mod in_place;
pub mod letter;
pub mod log;
pub mod mail;
pub mod markdown;
mod markup;
pub mod mime;
pub mod notices;
pub mod packet_md;
pub mod safety;
pub mod slack;
pub mod templates;
mod tracker;
