//! Rows of `batches`, `coverage` and `spending`: one batch, fed by nothing else.

use contract::{BatchKind, TweetBatch};
use time::{Date, PrimitiveDateTime};

use super::{
    Refusal,
    details::compact_text,
    moment::{moment, moment_if},
};
use crate::enrich::{Enriched, Received, Version};

/// A row of `batches`.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow<'a> {
    /// As it was received.
    pub batch: &'a TweetBatch,
    /// Where it lies, and its trace.
    pub received: From<'a>,
    /// Digest of the content.
    pub digest: &'a str,
    /// Column of this name.
    pub kind: &'static str,
    /// Column of this name.
    pub covers_from: Option<PrimitiveDateTime>,
    /// Column of this name.
    pub covers_to: Option<PrimitiveDateTime>,
    /// Column of this name.
    pub requested_at: PrimitiveDateTime,
    /// Column of this name.
    pub received_at: PrimitiveDateTime,
    /// Column of this name.
    pub observed_at: PrimitiveDateTime,
    /// Column of this name.
    pub committed_at: PrimitiveDateTime,
    /// JSON.
    pub errors: Option<String>,
    /// JSON.
    pub unparsed: Option<String>,
    /// JSON.
    pub gap: Option<String>,
}

/// Kafka and trace of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct From<'a> {
    /// Where it lies.
    pub source: &'a crate::enrich::Source,
    /// Its trace.
    pub trace: &'a crate::enrich::Trace,
}

/// A row of `coverage`.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageRow<'a> {
    /// Column of this name.
    pub rule: &'a str,
    /// Column of this name.
    pub batch_id: &'a str,
    /// `seen` or `gap`.
    pub kind: &'static str,
    /// Inclusive.
    pub from_at: Option<PrimitiveDateTime>,
    /// Exclusive.
    pub to_at: Option<PrimitiveDateTime>,
    /// Of a gap.
    pub reason: Option<&'a str>,
    /// Column of this name.
    pub observed_at: PrimitiveDateTime,
    /// Column of this name.
    pub version: Version,
}

/// A row of `spending`.
#[derive(Debug, Clone, PartialEq)]
pub struct SpendingRow<'a> {
    /// UTC day of the answer.
    pub day: Date,
    /// What was bought.
    pub batch: &'a TweetBatch,
    /// Column of this name.
    pub digest: &'a str,
}

impl<'a> LedgerRow<'a> {
    /// The ledger row of a batch.
    ///
    /// # Errors
    /// Its times are no times.
    pub fn of(enriched: &'a Enriched) -> Result<Self, Refusal> {
        let Received { batch, source, trace, committed_at_ms, .. } = &enriched.received;
        Ok(Self {
            batch,
            received: From { source, trace },
            digest: &enriched.digest,
            kind: match batch.kind {
                BatchKind::Page => "PAGE",
                BatchKind::Idle => "IDLE",
            },
            covers_from: moment_if("covers_from", batch.covers_from)?,
            covers_to: moment_if("covers_to", batch.covers_to)?,
            requested_at: moment("requested_at", batch.requested_at)?,
            received_at: moment("received_at", batch.received_at)?,
            observed_at: moment("observed_at", batch.observed_at)?,
            committed_at: moment("committed_at", *committed_at_ms)?,
            errors: compact_text("errors", &batch.errors)?,
            unparsed: compact_text("unparsed", &batch.unparsed)?,
            gap: compact_text("gap", &batch.gap)?,
        })
    }

    /// What the batch says about intervals: what it saw, and what could not be reached.
    ///
    /// # Errors
    /// A gap whose times are no times.
    pub fn coverage(&self, version: Version) -> Result<Vec<CoverageRow<'a>>, Refusal> {
        let row = |kind, from_at, to_at, reason| CoverageRow {
            rule: &self.batch.rule,
            batch_id: &self.batch.batch_id,
            kind,
            from_at,
            to_at,
            reason,
            observed_at: self.observed_at,
            version,
        };
        let mut rows = Vec::new();
        if let Some(gap) = &self.batch.gap {
            let (from, to) = (moment_if("gap.from", gap.from)?, moment_if("gap.to", gap.to)?);
            rows.push(row("gap", from, to, Some(gap.reason.as_str())));
        }
        if self.covers_from.is_some() || self.covers_to.is_some() {
            rows.push(row("seen", self.covers_from, self.covers_to, None));
        }
        Ok(rows)
    }

    /// What the batch cost.
    pub fn spending(&self) -> SpendingRow<'a> {
        SpendingRow { day: self.observed_at.date(), batch: self.batch, digest: self.digest }
    }
}
