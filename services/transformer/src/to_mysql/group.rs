//! What stands in a transaction: ledger rows, then facts, whole or object by object.

use std::collections::HashSet;

use tracing::Span;

use super::{
    Mode, Outcome, RowCounts,
    failure::Failure,
    ledger::{Ledger, Refused},
    session::Session,
    statement::{INSERT_BATCHES, UPSERT_COVERAGE, UPSERT_SPENDING},
};
use crate::{
    enrich::Enriched,
    rows::{Item, LedgerRow, Refusal, Rows},
};

/// How finely a transaction takes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// All rows of all batches together; one bad row fails all.
    Whole,
    /// Each object by itself; bad ones are left out.
    Piecewise,
}

/// What one attempt needs.
pub(super) struct Group<'a> {
    pub(super) batches: &'a [&'a Enriched],
    pub(super) mode: Mode,
    pub(super) grain: Grain,
    pub(super) write: &'a Span,
}

impl Session<'_> {
    pub(super) async fn group(&mut self, group: &Group<'_>, known: &Ledger) -> Result<Vec<Outcome>, Failure> {
        let mut seen = HashSet::new();
        // The same message twice in one group: the second is known by the first.
        let first = |batch: &Enriched, seen: &mut HashSet<(String, String)>| {
            seen.insert((batch.received.batch.batch_id.clone(), batch.digest.clone()))
        };
        let taken: Vec<bool> = group
            .batches
            .iter()
            .map(|batch| match group.mode {
                Mode::Once => first(batch, &mut seen) && known.known(batch).is_none(),
                Mode::Reapply => first(batch, &mut seen),
                Mode::Alone => true,
            })
            .collect();
        let batches: Vec<&Enriched> =
            group.batches.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(batch, _)| *batch).collect();
        let ledger =
            if group.mode == Mode::Alone { Ledger::default() } else { self.enter(&batches, known).await? };
        let refused = match group.grain {
            Grain::Whole => self.whole(&batches).await.map(|()| Vec::new())?,
            Grain::Piecewise => self.piecewise(&batches, group.mode).await?,
        };
        let outcome = |(batch, taken): (&&Enriched, &bool)| {
            if !taken {
                let refused = known.known(batch).map_or(&[][..], Vec::as_slice);
                return Outcome::Known { rejected: Refused::restore_all(refused, batch) };
            }
            let rejected = Refused::restore_all(&refused, batch);
            let rows = RowCounts::of(batch);
            match ledger.has_other(batch) {
                true => Outcome::Repeated { rows, rejected },
                false => Outcome::Applied { rows, rejected },
            }
        };
        Ok(group.batches.iter().zip(&taken).map(outcome).collect())
    }

    /// Ledger, coverage and spending of batches that are not known; answers with all ledger rows of these ids.
    async fn enter(&mut self, batches: &[&Enriched], known: &Ledger) -> Result<Ledger, Failure> {
        let mut rows = Vec::with_capacity(batches.len());
        for batch in batches {
            rows.push((LedgerRow::of(batch).map_err(bad)?, batch));
        }
        rows.sort_by(|(a, _), (b, _)| (&a.batch.batch_id, a.digest).cmp(&(&b.batch.batch_id, b.digest)));
        let mut coverage = Vec::new();
        for (row, batch) in &rows {
            coverage.extend(row.coverage(batch.version).map_err(bad)?);
        }
        coverage.sort_by(|a, b| {
            (a.rule, a.batch_id, a.kind, a.version).cmp(&(b.rule, b.batch_id, b.kind, b.version))
        });
        let mut spending: Vec<_> = rows.iter().map(|(row, _)| row.spending()).collect();
        spending
            .sort_by(|a, b| (a.day, &a.batch.batch_id, a.digest).cmp(&(b.day, &b.batch.batch_id, b.digest)));
        let new: Vec<_> =
            rows.into_iter().filter(|(_, batch)| known.known(batch).is_none()).map(|r| r.0).collect();
        self.rows(&INSERT_BATCHES, &new, Failure::of_ledger).await?;
        let ledger = self.ledger(batches).await?;
        self.rows(&UPSERT_COVERAGE, &coverage, Failure::of).await?;
        self.rows(&UPSERT_SPENDING, &spending, Failure::of).await?;
        Ok(ledger)
    }

    async fn whole(&mut self, batches: &[&Enriched]) -> Result<(), Failure> {
        let mut rows = Rows::default();
        for batch in batches {
            for item in Item::all(&batch.received.batch) {
                rows.add(batch, item).map_err(bad)?;
            }
        }
        self.facts(&rows.settle()).await
    }

    /// Each object behind a savepoint of its own.
    async fn piecewise(&mut self, batches: &[&Enriched], mode: Mode) -> Result<Vec<Refused>, Failure> {
        let mut refused = Vec::new();
        for batch in batches {
            let gone = self.gone(batch).await?;
            for item in Item::all(&batch.received.batch) {
                let mut rows = Rows::default();
                if let Err(refusal) = rows.add(batch, item) {
                    refused.push(Refused::new(item, refusal.to_string()));
                    continue;
                }
                self.plain("SAVEPOINT object").await?;
                match self.facts_without(&rows.settle(), &gone).await {
                    Ok(()) => {}
                    Err(Failure::Data(detail)) => {
                        self.plain("ROLLBACK TO SAVEPOINT object").await?;
                        refused.push(Refused::new(item, detail));
                    }
                    Err(failure) => return Err(failure),
                }
            }
            if mode != Mode::Alone {
                self.keep_refused(batch, &refused).await?;
            }
        }
        Ok(refused)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn bad(refusal: Refusal) -> Failure {
    Failure::Data(refusal.to_string())
}
