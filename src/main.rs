//! The `packet` command.

fn main() {}
