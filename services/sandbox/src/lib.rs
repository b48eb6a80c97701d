//! Throw-away Kafka, MySQL, simulator and trace sink on this machine, without root and with nothing installed on it.

pub mod binaries;
pub mod error;
pub mod guard;
mod http;
pub mod kafka;
pub mod mysql;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod service;
pub mod setup;
pub mod topics;

pub use error::SandboxError;
