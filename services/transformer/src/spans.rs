//! Spans of one batch on its way through the transformer, by OpenTelemetry's messaging conventions.

use std::time::Duration;

use bootstrap::{TraceIds, adopt, extract, link};
use contract::topics::{BATCHES, COMPLIANCE};
use tracing::Span;
use tracing::field::Empty;

use crate::enrich::Trace;
use crate::from_kafka::Message;

/// Whether a message goes on with the trace that it came with.
#[derive(Debug, Clone, Copy)]
pub enum Joins {
    /// While that trace is kept; an older message starts one of its own, linked and sampled by ratio.
    WhileKept(Duration),
    /// Never: a replay is a story of its own.
    Never,
}

/// The `process` span of a message, not entered yet, and the ids of the trace that sent it.
pub fn process(message: &Message, group: &str, joins: Joins, now_ms: i64) -> (Span, Trace) {
    let headers =
        message.headers.iter().filter_map(|(k, v)| Some((k.as_str(), std::str::from_utf8(v).ok()?)));
    let sender = extract(headers);
    let age = Duration::from_millis(u64::try_from(now_ms - message.timestamp_ms).unwrap_or(0));
    let own = match joins {
        Joins::WhileKept(kept) => age > kept,
        Joins::Never => true,
    };
    let partition = message.ticket.partition;
    let name = match partition.topic {
        COMPLIANCE => const_name::COMPLIANCE,
        _ => const_name::BATCHES,
    };
    let span = tracing::info_span!(
        parent: None,
        "process",
        otel.name = name,
        otel.kind = "consumer",
        otel.status_code = Empty,
        otel.status_description = Empty,
        error.type = Empty,
        messaging.system = "kafka",
        messaging.operation.name = "process",
        messaging.operation.type = "process",
        messaging.destination.name = partition.topic,
        messaging.destination.partition.id = %partition.number,
        messaging.kafka.offset = message.ticket.offset,
        messaging.consumer.group.name = group,
        messaging.message.body.size = message.size(),
        garimpo.sample = own.then_some("ratio"),
        garimpo.batch.id = message.batch_id(),
        garimpo.rule = message.header(contract::headers::RULE),
        garimpo.outcome = Empty,
        garimpo.rejected = Empty,
    );
    let trace = TraceIds::of_context(&sender).map_or_else(Trace::default, |ids| Trace {
        trace_id: ids.trace_id,
        span_id: ids.span_id,
        sampled: ids.sampled,
    });
    if own {
        link(&span, &sender);
    } else {
        // False without telemetry alone: the span has just been made.
        let _adopted = adopt(&span, sender);
    }
    (span, trace)
}

mod const_name {
    pub(super) const BATCHES: &str = "process tweets.batches.v1";
    pub(super) const COMPLIANCE: &str = "process tweets.compliance.v1";
}

/// The `enrich batch` span.
pub fn enrich(process: &Span, posts: usize) -> Span {
    tracing::info_span!(parent: process, "enrich", otel.name = "enrich batch", garimpo.posts = posts)
}

/// Marks a `process` span as failed.
pub fn failed(span: &Span, class: &'static str, detail: &str) {
    span.record("otel.status_code", "ERROR");
    span.record("otel.status_description", detail);
    span.record("error.type", class);
}

const _: () = {
    // The names above cannot be put together from the constants at compile time; a renamed topic must not go unseen.
    assert!(const_name::BATCHES.len() == "process ".len() + BATCHES.len());
    assert!(const_name::COMPLIANCE.len() == "process ".len() + COMPLIANCE.len());
};
