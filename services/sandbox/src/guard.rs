//! The guard: a small process between the sandbox and a child, so that no child outlives a killed parent.
//!
//! `sandbox guard` keeps the child for as long as its stdin stays open; the system closes it when the parent dies, however
//! it dies. `sandbox guard-exec` becomes the child, after asking the kernel to kill it should the guard itself be killed.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal};

/// What the guard runs, and where its output goes.
#[derive(Debug, clap::Args)]
pub struct GuardArguments {
    /// File the child's stdout is appended to
    #[arg(long)]
    stdout: PathBuf,
    /// File the child's stderr is appended to
    #[arg(long)]
    stderr: PathBuf,
    /// Folder the child runs in
    #[arg(long)]
    folder: PathBuf,
    /// The program and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// What `guard-exec` becomes.
#[derive(Debug, clap::Args)]
pub struct ExecArguments {
    /// Process id of the guard
    #[arg(long)]
    guard: i32,
    /// The program and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the child until it ends or stdin closes, telling its pid and its end as lines on stdout.
///
/// # Errors
/// The child cannot be started or its log files not be opened.
pub fn guard(arguments: &GuardArguments) -> std::io::Result<()> {
    let append = |path: &PathBuf| File::options().create(true).append(true).open(path);
    // This very program, even where a build has replaced its file since.
    let mut child = Command::new("/proc/self/exe")
        .arg("guard-exec")
        .arg(format!("--guard={}", std::process::id()))
        .arg("--")
        .args(&arguments.command)
        .stdin(Stdio::null())
        .stdout(append(&arguments.stdout)?)
        .stderr(append(&arguments.stderr)?)
        .current_dir(&arguments.folder)
        .spawn()?;
    tell(&format!("started {}", child.id()));
    let pid = Pid::from_child(&child);
    std::thread::spawn(move || {
        // Nothing is ever written here: a read returns when the parent is gone.
        let _end = std::io::stdin().read(&mut [0]);
        let _gone = rustix::process::kill_process(pid, Signal::KILL);
    });
    let status = child.wait()?;
    tell(&in_words(status));
    Ok(())
}

/// Becomes the program, and dies with the guard.
///
/// # Errors
/// The program cannot be started.
pub fn exec(arguments: &ExecArguments) -> std::io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    let guard = Pid::from_raw(arguments.guard);
    if rustix::process::getppid() != guard {
        return Err(std::io::Error::other("the guard is gone"));
    }
    let (program, rest) = arguments.command.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    Err(Command::new(program).args(rest).exec())
}

fn in_words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited {code}"),
        (None, signal) => format!("killed {}", signal.unwrap_or_default()),
    }
}

fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    // The parent may be gone; the child's end is then nobody's news.
    let _heard = writeln!(out, "{line}").and_then(|()| out.flush());
}
