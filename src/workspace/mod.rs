//! Every effect on disk: configuration, documents, evidence, bundle, ledger, plans, lock, clock.

pub mod atomic;
pub mod clock;
pub mod configuration;
pub mod ledger_file;
pub mod lock;
pub mod private;
pub mod root;

pub use root::Workspace;
