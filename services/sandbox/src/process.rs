//! A child process under its guard: its pid, its end, its log.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::Pid;
pub use rustix::process::Signal;
use tokio::sync::watch;

use crate::binaries;
use crate::error::SandboxError;

/// Lines of a log that go into an error.
const TOLD_LINES: usize = 20;
/// Variables of our own environment that a child gets: where programs, homes, temporary files and CA certificates are.
const INHERITED: [&str; 9] =
    ["PATH", "HOME", "USER", "TMPDIR", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "RUST_BACKTRACE"];

/// A program to be started.
#[derive(Debug, Clone)]
pub struct ProcessSpec {
    /// How it is called in messages and log files, such as `kafka`.
    pub name: String,
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its environment, beside the few variables every child inherits.
    pub environment: BTreeMap<String, String>,
    /// Where it runs and where `NAME.log` (stderr) and `NAME.out` (stdout) are written.
    pub folder: PathBuf,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    Killed(i32),
    /// The guard was killed, and with it the process.
    GuardLost,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exited(code) => write!(out, "exited with code {code}"),
            Self::Killed(signal) => write!(out, "was killed by signal {signal}"),
            Self::GuardLost => write!(out, "was lost with its guard"),
        }
    }
}

/// A running (or ended) child. Dropping it kills it and waits until it is gone.
#[derive(Debug)]
pub struct Process {
    name: String,
    pid: Pid,
    guard: Child,
    ended: watch::Receiver<Option<Ended>>,
    log: PathBuf,
    out: PathBuf,
}

impl Process {
    /// Starts `spec` under a guard; returns once the process exists, not once it is ready.
    ///
    /// # Errors
    /// The guard's binary is missing, or the guard cannot start the program's process.
    pub fn start(spec: &ProcessSpec) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::Start { name: spec.name.clone(), source };
        let log = spec.folder.join(format!("{}.log", spec.name));
        let out = spec.folder.join(format!("{}.out", spec.name));
        let mut command = Command::new(binaries::find("sandbox")?);
        command
            .arg("guard")
            .arg("--stdout")
            .arg(&out)
            .arg("--stderr")
            .arg(&log)
            .arg("--folder")
            .arg(&spec.folder)
            .arg("--")
            .arg(&spec.program)
            .args(&spec.arguments)
            .env_clear()
            .envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .envs(&spec.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            // Ctrl-C on a terminal goes to the whole group: it is the parent's to hear, which then stops in order.
            .process_group(0);
        let mut guard = command.spawn().map_err(failed)?;
        let lines = guard.stdout.take().ok_or_else(|| failed(io::ErrorKind::BrokenPipe.into()))?;
        let mut lines = BufReader::new(lines).lines();
        let first = lines.next().transpose().map_err(failed)?.unwrap_or_default();
        let pid = first.strip_prefix("started ").and_then(|pid| Pid::from_raw(pid.parse().ok()?));
        let pid = pid.ok_or_else(|| failed(io::Error::other("its guard ended (see stderr)")))?;
        let (tell, ended) = watch::channel(None);
        std::thread::spawn(move || {
            let last = lines.map_while(Result::ok).last().unwrap_or_default();
            let number = |words: &str| words.parse().unwrap_or_default();
            let end = match last.split_once(' ') {
                Some(("exited", code)) => Ended::Exited(number(code)),
                Some(("killed", signal)) => Ended::Killed(number(signal)),
                _ => Ended::GuardLost,
            };
            tell.send_replace(Some(end));
        });
        Ok(Self { name: spec.name.clone(), pid, guard, ended, log, out })
    }

    /// The process id of the child itself (not of its guard).
    pub fn pid(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// The name given at the start.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it ended, if it has.
    pub fn ended(&self) -> Option<Ended> {
        *self.ended.borrow()
    }

    /// Sends a signal; nothing where the process has ended.
    pub fn signal(&self, signal: Signal) {
        if self.ended().is_none() {
            // A process that ended a moment ago is what the caller wanted.
            let _gone = rustix::process::kill_process(self.pid, signal);
        }
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// The limit passed first: with the last lines of the log.
    pub async fn wait(&self, limit: Duration) -> Result<Ended, SandboxError> {
        let mut ended = self.ended.clone();
        let waited = tokio::time::timeout(limit, ended.wait_for(Option::is_some)).await;
        match waited {
            Ok(Ok(end)) => Ok((*end).unwrap_or(Ended::GuardLost)),
            Ok(Err(_)) => Ok(Ended::GuardLost),
            Err(_) => Err(self.late("at its end", limit)),
        }
    }

    /// SIGTERM, then waits for the end.
    ///
    /// # Errors
    /// It did not end within the limit; it is left running.
    pub async fn terminate(&self, limit: Duration) -> Result<Ended, SandboxError> {
        self.signal(Signal::TERM);
        self.wait(limit).await
    }

    /// SIGKILL, then waits for the end.
    ///
    /// # Errors
    /// The kernel did not end it within ten seconds.
    pub async fn kill(&self) -> Result<Ended, SandboxError> {
        self.signal(Signal::KILL);
        self.wait(Duration::from_secs(10)).await
    }

    /// Waits until `ready` returns something, asking every 30 ms.
    ///
    /// # Errors
    /// The process ended or the limit passed first: with the last lines of the log.
    pub async fn until<T>(
        &self,
        what: &'static str,
        limit: Duration,
        mut ready: impl AsyncFnMut() -> Option<T>,
    ) -> Result<T, SandboxError> {
        let asked = async {
            loop {
                if let Some(answer) = ready().await {
                    return Ok(answer);
                }
                if let Some(end) = self.ended() {
                    let (name, log) = (self.name.clone(), self.last_lines());
                    return Err(SandboxError::Ended { name, what, end, log });
                }
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        };
        tokio::time::timeout(limit, asked).await.unwrap_or_else(|_| Err(self.late(what, limit)))
    }

    /// The file its stderr goes to.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// What it has written to stdout so far.
    pub fn stdout(&self) -> String {
        fs::read(&self.out).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The address in `{"listening": …}`, which simulator and trace sink write to stdout once they listen.
    pub(crate) fn listening(&self) -> Option<SocketAddr> {
        let out = self.stdout();
        let line = out.lines().find(|line| line.contains("listening"))?;
        let told: serde_json::Value = serde_json::from_str(line).ok()?;
        told["listening"].as_str()?.parse().ok()
    }

    /// The last lines of stderr, or of stdout where stderr is empty.
    pub fn last_lines(&self) -> String {
        let read = |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let text =
            read(&self.log).ok().filter(|text| !text.trim().is_empty()).unwrap_or_else(|| self.stdout());
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(TOLD_LINES)..].join("\n")
    }

    /// The most memory it ever held resident, in bytes (VmHWM); none once it has ended.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes * 1024)
    }

    fn late(&self, what: &'static str, limit: Duration) -> SandboxError {
        SandboxError::Late { name: self.name.clone(), what, limit, log: self.last_lines() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Closing the guard's stdin makes it kill the child; it ends when the child has.
        drop(self.guard.stdin.take());
        let _reaped = self.guard.wait();
    }
}
