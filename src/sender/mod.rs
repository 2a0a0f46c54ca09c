//! Plan to deliveries: bytes go out, and what came of it is said truthfully.
//!
//! A [`transport::Transport`] makes one delivery at a time and never guesses: what may have
//! arrived is unknown, what certainly has not is rejected or deferred.

pub mod answers;
pub mod changes;
pub mod choice;
pub mod credentials;
pub mod doctor;
mod enclosures;
pub mod feedback;
pub mod handed_over;
pub mod leaks;
pub mod notices;
pub mod obstacles;
pub mod outbox;
pub mod pace;
pub mod planning;
pub mod retry;
pub mod routes;
pub mod run;
pub mod slack;
pub mod smtp;
pub mod standing;
pub mod stop;
pub mod transport;
pub mod wording;
