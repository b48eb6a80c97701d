//! A batch as it came, with where it came from; pure: no async, no clock, no client.

use contract::TweetBatch;
use tracing::Span;

/// Where a message lies in Kafka.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
}

/// Ids of the trace that began with `extract page`; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits: the span that sent the message.
    pub span_id: String,
    /// Whether the trace is kept.
    pub sampled: bool,
}

/// A decoded message.
#[derive(Debug, Clone)]
pub struct Received {
    /// What it carried.
    pub batch: TweetBatch,
    /// Where it lies.
    pub source: Source,
    /// Its trace.
    pub trace: Trace,
    /// Timestamp of the Kafka message (milliseconds since 1970 UTC).
    pub committed_at_ms: i64,
    /// The `process` span: parent of the spans that follow; [`Span::none`] where there is none.
    pub span: Span,
}

/// A batch ready to become rows.
#[derive(Debug, Clone)]
pub struct Enriched {
    /// As it was received.
    pub received: Received,
}

/// Derives what the rows need beyond what X sent.
pub fn enrich(received: Received) -> Enriched {
    Enriched { received }
}
