//! One batch's trace as text, and the check that it shows the whole way across both services.

mod check;
mod draw;

pub use check::{Flaw, WHOLE_WAY, whole_way};
pub use draw::{Row, draw, rows};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::trace_sink::SpanRecord;

    /// A bar of the trace `t…`: id, parent, service, name, begin and duration in microseconds.
    pub(super) fn bar(id: &str, parent: &str, service: &str, name: &str, at: u64, lasts: u64) -> SpanRecord {
        const BEGAN: u64 = 1_790_000_000_000_000_000;
        SpanRecord {
            trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
            span_id: id.to_owned(),
            parent_span_id: (!parent.is_empty()).then(|| parent.to_owned()),
            service: service.to_owned(),
            name: name.to_owned(),
            start_ns: BEGAN + at * 1000,
            end_ns: BEGAN + (at + lasts) * 1000,
            kind: "internal".to_owned(),
            error: None,
            attributes: BTreeMap::new(),
            events: Vec::new(),
            links: Vec::new(),
        }
    }

    /// The trace every batch has to have, out of order.
    pub(super) fn whole() -> Vec<SpanRecord> {
        vec![
            bar("e5", "d4", "transformer", "enrich batch", 66_000, 900),
            bar("f6", "d4", "transformer", "INSERT garimpo", 67_000, 33_000),
            bar("b2", "a1", "extractor", "GET /2/tweets/search/recent", 200, 21_500),
            bar("d4", "c3", "transformer", "process tweets.batches.v1", 64_500, 36_000),
            bar("c3", "a1", "extractor", "send tweets.batches.v1", 24_000, 35_000),
            bar("a1", "", "extractor", "extract page", 0, 60_000),
        ]
    }
}
