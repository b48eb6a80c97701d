//! One transaction for all batches that wait; where data is bad, batch by batch, then object by object.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use sqlx::{Connection as _, MySqlConnection};
use tokio::time::timeout;
use tracing::Span;

use super::{
    CONFLICTS, Mode, Outcome, Pause, Writer,
    connect::give_up,
    failure::Failure,
    group::{Grain, Group},
    ledger::Ledger,
    session::Session,
    spans,
};
use crate::enrich::Enriched;

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
        let write = spans::write(batches.len(), posts, spans::any_kept(batches));
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
        let read = async {
            let mut session = Session::new(&mut connection, group.write, self.rows_per_statement);
            session.ledger(group.batches).await.map_err(|failure| failure.into_pause("SELECT batches"))
        };
        let read = timeout(self.answer_within, read).await;
        let silent = |source| Err(Pause { doing: "SELECT batches", source });
        read.unwrap_or_else(|_| silent(give_up(connection, self.answer_within)))
    }

    /// Begin, rows, commit. An error rolls back; one of COMMIT itself leaves open whether it took, and the ledger
    /// tells when the same batches come again.
    async fn attempt(&self, group: &Group<'_>, known: &Ledger) -> Result<Vec<Outcome>, Failure> {
        let mut connection = self.pool.acquire().await.map_err(|error| Failure::of("BEGIN", error))?;
        let tried = timeout(self.answer_within, self.attempt_on(&mut connection, group, known)).await;
        tried.unwrap_or_else(|_| Err(Failure::of("transaction", give_up(connection, self.answer_within))))
    }

    async fn attempt_on(
        &self,
        connection: &mut MySqlConnection,
        group: &Group<'_>,
        known: &Ledger,
    ) -> Result<Vec<Outcome>, Failure> {
        let mut transaction = connection.begin().await.map_err(|error| Failure::of("BEGIN", error))?;
        let mut session = Session::new(&mut transaction, group.write, self.rows_per_statement);
        match session.group(group, known).await {
            Ok(outcomes) => {
                let began = Instant::now();
                transaction.commit().await.map_err(|error| Failure::of(spans::COMMIT, error))?;
                spans::committed(group.write, began);
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
