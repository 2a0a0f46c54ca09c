//! resolver

pub mod choice;
pub mod hashing;
pub mod matching;
pub mod near;
pub mod source;
