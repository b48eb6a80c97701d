//! Spans: one `INSERT` a batch in its own trace, linked to the `write` trace that holds the shared statements.

use tracing::{Span, field, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::enrich::Enriched;

/// Root of the trace of one transaction.
pub(super) fn write(batches: usize, posts: usize) -> Span {
    info_span!(parent: None, "write", otel.kind = "internal", garimpo.batches = batches, garimpo.posts = posts)
}

/// Rows of one table, child of `write`, in as many statements as they take: one a statement would be fifty spans a batch. No
/// rows, no span. Its own row count: the conventions' batch size means statements, not rows.
pub(super) fn rows(write: &Span, name: &'static str, rows: usize) -> Span {
    if rows == 0 {
        return Span::none();
    }
    let (operation, table) = name.split_once(' ').unwrap_or((name, ""));
    let operation = if operation == "UPSERT" { "INSERT" } else { operation };
    info_span!(
        parent: write,
        "rows",
        otel.name = %format_args!("{operation} {table}"),
        otel.kind = "client",
        db.system.name = "mysql",
        db.operation.name = operation,
        db.collection.name = table,
        garimpo.rows = rows,
    )
}

/// The end of the transaction, child of `write`.
pub(super) fn commit(write: &Span) -> Span {
    info_span!(
        parent: write,
        "COMMIT",
        otel.kind = "client",
        db.system.name = "mysql",
        db.operation.name = "COMMIT",
    )
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
