//! Throw-away Kafka, MySQL, simulator and trace sink on this machine, without root and with nothing installed on it.

pub mod binaries;
pub mod environment;
pub mod error;
pub mod folder;
pub mod guard;
mod http;
pub mod kafka;
pub mod mysql;
pub mod pipeline;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod service;
pub mod setup;
pub mod simulator;
pub mod topics;
pub mod trace_sink;
pub mod verdict;
pub mod waterfall;

pub use environment::{Sandbox, SandboxOptions};
pub use error::SandboxError;
pub use pipeline::{Pipeline, PipelineOptions};
