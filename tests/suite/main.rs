//! The testsuite: one binary, its cases as data beside it.
// What is in src/ is held to these lints.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]
#![allow(clippy::expect_used, reason = "helpers of tests fail loudly")]
#![allow(clippy::panic, reason = "helpers of tests fail loudly")]
#![allow(clippy::print_stdout, reason = "long runs print figures")]

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
mod never_twice;
mod notices;
mod peers;
mod postfix;
mod properties;
mod random;
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
mod walls;
mod watch;
mod week;
mod words;
