//! A receiver of OTLP (http/protobuf) as a process of its own: it keeps spans and metrics and answers questions about them.

mod client;
mod from_otlp;
mod record;
mod server;

pub use client::TraceSink;
pub use record::{Link, MetricPoint, SpanRecord, TraceSummary};
pub use server::serve;
