//! Batches through the real SQL into a real MySQL.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod bad_data;
mod cut;
mod deletions;
mod fixtures;
mod once;
mod order;
mod rollups;
mod schema;
mod schema_docs;
mod server;
mod values;
