//! Spans: one `INSERT` a batch in its own trace, linked to the `write` trace that tells of the shared statements.

use std::time::Instant;

use bootstrap::TraceIds;
use opentelemetry::KeyValue;
use tracing::{Span, field, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::enrich::Enriched;

pub(super) const COMMIT: &str = "COMMIT";

/// Root of the trace of one transaction; without a kept batch that links to it, it is not kept either.
pub(super) fn write(batches: usize, posts: usize, kept: bool) -> Span {
    info_span!(
        parent: None,
        "write",
        otel.kind = "client",
        db.system.name = "mysql",
        garimpo.sample = (!kept).then_some("never"),
        garimpo.batches = batches,
        garimpo.posts = posts,
    )
}

/// Whether one of these batches belongs to a trace that is kept.
pub(super) fn any_kept(batches: &[&Enriched]) -> bool {
    batches.iter().any(|batch| TraceIds::of(&batch.received.span).is_some_and(|ids| ids.sampled))
}

/// Tells `write` that rows of one table are through, in as many statements as they took. An event and no span: of those there
/// would be a score a batch, and what keeps traces indexes every attribute of every span.
pub(super) fn done(write: &Span, name: &'static str, rows: usize, began: Instant) {
    if rows > 0 {
        let rows = KeyValue::new("garimpo.rows", i64::try_from(rows).unwrap_or(i64::MAX));
        write.add_event(name, vec![rows, took(began)]);
    }
}

/// Tells `write` that its transaction is through.
pub(super) fn committed(write: &Span, began: Instant) {
    write.add_event(COMMIT, vec![took(began)]);
}

fn took(began: Instant) -> KeyValue {
    KeyValue::new("garimpo.seconds", began.elapsed().as_secs_f64())
}

/// The interval of the shared transaction, in the trace of one batch.
pub(super) fn insert(batch: &Enriched, database: &str, write: &Span) -> Span {
    let span = info_span!(
        parent: &batch.received.span,
        "INSERT",
        otel.name = %format_args!("INSERT {database}"),
        otel.kind = "client",
        db.system.name = "mysql",
        db.namespace = database,
        db.operation.name = "INSERT",
        garimpo.batch.id = batch.received.batch.batch_id,
        garimpo.rows = field::Empty,
        garimpo.outcome = field::Empty,
    );
    bootstrap::link(&span, &write.context());
    span
}
