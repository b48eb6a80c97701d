//! X API v2 to Kafka: rules, money, cursor, batches.
//!
//! `flow.rs` is the way of a page; `plan`, `money`, `normalise`, `batch` and `retry` are pure.

mod ask_clock;
pub mod batch;
mod check;
mod claim;
mod cli;
pub mod clock;
mod commit;
pub mod config;
mod cursors;
mod extractor;
mod fetch;
mod flow;
mod metrics;
pub mod money;
pub mod normalise;
pub mod plan;
pub mod retry;
pub mod rules;
mod spans;
mod start;
pub mod to_kafka;
pub mod topics;

pub use cli::{Cli, Command};
pub use start::start;
