//! All of it at once: Kafka, MySQL, simulator and trace sink, with a proxy in front of the first two.

use std::path::Path;

use crate::error::SandboxError;
use crate::folder::Folder;
use crate::kafka::{Kafka, KafkaOptions};
use crate::mysql::{Database, Mysql, MysqlOptions};
use crate::proxy::{Protocol, Proxy};
use crate::service::ServiceSpec;
use crate::setup::{Cache, Progress, Tools, set_up};
use crate::simulator::{Simulator, SimulatorOptions};
use crate::trace_sink::TraceSink;

/// The database the services write to.
pub const DATABASE: &str = "garimpo";

/// What is started, and how.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// Kafka; its `proxied_as` is set to the proxy.
    pub kafka: KafkaOptions,
    /// MySQL.
    pub mysql: MysqlOptions,
    /// The simulator, where one is wanted.
    pub simulator: Option<SimulatorOptions>,
    /// Whether the folder with data and logs stays when the sandbox is dropped.
    pub keep: bool,
    /// Where progress is shown.
    pub progress: Progress,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            kafka: KafkaOptions::default(),
            mysql: MysqlOptions::default(),
            simulator: Some(SimulatorOptions::default()),
            keep: false,
            progress: Progress::silent(),
        }
    }
}

/// A running sandbox. Dropped, its processes are killed and its folder is removed; a killed parent takes the processes along.
#[derive(Debug)]
pub struct Sandbox {
    /// Kafka, with stop, kill and restart.
    pub kafka: Kafka,
    /// In front of Kafka's second listener.
    pub kafka_proxy: Proxy,
    /// MySQL, with stop, kill and restart.
    pub mysql: Mysql,
    /// In front of MySQL.
    pub mysql_proxy: Proxy,
    /// The database [`DATABASE`], empty, with its accounts.
    pub database: Database,
    /// The simulator, if one was wanted.
    pub simulator: Option<Simulator>,
    /// Where the services' telemetry goes.
    pub trace_sink: TraceSink,
    /// What was set up.
    pub tools: Tools,
    // Last: fields are dropped in their order, and the processes write here.
    folder: Folder,
}

impl Sandbox {
    /// Sets up what is missing and starts everything side by side; ready when all of it answers.
    ///
    /// # Errors
    /// The first thing that cannot be set up or started; what had been started is killed.
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let progress = options.progress.clone();
        let tools = tokio::task::spawn_blocking(move || set_up(&Cache::of_this_user()?, &progress)).await;
        let tools = tools.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        let folder = Folder::make(options.keep)?;
        let step = options.progress.step("sandbox");
        step.say("starting Kafka and MySQL");
        let at = |name: &str| folder.path().join(name);
        let (kafka_proxy, mysql_proxy) =
            tokio::try_join!(Proxy::start(Protocol::Kafka), Proxy::start(Protocol::Mysql))?;
        let kafka_options = KafkaOptions { proxied_as: Some(kafka_proxy.address()), ..options.kafka };
        let (kafka_folder, mysql_folder, simulator_folder, sink_folder) =
            (at("kafka"), at("mysql"), at("simulator"), at("trace-sink"));
        let (kafka, (mysql, database), simulator, trace_sink) = tokio::try_join!(
            Kafka::start(&tools, &kafka_folder, &kafka_options),
            with_database(&tools, &mysql_folder, &options.mysql),
            wanted(&simulator_folder, options.simulator.as_ref()),
            TraceSink::start(&sink_folder),
        )?;
        kafka_proxy.forward_to(kafka.behind_proxy());
        mysql_proxy.forward_to(mysql.address());
        step.nothing_to_do();
        Ok(Self { kafka, kafka_proxy, mysql, mysql_proxy, database, simulator, trace_sink, tools, folder })
    }

    /// The temporary folder: each process's data and logs, in folders of their names.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// An extractor called `name`, connected to everything here directly; rules and limits are the caller's to set.
    ///
    /// `.set("kafka.brokers", sandbox.kafka_proxy.address().to_string())` leads it through the proxy instead.
    pub fn extractor(&self, name: &str) -> ServiceSpec {
        let spec = ServiceSpec::new("extractor", name, self.folder())
            .set("kafka.brokers", self.kafka.brokers())
            .set("kafka.replication_factor", "1")
            .set("telemetry.otlp_endpoint", self.trace_sink.endpoint());
        match &self.simulator {
            Some(simulator) => spec
                .set("x.base_url", simulator.base_url())
                .set("x.token_file", simulator.token_file().display().to_string()),
            None => spec,
        }
    }

    /// A transformer called `name`, connected to everything here directly, as the user `transformer`.
    ///
    /// `.set("mysql.port", sandbox.mysql_proxy.address().port().to_string())` leads it through the proxy instead.
    pub fn transformer(&self, name: &str) -> ServiceSpec {
        self.mysql_user(name, "transformer", &self.database.transformer.password_file)
    }

    /// `transformer migrate` and other commands that change tables: as the user `migrator`.
    pub fn migrator(&self, name: &str) -> ServiceSpec {
        self.mysql_user(name, "migrator", &self.database.migrator.password_file)
    }

    fn mysql_user(&self, name: &str, user: &str, password_file: &Path) -> ServiceSpec {
        ServiceSpec::new("transformer", name, self.folder())
            .set("kafka.brokers", self.kafka.brokers())
            .set("mysql.host", self.mysql.address().ip().to_string())
            .set("mysql.port", self.mysql.address().port().to_string())
            .set("mysql.user", user)
            .set("mysql.password_file", password_file.display().to_string())
            .set("mysql.database", DATABASE)
            .set("telemetry.otlp_endpoint", self.trace_sink.endpoint())
    }
}

async fn with_database(
    tools: &Tools,
    folder: &Path,
    options: &MysqlOptions,
) -> Result<(Mysql, Database), SandboxError> {
    let mysql = Mysql::start(tools, folder, options).await?;
    let database = Database::make(&mysql, DATABASE).await?;
    Ok((mysql, database))
}

async fn wanted(
    folder: &Path,
    options: Option<&SimulatorOptions>,
) -> Result<Option<Simulator>, SandboxError> {
    match options {
        Some(options) => Simulator::start(folder, options).await.map(Some),
        None => Ok(None),
    }
}
