//! The testsuite: one binary, its cases as data beside it.
// For the tests alone: their helpers have nobody to return an error to, and long runs print their
// figures. What is in src/ is held to these lints.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of tests fail loudly, as tests do"
)]

mod architecture;
mod archives;
mod automation;
mod book;
mod cli;
mod completions;
mod deadlines;
mod disk;
mod doctor;
mod filters;
mod final_archive;
mod formats;
mod gates;
mod in_place;
mod invitations;
mod kill;
mod lanes;
mod locks;
mod mail;
mod model;
mod notices;
mod peers;
mod postfix;
mod properties;
mod replies;
mod revisions;
mod scratch;
mod send_plan;
mod send_secrets;
mod send_slack;
mod send_smtp;
mod settled;
mod slack;
mod smtp_faults;
mod smtp_points;
mod story;
mod terminal;
mod timeline;
mod unchanged;
mod verify;
mod wait;
mod watch;
mod week;
mod words;
