//! One Apache Kafka node (KRaft) as a throw-away process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};

use crate::error::SandboxError;
use crate::ports;
use crate::process::{Process, ProcessSpec};
use crate::setup::Tools;

const LOG: &str = include_str!("kafka/log4j2.properties");
const PROPERTIES: &str = include_str!("kafka/server.properties");
/// Of 22 random bytes in base64, as Kafka's own tool makes them; one cluster of one node needs no other.
const CLUSTER_ID: &str = "Z2FyaW1wby1zYW5kYm94LQ";
/// From the process's start until it answers a metadata request: 4–6 s alone, more beside a build on two cores.
const READY: Duration = Duration::from_secs(90);
const STOP: Duration = Duration::from_secs(60);

/// How the node is run.
#[derive(Debug, Clone, Default)]
pub struct KafkaOptions {
    /// The address clients of the second listener are told: that of a proxy in front of it.
    pub proxied_as: Option<SocketAddr>,
    /// Lines that lie over the node's `server.properties`.
    pub properties: BTreeMap<String, String>,
}

/// A Kafka node; dropped, it is killed.
#[derive(Debug)]
pub struct Kafka {
    spec: ProcessSpec,
    process: Process,
    address: SocketAddr,
    behind_proxy: SocketAddr,
}

impl Kafka {
    /// Makes a new node in `folder` and waits until it answers.
    ///
    /// # Errors
    /// It cannot be formatted or started, or does not answer in time: with the last lines of its log.
    pub async fn start(tools: &Tools, folder: &Path, options: &KafkaOptions) -> Result<Self, SandboxError> {
        fs::create_dir_all(folder).map_err(SandboxError::io("make the folder", folder))?;
        let address = ports::free()?;
        let behind_proxy = ports::free()?;
        let properties = properties(folder, address, behind_proxy, options)?;
        for (name, text) in [("server.properties", properties.as_str()), ("log4j2.properties", LOG)] {
            let path = folder.join(name);
            fs::write(&path, text).map_err(SandboxError::io("write", path))?;
        }
        format(tools, folder).await?;
        let spec = java(tools, folder, "kafka", "-Xmx256m", &["kafka.Kafka", "server.properties"]);
        let process = Process::start(&spec)?;
        let kafka = Self { spec, process, address, behind_proxy };
        kafka.ready(READY).await?;
        Ok(kafka)
    }

    /// `bootstrap.servers` of the direct listener.
    pub fn brokers(&self) -> String {
        self.address.to_string()
    }

    /// Where a proxy forwards to; clients that come by it are told the proxy's address.
    pub fn behind_proxy(&self) -> SocketAddr {
        self.behind_proxy
    }

    /// The process, for its pid, log and memory.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// SIGTERM and an orderly end.
    ///
    /// # Errors
    /// It does not end within a minute.
    pub async fn stop(&self) -> Result<(), SandboxError> {
        self.process.terminate(STOP).await.map(|_| ())
    }

    /// kill -9.
    ///
    /// # Errors
    /// It does not end.
    pub async fn kill(&self) -> Result<(), SandboxError> {
        self.process.kill().await.map(|_| ())
    }

    /// Starts it again after [`stop`](Self::stop) or [`kill`](Self::kill), on the same ports and data, and waits until it answers.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn restart(&mut self) -> Result<(), SandboxError> {
        self.process = Process::start(&self.spec)?;
        self.ready(READY).await
    }

    /// Waits for a real answer to a metadata request that names a broker.
    async fn ready(&self, limit: Duration) -> Result<(), SandboxError> {
        let address = self.address;
        self.process
            .until("answering", limit, async || {
                // Connecting first keeps librdkafka from backing off from a port that is not open yet.
                tokio::net::TcpStream::connect(address).await.ok()?;
                tokio::task::spawn_blocking(move || answers(address)).await.ok()?
            })
            .await
    }
}

fn answers(address: SocketAddr) -> Option<()> {
    let client: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", address.to_string())
        .set("log_level", "0")
        .create()
        .ok()?;
    let metadata = client.fetch_metadata(None, Duration::from_secs(2)).ok()?;
    (!metadata.brokers().is_empty()).then_some(())
}

async fn format(tools: &Tools, folder: &Path) -> Result<(), SandboxError> {
    let arguments =
        ["kafka.tools.StorageTool", "format", "--standalone", "-t", CLUSTER_ID, "-c", "server.properties"];
    let tool = Process::start(&java(tools, folder, "kafka-format", "-Xmx128m", &arguments))?;
    let end = tool.wait(READY).await?;
    if end == crate::process::Ended::Exited(0) {
        return Ok(());
    }
    Err(SandboxError::Failed { name: tool.name().to_owned(), end, log: tool.last_lines() })
}

fn java(tools: &Tools, folder: &Path, name: &str, heap: &str, main: &[&str]) -> ProcessSpec {
    let mut arguments: Vec<OsString> =
        [heap, "-XX:+UseSerialGC", "-Xshare:auto", "-Djava.awt.headless=true"].map(OsString::from).into();
    arguments
        .push(format!("-Dlog4j2.configurationFile={}", folder.join("log4j2.properties").display()).into());
    arguments.push("-cp".into());
    arguments.push(tools.kafka.class_path());
    arguments.extend(main.iter().map(OsString::from));
    ProcessSpec {
        name: name.to_owned(),
        program: tools.java.program.clone(),
        arguments,
        environment: BTreeMap::new(),
        folder: folder.to_owned(),
    }
}

fn properties(
    folder: &Path,
    address: SocketAddr,
    behind_proxy: SocketAddr,
    options: &KafkaOptions,
) -> Result<String, SandboxError> {
    let controller = ports::free()?;
    let proxied = options.proxied_as.unwrap_or(behind_proxy);
    let data: PathBuf = folder.join("data");
    let mut all = PROPERTIES
        .replace("@DIRECT@", &address.to_string())
        .replace("@PROXIED@", &behind_proxy.to_string())
        .replace("@PROXY@", &proxied.to_string())
        .replace("@CONTROLLER@", &controller.to_string())
        .replace("@DATA@", &data.display().to_string());
    // The last line of a name wins in Java's properties.
    for (name, value) in &options.properties {
        all.push_str(&format!("{name}={value}\n"));
    }
    Ok(all)
}
