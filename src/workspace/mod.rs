//! Every effect on disk: configuration, documents, evidence, bundle, ledger, plans, lock, clock.

pub mod apart;
pub mod archive;
pub mod atomic;
pub mod bundle;
pub mod clock;
pub mod configuration;
pub mod discovery;
pub mod documents;
pub mod door;
pub mod final_archive;
pub mod final_report;
pub mod ledger_file;
pub mod living;
pub mod lock;
pub mod mailbox;
pub mod open;
pub mod plans;
pub mod private;
pub mod rendered;
pub mod revisions;
pub mod root;
pub mod sent;
pub mod situation;
pub mod source;
pub mod stamp;
pub mod sums;
pub mod templates;
pub mod verify;
pub mod watch;

pub use root::Workspace;
