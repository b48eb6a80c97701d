//! The whole pipeline on the sandbox: both services as real processes, set up by rules and settings, and watched until
//! everything that exists has arrived.

mod arrival;
mod node;
mod rules;
mod trace;

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::MySqlPool;

pub use arrival::{Progress, Watch};
pub use node::Node;
pub use rules::Rule;
pub use trace::BatchTrace;

use crate::environment::{DATABASE, Sandbox, SandboxOptions};
use crate::error::SandboxError;
use crate::process::Ended;
use crate::verdict::{Collected, Sources, Verdict};

/// A start on a machine that is busy with builds: each service waits for brokers, topics and its group.
const READY: Duration = Duration::from_secs(60);
/// Migrations of an empty database.
const MIGRATED: Duration = Duration::from_secs(60);

/// An extractor.
#[derive(Debug, Clone)]
pub struct ExtractorOptions {
    /// What it is called here, in its log's name and, unless set otherwise, as its identity.
    pub name: String,
    /// What it collects.
    pub rules: Vec<Rule>,
    /// The most it may spend a day, in dollars, such as `100.00`.
    pub daily_usd: String,
    /// Distance of page 1 from now.
    pub settle: Duration,
    /// From walk to walk.
    pub poll_interval: Duration,
    /// Whether it reaches Kafka through the proxy.
    pub through_proxy: bool,
    /// Further settings, such as `("x.timeout", "2s")`; they win.
    pub settings: BTreeMap<String, String>,
}

impl Default for ExtractorOptions {
    fn default() -> Self {
        Self {
            name: "extractor".to_owned(),
            rules: vec![Rule::default()],
            daily_usd: "10000.00".to_owned(),
            settle: Duration::ZERO,
            poll_interval: Duration::from_millis(500),
            through_proxy: false,
            settings: BTreeMap::new(),
        }
    }
}

/// A transformer.
#[derive(Debug, Clone)]
pub struct TransformerOptions {
    /// What it is called here, in its log's name.
    pub name: String,
    /// MySQL transactions at a time.
    pub writers: usize,
    /// Whether it reaches Kafka through the proxy.
    pub kafka_through_proxy: bool,
    /// Whether it reaches MySQL through the proxy.
    pub mysql_through_proxy: bool,
    /// Further settings, such as `("write.posts_per_transaction", "100")`; they win.
    pub settings: BTreeMap<String, String>,
}

impl Default for TransformerOptions {
    fn default() -> Self {
        Self {
            name: "transformer".to_owned(),
            writers: 2,
            kafka_through_proxy: false,
            mysql_through_proxy: false,
            settings: BTreeMap::new(),
        }
    }
}

/// What is started.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    /// Kafka, MySQL, simulator, trace sink.
    pub sandbox: SandboxOptions,
    /// Extractors, each with its own identity unless settings say otherwise.
    pub extractors: Vec<ExtractorOptions>,
    /// Transformers, of one consumer group unless settings say otherwise.
    pub transformers: Vec<TransformerOptions>,
}

impl Default for PipelineOptions {
    fn default() -> Self {
        Self {
            sandbox: SandboxOptions::default(),
            extractors: vec![ExtractorOptions::default()],
            transformers: vec![TransformerOptions::default()],
        }
    }
}

/// A pipeline. Dropped, its services and the sandbox are killed.
#[derive(Debug)]
pub struct Pipeline {
    // First: services are dropped before what they talk to.
    /// Extractors, in the order of the options.
    pub extractors: Vec<Node>,
    /// Transformers, in the order of the options.
    pub transformers: Vec<Node>,
    /// What they stand on.
    pub sandbox: Sandbox,
    collected: Vec<Collected>,
    pool: MySqlPool,
}

impl Pipeline {
    /// Starts everything and waits until both kinds of service do their work: transformers first, as in production.
    ///
    /// # Errors
    /// The first thing that does not start, with its last words.
    pub async fn start(options: &PipelineOptions) -> Result<Self, SandboxError> {
        let mut pipeline = Self::prepare(options).await?;
        pipeline.run().await?;
        Ok(pipeline)
    }

    /// Starts the sandbox and migrates the database; the services are ready to be started.
    ///
    /// # Errors
    /// The first thing that does not start, with its last words.
    pub async fn prepare(options: &PipelineOptions) -> Result<Self, SandboxError> {
        let sandbox = Sandbox::start(options.sandbox.clone()).await?;
        let migrated = sandbox.migrator("migrator").run(&["migrate"], MIGRATED).await?;
        if migrated.ended != Ended::Exited(0) {
            let (name, log) = ("transformer migrate".to_owned(), migrated.stderr);
            return Err(SandboxError::Failed { name, end: migrated.ended, log });
        }
        let extractors: Result<Vec<Node>, SandboxError> =
            options.extractors.iter().map(|options| node::extractor(&sandbox, options)).collect();
        let transformers = options.transformers.iter().map(|options| node::transformer(&sandbox, options));
        Ok(Self {
            extractors: extractors?,
            transformers: transformers.collect(),
            collected: rules::collected(&options.extractors),
            pool: sandbox.mysql.root(DATABASE),
            sandbox,
        })
    }

    /// Starts all services that do not run and waits until they are ready.
    ///
    /// # Errors
    /// One ends or is not ready in time, with its last words.
    pub async fn run(&mut self) -> Result<(), SandboxError> {
        for node in self.transformers.iter_mut().chain(&mut self.extractors) {
            if !node.is_running() {
                node.start()?;
            }
        }
        for node in self.transformers.iter().chain(&self.extractors) {
            node.service()?.ready(READY).await?;
        }
        Ok(())
    }

    /// Root's connections to the database the transformers write to.
    pub fn rows(&self) -> &MySqlPool {
        &self.pool
    }

    /// Where a verdict is read from.
    ///
    /// # Errors
    /// The sandbox has no simulator.
    pub fn sources<'a>(&'a self, brokers: &'a str) -> Result<Sources<'a>, SandboxError> {
        let simulator = self.sandbox.simulator.as_ref().ok_or_else(|| SandboxError::Control {
            name: "simulator",
            action: "tell the truth".to_owned(),
            reason: "this sandbox was started without one".to_owned(),
        })?;
        Ok(Sources { simulator, brokers, rows: &self.pool, rules: &self.collected })
    }

    /// Compares what exists, what was committed, what was stored, served and billed.
    ///
    /// # Errors
    /// A side cannot be read within the limit.
    pub async fn verdict(&self, limit: Duration) -> Result<Verdict, SandboxError> {
        Verdict::read(self.sources(&self.sandbox.kafka.brokers())?, limit).await
    }

    /// SIGTERM to all services, extractors first, and waits for their ends.
    ///
    /// # Errors
    /// One does not end within the limit, or not well.
    pub async fn stop(&mut self, limit: Duration) -> Result<(), SandboxError> {
        for node in self.extractors.iter_mut().chain(&mut self.transformers) {
            node.stop(limit).await?;
        }
        Ok(())
    }
}
