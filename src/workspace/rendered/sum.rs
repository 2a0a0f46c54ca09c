//! Sums over what the file system says.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    os::fd::{AsFd, OwnedFd},
};

use rustix::{
    fs::{AtFlags, CWD, Mode, OFlags, Stat, openat, statat},
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
/// The way to a folder is the long part of a look, so it is gone once for all of its files.
pub(super) fn of_paths(root: &OwnedFd, paths: &str) -> u64 {
    let mut sum = DefaultHasher::new();
    let mut paths = paths.lines().peekable();
    while let Some(path) = paths.next() {
        let Some((above, mut name)) = path.rsplit_once('/') else {
            add(root, path, &mut sum);
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
            add(root, path, &mut sum);
            continue;
        };
        loop {
            add(&opened, name, &mut sum);
            match paths.next_if(beside) {
                Some(next) => name = next.get(above.len() + 1..).unwrap_or(""),
                None => break,
            }
        }
    }
    sum.finish()
}

fn folder(from: impl AsFd, path: impl Arg) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | PATH_ONLY;
    openat(from, path, flags, Mode::empty())
}

#[cfg(target_os = "linux")]
const PATH_ONLY: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const PATH_ONLY: OFlags = OFlags::RDONLY;

/// Adds what a [`stamp::Stamp`] has of a file, links followed.
fn add(from: &OwnedFd, path: &str, sum: &mut impl Hasher) {
    let of = |s: Stat| {
        let written = (s.st_mtime, s.st_mtime_nsec);
        (
            s.st_dev,
            s.st_ino,
            s.st_size,
            written,
            s.st_ctime,
            s.st_ctime_nsec,
        )
    };
    statat(from, path, AtFlags::empty()).ok().map(of).hash(sum);
}
