//! `.packet/`: drafts, plans, outbox, lock and ledgers; for the owner's eyes.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

use super::{Workspace, atomic};

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
    match fs::symlink_metadata(folder) {
        Ok(meta) if meta.is_dir() => {
            if meta.permissions().mode() & 0o077 != 0 {
                fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
            }
            Ok(())
        }
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("`{}` is in the way: it is not a folder", folder.display()),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::DirBuilder::new().mode(0o700).create(folder)
        }
        Err(error) => Err(error),
    }
}
