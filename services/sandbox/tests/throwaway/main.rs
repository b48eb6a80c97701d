//! The sandbox's own tests: what it starts is durable, exact, and gone when its parent is.

mod guard;
mod kafka;
mod mysql;
mod support;
