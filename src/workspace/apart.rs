//! jq filters in processes of their own: this program again, with little memory and nothing else.

use std::{
    io,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::resolver::filter::{MEMORY, STACK, Worker, Workers};

/// The hidden command that runs [`crate::resolver::filter::serve`].
pub const COMMAND: &str = "filter-worker";

/// What the program itself takes, apart from filters, in bytes.
const PROGRAM: u64 = 256 << 20;

/// Starts such processes.
#[derive(Clone, Debug)]
pub struct Apart {
    program: Option<PathBuf>,
}

impl Apart {
    /// This very program, also when its file was replaced meanwhile.
    pub fn of_this_program() -> Self {
        Apart { program: None }
    }

    /// Another one, by its path.
    pub fn running(program: impl Into<PathBuf>) -> Self {
        Apart {
            program: Some(program.into()),
        }
    }
}

impl Workers for Apart {
    fn start(&self) -> io::Result<Worker> {
        let program = match &self.program {
            Some(program) => program.clone(),
            None if cfg!(target_os = "linux") => PathBuf::from("/proc/self/exe"),
            None => std::env::current_exe()?,
        };
        let mut command = Command::new(program);
        command
            .arg0("packet")
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // Ctrl-C is for this process to deal with.
        command.process_group(0);
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        Ok(Worker {
            input: Box::new(input),
            output: Box::new(output),
            end: Box::new(move || {
                // One that has ended already cannot be ended; it is only to be waited for.
                child.kill().ok();
                child.wait().ok();
            }),
        })
    }
}

/// Bounds the memory of this process and ends it with the one that started it.
///
/// # Errors
/// The system refuses a limit.
pub fn confine() -> io::Result<()> {
    let stack = STACK as u64;
    let at_most = |bytes: u64| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // A process that is ended for its memory is expected, and leaves no image of it behind.
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Data, at_most(MEMORY + stack))?;
    setrlimit(Resource::As, at_most(MEMORY + stack + PROGRAM))?;
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}
