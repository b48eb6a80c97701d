//! Names of Kafka message headers.

/// W3C trace context of the `send` span.
pub const TRACEPARENT: &str = "traceparent";
/// W3C trace state.
pub const TRACESTATE: &str = "tracestate";
/// The batch id, readable without decoding.
pub const BATCH_ID: &str = "batch-id";
/// The rule's name.
pub const RULE: &str = "rule";
/// One of the two content types below.
pub const CONTENT_TYPE: &str = "content-type";
/// Avro single-object encoding.
pub const SINGLE_OBJECT_TYPE: &str = "application/vnd.apache.avro.single-object";
/// Confluent's framing.
pub const CONFLUENT_TYPE: &str = "application/vnd.confluent.avro";
