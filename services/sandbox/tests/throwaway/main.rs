//! The sandbox's own tests: what it starts is durable, exact, and gone when its parent is.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod environment;
mod guard;
mod kafka;
mod mysql;
mod proxy;
mod setup;
mod simulator;
mod support;
