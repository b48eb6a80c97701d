//! One transaction for all batches that wait; where data is bad, batch by batch, then object by object.

use std::{collections::HashSet, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use tracing::Span;

use super::{
    CONFLICTS, Mode, Outcome, Pause, RowCounts, Writer,
    failure::Failure,
    ledger::{Ledger, Refused},
    session::Session,
    spans,
    statement::{INSERT_BATCHES, UPSERT_COVERAGE, UPSERT_SPENDING},
};
use crate::{
    enrich::Enriched,
    rows::{Item, LedgerRow, Refusal, Rows},
};

/// How finely a transaction takes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grain {
    /// All rows of all batches together; one bad row fails all.
    Whole,
    /// Each object by itself; bad ones are left out.
    Piecewise,
}

/// What one attempt needs.
struct Group<'a> {
    batches: &'a [&'a Enriched],
    mode: Mode,
    grain: Grain,
    write: &'a Span,
}

impl Writer {
    pub(super) async fn apply_all(&self, batches: &[&Enriched], mode: Mode) -> Result<Vec<Outcome>, Pause> {
        if let Some(outcomes) = self.transaction(batches, mode, Grain::Whole).await? {
            return Ok(outcomes);
        }
        let mut outcomes = Vec::with_capacity(batches.len());
        for batch in batches {
            let alone = std::slice::from_ref(batch);
            // A single batch was just tried whole.
            let whole =
                if batches.len() > 1 { self.transaction(alone, mode, Grain::Whole).await? } else { None };
            match whole {
                Some(outcome) => outcomes.extend(outcome),
                None => outcomes
                    .extend(self.transaction(alone, mode, Grain::Piecewise).await?.unwrap_or_default()),
            }
        }
        Ok(outcomes)
    }

    /// One transaction, repeated with the same rows while other writers are in the way. `None`: bad data.
    async fn transaction(
        &self,
        batches: &[&Enriched],
        mode: Mode,
        grain: Grain,
    ) -> Result<Option<Vec<Outcome>>, Pause> {
        let posts = batches.iter().map(|batch| batch.tweets.len() + batch.included.len()).sum();
        let write = spans::write(batches.len(), posts);
        let inserts: Vec<Span> =
            batches.iter().map(|batch| spans::insert(batch, &self.database, &write)).collect();
        let group = Group { batches, mode, grain, write: &write };
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(5))
            .with_max_delay(Duration::from_millis(500))
            .with_max_times(CONFLICTS)
            .with_jitter()
            .build();
        // Read first only where known batches are expected; else the plain insert tells.
        let mut known = match mode {
            Mode::Reapply => self.read_ledger(&group).await?,
            Mode::Once | Mode::Alone => Ledger::default(),
        };
        let outcomes = loop {
            match self.attempt(&group, &known).await {
                Ok(outcomes) => break outcomes,
                Err(Failure::Known) => known = self.read_ledger(&group).await?,
                Err(Failure::Conflict(pause)) => {
                    let Some(wait) = waits.next() else { return Err(pause) };
                    tracing::debug!(error = %pause.source, "another writer was in the way: the same rows again");
                    tokio::time::sleep(wait).await;
                }
                Err(Failure::Data(detail)) if grain == Grain::Whole => {
                    tracing::debug!(detail, batches = batches.len(), "bad data: smaller transactions");
                    return Ok(None);
                }
                Err(Failure::Data(detail)) => break vec![Outcome::Refused { detail }],
                Err(Failure::Broken(pause)) => return Err(pause),
            }
        };
        for (span, outcome) in inserts.iter().zip(&outcomes) {
            span.record("garimpo.rows", outcome.rows().total).record("garimpo.outcome", outcome.name());
        }
        Ok(Some(outcomes))
    }

    async fn read_ledger(&self, group: &Group<'_>) -> Result<Ledger, Pause> {
        let mut connection =
            self.pool.acquire().await.map_err(|source| Pause { doing: "connect", source })?;
        let mut session = Session::new(&mut connection, group.write, self.rows_per_statement);
        session.ledger(group.batches).await.map_err(|failure| failure.into_pause("SELECT batches"))
    }

    /// Begin, rows, commit. An error rolls back; one of COMMIT itself leaves open whether it took, and the ledger
    /// tells when the same batches come again.
    async fn attempt(&self, group: &Group<'_>, known: &Ledger) -> Result<Vec<Outcome>, Failure> {
        let mut transaction = self.pool.begin().await.map_err(|error| Failure::of("BEGIN", error))?;
        let mut session = Session::new(&mut transaction, group.write, self.rows_per_statement);
        match session.group(group, known).await {
            Ok(outcomes) => {
                let span = spans::statement(group.write, "COMMIT", 0);
                let commit = tracing::Instrument::instrument(transaction.commit(), span);
                commit.await.map_err(|error| Failure::of("COMMIT", error))?;
                Ok(outcomes)
            }
            Err(failure) => {
                // A rollback that fails is one the server does by itself when the connection ends.
                drop(transaction.rollback().await);
                Err(failure)
            }
        }
    }
}

impl Session<'_> {
    async fn group(&mut self, group: &Group<'_>, known: &Ledger) -> Result<Vec<Outcome>, Failure> {
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
            for item in Item::all(&batch.received.batch) {
                let mut rows = Rows::default();
                if let Err(refusal) = rows.add(batch, item) {
                    refused.push(Refused::new(item, refusal.to_string()));
                    continue;
                }
                self.plain("SAVEPOINT object").await?;
                match self.facts(&rows.settle()).await {
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
