//! Placeholders of ledger, coverage and spending: the order is that of the columns in `sql/`.

use super::values::{Bind, Values};
use crate::rows::{CoverageRow, LedgerRow, SpendingRow};

impl Bind for LedgerRow<'_> {
    fn bind(&self, values: &mut Values) {
        let (row, batch) = (self, self.batch);
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        values
            .put(batch.batch_id.as_str())
            .put(row.digest)
            .put(row.kind)
            .put(batch.rule.as_str())
            .put(batch.query.as_str())
            .put(batch.query_fingerprint.as_str())
            .put(batch.identity.as_str())
            .put(batch.walk)
            .put(batch.page)
            .put(batch.part)
            .put(batch.parts)
            .put(batch.walk_finished)
            .put(row.covers_from)
            .put(row.covers_to)
            .put(batch.since_id)
            .put(batch.until_id)
            .put(batch.newest_id)
            .put(batch.oldest_id)
            .put(row.requested_at)
            .put(row.received_at)
            .put(row.observed_at)
            .put(row.committed_at)
            .put(batch.attempts)
            .put(batch.idle_polls)
            .put(batch.refetched)
            .put(batch.cost_usd_micros)
            .put(batch.billed_posts)
            .put(batch.billed_users)
            .put(count(batch.tweets.len()))
            .put(count(batch.included.len()))
            .put(count(batch.users.len()))
            .put(count(batch.places.len()))
            .put(count(batch.media.len()))
            .put(count(batch.polls.len()))
            .put(row.errors.as_deref())
            .put(row.unparsed.as_deref())
            .put(row.gap.as_deref())
            .put(batch.extra.as_deref())
            .put(row.received.source.topic.as_str())
            .put(row.received.source.partition)
            .put(row.received.source.offset)
            .put(row.received.trace.trace_id.as_str())
            .put(row.received.trace.span_id.as_str())
            .put(row.received.trace.sampled);
    }

    fn weight(&self) -> usize {
        let length = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        2048 + length(&self.errors) + length(&self.unparsed) + length(&self.batch.extra)
    }
}

impl Bind for CoverageRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.rule)
            .put(self.batch_id)
            .put(self.kind)
            .put(self.from_at)
            .put(self.to_at)
            .put(self.reason)
            .put(self.observed_at)
            .put(&self.version.0[..]);
    }
}

impl Bind for SpendingRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.day)
            .put(self.batch.batch_id.as_str())
            .put(self.digest)
            .put(self.batch.identity.as_str())
            .put(self.batch.rule.as_str())
            .put(self.batch.cost_usd_micros)
            .put(self.batch.billed_posts)
            .put(self.batch.billed_users)
            .put(self.batch.refetched);
    }
}
