//! One batch's trace, from the ledger's row to the spans of both services.

use std::time::{Duration, Instant};

use super::Pipeline;
use crate::error::SandboxError;
use crate::trace_sink::SpanRecord;
use crate::waterfall::{Flaw, whole_way};

const FULLEST: &str = "SELECT batch_id, trace_id FROM batches WHERE trace_id <> '' AND trace_sampled \
                       ORDER BY posts DESC, batch_id LIMIT 1";
const OF_BATCH: &str = "SELECT batch_id, trace_id FROM batches WHERE batch_id = ? AND trace_id <> '' LIMIT 1";
/// From one question to the trace sink to the next.
const LOOK: Duration = Duration::from_millis(100);

/// One batch's trace.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchTrace {
    /// The batch.
    pub batch_id: String,
    /// Its trace, as its ledger row names it.
    pub trace_id: String,
    /// The spans of that trace.
    pub spans: Vec<SpanRecord>,
    /// What it lacks of the whole way; empty where it is whole.
    pub flaws: Vec<Flaw>,
}

impl Pipeline {
    /// The trace of the batch `batch_id`, or of the one with the most posts: as soon as it is whole, or as it is when the
    /// limit has passed.
    ///
    /// # Errors
    /// The ledger holds no traced batch, or cannot be read.
    pub async fn trace(&self, batch_id: Option<&str>, limit: Duration) -> Result<BatchTrace, SandboxError> {
        let query = match batch_id {
            Some(id) => sqlx::query_as(OF_BATCH).bind(id),
            None => sqlx::query_as(FULLEST),
        };
        let row: Option<(String, String)> = query
            .fetch_optional(self.rows())
            .await
            .map_err(|source| SandboxError::Mysql { action: "find a batch's trace", source })?;
        let (batch_id, trace_id) = row.ok_or_else(|| SandboxError::Control {
            name: "ledger",
            action: "name a trace".to_owned(),
            reason: "no such batch was applied, or none has a trace".to_owned(),
        })?;
        let deadline = Instant::now() + limit;
        loop {
            let spans = self.sandbox.trace_sink.trace(&trace_id).await?;
            let flaws = whole_way(&spans);
            if flaws.is_empty() || Instant::now() > deadline {
                return Ok(BatchTrace { batch_id, trace_id, spans, flaws });
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
