//! Kafka to MySQL: decode, enrich, write, offsets, dead letters. Knows nothing of the X API.

pub mod accounts;
pub mod admin;
pub mod aside;
pub mod certificates;
pub mod check;
pub mod cli;
pub mod compliance;
pub mod config;
pub mod cursors;
pub mod decode;
pub mod doctor;
pub mod drained;
pub mod enrich;
pub mod flow;
pub mod from_kafka;
pub mod metrics;
pub mod migrate;
pub mod re_enrich;
pub mod replay;
pub mod report;
pub mod rewind;
pub mod rollups;
pub mod rows;
pub mod run;
pub mod spans;
pub mod to_mysql;
