//! The spans of a page. Names and attributes follow OpenTelemetry's semantic conventions where there are any.

use bootstrap::inject;
use contract::topics::BATCHES;
use contract::{TweetBatch, headers};
use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::plan::Walk;
use crate::to_kafka::{Framing, Receipt};

/// The root of a batch's trace; every wait is over when it begins.
pub(crate) fn page(walk: &Walk) -> Span {
    info_span!(
        parent: None,
        "extract page",
        otel.status_code = Empty,
        garimpo.rule = walk.cursor.rule,
        garimpo.batch.id = %crate::batch::id(walk),
        garimpo.walk = walk.cursor.walk,
        garimpo.page = walk.page(),
        garimpo.tweets = Empty,
        garimpo.included = Empty,
        garimpo.cost_usd = Empty,
        garimpo.refetched = Empty,
        garimpo.outcome = Empty,
        "error.type" = Empty,
    )
}

/// The transaction that carries a batch, under the current span.
pub(crate) fn send(batch: &TweetBatch, key: &str, parts: usize, bytes: usize) -> Span {
    let span = info_span!(
        "send",
        otel.name = format!("send {BATCHES}"),
        otel.kind = "producer",
        messaging.system = "kafka",
        messaging.operation.name = "send",
        messaging.operation.type = "send",
        messaging.destination.name = BATCHES,
        messaging.destination.partition.id = Empty,
        messaging.kafka.offset = Empty,
        messaging.kafka.message.key = key,
        messaging.batch.message_count = Empty,
        messaging.message.body.size = bytes,
        messaging.client.id = batch.identity,
        garimpo.batch.id = batch.batch_id,
    );
    if parts > 1 {
        span.record("messaging.batch.message_count", parts);
    }
    span
}

/// Where the batch lies.
pub(crate) fn sent(span: &Span, receipt: Receipt) {
    if let Some((partition, offset)) = receipt.batch {
        span.record("messaging.destination.partition.id", partition.to_string());
        span.record("messaging.kafka.offset", offset);
    }
}

/// Headers of a batch's message; the trace goes on at their reader.
pub(crate) fn message_headers(send: &Span, batch: &TweetBatch, framing: Framing) -> Vec<(String, String)> {
    let own = [
        (headers::BATCH_ID, batch.batch_id.clone()),
        (headers::RULE, batch.rule.clone()),
        (headers::CONTENT_TYPE, framing.content_type().to_owned()),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value));
    inject(send).into_iter().chain(own).collect()
}
