//! One service of the pipeline: its way to be started, and the process while there is one.

use std::time::Duration;

use super::{ExtractorOptions, TransformerOptions, rules};
use crate::environment::Sandbox;
use crate::error::SandboxError;
use crate::process::Ended;
use crate::service::{Service, ServiceSpec};

/// How often spans and metrics leave: tests wait for them.
const EXPORT_INTERVAL: &str = "1s";

/// One service of the pipeline.
#[derive(Debug)]
pub struct Node {
    /// How it is started; a change holds from the next start on.
    pub spec: ServiceSpec,
    name: String,
    service: Option<Service>,
    peak: u64,
}

impl Node {
    fn new(name: &str, spec: ServiceSpec) -> Self {
        Self { spec, name: name.to_owned(), service: None, peak: 0 }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Starts it, or starts it again; returns once the process exists.
    ///
    /// # Errors
    /// The program is not built or cannot be started.
    pub fn start(&mut self) -> Result<&Service, SandboxError> {
        self.peak = self.peak_memory();
        // Of two with one name, the first has to be gone: they share a folder.
        self.service = None;
        Ok(self.service.insert(self.spec.start()?))
    }

    /// True from its start until its process ends.
    pub fn is_running(&self) -> bool {
        self.service.as_ref().is_some_and(|service| service.process().ended().is_none())
    }

    /// The process as last started, running or ended.
    ///
    /// # Errors
    /// It was never started.
    pub fn service(&self) -> Result<&Service, SandboxError> {
        self.service.as_ref().ok_or_else(|| SandboxError::Control {
            name: "pipeline",
            action: format!("watch {}", self.name),
            reason: "it was never started".to_owned(),
        })
    }

    /// SIGTERM, and waits for a good end; nothing where it does not run.
    ///
    /// # Errors
    /// It does not end within the limit, or not well: with its last words.
    pub async fn stop(&mut self, limit: Duration) -> Result<(), SandboxError> {
        if !self.is_running() {
            return Ok(());
        }
        let service = self.service()?;
        match service.terminate(limit).await? {
            Ended::Exited(0) => Ok(()),
            end => {
                let log = service.process().last_lines();
                Err(SandboxError::Failed { name: self.name.clone(), end, log })
            }
        }
    }

    /// kill -9, and waits for the end.
    ///
    /// # Errors
    /// It was never started, or does not end.
    pub async fn kill(&mut self) -> Result<(), SandboxError> {
        self.service()?.kill().await.map(|_| ())
    }

    /// The most memory it held resident over all its starts, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.service.as_ref().map_or(0, Service::peak_memory).max(self.peak)
    }

    /// An error where it ended without having been asked to.
    pub(super) fn check(&self) -> Result<(), SandboxError> {
        let Some(service) = &self.service else { return Ok(()) };
        match service.process().ended() {
            // A test killed it, or will start it again.
            None | Some(Ended::Killed(_) | Ended::Exited(0)) => Ok(()),
            Some(end) => {
                let (name, log) = (self.name.clone(), service.process().last_lines());
                Err(SandboxError::Ended { name, what: "done", end, log })
            }
        }
    }
}

/// An extractor and its file of rules.
pub(super) fn extractor(sandbox: &Sandbox, options: &ExtractorOptions) -> Result<Node, SandboxError> {
    let file = rules::write(sandbox.folder(), options)?;
    let mut spec = sandbox
        .extractor(&options.name)
        .argument(format!("--rules={}", file.display()))
        .set("collect.identity", &options.name)
        .set("collect.settle", rules::duration(options.settle))
        .set("collect.poll_interval", rules::duration(options.poll_interval))
        .set("budget.daily_usd", &options.daily_usd)
        .set("telemetry.export_interval", EXPORT_INTERVAL);
    if options.through_proxy {
        spec = spec.set("kafka.brokers", sandbox.kafka_proxy.address().to_string());
    }
    for (key, value) in &options.settings {
        spec = spec.set(key, value);
    }
    Ok(Node::new(&options.name, spec))
}

/// A transformer.
pub(super) fn transformer(sandbox: &Sandbox, options: &TransformerOptions) -> Node {
    let mut spec = sandbox
        .transformer(&options.name)
        .set("write.writers", options.writers.to_string())
        .set("telemetry.export_interval", EXPORT_INTERVAL);
    if options.kafka_through_proxy {
        spec = spec.set("kafka.brokers", sandbox.kafka_proxy.address().to_string());
    }
    if options.mysql_through_proxy {
        spec = spec.set("mysql.port", sandbox.mysql_proxy.address().port().to_string());
    }
    for (key, value) in &options.settings {
        spec = spec.set(key, value);
    }
    Node::new(&options.name, spec)
}
