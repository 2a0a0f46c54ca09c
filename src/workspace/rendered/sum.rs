//! Sums over what the file system says.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    os::fd::{AsFd, OwnedFd},
};

use rustix::{
    fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, statat},
    path::Arg,
};

use crate::{
    renderer::templates,
    workspace::{Workspace, configuration, stamp},
};

/// Everything that concerns all documents: this program, configuration and templates. Of variables
/// that hold a secret only the name counts: whether it is set decides how a message would go.
pub fn common(workspace: &Workspace, environment: &BTreeMap<String, String>) -> u64 {
    let mut sum = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut sum);
    if let Ok(program) = std::env::current_exe() {
        stamp::add(&program, &mut sum);
    }
    let root = workspace.root();
    stamp::add(&root.join(configuration::FILE), &mut sum);
    if let Some(own) = configuration::user_file(environment) {
        own.hash(&mut sum);
        stamp::add(&own, &mut sum);
    }
    let folder = root.join("templates");
    stamp::add(&folder, &mut sum);
    if folder.exists() {
        templates::names().for_each(|name| stamp::add(&folder.join(name), &mut sum));
    }
    let secret = |name: &str| name.contains("PASSWORD") || name.contains("SLACK");
    for (name, value) in environment {
        name.hash(&mut sum);
        if !secret(name) {
            value.hash(&mut sum);
        }
    }
    sum.finish()
}

/// The folder that paths are from.
///
/// # Errors
/// It cannot be reached.
pub(super) fn root(workspace: &Workspace) -> io::Result<OwnedFd> {
    Ok(folder(CWD, workspace.root())?)
}

/// The sum over `paths`, one a line, from `root`: also over those where nothing is.
///
/// The way to a folder is the long part of a look, so it is gone once for all of its files. What
/// is reached through a link counts as missing: a folder that was moved away and linked looks like
/// itself in all but that.
pub(super) fn of_paths(root: &OwnedFd, paths: &str) -> u64 {
    let mut sum = DefaultHasher::new();
    let mut paths = paths.lines().peekable();
    while let Some(path) = paths.next() {
        let Some((above, mut name)) = path.rsplit_once('/') else {
            alone(root, path).hash(&mut sum);
            continue;
        };
        let beside = |next: &&str| {
            next.rsplit_once('/')
                .is_some_and(|(other, _)| other == above)
        };
        let opened = paths
            .peek()
            .filter(|next| beside(next))
            .map(|_| folder(root, above));
        let Some(Ok(opened)) = opened else {
            alone(root, path).hash(&mut sum);
            continue;
        };
        loop {
            let stat = statat(&opened, name, AtFlags::SYMLINK_NOFOLLOW);
            stat.ok().and_then(of).hash(&mut sum);
            match paths.next_if(beside) {
                Some(next) => name = next.get(above.len() + 1..).unwrap_or(""),
                None => break,
            }
        }
    }
    sum.finish()
}

/// Whether something lies at `path`, and not through a link.
pub(super) fn is_plain(root: &OwnedFd, path: &str) -> bool {
    alone(root, path).is_some()
}

fn folder(from: impl AsFd, path: impl Arg) -> rustix::io::Result<OwnedFd> {
    way(from, path, OFlags::DIRECTORY)
}

/// Goes to `path` without following a link.
#[cfg(target_os = "linux")]
fn way(from: impl AsFd, path: impl Arg, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    use rustix::fs::{ResolveFlags, openat2};

    let flags = flags | OFlags::PATH | OFlags::CLOEXEC;
    openat2(from, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS)
}

/// Goes to `path`; only a link at its end is noticed here.
#[cfg(not(target_os = "linux"))]
fn way(from: impl AsFd, path: impl Arg, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    rustix::fs::openat(from, path, flags, Mode::empty())
}

fn alone(root: &OwnedFd, path: &str) -> Option<impl Hash + use<>> {
    of(fstat(way(root, path, OFlags::empty()).ok()?).ok()?)
}

/// What a [`stamp::Stamp`] has of a file; `None` for a link.
fn of(s: Stat) -> Option<impl Hash + use<>> {
    let link = FileType::from_raw_mode(s.st_mode) == FileType::Symlink;
    let (written, changed) = ((s.st_mtime, s.st_mtime_nsec), (s.st_ctime, s.st_ctime_nsec));
    (!link).then_some((s.st_dev, s.st_ino, s.st_size, written, changed))
}
