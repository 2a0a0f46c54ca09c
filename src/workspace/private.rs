//! `.packet/`: drafts, plans, outbox, lock and ledgers; for the owner's eyes.

use std::{io, path::Path};

use super::{
    Workspace, atomic,
    door::{self, Kind},
};

/// All but the ledger stays out of version control.
const IGNORE: &str = "# Written by packet: only the ledger belongs into version control.\n*\n!.gitignore\n!ledger/\n!ledger/**\n";

/// Makes `.packet/` and folders below it, each 0700, with the `.gitignore`.
///
/// A link where the folder should be is refused: it could lead anywhere.
pub fn ensure(workspace: &Workspace, below: &str) -> io::Result<()> {
    let top = workspace.private("");
    let mut at = top.clone();
    make(&at)?;
    for part in below.split('/').filter(|p| !p.is_empty()) {
        at.push(part);
        make(&at)?;
    }
    atomic::write_if_changed(
        &top.join(".gitignore"),
        IGNORE.as_bytes(),
        atomic::Access::Private,
    )?;
    Ok(())
}

/// Makes the ledger's own folder (`ledger/<folder of the document>`) for the file at `path`.
pub fn ensure_parent(path: &Path, folder: &str) -> io::Result<()> {
    let depth = folder.split('/').filter(|p| !p.is_empty()).count();
    let top = path.ancestors().nth(depth + 3);
    match top {
        Some(root) => ensure(&Workspace::open(root)?, &format!("ledger/{folder}")),
        None => Err(io::Error::other("the ledger lies in no workspace")),
    }
}

fn make(folder: &Path) -> io::Result<()> {
    match door::kind(folder) {
        Some(Kind::Folder) if door::permissions(folder)? & 0o077 != 0 => {
            door::permit(folder, 0o700)
        }
        Some(Kind::Folder) => Ok(()),
        Some(_) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("`{}` is in the way: it is not a folder", folder.display()),
        )),
        None => door::make_folders(folder, 0o700),
    }
}
