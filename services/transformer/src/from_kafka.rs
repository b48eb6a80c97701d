//! Reading: the consumer group on a thread of its own, which polls whatever happens, and what it read.

mod client;
mod group;
mod message;
mod offsets;
mod poll;
mod retained;
mod topics;
mod waiting;

pub use client::{BrokerError, Quiet, client, reach};
pub use group::{Group, GroupError, Reports};
pub use message::{Message, Partition, Ticket};
pub use offsets::Offsets;
pub use retained::{Range, Retained, RetainedError, Start};
pub use topics::{TopicError, TopicState, ensure, inspect};
pub use waiting::{LaneState, Waiting};
