//! One batch's trace as text, and the check that it shows the whole way across both services.

mod check;
mod draw;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use check::{Flaw, WHOLE_WAY, whole_way};
pub use draw::draw;

/// A span, as it is drawn, checked and written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bar {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits.
    pub span_id: String,
    /// 16 hex digits; none for a root.
    pub parent_span_id: Option<String>,
    /// `service.name` of the process that made it.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Begin, nanoseconds since 1970 UTC, clock of its process.
    pub start_ns: u64,
    /// End, nanoseconds since 1970 UTC.
    pub end_ns: u64,
    /// Attributes, as text.
    pub attributes: BTreeMap<String, String>,
}

impl Bar {
    /// True for a span without a parent.
    pub fn is_root(&self) -> bool {
        self.parent_span_id.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bar of the trace `t…`: id, parent, service, name, begin and duration in microseconds.
    pub(super) fn bar(id: &str, parent: &str, service: &str, name: &str, at: u64, lasts: u64) -> Bar {
        const BEGAN: u64 = 1_790_000_000_000_000_000;
        Bar {
            trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
            span_id: id.to_owned(),
            parent_span_id: (!parent.is_empty()).then(|| parent.to_owned()),
            service: service.to_owned(),
            name: name.to_owned(),
            start_ns: BEGAN + at * 1000,
            end_ns: BEGAN + (at + lasts) * 1000,
            attributes: BTreeMap::new(),
        }
    }

    /// The trace every batch has to have, out of order.
    pub(super) fn whole() -> Vec<Bar> {
        let mut root = bar("a1", "", "extractor", "extract page", 0, 60_000);
        root.attributes.insert("garimpo.batch.id".to_owned(), "covid/1/3".to_owned());
        vec![
            bar("e5", "d4", "transformer", "enrich batch", 66_000, 900),
            bar("f6", "d4", "transformer", "INSERT garimpo", 67_000, 33_000),
            bar("b2", "a1", "extractor", "GET /2/tweets/search/recent", 200, 21_500),
            bar("d4", "c3", "transformer", "process tweets.batches.v1", 64_500, 36_000),
            bar("c3", "a1", "extractor", "send tweets.batches.v1", 24_000, 35_000),
            root,
        ]
    }
}
