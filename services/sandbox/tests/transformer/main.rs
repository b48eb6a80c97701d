//! The transformer end to end, on real Kafka and MySQL: what is committed is applied once, whatever dies in between.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod commits;
mod looks;
mod members;
mod observations;
mod outages;
mod poison;
mod pool;
mod refused;
mod registry;
mod replays;
mod restores;
mod schemas;
mod stage;
mod starts;
mod views;
