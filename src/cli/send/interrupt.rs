//! Ctrl-C: the first one finishes what is in flight, the second one ends at once.

use std::io;

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
};

use crate::sender::stop::Stop;

/// Listens for interrupts, the end of the terminal and requests to end, from now on.
///
/// # Errors
/// The system does not let us.
pub fn listen() -> io::Result<Stop> {
    let stop = Stop::default();
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Registered first, so that the first signal finds the flag still down.
        flag::register_conditional_default(signal, stop.flag())?;
        flag::register(signal, stop.flag())?;
    }
    Ok(stop)
}
