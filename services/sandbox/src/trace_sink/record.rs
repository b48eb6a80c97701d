//! What the sink keeps, and tells as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One finished span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits.
    pub span_id: String,
    /// The parent's span id; none for a root.
    pub parent_span_id: Option<String>,
    /// `service.name` of the process it came from.
    pub service: String,
    /// Its name.
    pub name: String,
    /// `internal`, `server`, `client`, `producer` or `consumer`.
    pub kind: String,
    /// Nanoseconds since 1970.
    pub start_ns: u64,
    /// Nanoseconds since 1970.
    pub end_ns: u64,
    /// The description, if the span ended in an error.
    pub error: Option<String>,
    /// Its attributes.
    pub attributes: BTreeMap<String, Value>,
    /// The names of its events.
    pub events: Vec<String>,
    /// The spans it is linked to.
    pub links: Vec<Link>,
}

/// A link to a span of this or another trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits.
    pub span_id: String,
}

/// A trace in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceSummary {
    /// 32 hex digits.
    pub trace_id: String,
    /// The name of its root; none while the root has not come.
    pub root: Option<String>,
    /// How many spans have come.
    pub spans: usize,
    /// The services they came from.
    pub services: Vec<String>,
}

/// The latest value of one metric under one set of attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricPoint {
    /// Its name.
    pub name: String,
    /// Its unit, as UCUM writes it.
    pub unit: String,
    /// `service.name` of the process it came from.
    pub service: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, Value>,
    /// A gauge's or counter's value, or a histogram's sum.
    pub value: f64,
    /// A histogram's number of measurements.
    pub count: Option<u64>,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
}
