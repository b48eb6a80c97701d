//! The extractor against real Kafka and MySQL: killed, fenced, refused, short of money, stopped; X billing every answer.
//!
//! Each test ends with the same question: are truth, topic and rows equal, and is the bill within the limit?

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod moment;
mod scene;
mod stage;

mod check;
mod fencing;
mod kills;
mod limit;
mod lost_kafka;
mod passing;
mod refusals;
mod restarts;
mod start_errors;
