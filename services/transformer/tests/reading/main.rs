//! The transformer as a process: the trace of a batch, its offset, and what the extractor could not read.
//!
//! Kills, outages, members, schemas, poison and replays are proven beside the other services, in the sandbox's tests.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod aside;
mod scene;
mod way;
