//! `packet filter-worker`: the process that jq filters work in. Hidden; nobody types it.

use std::{io, thread};

use crate::{
    resolver::filter::{STACK, serve},
    workspace::apart,
};

use super::Exit;

pub fn run() -> anyhow::Result<Exit> {
    apart::confine()?;
    let work = || serve(io::stdin().lock(), io::stdout().lock());
    let worker = thread::Builder::new().stack_size(STACK).spawn(work)?;
    match worker.join() {
        Ok(done) => done?,
        Err(_) => anyhow::bail!("the filters ended unexpectedly"),
    }
    Ok(Exit::Done)
}
