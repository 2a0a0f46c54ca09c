//! `packet` reads a training packet written as Markdown, proves its gates against real files,
//! lays out a checksummed bundle, mails each person once and keeps a record that can be
//! checked afterwards.
//!
//! The modules in reading order; each imports only from those above it:
//!
//! - [`model`]: plain data
//! - [`parser`]: text to document and diagnostics; never fails, does no I/O
//! - [`resolver`]: evidence to verdicts; opens nothing
//! - [`renderer`]: verdicts to Markdown, HTML, mail and log; pure
//! - [`workspace`]: every effect on disk
//! - [`sender`]: plan to deliveries
//! - [`report`]: results to what a person or a script reads
//! - [`cli`]: one file a command

#![warn(clippy::disallowed_methods)]

#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read here, once"
)]
pub mod cli;
pub mod model;
pub mod parser;
pub mod renderer;
pub mod report;
pub mod resolver;
#[expect(clippy::disallowed_methods, reason = "deliveries are effects")]
pub mod sender;
#[expect(
    clippy::disallowed_methods,
    reason = "every effect on disk is here, and the clock"
)]
pub mod workspace;
