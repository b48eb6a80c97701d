//! Throw-away Kafka, MySQL, simulator and trace sink on this machine, without root and with nothing installed on it.
//!
//! [`Sandbox::start`] sets up what is missing (once, into `~/.cache/garimpo`), starts everything in a temporary folder and
//! is ready when all of it answers. Dropped, it leaves nothing behind; killed, its processes die with it and the next run
//! removes the folder.
//!
//! ```no_run
//! use std::time::Duration;
//! use sandbox::proxy::Rule;
//! use sandbox::{Sandbox, SandboxOptions};
//!
//! # async fn example() -> Result<(), sandbox::SandboxError> {
//! let sandbox = Sandbox::start(SandboxOptions::default()).await?;
//! sandbox.migrator("migrate").run(&["migrate"], Duration::from_secs(60)).await?;
//! let by_proxy = sandbox.mysql_proxy.address().port().to_string();
//! let spec = sandbox.transformer("transformer").set("mysql.port", by_proxy);
//! let mut commit = sandbox.mysql_proxy.hold(Rule::mysql("COMMIT").after_answer());
//! let transformer = spec.start()?;
//! transformer.ready(Duration::from_secs(30)).await?;
//! commit.reached(Duration::from_secs(30)).await?;
//! transformer.kill().await?;
//! commit.cut();
//! let again = spec.start()?;
//! # Ok(())
//! # }
//! ```
//!
//! Environment: `GARIMPO_CACHE` (another cache folder), `GARIMPO_IGNORE_SYSTEM=1` (use nothing of the machine's own),
//! `KAFKA_HOME` (an unpacked Apache Kafka 4), `GARIMPO_BIN_DIR` (where the workspace's programs are), `TMPDIR`.

pub mod binaries;
pub mod browser;
pub mod environment;
pub mod error;
pub mod feed;
pub mod folder;
pub mod groups;
pub mod guard;
pub mod http;
pub mod jdbc;
pub mod kafka;
pub mod mysql;
pub mod pipeline;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod seeded;
pub mod service;
pub mod setup;
pub mod simulator;
pub mod tables;
pub mod topics;
pub mod trace_sink;
pub mod turns;
pub mod verdict;
pub mod wait;
pub mod waterfall;

pub use environment::{Sandbox, SandboxOptions};
pub use error::SandboxError;
pub use pipeline::{Pipeline, PipelineOptions};
