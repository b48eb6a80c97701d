//! The transformer as a process, from a real Kafka to a real MySQL: what it reads, pauses, sets aside and commits.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod aside;
mod pauses;
mod rebalances;
mod replays;
mod scene;
mod start;
mod way;
