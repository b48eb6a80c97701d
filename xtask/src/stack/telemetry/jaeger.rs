//! Jaeger's query API: one trace as the sandbox's span records.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sandbox::trace_sink::SpanRecord;
use serde_json::Value;

/// All spans Jaeger has of a trace.
pub(in crate::stack) async fn trace(base: &str, trace_id: &str) -> Result<Vec<SpanRecord>> {
    let answer = super::get(&format!("{base}/api/traces/{trace_id}")).await?;
    read(&answer).context("what Jaeger says of a trace")
}

/// Its JSON names a span's parent among its references, and times in microseconds.
fn read(answer: &Value) -> Option<Vec<SpanRecord>> {
    let trace = answer["data"].get(0)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let span = |span: &Value| {
        let references = span["references"].as_array().into_iter().flatten();
        let own = text(&span["traceID"]);
        // A link is a reference too, mostly to another trace.
        let parent = references
            .filter(|one| one["refType"] == "CHILD_OF" && one["traceID"] == own.as_str())
            .find_map(|one| one["spanID"].as_str());
        let tags = span["tags"].as_array().into_iter().flatten();
        let attributes: BTreeMap<String, Value> =
            tags.map(|tag| (text(&tag["key"]), tag["value"].clone())).collect();
        let start_ns = span["startTime"].as_u64()? * 1000;
        Some(SpanRecord {
            trace_id: own,
            span_id: text(&span["spanID"]),
            parent_span_id: parent.map(str::to_owned),
            service: text(&trace["processes"][span["processID"].as_str()?]["serviceName"]),
            name: text(&span["operationName"]),
            kind: attributes.get("span.kind").map(text).unwrap_or_default(),
            start_ns,
            end_ns: start_ns + span["duration"].as_u64()? * 1000,
            error: attributes.get("otel.status_description").map(text),
            attributes,
            events: Vec::new(),
            links: Vec::new(),
        })
    };
    trace["spans"].as_array()?.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_parent_is_read_from_the_reference_into_the_same_trace() {
        let reference =
            |kind: &str, trace: &str, span: &str| json!({"refType": kind, "traceID": trace, "spanID": span});
        let span = |id: &str, references: Value| {
            json!({"traceID": "aa", "spanID": id, "operationName": id, "references": references, "startTime": 5, "duration": 2,
                   "processID": "p1", "tags": [{"key": "span.kind", "type": "string", "value": "consumer"}]})
        };
        let links = json!([reference("FOLLOWS_FROM", "bb", "x"), reference("CHILD_OF", "aa", "1")]);
        let answer = json!({"data": [{"spans": [span("1", json!([])), span("2", links)], "processes": {"p1": {"serviceName": "transformer"}}}]});
        let spans = read(&answer).unwrap();
        assert_eq!(
            (spans[0].parent_span_id.as_deref(), spans[1].parent_span_id.as_deref()),
            (None, Some("1"))
        );
        assert_eq!(
            (spans[1].service.as_str(), spans[1].kind.as_str(), spans[1].start_ns, spans[1].end_ns),
            ("transformer", "consumer", 5000, 7000)
        );
    }
}
