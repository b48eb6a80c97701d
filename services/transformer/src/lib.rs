//! Kafka to MySQL: decode, enrich, write, offsets, dead letters. Knows nothing of the X API.

pub mod aside;
pub mod check;
pub mod cli;
pub mod compliance;
pub mod config;
pub mod decode;
pub mod enrich;
pub mod flow;
pub mod from_kafka;
pub mod metrics;
pub mod migrate;
pub mod replay;
pub mod report;
pub mod rows;
pub mod run;
pub mod spans;
pub mod to_mysql;
