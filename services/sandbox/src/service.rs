//! The pipeline's own services as real processes: configured by environment, watched by their health endpoint.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::binaries;
use crate::error::SandboxError;
use crate::http;
use crate::process::{Ended, Process, ProcessSpec, Signal};

const HEALTH_ADDRESS: &str = "health.address";

/// How a service is started; the same spec starts it again after a kill.
#[derive(Debug, Clone)]
pub struct ServiceSpec {
    binary: &'static str,
    name: String,
    folder: PathBuf,
    arguments: Vec<OsString>,
    environment: BTreeMap<String, String>,
}

impl ServiceSpec {
    /// The service `binary` (`extractor` or `transformer`), whose logs go to `folder/NAME.log`.
    pub fn new(binary: &'static str, name: &str, folder: &Path) -> Self {
        let folder = folder.join(name);
        Self { binary, name: name.to_owned(), folder, arguments: Vec::new(), environment: BTreeMap::new() }
    }

    /// Sets a configuration key, such as `("kafka.brokers", …)`, by the service's environment variable.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<String>) -> Self {
        let variable = format!("{}_{}", self.binary, key.replace('.', "__")).to_uppercase();
        self.environment.insert(variable, value.into());
        self
    }

    /// Sets an environment variable as it is.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Appends an argument that stands before the subcommand, such as `--config`.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Starts `run`; returns once the process exists.
    ///
    /// # Errors
    /// The program is not built or cannot be started.
    pub fn start(&self) -> Result<Service, SandboxError> {
        let address = self.folder.join(HEALTH_ADDRESS);
        fs::create_dir_all(&self.folder).map_err(SandboxError::io("make the folder", &self.folder))?;
        // Of the run before: a reader would ask a port that is no longer its own.
        let _gone = fs::remove_file(&address);
        let spec = self
            .clone()
            .set("health.listen", "127.0.0.1:0")
            .set("health.address_file", address.display().to_string());
        let process = Process::start(&spec.process(&self.name, &["run"])?)?;
        Ok(Service { process, address, peak: AtomicU64::new(0) })
    }

    /// Runs another subcommand (`migrate`, `check`, `rejected list` …) to its end.
    ///
    /// # Errors
    /// It cannot be started or does not end in time. An unsuccessful end is no error: see [`Finished::ended`].
    pub async fn run(&self, subcommand: &[&str], limit: Duration) -> Result<Finished, SandboxError> {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.folder).map_err(SandboxError::io("make the folder", &self.folder))?;
        let word = subcommand.first().copied().unwrap_or("run");
        let name = format!("{}-{word}-{}", self.name, RUNS.fetch_add(1, Ordering::Relaxed));
        let process = Process::start(&self.process(&name, subcommand)?)?;
        let ended = process.wait(limit).await?;
        let stderr = fs::read(process.log()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Finished { ended, stdout: process.stdout(), stderr: stderr.unwrap_or_default() })
    }

    fn process(&self, name: &str, subcommand: &[&str]) -> Result<ProcessSpec, SandboxError> {
        let mut arguments = self.arguments.clone();
        arguments.extend(subcommand.iter().map(OsString::from));
        Ok(ProcessSpec {
            name: name.to_owned(),
            program: binaries::find(self.binary)?,
            arguments,
            environment: self.environment.clone(),
            folder: self.folder.clone(),
        })
    }
}

/// How a subcommand ended and what it said.
#[derive(Debug, Clone)]
pub struct Finished {
    /// How it ended; `Ended::Exited(0)` is well.
    pub ended: Ended,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
}

/// A running service; dropped, it is killed.
#[derive(Debug)]
pub struct Service {
    process: Process,
    address: PathBuf,
    peak: AtomicU64,
}

impl Service {
    /// Waits until `GET /health/ready` answers 200.
    ///
    /// # Errors
    /// The service ended or the limit passed first: with the last lines of its log.
    pub async fn ready(&self, limit: Duration) -> Result<(), SandboxError> {
        self.process
            .until("ready", limit, async || {
                let (status, _) = self.health("ready").await?;
                (status == 200).then_some(())
            })
            .await
    }

    /// Status and body of `GET /health/WHAT` (`live` or `ready`); none while nobody answers.
    pub async fn health(&self, what: &str) -> Option<(u16, String)> {
        let address = fs::read_to_string(&self.address).ok()?;
        http::get(&format!("http://{}/health/{what}", address.trim())).await.ok()
    }

    /// SIGTERM, then waits for the end.
    ///
    /// # Errors
    /// It does not end within the limit.
    pub async fn terminate(&self, limit: Duration) -> Result<Ended, SandboxError> {
        self.peak_memory();
        self.process.terminate(limit).await
    }

    /// kill -9.
    ///
    /// # Errors
    /// It does not end.
    pub async fn kill(&self) -> Result<Ended, SandboxError> {
        self.peak_memory();
        self.process.kill().await
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It does not within the limit.
    pub async fn wait(&self, limit: Duration) -> Result<Ended, SandboxError> {
        self.process.wait(limit).await
    }

    /// Stops its threads (SIGSTOP), as a machine that hangs would; `false` lets them go on.
    pub fn freeze(&self, frozen: bool) {
        self.process.signal(if frozen { Signal::STOP } else { Signal::CONT });
    }

    /// The most memory it held resident, in bytes, as last seen (here, or before a signal was sent).
    pub fn peak_memory(&self) -> u64 {
        let now = self.process.peak_memory().unwrap_or_default();
        self.peak.fetch_max(now, Ordering::Relaxed).max(now)
    }

    /// All it has logged so far, over all starts of its spec.
    pub fn log(&self) -> String {
        let bytes = fs::read(self.process.log()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until a line of its log contains `text`.
    ///
    /// # Errors
    /// It ended or the limit passed first.
    pub async fn says(&self, text: &str, limit: Duration) -> Result<(), SandboxError> {
        self.process
            .until("saying the awaited words", limit, async || self.log().contains(text).then_some(()))
            .await
    }

    /// The process, for its pid and end.
    pub fn process(&self) -> &Process {
        &self.process
    }
}
