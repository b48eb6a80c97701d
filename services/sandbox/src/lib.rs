//! Throw-away Kafka, MySQL, simulator and trace sink on this machine, without root and with nothing installed on it.

pub mod binaries;
pub mod environment;
pub mod error;
pub mod feed;
pub mod folder;
pub mod groups;
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
