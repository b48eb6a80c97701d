//! The bare loader of `cargo xtask bench write`: the same statements, and nothing around them.

use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable as _};

use super::{
    CONFLICTS, Pause, Writer,
    failure::Failure,
    session::Session,
    spans,
    statement::{
        INSERT_MARKS, UPSERT_AUTHORS, UPSERT_EDITS, UPSERT_MEDIA, UPSERT_PLACES, UPSERT_POLLS, UPSERT_RULES,
        UPSERT_TWEETS,
    },
};
use crate::rows::{Children, MarkRow, Rows};

/// Where the time of one transaction went.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadTimes {
    /// From BEGIN to the last answer before COMMIT.
    pub statements: Duration,
    /// COMMIT and its answer.
    pub commit: Duration,
}

impl Writer {
    /// Upserts rows in one transaction: no ledger, nothing read first, no order of observations kept for `children`,
    /// which have to be those of posts that no other transaction brings. For the benchmark alone.
    ///
    /// # Errors
    /// `Pause`: the database refuses, or other writers stay in the way.
    pub async fn load(&self, rows: &Rows<'_>, children: &Children<'_>) -> Result<LoadTimes, Pause> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(5))
            .with_max_delay(Duration::from_millis(500))
            .with_max_times(CONFLICTS)
            .with_jitter();
        let loaded = (async || self.load_once(rows, children).await)
            .retry(waits)
            .when(|failure| matches!(failure, Failure::Conflict(_)))
            .await;
        loaded.map_err(|failure| failure.into_pause("load"))
    }

    async fn load_once(&self, rows: &Rows<'_>, children: &Children<'_>) -> Result<LoadTimes, Failure> {
        let began = Instant::now();
        let write = spans::write(1, rows.tweets.len(), true);
        let mut transaction = self.pool.begin().await.map_err(|error| Failure::of("BEGIN", error))?;
        let mut session = Session::new(&mut transaction, &write, self.rows_per_statement);
        session.rows(&UPSERT_TWEETS, &rows.tweets, Failure::of).await?;
        session.children(children).await?;
        session.rows(&UPSERT_EDITS, &rows.edits, Failure::of).await?;
        session.rows(&UPSERT_RULES, &rows.rules, Failure::of).await?;
        session.rows(&UPSERT_PLACES, &rows.places, Failure::of).await?;
        session.rows(&UPSERT_AUTHORS, &rows.authors, Failure::of).await?;
        session.rows(&UPSERT_MEDIA, &rows.media, Failure::of).await?;
        session.rows(&UPSERT_POLLS, &rows.polls, Failure::of).await?;
        session.rows(&INSERT_MARKS, &MarkRow::of(rows, |_| false), Failure::of).await?;
        let statements = began.elapsed();
        let began = Instant::now();
        transaction.commit().await.map_err(|error| Failure::of("COMMIT", error))?;
        Ok(LoadTimes { statements, commit: began.elapsed() })
    }
}
