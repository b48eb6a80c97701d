//! Kafka to MySQL: decode, enrich, write, offsets, dead letters. Knows nothing of the X API.

pub mod enrich;
pub mod migrate;
pub mod to_mysql;
